"""A storm over the whole service: many members talk, everything dies at random, and every handset is compared."""

"""A turn's words rendered for a channel: catalogues, SMS segments, and the proofs of the flows."""

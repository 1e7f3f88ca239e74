"""The commands of `sms-service`, one file per subject; each imports what it needs when it runs."""

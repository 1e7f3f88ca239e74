"""The seam to Twilio; the only importer of twilio."""

"""The whole service on one machine: starts its parts, watches and ends them. Nothing else knows it can."""

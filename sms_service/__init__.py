"""SMS and voice check-ins that keep a peer-support group connected between meetings."""

"""One file per conversation: frozen tables that read as their script."""

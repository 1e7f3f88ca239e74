"""Pure: the conversation engine and one file per conversation."""

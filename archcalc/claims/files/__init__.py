"""Claims files and texts: found, read, and rewritten."""

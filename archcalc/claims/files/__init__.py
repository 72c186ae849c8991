"""Claims files and texts with marked figures: discovery, reading, rewriting."""

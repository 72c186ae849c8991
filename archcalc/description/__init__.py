"""The description: YAML text with positions, read into a document of blocks and layers."""

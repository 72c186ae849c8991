"""Where the parts of a figure are placed on the page."""

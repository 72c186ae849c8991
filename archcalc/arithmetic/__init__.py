"""Numbers that remember where they came from, how they are written, and one number per variant of a network."""

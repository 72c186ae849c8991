"""Report to tables of numbers and plain text; the formats write them."""

"""Report to tables of plain text cells; the formats write them."""

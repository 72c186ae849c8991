"""Claims: printed numbers compared with the Report, at the precision of print, and why those that fail do."""

"""Published figures against the Report: what holds, to which precision, and why the rest does not."""

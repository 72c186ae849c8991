"""Report to text: nothing here calculates more than a sum of what the Report says."""

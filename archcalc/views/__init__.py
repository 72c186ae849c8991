"""Report to text: nothing here computes more than a sum of numbers of the Report."""

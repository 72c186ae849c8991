"""The HTML report: one file to explore one network or several in, readable without a script and without a network."""

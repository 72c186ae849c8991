"""Random and damaged input for the command line: whatever comes in, a number or a sentence comes out."""

"""Diagnosis: which confusion, or combination of confusions, gives exactly the number that somebody printed."""

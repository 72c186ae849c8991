"""Counting conventions as data: each file weighs the tallies of layer kinds. No code belongs here."""

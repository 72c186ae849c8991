"""Diagnosis: the confusions, one or several together, under which a network has exactly the printed number."""

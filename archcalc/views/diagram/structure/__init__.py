"""What a figure shows: steps, their series-parallel structure, what is folded, and the main path."""

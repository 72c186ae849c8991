"""The tests: the tree mirrors archcalc/; `support` holds what several of them use."""

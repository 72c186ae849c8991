"""The cost of training: the backward pass, optimizers, and a whole run."""

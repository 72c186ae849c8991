"""Memory: which tensors are alive when, at inference and in a training step."""

"""Receptive fields: intervals along one axis, their composition over a graph, and what single units read."""

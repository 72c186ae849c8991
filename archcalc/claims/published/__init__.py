"""Figures that publications print about a network, beside the computed ones."""

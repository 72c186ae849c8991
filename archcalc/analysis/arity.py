"""Checks that a layer reads as many volumes as its kind does."""

from __future__ import annotations

from archcalc.analysis.walker import Walker
from archcalc.graph import Node
from archcalc.layers._base import Layer


def has_right_arity(walker: Walker, node: Node, layer: Layer) -> bool:
    """Whether a layer reads as many volumes as its kind does; if not, reports it."""
    count, least, most = node.named_inputs, layer.min_inputs, layer.max_inputs
    if least <= count and (most is None or count <= most):
        return True
    needed = f"{least} or more" if most is None else f"{least}" if least == most else f"{least} to {most}"
    out = "name them with inputs: [a, b]" if count < least else "merge them first, or leave out the others"
    if most == 0:
        out = "leave inputs out: it has values of its own, which other layers read by its id"
    walker.problem(node, "ARC202", f"reads {count} volume{'s' * (count != 1)}, needs {needed}", out, key="inputs")
    return False

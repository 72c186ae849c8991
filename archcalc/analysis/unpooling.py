"""Layers that undo what another one did: what arrives has the size that one gave, and the windows are the same."""

from __future__ import annotations

from typing import Any

from archcalc.graph import Node
from archcalc.layers._base import Layer, Requirement, Volume, field_of
from archcalc.layers._fields import Role


def matches_pooling(work: Any, node: Node, layer: Layer, inputs: tuple[Volume, ...]) -> bool:
    """What arrives at a layer of a walk can be undone by it; else it is a problem."""
    for at, gives in node.shape_sources:
        if gives != "input" or at < 0:  # only a size is wanted, or what is undone happened outside
            continue
        done = work.counts[at]
        name = work.graph.nodes[at].id
        if len(done.output) != len(inputs[0]):
            continue  # a requirement of the layer says so
        if not _same(work, done.output.spatial, inputs[0].spatial):
            work.problem(node, "ARC205", f"reverses {name}, whose output is {done.output}, but its input is {inputs[0]}")
            return False
        windows: Any = zip(done.layer.receptive_window(*done.inputs) or (), layer.receptive_window(*inputs) or ())
        for theirs, mine in windows:
            if not _same(work, _form(theirs), _form(mine)):
                key = field_of(type(layer), Role.WINDOW) or ""
                work.problem(
                    node,
                    "ARC207",
                    f"reverses {name}, but its window is not that of {name}",
                    f"{name} has {key} {theirs.kernel}, stride {theirs.stride}, padding {theirs.before}; "
                    f"this has {mine.kernel}, {mine.stride}, {mine.before}",
                    key=key,
                )
                return False
    return True


def _form(window: Any) -> tuple[Any, ...]:
    return window.kernel, window.stride, window.before, window.dilation


def _same(work: Any, ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> bool:
    # All are asked, since of variants each leaves a mask.
    held = [work.holds(Requirement(a, "==", b, "")) for a, b in zip(ours, theirs)]
    return all(held)

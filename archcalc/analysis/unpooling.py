"""Checks that an unpooling matches the pooling whose indices it uses: the size of its input, and its window."""

from __future__ import annotations

from archcalc.analysis.walker import Walker
from archcalc.arithmetic.term import Number
from archcalc.graph import Node
from archcalc.layers._base import Layer, Requirement, Volume, field_of
from archcalc.layers._fields import Role
from archcalc.layers._receptive_window import TransposedWindow
from archcalc.layers._window import Window


def matches_pooling(walker: Walker, node: Node, layer: Layer, inputs: tuple[Volume, ...]) -> bool:
    """Whether a layer can reverse the layers that it names for their indices; if not, reports a problem."""
    for index, volume_role in node.shape_sources:
        if volume_role != "input" or index < 0:  # only a size is used, or the pooling is outside the network
            continue
        pooling = walker.counts[index]
        # A requirement of the layer reports a wrong number of axes.
        if pooling is None or len(pooling.output) != len(inputs[0]):
            continue
        name = walker.graph.nodes[index].id
        if not _equal(walker, pooling.output.spatial, inputs[0].spatial):
            walker.problem(node, "ARC205", f"reverses {name}, whose output is {pooling.output}, but its input is {inputs[0]}")
            return False
        windows = zip(pooling.layer.receptive_window(*pooling.inputs) or (), layer.receptive_window(*inputs) or ())
        for pooling_window, window in windows:
            if not isinstance(pooling_window, Window) or not isinstance(window, TransposedWindow):
                continue
            if not _equal(walker, _geometry(pooling_window), _geometry(window)):
                key = field_of(type(layer), Role.WINDOW) or ""
                walker.problem(
                    node,
                    "ARC207",
                    f"reverses {name}, but its window is not that of {name}",
                    f"{name} has {key} {pooling_window.kernel}, stride {pooling_window.stride}, "
                    f"padding {pooling_window.before}; "
                    f"this has {window.kernel}, {window.stride}, {window.before}",
                    key=key,
                )
                return False
    return True


def _geometry(window: Window | TransposedWindow) -> tuple[Number, ...]:
    return window.kernel, window.stride, window.before, window.dilation


def _equal(walker: Walker, numbers: tuple[Number, ...], others: tuple[Number, ...]) -> bool:
    # All are tested, since over variants each adds a mask.
    satisfied = [walker.is_satisfied(Requirement(a, "==", b, "")) for a, b in zip(numbers, others)]
    return all(satisfied)

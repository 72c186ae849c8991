"""The layers that stand for copies of a block side by side, each made once."""

from __future__ import annotations

from archcalc.graph import Node
from archcalc.layers._base import Layer


class SideBySide:
    """The layers made so far: equal layers with equal numbers of copies are one object."""

    def __init__(self) -> None:
        # The layer is stored too: an `id` belongs to an object only as long as that exists.
        self._known: dict[tuple[int, int, int], tuple[Layer, Layer]] = {}

    def of(self, node: Node, layer: Layer) -> Layer:
        """The layer itself or, inside a block with copies, one that stands for all of them."""
        if node.group is None or (copies := node.group.copies) == (1, 1):
            return layer
        key = id(layer), *copies
        if key not in self._known:
            from archcalc.layers._side_by_side import side_by_side

            self._known[key] = side_by_side(layer, *copies), layer
        return self._known[key][0]

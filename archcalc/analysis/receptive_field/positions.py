"""The input positions that one unit depends on, one by one, with borders and holes taken into account.

A receptive field is a box that may extend over the border, and that may begin or end in a hole of a dilated window.
Here the windows are followed back from one unit, and positions outside a map are left out at every layer.
"""

from __future__ import annotations

from typing import TypeAlias

from archcalc.analysis.report import Report

Positions: TypeAlias = tuple[frozenset[int], ...]
"""Positions along each axis."""


def positions_read(report: Report, layer_index: int, unit: tuple[int, ...]) -> dict[int, Positions]:
    """For each network input (−1 − i) that a unit of a layer depends on, the positions along each axis, from 0.

    `unit` is its position in the layer's map, (row, column) for C×H×W.
    """
    pending: dict[int, Positions] = {layer_index: tuple(frozenset([position]) for position in unit)}
    for index in range(layer_index, -1, -1):
        if index not in pending:
            continue
        positions = pending.pop(index)
        node, counts = report.graph.nodes[index], report.layers[index].counts
        windows = counts.layer.receptive_window(*counts.inputs)
        for source, x in zip(node.sources, counts.inputs, strict=False):
            sizes = tuple(map(int, x.spatial))
            if counts.layer.is_global:
                read: Positions = tuple(frozenset(range(size)) for size in sizes)
            elif windows is None:
                read = tuple(along if size > 1 else frozenset([0]) for along, size in zip(positions, sizes, strict=True))
            else:
                read = tuple(
                    frozenset(position for unit in along for position in window.reads(unit) if 0 <= position < size)
                    for along, window, size in zip(positions, windows, sizes, strict=True)
                )
            if all(read):
                before = pending.get(source)
                pending[source] = read if before is None else tuple(a | b for a, b in zip(before, read, strict=True))
    return {source: positions for source, positions in pending.items() if source < 0}

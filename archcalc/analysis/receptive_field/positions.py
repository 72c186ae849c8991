"""Which input positions one unit reads, position by position: border and holes taken into account.

A receptive field is a box that may hang over the border, and that may begin or end in a hole of a dilated window there.
Here the windows are followed back from one unit, and what lies outside a map is left out at every layer.
"""

from __future__ import annotations

from typing import TypeAlias

from archcalc.analysis.report import Report

Positions: TypeAlias = tuple[frozenset[int], ...]
"""Positions along each axis."""


def positions_read(report: Report, at: int, unit: tuple[int, ...]) -> dict[int, Positions]:
    """For each network input (−1 − i) that a unit of layer `at` reads, the positions along each axis."""
    wanted: dict[int, Positions] = {at: tuple(frozenset([one]) for one in unit)}
    for layer in range(at, -1, -1):
        if layer not in wanted:
            continue
        positions = wanted.pop(layer)
        node, counts = report.graph.nodes[layer], report.layers[layer].counts
        receptive_window = counts.layer.receptive_window(*counts.inputs)
        for source, x in zip(node.sources, counts.inputs, strict=False):
            sizes = tuple(map(int, x.spatial))
            if counts.layer.is_global:
                found: Positions = tuple(frozenset(range(size)) for size in sizes)
            elif receptive_window is None:
                found = tuple(one if size > 1 else frozenset([0]) for one, size in zip(positions, sizes, strict=True))
            else:
                found = tuple(
                    frozenset(position for one in ones for position in along.reads(one) if 0 <= position < size)
                    for ones, along, size in zip(positions, receptive_window, sizes, strict=True)
                )
            if all(found):
                before = wanted.get(source)
                wanted[source] = (
                    found if before is None else tuple(mine | theirs for mine, theirs in zip(before, found, strict=True))
                )
    return {source: positions for source, positions in wanted.items() if source < 0}

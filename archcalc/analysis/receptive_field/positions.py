"""The units and input positions that one unit depends on, one by one, with holes taken into account.

A receptive field is a box that may extend over the border, and that may begin or end in a hole of a dilated window.
Here the windows are followed back from one unit, and positions outside a map are left out at every layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from archcalc.analysis.report import Report
from archcalc.errors import call_error
from archcalc.layers._receptive_window import ReceptiveWindow

Positions: TypeAlias = tuple[frozenset[int], ...]
"""Positions along each axis."""
Sizes: TypeAlias = tuple[int, ...]
"""The size of a map along each axis."""

MAX_POSITIONS = 1_000_000
"""Positions of one map along one axis that are followed; a unit that reads more of them is refused."""


def positions_read(report: Report, layer_index: int, unit: tuple[int, ...]) -> dict[int, Positions]:
    """For each network input (−1 − i) that a unit of a layer depends on, the positions along each axis, from 0.

    `unit` is its position in the layer's map, (row, column) for C×H×W. Raises `DescriptionError` as `units_read` does.
    """
    return {source: positions for source, positions in units_read(report, layer_index, unit).items() if source < 0}


def units_read(report: Report, layer_index: int, unit: tuple[int, ...], padded: bool = False) -> dict[int, Positions]:
    """For each layer and network input (−1 − i) that a unit depends on, the units along each axis, its own included.

    `padded` follows positions in the padding too, as the size of a receptive field counts them. Raises
    `DescriptionError` if the unit reads more than `MAX_POSITIONS` positions of an axis.
    """
    units: dict[int, Positions] = {layer_index: tuple(frozenset([position]) for position in unit)}
    for index in range(layer_index, -1, -1):
        for source, read in sources_read(report, index, units[index], padded) if index in units else ():
            before = units.get(source)
            units[source] = read if before is None else tuple(a | b for a, b in zip(before, read, strict=True))
    return units


def sources_read(report: Report, index: int, units: Positions, padded: bool = False) -> Iterator[tuple[int, Positions]]:
    """What units of a layer read of each of its sources; a source of which they read nothing is left out."""
    layer = report.layers[index]
    rule = layer.counts.layer
    windows = rule.receptive_window(*layer.counts.inputs)
    joined = 0
    for source, volume in zip(layer.node.sources, layer.inputs, strict=True):
        sizes = tuple(map(int, volume.spatial))
        if rule.is_global or len(sizes) != len(units):  # a vector is read by all units
            read: Positions = tuple(frozenset(range(size)) for size in sizes)
        elif windows is None:
            read = _own(units, sizes, layer.output.spatial, rule.joined_axis, joined)
        else:
            read = tuple(
                _through(layer.id, along, window, None if padded else size)
                for along, window, size in zip(units, windows, sizes, strict=True)
            )
        if rule.joined_axis is not None:
            joined += sizes[rule.joined_axis]
        if all(read):
            yield source, read


def _own(units: Positions, sizes: Sizes, outputs: Sizes, joined_axis: int | None, joined: int) -> Positions:
    """The positions of the units themselves in a map of some `sizes`.

    Along the axis on which maps are joined this one begins at unit `joined`; a map of size 1 is repeated over any other.
    """
    read = []
    for axis, (along, size, output) in enumerate(zip(units, sizes, outputs, strict=True)):
        if axis == joined_axis:
            read.append(frozenset(unit - joined for unit in along if 0 <= unit - joined < size))
        else:
            read.append(frozenset([0]) if size == 1 != output else along)
    return tuple(read)


def _through(name: str, units: frozenset[int], window: ReceptiveWindow, size: int | None) -> frozenset[int]:
    """The positions that units read through a window; with a `size` only those inside the map."""
    read: set[int] = set()
    for unit in units:
        positions = window.reads(unit)
        if positions and len(read) + (positions[-1] - positions[0]) // positions.step >= MAX_POSITIONS:
            raise call_error("ARC483", f"a unit behind {name} reads more than {MAX_POSITIONS:,} positions along an axis")
        read.update(position for position in positions if size is None or 0 <= position < size)
    return frozenset(read)

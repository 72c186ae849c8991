"""The main path through a network: what styles draw that show one volume behind the other.

Where paths run side by side only the volume in which they meet is shown; where one dips to smaller maps and comes back
(an encoder-decoder), its volumes are, and the other path is a skip.
"""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.arithmetic.term import product
from archcalc.layers._base import Layer, Volume
from archcalc.layers._fields import Role
from archcalc.layers._window import Window
from archcalc.views.diagram.shapes.labels import short
from archcalc.views.diagram.structure.series_parallel import (
    Cell,
    Irreducible,
    Leaf,
    Parallel,
    Repeat,
    Series,
    SideOutput,
    leaves,
)
from archcalc.views.diagram.structure.steps import Step


@dataclass(frozen=True, eq=False)
class Stage:
    """A volume on the path: the step it comes from, how often it repeats, how many steps stand behind it unseen."""

    at: int
    step: Step
    times: int = 1
    hidden: int = 0

    @property
    def volume(self) -> Volume:
        return self.step.output

    @property
    def layer(self) -> Layer | None:
        """The rule that made the volume."""
        return None if self.step.input is not None or self.step.elided else self.step.head.counts.layer

    @property
    def block(self) -> str:
        """The block of the description that the unseen steps stand in."""
        group = self.step.head.node.group if self.hidden and self.step.layers else None
        return short(".".join(group.path)) if group else ""

    @property
    def windows(self) -> tuple[Window, ...]:
        """The window that slid over the volume before, if one did."""
        if self.layer is None or self.hidden or self.step.block:
            return ()
        receptive_window = self.layer.receptive_window(*self.step.head.counts.inputs) or ()
        return tuple(one for one in receptive_window if isinstance(one, Window)) if len(receptive_window) else ()

    @property
    def groups(self) -> int:
        """Groups that its layer keeps apart."""
        return 1 if self.layer is None else int(self.layer.role(Role.GROUPS, 1))

    @property
    def is_partial(self) -> bool:
        """A table says which maps its layer reads."""
        return self.layer is not None and bool(self.layer.role(Role.CONNECTIONS))

    @property
    def mixes(self) -> bool:
        """Each of its channels reads several channels of the volume before."""
        return self.layer is None or bool(self.step.head.mult_adds)


@dataclass(frozen=True, eq=False)
class MainPath:
    """Stops in order, and skips as pairs of their places."""

    stops: tuple[Stage, ...]
    skips: tuple[tuple[int, int, bool], ...]

    @property
    def hidden(self) -> int:
        return sum(stop.hidden for stop in self.stops)


def main_path(cells: Series) -> MainPath:
    """The main path of a tree."""
    stops: list[Stage] = []
    skips: list[tuple[int, int, bool]] = []
    _walk(cells, 1, stops, skips)
    return MainPath(tuple(stops), tuple(skips))


def _walk(cells: Series, times: int, stops: list[Stage], skips: list[tuple[int, int, bool]]) -> None:
    for cell in cells:
        match cell:
            case SideOutput():
                continue  # it stands beside the main path
            case Leaf():
                stops.append(Stage(cell.at, cell.step, times))
            case Repeat():
                _walk(cell.cells, times * cell.times, stops, skips)
            case Irreducible():
                last = cell.steps[-1]
                stops.append(Stage(last.at, last.step, times, len(cell.steps) - 1))
            case Parallel():
                before = len(stops) - 1
                main = max(cell.branches, key=len)
                if stops and dips(stops[-1].volume, cell):
                    _walk(main, times, stops, skips)
                    skips.append((before, len(stops), bool(cell.remembered)))
                    stops.append(Stage(cell.merge.at, cell.merge.step, times))
                else:
                    hidden = sum(len(leaves(branch)) for branch in cell.branches)
                    stops.append(Stage(cell.merge.at, cell.merge.step, times, hidden))


def dips(before: Volume, cell: Cell) -> bool:
    """The longer of two branches goes to smaller maps than those before and behind it."""
    if not isinstance(cell, Parallel) or len(cell.branches) != 2:
        return False
    main, side = sorted(cell.branches, key=len, reverse=True)
    if len(side) > 1:
        return False
    if not main:
        return bool(cell.remembered)
    return min(area(one.step.output) for one in leaves(main)) < min(area(before), area(cell.merge.step.output))


def area(volume: Volume) -> int:
    """Positions of a map; a vector has none."""
    return int(product(volume.spatial)) if volume.spatial else 0

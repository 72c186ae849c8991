"""A lane: the main axis along which the parts of a figure are placed, to the right or downwards (`direction: TB`).

Positions on it have two coordinates, along and across; negative ones across are above the lane (or to the left of it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Path, Point, Shape
from archcalc.views.diagram.shapes.strokes import elbow
from archcalc.views.diagram.structure.step import Step

GAP = 16.0


@dataclass(frozen=True)
class Placed:
    """Shapes along a lane from 0 to `length`, extending `up` above the lane and `down` below it, in points."""

    shapes: tuple[Shape, ...]
    length: float
    up: float
    down: float
    first: str = ""
    """Key of the shape that the incoming edge leads to; empty if the edge leads on to the shapes inside."""
    last: str = ""
    """Key of the shape that the outgoing edge starts from."""
    steps: tuple[Step, ...] = ()


class Lane:
    """Converts positions along and across a lane to page coordinates."""

    def __init__(self, palette: Palette, vertical: bool) -> None:
        self.palette = palette
        self.vertical = vertical

    def to_page(self, along: float, across: float) -> Point:
        """A position, or a length and a breadth, as x and y on the page."""
        return (across, along) if self.vertical else (along, across)

    def shapes_at(self, placed: Placed, along: float, across: float) -> tuple[Shape, ...]:
        """Placed shapes, moved to a position."""
        dx, dy = self.to_page(along, across)
        return tuple(shape.transformed(1.0, dx, dy) for shape in placed.shapes)

    def line(self, points: Sequence[Point], **fields: Any) -> Path:
        """A line through positions along and across the lane, with round corners; `fields` are those of the Path."""
        return elbow([self.to_page(*point) for point in points], self.palette.edge, **fields)

"""A lane: the axis along which the parts of a figure are placed, and places on it turned into page coordinates.

A lane runs along its main axis (to the right, or downwards with `direction: TB`); across it things are above (or to the
left) and below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Path, Point, Shape
from archcalc.views.diagram.shapes.strokes import elbow
from archcalc.views.diagram.structure.steps import Step

GAP = 16.0


@dataclass(frozen=True)
class Placed:
    """Shapes along a lane from 0 to `length`, `up` above the lane and `down` below it."""

    shapes: tuple[Shape, ...]
    length: float
    up: float
    down: float
    first: str = ""
    """Key of the shape at which it is entered; without one a line leads inside."""
    last: str = ""
    steps: tuple[Step, ...] = ()


class Lane:
    """Turns places along and across a lane into page coordinates."""

    def __init__(self, palette: Palette, turned: bool) -> None:
        self.palette = palette
        self.turned = turned

    def to_page(self, along: float, across: float) -> Point:
        return (across, along) if self.turned else (along, across)

    def shapes_at(self, placed: Placed, along: float, across: float) -> tuple[Shape, ...]:
        dx, dy = self.to_page(along, across)
        return tuple(shape.transformed(1.0, dx, dy) for shape in placed.shapes)

    def line(self, places: Sequence[Point], **more: object) -> Path:
        """A line through places along and across the lane."""
        return elbow([self.to_page(*place) for place in places], self.palette.edge, **more)  # type: ignore[arg-type]

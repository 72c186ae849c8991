"""A figure as shapes in page coordinates: the output of every style, the input of every writer. Lengths are points (1/72 inch).

x grows to the right, y downwards. Lines can be connected to a shape with a `key`; a line with two keys in `ends` connects
these shapes, also in formats with glued connectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

from archcalc.errors import Problem
from archcalc.views.diagram.shapes.font import ASCENT, DESCENT, text_width

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class _Geometry:
    """What every shape can do."""

    def transformed(self, scale: float, dx: float, dy: float) -> Self:
        """The shape scaled about (0, 0), then moved by (dx, dy)."""
        raise NotImplementedError

    @property
    def bounds(self) -> Bounds:
        """The smallest rectangle around it, without the width of its lines."""
        raise NotImplementedError


@dataclass(frozen=True)
class Box(_Geometry):
    """A rectangle; `title` is shown as a tooltip."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    line_width: float = 0.8
    radius: float = 0.0
    """Of its rounded corners."""
    dashed: bool = False
    key: str = ""
    title: str = ""

    def transformed(self, scale: float, dx: float, dy: float) -> Box:
        return replace(
            self,
            x=self.x * scale + dx,
            y=self.y * scale + dy,
            width=self.width * scale,
            height=self.height * scale,
            line_width=self.line_width * scale,
            radius=self.radius * scale,
        )

    @property
    def bounds(self) -> Bounds:
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True)
class Disc(_Geometry):
    """A circle around (x, y)."""

    x: float
    y: float
    r: float
    fill: str | None = None
    stroke: str | None = None
    line_width: float = 0.8
    key: str = ""
    title: str = ""
    opacity: float = 1.0
    """Of its fill."""

    def transformed(self, scale: float, dx: float, dy: float) -> Disc:
        x, y = self.x * scale + dx, self.y * scale + dy
        return replace(self, x=x, y=y, r=self.r * scale, line_width=self.line_width * scale)

    @property
    def bounds(self) -> Bounds:
        return self.x - self.r, self.y - self.r, self.x + self.r, self.y + self.r


@dataclass(frozen=True)
class Path(_Geometry):
    """Straight lines through points, or with `curved` cubic Bézier curves (1 + 3·n points)."""

    points: tuple[Point, ...]
    stroke: str | None = None
    line_width: float = 0.8
    fill: str | None = None
    closed: bool = False
    curved: bool = False
    dashed: bool = False
    arrow: bool = False
    opacity: float = 1.0
    ends: tuple[str, str] = ("", "")
    title: str = ""
    dotted: bool = False

    def transformed(self, scale: float, dx: float, dy: float) -> Path:
        points = tuple((x * scale + dx, y * scale + dy) for x, y in self.points)
        return replace(self, points=points, line_width=self.line_width * scale)

    @property
    def bounds(self) -> Bounds:
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def arrow_length(self) -> float:
        """Length of the arrow head in points."""
        return 5.0 * self.line_width


@dataclass(frozen=True)
class Text(_Geometry):
    """One line of text; (x, y) is the start, middle or end of its baseline. `rotated` text reads upwards."""

    x: float
    y: float
    text: str
    size: float = 9.0
    color: str = "#000000"
    bold: bool = False
    anchor: str = "middle"
    rotated: bool = False

    def transformed(self, scale: float, dx: float, dy: float) -> Text:
        return replace(self, x=self.x * scale + dx, y=self.y * scale + dy, size=self.size * scale)

    @property
    def width(self) -> float:
        """Width of the text in points."""
        return text_width(self.text, self.size, self.bold)

    @property
    def bounds(self) -> Bounds:
        before = {"start": 0.0, "middle": self.width / 2, "end": self.width}[self.anchor]
        up, down = ASCENT * self.size, DESCENT * self.size
        if self.rotated:
            return self.x - up, self.y - (self.width - before), self.x + down, self.y + before
        return self.x - before, self.y - up, self.x - before + self.width, self.y + down


Shape: TypeAlias = Box | Disc | Path | Text


@dataclass(frozen=True)
class Drawing:
    """Shapes with their width and height in points; they begin at (0, 0)."""

    shapes: tuple[Shape, ...]
    width: float
    height: float

    def transformed(self, scale: float, dx: float = 0.0, dy: float = 0.0) -> Drawing:
        """The drawing scaled about (0, 0), then moved by (dx, dy)."""
        shapes = tuple(shape.transformed(scale, dx, dy) for shape in self.shapes)
        return Drawing(shapes, self.width * scale, self.height * scale)

    @property
    def smallest_text(self) -> float:
        """The smallest size of text in it, in points; 9 without text."""
        return min((shape.size for shape in self.shapes if isinstance(shape, Text)), default=9.0)

    @property
    def bounds(self) -> Bounds:
        """The smallest rectangle around all shapes."""
        return union(shape.bounds for shape in self.shapes)


@dataclass(frozen=True)
class Scene:
    """A finished figure on its page."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    description: str
    background: str | None = None
    stamp: str = ""
    diagnostics: tuple[Problem, ...] = ()
    """Warnings and notes: what the figure leaves out, and characters that its font lacks."""
    dot: str = ""
    """The figure as Graphviz text, in styles that have one."""

    @property
    def texts(self) -> Iterator[Text]:
        """The texts among its shapes."""
        return (shape for shape in self.shapes if isinstance(shape, Text))


def dashes(shape: Box | Disc | Path) -> tuple[float, float] | None:
    """The lengths of dashes and gaps of a shape's line in points; None for a solid line."""
    if isinstance(shape, Path) and shape.dotted:
        return shape.line_width, shape.line_width
    dashed = not isinstance(shape, Disc) and shape.dashed
    return (3 * shape.line_width, 2.5 * shape.line_width) if dashed else None


def union(bounds: Iterable[Bounds]) -> Bounds:
    """The smallest rectangle around all rectangles."""
    lefts, tops, rights, bottoms = zip(*bounds, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def cropped(shapes: Iterable[Shape]) -> Drawing:
    """The shapes as a drawing, moved so that they begin at (0, 0)."""
    shapes = tuple(shapes)
    if not shapes:
        return Drawing((), 0.0, 0.0)
    left, top, right, bottom = union(shape.bounds for shape in shapes)
    return Drawing(tuple(shape.transformed(1.0, -left, -top) for shape in shapes), right - left, bottom - top)

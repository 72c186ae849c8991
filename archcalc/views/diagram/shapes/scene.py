"""A figure as shapes with places: what every style makes and every writer writes. Lengths are points (1/72 inch).

x grows to the right, y downwards. A shape with a `key` can be connected to; a line that names keys in `ends` joins two
of them, which formats with glued connectors keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from archcalc.views.diagram.shapes.font import ASCENT, DESCENT, text_width

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Box:
    """A rectangle; `title` is what a pointer resting on it shows."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    line: float = 0.8
    radius: float = 0.0
    dashed: bool = False
    key: str = ""
    title: str = ""

    def transformed(self, k: float, dx: float, dy: float) -> Box:
        return replace(
            self,
            x=self.x * k + dx,
            y=self.y * k + dy,
            width=self.width * k,
            height=self.height * k,
            line=self.line * k,
            radius=self.radius * k,
        )

    @property
    def bounds(self) -> Bounds:
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True)
class Disc:
    """A circle around (x, y)."""

    x: float
    y: float
    r: float
    fill: str | None = None
    stroke: str | None = None
    line: float = 0.8
    key: str = ""
    title: str = ""

    def transformed(self, k: float, dx: float, dy: float) -> Disc:
        return replace(self, x=self.x * k + dx, y=self.y * k + dy, r=self.r * k, line=self.line * k)

    @property
    def bounds(self) -> Bounds:
        return self.x - self.r, self.y - self.r, self.x + self.r, self.y + self.r


@dataclass(frozen=True)
class Path:
    """Straight lines through points, or with `curved` cubic Bézier pieces (1 + 3·n points)."""

    points: tuple[Point, ...]
    stroke: str | None = None
    line: float = 0.8
    fill: str | None = None
    closed: bool = False
    curved: bool = False
    dashed: bool = False
    arrow: bool = False
    opacity: float = 1.0
    ends: tuple[str, str] = ("", "")
    title: str = ""

    def transformed(self, k: float, dx: float, dy: float) -> Path:
        return replace(self, points=tuple((x * k + dx, y * k + dy) for x, y in self.points), line=self.line * k)

    @property
    def bounds(self) -> Bounds:
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def head(self) -> float:
        """Length of the arrow head."""
        return 5.0 * self.line


@dataclass(frozen=True)
class Text:
    """One line of text; (x, y) is where its baseline starts, has its middle or ends. `turned` reads upwards."""

    x: float
    y: float
    text: str
    size: float = 9.0
    color: str = "#000000"
    bold: bool = False
    anchor: str = "middle"
    turned: bool = False

    def transformed(self, k: float, dx: float, dy: float) -> Text:
        return replace(self, x=self.x * k + dx, y=self.y * k + dy, size=self.size * k)

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, self.bold)

    @property
    def bounds(self) -> Bounds:
        before = {"start": 0.0, "middle": self.width / 2, "end": self.width}[self.anchor]
        up, down = ASCENT * self.size, DESCENT * self.size
        if self.turned:
            return self.x - up, self.y - (self.width - before), self.x + down, self.y + before
        return self.x - before, self.y - up, self.x - before + self.width, self.y + down


Shape: TypeAlias = Box | Disc | Path | Text


@dataclass(frozen=True)
class Drawing:
    """Shapes and the room they take, from (0, 0) on."""

    shapes: tuple[Shape, ...]
    width: float
    height: float

    def transformed(self, k: float, dx: float = 0.0, dy: float = 0.0) -> Drawing:
        """Scaled by `k`, then moved."""
        shapes = tuple(shape.transformed(k, dx, dy) for shape in self.shapes)
        return Drawing(shapes, self.width * k, self.height * k)

    @property
    def smallest(self) -> float:
        """The smallest size of text in it."""
        return min((shape.size for shape in self.shapes if isinstance(shape, Text)), default=9.0)

    @property
    def bounds(self) -> Bounds:
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
    warnings: tuple[str, ...] = field(default=())
    dot: str = ""
    """The figure as Graphviz text, in styles that have one."""

    @property
    def texts(self) -> Iterator[Text]:
        return (shape for shape in self.shapes if isinstance(shape, Text))


def union(bounds: Iterable[Bounds]) -> Bounds:
    """The smallest rectangle around all."""
    lefts, tops, rights, bottoms = zip(*bounds, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def fitted(shapes: Iterable[Shape]) -> Drawing:
    """The shapes, moved so that they begin at (0, 0)."""
    shapes = tuple(shapes)
    if not shapes:
        return Drawing((), 0.0, 0.0)
    left, top, right, bottom = union(shape.bounds for shape in shapes)
    return Drawing(tuple(shape.transformed(1.0, -left, -top) for shape in shapes), right - left, bottom - top)

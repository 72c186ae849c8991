"""Lines and patterns that styles share: elbows with round corners, hatches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archcalc.views.diagram.shapes.scene import Bounds, Path, Point


def elbow(points: Sequence[Point], color: str, line_width: float = 0.9, radius: float = 5.0, **fields: Any) -> Path:
    """A line through points with round corners; `fields` are those of the Path."""
    points = [point for index, point in enumerate(points) if index == 0 or point != points[index - 1]]
    if len(points) < 3:
        return Path(tuple(points), color, line_width, **fields)
    curve: list[Point] = [points[0]]
    for index in range(1, len(points) - 1):
        before, corner, after = points[index - 1], points[index], points[index + 1]
        inner = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        start, end = _towards(corner, before, inner), _towards(corner, after, inner)
        curve += [*_straight(curve[-1], start), start, _mid(start, corner), _mid(end, corner), end]
    curve += [*_straight(curve[-1], points[-1]), points[-1]]
    return Path(tuple(curve), color, line_width, curved=True, **fields)


def _straight(start: Point, end: Point) -> list[Point]:
    """The two control points of a straight piece."""
    return [between(start, end, 1 / 3), between(start, end, 2 / 3)]


def _mid(end: Point, corner: Point) -> Point:
    return between(end, corner, 0.55)


def between(start: Point, end: Point, share: float) -> Point:
    """The point at a share of the way from one point to another."""
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _distance(point: Point, other: Point) -> float:
    return float(((point[0] - other[0]) ** 2 + (point[1] - other[1]) ** 2) ** 0.5)


def _towards(start: Point, end: Point, length: float) -> Point:
    whole = _distance(start, end)
    return between(start, end, length / whole) if whole else start


def hatch(bounds: Bounds, pattern: str, color: str, gap: float = 4.0) -> Iterator[Path]:
    r"""Lines that fill a rectangle: `/`, `\`, `x` (both), `-`, `|`."""
    left, top, right, bottom = bounds
    if pattern == "-":
        count = int((bottom - top) / gap)
        for index in range(1, count + 1):
            y = top + index * (bottom - top) / (count + 1)
            yield Path(((left, y), (right, y)), color, 0.4)
    if pattern == "|":
        count = int((right - left) / gap)
        for index in range(1, count + 1):
            x = left + index * (right - left) / (count + 1)
            yield Path(((x, top), (x, bottom)), color, 0.4)
    if pattern in ("/", "x"):
        yield from _diagonals(bounds, color, gap, rising=True)
    if pattern in ("\\", "x"):
        yield from _diagonals(bounds, color, gap, rising=False)


def _diagonals(bounds: Bounds, color: str, gap: float, rising: bool) -> Iterator[Path]:
    left, top, right, bottom = bounds
    width, height = right - left, bottom - top
    steps = int((width + height) / (gap * 1.41))
    for index in range(1, steps + 1):
        distance = index * (width + height) / (steps + 1)
        x0, y0 = (distance, 0.0) if distance <= width else (width, distance - width)
        x1, y1 = (0.0, distance) if distance <= height else (distance - height, height)
        if rising:
            yield Path(((left + x0, top + y0), (left + x1, top + y1)), color, 0.4)
        else:
            yield Path(((right - x0, top + y0), (right - x1, top + y1)), color, 0.4)

"""Cone: the receptive field of a unit, layer by layer and as a rectangle on the input, both to scale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.receptive_field.cone import ConeMap, Span, cone, target_layer, unit_of
from archcalc.analysis.report import Report
from archcalc.errors import call_error
from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.font import LINE, text_width, wrapped
from archcalc.views.diagram.shapes.labels import abbreviated
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Bounds, Box, Drawing, Path, Shape, Text, cropped, union
from archcalc.views.diagram.shapes.strokes import hatch
from archcalc.views.diagram.style import MAX_HEIGHT, SLIDE, Style
from archcalc.views.tables.folding import describe

LENGTH, ROW, BAR = 430.0, 27.0, 11.0
SHORTEST = 110.0
"""The least length of the largest map, where the page is narrow."""
PLANE, APART = 230.0, 36.0
KIND = 7.5
"""The smallest text."""
FOOT = 80.0
"""The height of caption and margins."""
LARGEST = 10**15
"""The most positions of an axis that are drawn."""


@dataclass(frozen=True)
class _Row:
    """A map along the last axis: the positions of its units on the input, and the units that are read."""

    name: str
    kind: str
    units: int
    read: Span
    inside: Span | None
    start: float
    step: float

    def edges(self, first: int, last: int) -> tuple[float, float]:
        """The positions on the input at which the units first … last begin and end."""
        return self.start + first * self.step, self.start + (last + 1) * self.step


def layout(context: RenderContext) -> Callable[[float], Drawing]:
    """Side view, and the input plane where it has two axes: beside it, or below it where the row is too short for both.

    Raises `DescriptionError` if there is no cone to draw.
    """
    report = context.step_graph.report
    target = target_layer(report, context.options.layer)
    unit = unit_of(target, context.options.unit)
    unit_cone = cone(report, target, unit)
    rows = [
        _row(report, cone_map)
        for cone_map in unit_cone.maps
        if cone_map.place < 0 or cone_map is unit_cone.maps[0] or _changes(report, cone_map)
    ]
    if max(max(row.units, row.read[1] - row.read[0]) for row in rows) > LARGEST:
        raise call_error("ARC483", f"{target.id} sees an axis of more than {LARGEST:,} positions, too many for a figure")
    has_plane = len(target.output.spatial) > 1
    plane = cropped(_plane(context.palette, report, target, unit, unit_cone.maps[-1])) if has_plane else None
    views = _Views(context, unit_cone.paths, plane, rows)
    return views.drawn


class _Views:
    """The side view, whose maps are as long as a row has room for, and the plane beside or below it."""

    def __init__(self, context: RenderContext, paths: int, plane: Drawing | None, rows: list[_Row]) -> None:
        self.palette, self.options = context.palette, context.options
        self.paths, self.plane = paths, plane
        self.labels = max(max(text_width(row.name, 8.5, True), text_width(row.kind, KIND)) for row in rows) + 12.0
        self.counts = max(text_width(_count(row), 8.0) for row in rows) + 10.0
        self.rows, self.left_out = _shown(rows, self.most_rows(), self.options)

    def is_beside(self, row_length: float) -> bool:
        """Whether a row has room for both views."""
        return self.plane is not None and row_length >= self.labels + LENGTH + self.counts + APART + self.plane.width

    def most_rows(self) -> int:
        """The rows that the page has room for with the smallest text that is allowed."""
        width = (self.options.width or SLIDE) / min(1.0, self.options.min_text / KIND)
        height = width / self.options.aspect if self.options.aspect else width * MAX_HEIGHT
        below = self.plane.height + APART if self.plane and not self.is_beside(width - FOOT) else 0.0
        return int((height - FOOT - below) // ROW)

    def drawn(self, row_length: float) -> Drawing:
        """Both views in a row, or the plane below."""
        length = min(LENGTH, max(SHORTEST, row_length - self.labels - self.counts))
        shapes = _side(self.palette, self.rows, self.left_out, length)
        below = union(shape.bounds for shape in shapes)[3]
        explanations = _explanations(self.paths, (*shapes, *(self.plane.shapes if self.plane else ())))
        for line in (
            line for explanation in explanations for line in wrapped(explanation, 8.0, length + self.counts + self.labels)
        ):
            below += 8.0 * LINE
            middle = (length + self.counts - self.labels) / 2
            shapes.append(Text(middle, below + 4.0, line, 8.0, self.palette.faint))
        side, plane = cropped(shapes), self.plane
        if plane is None:
            return side
        if not self.is_beside(row_length):
            lower = plane.transformed(1.0, (side.width - plane.width) / 2, side.height + APART / 2)
            return cropped([*side.shapes, *lower.shapes])
        height = max(side.height, plane.height)
        beside = plane.transformed(1.0, side.width + APART, (height - plane.height) / 2)
        return cropped([*side.transformed(1.0, 0.0, (height - side.height) / 2).shapes, *beside.shapes])


def _changes(report: Report, cone_map: ConeMap) -> bool:
    """Whether the cone changes at a layer: where it has a window."""
    layer = report.layers[cone_map.place]
    return layer.counts.layer.receptive_window(*layer.counts.inputs) is not None


def _row(report: Report, cone_map: ConeMap) -> _Row:
    if cone_map.place >= 0:
        layer = report.layers[cone_map.place]
        name, kind, volume = layer.id, describe(layer), layer.output
    else:
        name, volume = list(report.inputs.items())[-1 - cone_map.place]
        kind = str(volume)
    start = float(cone_map.first + (1 - cone_map.step) / 2)
    inside = cone_map.inside[-1] if cone_map.inside else None
    return _Row(abbreviated(name), kind, int(volume.spatial[-1]), cone_map.read[-1], inside, start, float(cone_map.step))


def _shown(rows: list[_Row], most: int, options: FigureOptions) -> tuple[list[_Row], int]:
    """At most so many rows, the first and the last ones, and how many are left out between them."""
    if options.expand or len(rows) <= most:
        return rows, 0
    most = max(most - 1, 4)
    if len(rows) <= most:
        return rows, 0
    head = most // 2
    return [*rows[:head], *rows[len(rows) - (most - head) :]], len(rows) - most


def _explanations(paths: int, shapes: Iterable[Shape]) -> Iterator[str]:
    """What the views do not show, and what hatching means where there is any."""
    if paths > 1:
        count = f"{paths:,}" if paths < 10**6 else "more than a million"
        yield f"of {count} paths to the input the one with the largest field; maps beside it are not drawn"
    if any(isinstance(shape, Box) and shape.dashed for shape in shapes):
        yield "hatched: padding, outside the map"


def _side(palette: Palette, rows: list[_Row], left_out: int, length: float) -> list[Shape]:
    low = min(0.0, *(min(row.start, row.edges(*row.read)[0]) for row in rows))
    high = max(rows[-1].units, *(max(row.edges(0, row.units - 1)[1], row.edges(*row.read)[1]) for row in rows))
    scale = length / (high - low)

    def x(position: float) -> float:
        return (position - low) * scale

    shapes: list[Shape] = []
    gap_after = len(rows) // 2 if left_out else 0
    ys = [index * ROW + (ROW if gap_after and index >= gap_after else 0.0) for index in range(len(rows))]
    for index in range(len(rows) - 1):
        upper, lower = rows[index].edges(*rows[index].read), rows[index + 1].edges(*rows[index + 1].read)
        corners = (
            (x(upper[0]), ys[index] + BAR),
            (x(upper[1]), ys[index] + BAR),
            (x(lower[1]), ys[index + 1]),
            (x(lower[0]), ys[index + 1]),
        )
        shapes.append(Path(corners, None, 0.0, palette.color("pooling"), True, opacity=0.16))
    for row, y in zip(rows, ys, strict=True):
        shapes += _bar(palette, row, y, x)
        shapes.append(Text(length + 10.0, y + BAR - 2.5, _count(row), 8.0, palette.ink, anchor="start"))
    if left_out:
        y = ys[gap_after] - ROW / 2 + 3.0
        shapes.append(Text(-12.0, y, f"… {left_out} more map{'s' if left_out > 1 else ''} …", 8.0, palette.faint, anchor="end"))
    return shapes


def _bar(palette: Palette, row: _Row, y: float, x: Callable[[float], float]) -> list[Shape]:
    """The units of a map; those read are filled, those in the padding hatched."""
    start, end = (x(position) for position in row.edges(0, row.units - 1))
    shapes: list[Shape] = [Box(start, y, end - start, BAR, palette.panel, palette.edge, 0.6)]
    first, last = row.read
    a, b = (x(position) for position in row.edges(first, last))
    if row.inside is not None:
        c, d = (x(position) for position in row.edges(*row.inside))
        shapes.append(Box(c, y, d - c, BAR, palette.color("pooling"), palette.edge, 0.6))
    for left, right in ((a, min(b, start)), (max(a, end), b)):
        if right - left > 0.3:
            shapes += [
                Box(left, y, right - left, BAR, None, palette.color("pooling"), 0.6, dashed=True),
                *hatch((left, y, right, y + BAR), "/", palette.color("pooling"), 3.5),
            ]
    width = (end - start) / row.units
    if width >= 3.0:
        shapes += [
            Path(((start + n * width, y), (start + n * width, y + BAR)), palette.edge, 0.25) for n in range(1, row.units)
        ]
    shapes += [
        Text(-12.0, y + BAR / 2 + 0.5, row.name, 8.5, palette.ink, True, "end"),
        Text(-12.0, y + BAR / 2 + 9.5, row.kind, KIND, palette.faint, anchor="end"),
    ]
    return shapes


def _count(row: _Row) -> str:
    """How many units are read: 5 of 28, or 5, 2 in the padding."""
    first, last = row.read
    padding = max(0, min(last, -1) - first + 1) + max(0, last - max(first, row.units) + 1)
    count = last - first + 1
    return f"{count:,}, {padding:,} in the padding" if padding else f"{count:,} of {row.units:,}"


def _plane(palette: Palette, report: Report, target: LayerReport, unit: tuple[int, ...], cone_map: ConeMap) -> list[Shape]:
    """The input with the receptive field on it; what is outside the input is hatched."""
    volume = report.input_volumes[-1 - cone_map.place]
    name = list(report.inputs)[-1 - cone_map.place]
    height, width = int(volume.spatial[-2]), int(volume.spatial[-1])
    (top, bottom), (left, right) = cone_map.read[-2:]
    scale = PLANE / max(max(width, right + 1) - min(0, left), max(height, bottom + 1) - min(0, top))
    w, h = width * scale, height * scale
    field = left * scale, top * scale, (right + 1) * scale, (bottom + 1) * scale
    size = "×".join(f"{last - first + 1:,}" for first, last in cone_map.read)
    lines = [
        f"unit ({', '.join(map(str, unit))}) of {abbreviated(target.id)} sees {size}",
        f"of {abbreviated(name)}, {volume}",
        f"rows {top:,} … {bottom:,}, columns {left:,} … {right:,}",
    ]
    middle, below = (min(0.0, field[0]) + max(w, field[2])) / 2, max(h, field[3]) + 13.0
    return [
        Box(0.0, 0.0, w, h, palette.panel, palette.edge, 0.8),
        *_field_on_input(palette, field, w, h),
        Box(0.0, 0.0, w, h, None, palette.edge, 0.8),
        Text(middle, below, lines[0], 8.5, palette.ink, True),
        *(Text(middle, below + 11.0 * number, line, 8.0, palette.faint) for number, line in enumerate(lines[1:], 1)),
    ]


def _field_on_input(palette: Palette, field: Bounds, width: float, height: float) -> Iterator[Shape]:
    """A receptive field on an input of a width and height, all in points."""
    left, top, right, bottom = field
    color = palette.color("pooling")
    inside = max(left, 0.0), max(top, 0.0), min(right, width), min(bottom, height)
    if field != inside:
        yield from hatch(field, "/", color, 5.0)
    if inside[0] < inside[2] and inside[1] < inside[3]:
        x0, y0, x1, y1 = inside
        yield Box(x0, y0, x1 - x0, y1 - y0, palette.panel)
        yield Path(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), None, 0.0, color, True, opacity=0.45)
    yield Box(left, top, right - left, bottom - top, None, color, 1.0, dashed=field != inside)


STYLE = Style(
    layout=layout,
    legend="none",
    note="sizes and fields along the last axis to scale",
    reads=("layer", "unit", "expand"),
)

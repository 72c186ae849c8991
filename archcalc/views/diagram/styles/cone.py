"""Cone: the receptive field of a unit, layer by layer and as a rectangle on the input, both to scale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.receptive_field.cone import Interval, cone, target_layer, unit_of
from archcalc.analysis.report import Report
from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.shapes.labels import abbreviated
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Bounds, Box, Drawing, Path, Shape, Text, cropped
from archcalc.views.diagram.shapes.strokes import hatch
from archcalc.views.diagram.style import Style
from archcalc.views.tables.folding import describe

LENGTH, ROW, BAR = 430.0, 27.0, 11.0
PLANE = 230.0
MAX_ROWS = 16
"""Rows."""


@dataclass(frozen=True)
class _Row:
    """A map along the last axis: the positions of its units on the input, and the units that are read."""

    name: str
    kind: str
    units: int
    read: Interval
    start: float
    step: float

    def edges(self, first: int, last: int) -> tuple[float, float]:
        """The positions on the input at which the units first … last begin and end."""
        return self.start + first * self.step, self.start + (last + 1) * self.step


def draw(context: RenderContext) -> Drawing:
    """Side view, and the input plane where it has two axes."""
    report, palette = context.step_graph.report, context.palette
    target = target_layer(report, context.options.layer)
    unit = unit_of(target, context.options.unit)
    intervals = cone(report, target, unit)
    rows, left_out = _rows(report, target, intervals)
    shapes = _side(palette, rows, left_out)
    side = cropped(shapes)
    if len(target.output.spatial) < 2:
        return side
    plane = cropped(_plane(palette, report, target, unit))
    height = max(side.height, plane.height)
    beside = plane.transformed(1.0, side.width + 36.0, (height - plane.height) / 2)
    return cropped([*side.transformed(1.0, 0.0, (height - side.height) / 2).shapes, *beside.shapes])


def _rows(report: Report, target: LayerReport, intervals: list[tuple[Interval | None, ...] | None]) -> tuple[list[_Row], int]:
    """A row for each map at which the cone changes, from the target to the input, and how many rows are left out."""
    last = report.layers.index(target)
    rows: list[_Row] = []
    for index in range(last, -1, -1):
        layer, interval = report.layers[index], intervals[index]
        read = interval[-1] if interval else None
        field = layer.receptive_field
        stride, size, padding = field.stride[-1], field.size[-1], field.padding[-1]
        if read is None or stride is None or size is None or padding is None or not layer.output.spatial:
            continue
        units = int(layer.output.spatial[-1])
        receptive_window = layer.counts.layer.receptive_window(*layer.counts.inputs)
        if receptive_window is None and index != last:
            continue
        step = float(stride)
        start = -padding + size / 2 - step / 2
        rows.append(_Row(abbreviated(layer.id, 22), describe(layer), units, read, start, step))
    number = next(index for index in range(len(report.input_volumes)) if intervals[last + 1 + index] is not None)
    name, volume = list(report.inputs.items())[number]
    interval = intervals[last + 1 + number]
    read = interval[-1] if interval else None
    rows.append(_Row(name, str(volume), int(volume.spatial[-1]), read or (0, 0), 0.0, 1.0))
    if len(rows) <= MAX_ROWS:
        return rows, 0
    head = MAX_ROWS // 2
    return [*rows[:head], *rows[len(rows) - (MAX_ROWS - head) :]], len(rows) - MAX_ROWS


def _side(palette: Palette, rows: list[_Row], left_out: int) -> list[Shape]:
    low = min(0.0, *(min(row.start, row.edges(*row.read)[0]) for row in rows))
    high = max(rows[-1].units, *(max(row.edges(0, row.units - 1)[1], row.edges(*row.read)[1]) for row in rows))
    scale = LENGTH / (high - low)

    def x(position: float) -> float:
        return (position - low) * scale

    shapes: list[Shape] = []
    gap_after = MAX_ROWS // 2 if left_out else 0
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
    if left_out:
        y = ys[gap_after] - ROW / 2 + 3.0
        shapes.append(Text(-12.0, y, f"… {left_out} more maps …", 8.0, palette.faint, anchor="end"))
    return shapes


def _bar(palette: Palette, row: _Row, y: float, x: Callable[[float], float]) -> list[Shape]:
    """The units of a map; those read are filled, those in the padding hatched."""
    start, end = (x(position) for position in row.edges(0, row.units - 1))
    shapes: list[Shape] = [Box(start, y, end - start, BAR, palette.panel, palette.edge, 0.6)]
    first, last = row.read
    a, b = (x(position) for position in row.edges(first, last))
    inside = max(0, first), min(row.units - 1, last)
    if inside[0] <= inside[1]:
        c, d = (x(position) for position in row.edges(*inside))
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
    count = last - first + 1
    of = (
        f"{count:,} of {row.units:,}"
        if inside == (first, last)
        else (f"{count:,}, {count - max(0, inside[1] - inside[0] + 1):,} in the padding")
    )
    shapes += [
        Text(-12.0, y + BAR / 2 + 0.5, row.name, 8.5, palette.ink, True, "end"),
        Text(-12.0, y + BAR / 2 + 9.5, row.kind, 7.5, palette.faint, anchor="end"),
        Text(LENGTH + 10.0, y + BAR - 2.5, of, 8.0, palette.ink, anchor="start"),
    ]
    return shapes


def _plane(palette: Palette, report: Report, target: LayerReport, unit: tuple[int, ...]) -> list[Shape]:
    """The input with the receptive field on it; what is outside the input is hatched."""
    volume = report.input_volumes[target.receptive_field.input_index]
    height, width = int(volume.spatial[-2]), int(volume.spatial[-1])
    box = target.receptive_field.box(unit)
    (top, bottom), (left, right) = (span or (0, 0) for span in box[-2:])
    scale = PLANE / max(max(width, right + 1) - min(0, left), max(height, bottom + 1) - min(0, top))
    w, h = width * scale, height * scale
    field = left * scale, top * scale, (right + 1) * scale, (bottom + 1) * scale
    size = "×".join(str(span[1] - span[0] + 1) for span in box if span)
    lines = [
        f"unit ({', '.join(map(str, unit))}) of {abbreviated(target.id)} sees {size}",
        f"of the input {volume}",
        f"rows {top} … {bottom}, columns {left} … {right}",
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
    draw=draw,
    legend="none",
    note="sizes and fields along the last axis to scale; hatched: padding, outside the input",
    reads=("layer", "unit"),
)

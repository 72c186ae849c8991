"""Cone: the receptive field of a unit through the layers, and as a rectangle on the input, both to scale."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.receptive_field.cone import Interval, chosen, cone, unit_of
from archcalc.analysis.report import Report
from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.shapes.labels import abbreviated
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Box, Drawing, Path, Shape, Text, cropped
from archcalc.views.diagram.shapes.strokes import hatch
from archcalc.views.diagram.style import Style
from archcalc.views.tables.folding import describe

LONG, ROW, BAR = 430.0, 27.0, 11.0
PLANE = 230.0
MAX_ROWS = 16
"""Rows."""


@dataclass(frozen=True)
class _Row:
    """A map along the last axis: where its units lie on the input, and which are read."""

    name: str
    what: str
    units: int
    read: Interval
    start: float
    step: float

    def edges(self, first: int, last: int) -> Interval:
        """Where units first … last begin and end on the input."""
        return self.start + first * self.step, self.start + (last + 1) * self.step  # type: ignore[return-value]


def draw(context: RenderContext) -> Drawing:
    """Side view, and the input plane where it has two axes."""
    report, palette = context.step_graph.report, context.palette
    target = chosen(report, context.options.layer)
    unit = unit_of(target, context.options.unit)
    need = cone(report, target, unit)
    rows, left_out = _rows(report, target, need)
    shapes = _side(palette, rows, left_out)
    side = cropped(shapes)
    if len(target.output.spatial) < 2:
        return side
    input_index = cropped(_plane(palette, report, target, unit))
    below = (
        (max(side.height, input_index.height) - side.height) / 2,
        (max(side.height, input_index.height) - input_index.height) / 2,
    )
    return cropped(
        [*side.transformed(1.0, 0.0, below[0]).shapes, *input_index.transformed(1.0, side.width + 36.0, below[1]).shapes]
    )


def _rows(report: Report, target: LayerReport, need: list[tuple[Interval | None, ...] | None]) -> tuple[list[_Row], int]:
    """A row for each map at which the cone changes, the target first and the input last."""
    last = report.layers.index(target)
    rows: list[_Row] = []
    for index in range(last, -1, -1):
        layer, wanted = report.layers[index], need[index]
        read = wanted[-1] if wanted else None
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
    where = next(index for index in range(len(report.input_volumes)) if need[last + 1 + index] is not None)
    name, volume = list(report.inputs.items())[where]
    entry = need[last + 1 + where]
    seen = entry[-1] if entry else None
    rows.append(_Row(name, str(volume), int(volume.spatial[-1]), seen or (0, 0), 0.0, 1.0))
    if len(rows) <= MAX_ROWS:
        return rows, 0
    head = MAX_ROWS // 2
    return [*rows[:head], *rows[len(rows) - (MAX_ROWS - head) :]], len(rows) - MAX_ROWS


def _side(palette: Palette, rows: list[_Row], left_out: int) -> list[Shape]:
    low = min(0.0, *(min(row.start, row.edges(*row.read)[0]) for row in rows))
    high = max(rows[-1].units, *(max(row.edges(0, row.units - 1)[1], row.edges(*row.read)[1]) for row in rows))
    k = LONG / (high - low)

    def x(place: float) -> float:
        return (place - low) * k

    shapes: list[Shape] = []
    gap_after = MAX_ROWS // 2 if left_out else 0
    ys = [index * ROW + (ROW if gap_after and index >= gap_after else 0.0) for index in range(len(rows))]
    for index in range(len(rows) - 1):
        one, other = rows[index].edges(*rows[index].read), rows[index + 1].edges(*rows[index + 1].read)
        corners = (
            (x(one[0]), ys[index] + BAR),
            (x(one[1]), ys[index] + BAR),
            (x(other[1]), ys[index + 1]),
            (x(other[0]), ys[index + 1]),
        )
        shapes.append(Path(corners, None, 0.0, palette.color("pooling"), True, opacity=0.16))
    for row, y in zip(rows, ys, strict=True):
        shapes += _bar(palette, row, y, x)
    if left_out:
        y = ys[gap_after] - ROW / 2 + 3.0
        shapes.append(Text(-12.0, y, f"… {left_out} more maps …", 8.0, palette.faint, anchor="end"))
    return shapes


def _bar(palette: Palette, row: _Row, y: float, x: object) -> list[Shape]:
    index = x
    start, end = (index(place) for place in row.edges(0, row.units - 1))  # type: ignore[operator]
    shapes: list[Shape] = [Box(start, y, end - start, BAR, palette.panel, palette.edge, 0.6)]
    first, last = row.read
    a, b = (index(place) for place in row.edges(first, last))  # type: ignore[operator]
    inside = max(0, first), min(row.units - 1, last)
    if inside[0] <= inside[1]:
        c, d = (index(place) for place in row.edges(*inside))  # type: ignore[operator]
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
        Text(-12.0, y + BAR / 2 + 9.5, row.what, 7.5, palette.faint, anchor="end"),
        Text(LONG + 10.0, y + BAR - 2.5, of, 8.0, palette.ink, anchor="start"),
    ]
    return shapes


def _plane(palette: Palette, report: Report, target: LayerReport, unit: tuple[int, ...]) -> list[Shape]:
    """The input, and the field on it; what lies outside is hatched."""
    where = getattr(target.receptive_field.axes[-1], "input_index", 0)
    volume = report.input_volumes[where]
    height, width = int(volume.spatial[-2]), int(volume.spatial[-1])
    box = target.receptive_field.box(unit)
    (top, bottom), (left, right) = (span or (0, 0) for span in box[-2:])
    low_x, low_y = min(0, left), min(0, top)
    k = PLANE / max(max(width, right + 1) - low_x, max(height, bottom + 1) - low_y)
    frame = Box(0.0, 0.0, width * k, height * k, palette.panel, palette.edge, 0.8)
    x0, y0, x1, y1 = left * k, top * k, (right + 1) * k, (bottom + 1) * k
    color = palette.color("pooling")
    shapes: list[Shape] = [frame]
    inside = max(x0, 0.0), max(y0, 0.0), min(x1, width * k), min(y1, height * k)
    if (x0, y0, x1, y1) != inside:
        shapes += hatch((x0, y0, x1, y1), "/", color, 5.0)
    if inside[0] < inside[2] and inside[1] < inside[3]:
        shapes += [
            Box(inside[0], inside[1], inside[2] - inside[0], inside[3] - inside[1], palette.panel),
            Path(
                ((inside[0], inside[1]), (inside[2], inside[1]), (inside[2], inside[3]), (inside[0], inside[3])),
                None,
                0.0,
                color,
                True,
                opacity=0.45,
            ),
        ]
    shapes.append(Box(x0, y0, x1 - x0, y1 - y0, None, color, 1.0, dashed=(x0, y0, x1, y1) != inside))
    shapes.append(Box(0.0, 0.0, width * k, height * k, None, palette.edge, 0.8))
    middle = (min(0.0, x0) + max(width * k, x1)) / 2
    y = max(height * k, y1) + 13.0
    size = "×".join(str(span[1] - span[0] + 1) for span in box if span)
    words = [
        (f"unit ({', '.join(map(str, unit))}) of {abbreviated(target.id)} sees {size}", True),
        (f"of the input {volume}", False),
        (f"rows {top} … {bottom}, columns {left} … {right}", False),
    ]
    for word, bold in words:
        shapes.append(Text(middle, y, word, 8.5 if bold else 8.0, palette.ink if bold else palette.faint, bold))
        y += 11.0
    return shapes


STYLE = Style(
    draw=draw, legend="none", note="sizes and fields along the last axis to scale; hatched: padding, outside the input"
)

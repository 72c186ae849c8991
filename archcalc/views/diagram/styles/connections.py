"""Connections: which filter reads which map, as in table I of LeCun et al. 1998, and the groups of convolutions."""

from __future__ import annotations

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.errors import call_error
from archcalc.layers._fields import Role
from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.shapes.font import text_width
from archcalc.views.diagram.shapes.labels import abbreviated
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Box, Drawing, Path, Shape, Text, cropped
from archcalc.views.diagram.style import Style
from archcalc.views.tables.folding import describe

CELL = 17.0
GRID = 132.0
MAX_MAPS = 60
"""Rows and columns of a table."""
ACROSS = 3
"""Group tables side by side."""


def draw(context: RenderContext) -> Drawing:
    """One table for each layer that does not read every map with every filter."""
    report = context.step_graph.report
    drawings = [_drawing(context.palette, layer) for layer in _chosen(report, context.options.layer)]
    shapes: list[Shape] = []
    x, y, tallest = 0.0, 0.0, 0.0
    for index, drawing in enumerate(drawings):
        if index and index % ACROSS == 0:
            x, y, tallest = 0.0, y + tallest + 26.0, 0.0
        shapes += drawing.transformed(1.0, x, y).shapes
        x += drawing.width + 34.0
        tallest = max(tallest, drawing.height)
    return cropped(shapes)


def _connection_table(layer: LayerReport) -> tuple[tuple[int, ...], ...] | None:
    table: tuple[tuple[int, ...], ...] | None = layer.counts.layer.role(Role.CONNECTIONS)
    return table


def _groups(layer: LayerReport) -> int:
    return int(layer.counts.layer.role(Role.GROUPS, 1))


def _chosen(report: Report, identity: str | None) -> list[LayerReport]:
    partial = [layer for layer in report.layers if _connection_table(layer) or _groups(layer) > 1]
    if identity is not None:
        layer = report.layer(identity)
        if layer not in partial:
            names = ", ".join(abbreviated(other.id) for other in partial[:5])
            has_filters = layer.counts.weights and layer.mult_adds
            reason = "reads every map with every filter" if has_filters else f"({layer.op}) has no filters"
            out = f"these layers have a table: {names}" if partial else "no layer of this network has a table"
            raise call_error("ARC484", f"{identity} {reason}", out)
        return [layer]
    if not partial:
        raise call_error(
            "ARC484", f"in {report.name} every filter reads every map: there is no table to draw", "choose another --style"
        )
    distinct: dict[LayerCounts, LayerReport] = {}
    for layer in partial:
        distinct.setdefault(layer.counts, layer)
    return list(distinct.values())


def _drawing(palette: Palette, layer: LayerReport) -> Drawing:
    rows = _connection_table(layer)
    shapes = _partial(palette, layer, rows) if rows else _grouped(palette, layer)
    drawing = cropped(shapes)
    head = Text(drawing.width / 2, -6.0, f"{abbreviated(layer.id)}: {describe(layer)}", 9.0, palette.ink, True)
    return cropped([*drawing.shapes, head])


def _partial(palette: Palette, layer: LayerReport, rows: tuple[tuple[int, ...], ...]) -> list[Shape]:
    """Columns are the output maps of the layer, rows its input maps; X where they are connected."""
    inputs = int(layer.inputs[0].channels)
    columns, read = rows[:MAX_MAPS], min(inputs, MAX_MAPS)
    shapes: list[Shape] = []
    width, height = CELL * len(columns), CELL * read
    for index in range(len(columns)):
        shapes.append(Text((index + 0.5) * CELL, -4.0, str(index), 8.0, palette.ink))
    for row in range(read):
        shapes.append(Text(-7.0, (row + 0.5) * CELL + 3.0, str(row), 8.0, palette.ink, anchor="end"))
    # A light bar behind every other column leads the eye, as there are no lines in the paper's table.
    shapes += [Box(index * CELL, 0.0, CELL, height, palette.panel) for index in range(0, len(columns), 2)]
    for index, sources in enumerate(columns):
        for row in sources:
            if row < read:
                x, y, r = (index + 0.5) * CELL, (row + 0.5) * CELL, 3.4
                shapes += [
                    Path(((x - r, y - r), (x + r, y + r)), palette.ink, 1.1),
                    Path(((x - r, y + r), (x + r, y - r)), palette.ink, 1.1),
                ]
    shapes += [Path(((0.0, 0.0), (width, 0.0)), palette.edge, 0.8), Path(((0.0, 0.0), (0.0, height)), palette.edge, 0.8)]
    connected = sum(map(len, rows))
    cut = (
        "" if len(rows) <= MAX_MAPS and inputs <= MAX_MAPS else f"; the first {len(columns)} columns and {read} rows are shown"
    )
    shapes += [
        Text(width / 2, height + 14.0, f"maps of {abbreviated(layer.id)}; a row for each map it reads", 8.0, palette.faint),
        Text(
            width / 2,
            height + 25.0,
            f"{connected:,} of {len(rows) * inputs:,} pairs connected, {layer.params:,} parameters{cut}",
            8.0,
            palette.faint,
        ),
    ]
    return shapes


def _grouped(palette: Palette, layer: LayerReport) -> list[Shape]:
    """A square of all pairs of maps, with the pairs inside a group filled."""
    groups = _groups(layer)
    inputs, outputs = int(layer.inputs[0].channels), int(layer.output.channels)
    shapes: list[Shape] = [Box(0.0, 0.0, GRID, GRID, palette.panel, palette.edge, 0.7)]
    side = GRID / groups
    fill = palette.fill(layer.counts.layer.family)
    if groups <= 66:
        for index in range(groups):
            shapes.append(Box(index * side, index * side, side, side, fill, palette.edge, min(0.7, side / 6)))
    else:
        shapes.append(Path(((0.0, 0.0), (GRID, GRID)), palette.color(layer.counts.layer.family), max(0.6, side)))
    if groups <= 8:
        across = [_range(index, groups, outputs) for index in range(groups)]
        fits = max(text_width(text, 8.0) for text in across) < side - 2.0
        for index, text in enumerate(across):
            middle = (index + 0.5) * side
            shapes.append(Text(-6.0, middle + 3.0, _range(index, groups, inputs), 8.0, palette.ink, anchor="end"))
            if fits:
                shapes.append(Text(middle, GRID + 11.0, text, 8.0, palette.ink))
    below = GRID + (25.0 if groups <= 8 else 13.0)
    each = f"{inputs // groups:,} → {outputs // groups:,}"
    shapes += [
        Text(GRID / 2, below, f"{inputs:,} maps read (down), {outputs:,} made (across)", 8.0, palette.faint),
        Text(GRID / 2, below + 11.0, f"{groups:,} groups of {each}; {layer.params:,} parameters", 8.0, palette.faint),
    ]
    return shapes


def _range(index: int, groups: int, maps: int) -> str:
    """The first and the last map of a group."""
    return f"{index * maps // groups}–{(index + 1) * maps // groups - 1}"


STYLE = Style(draw=draw, legend="none", reads=("layer",))

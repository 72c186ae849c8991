"""Charts as SVG: bars along the layers, cumulative shares, networks as bubbles. Lengths are user units of the SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import accumulate

from markupsafe import Markup

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.errors import printable
from archcalc.views.diagram.shapes.font import text_width
from archcalc.views.diagram.shapes.labels import QUANTITIES
from archcalc.views.diagram.shapes.palettes import PALETTES
from archcalc.views.diagram.shapes.scene import Bounds, Box, Disc, Path, Shape, Text
from archcalc.views.diagram.writers.svg import element, number
from archcalc.views.units import rounded, share

WIDTH, HEIGHT = 880.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 12.0, 20.0, 22.0
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
BUBBLES_HEIGHT, BUBBLES_BOTTOM = 420.0, 36.0
INK, FAINT, GRID = "#1a1a1a", "#595959", "#e3e6ea"
MAX_BARS = 400
LINES = {
    "params": Path((), "#0072B2", 2.0),
    "mult_adds": Path((), "#D55E00", 2.0, dashed=True),
    "activations": Path((), "#009E73", 2.0, dotted=True),
}
"""The lines for the cumulative share of each quantity."""

Group = Sequence[tuple[LayerReport, int]]
"""Neighbouring layers that share a bar, with their values."""


def bars(report: Report, quantity: str) -> Markup:
    """A bar for each layer, in the colour of its family; in long networks several layers share a bar."""
    values = [(layer, getattr(layer, quantity)) for layer in report.layers]
    per_bar = -(-len(values) // MAX_BARS)
    groups = [values[start : start + per_bar] for start in range(0, len(values), per_bar)]
    sums = [sum(value for _, value in group) for group in groups]
    largest, total = max([*sums, 1]), sum(sums)
    width = PLOT_WIDTH / len(groups)
    shapes: list[Shape] = [*_grid(largest, rounded)]
    for index, (group, value) in enumerate(zip(groups, sums, strict=True)):
        height = value / largest * PLOT_HEIGHT
        tooltip = f"{_group_name(group)}: {value:,} {QUANTITIES[quantity]}, {share(value, total) or '0 %'}"
        left, top = LEFT + index * width, HEIGHT - BOTTOM - height
        bar_width = max(width - min(1.0, width * 0.2), 0.4)
        shapes.append(Box(left, top, bar_width, height, PALETTES["okabe-ito"].color(_family(group)), title=tooltip))
    shapes += _bar_names(groups, sums, largest, width)
    shapes.append(_axis_title(f"{len(values)} layers, from the input to the output"))
    description = (
        f"{QUANTITIES[quantity]} of {printable(report.name)} layer by layer, {total:,} in all; "
        f"most in {_group_name(groups[sums.index(max(sums))])}: {max(sums):,}"
    )
    return _svg(description, shapes)


def _bar_names(groups: Sequence[Group], sums: list[int], largest: int, width: float) -> Iterator[Text]:
    """The names of the highest bars, above them, as far as they do not overlap."""
    taken: list[tuple[float, float]] = []
    for index in sorted(range(len(sums)), key=lambda index: -sums[index])[:6]:
        name = printable(groups[index][0][0].id)
        half = text_width(name, 11.0) / 2 + 4.0
        x = min(max(LEFT + (index + 0.5) * width, LEFT + half), WIDTH - RIGHT - half)
        if sums[index] and not any(x - half < end and start < x + half for start, end in taken):
            taken.append((x - half, x + half))
            yield _label(x, HEIGHT - BOTTOM - sums[index] / largest * PLOT_HEIGHT - 4.0, name)


def _family(group: Group) -> str:
    """The family of the layer with the largest value."""
    return max(group, key=lambda entry: entry[1])[0].counts.layer.family


def _group_name(group: Group) -> str:
    first, last = group[0][0].id, group[-1][0].id
    return printable(first if first == last else f"{first} … {last}")


def cumulative(report: Report) -> Markup:
    """For each layer the share of each total in the layers up to it."""
    shapes: list[Shape] = [*_grid(100, lambda value: f"{value} %")]
    count = len(report.layers)
    halves = []
    for quantity, line in LINES.items():
        sums = list(accumulate(getattr(layer, quantity) for layer in report.layers))
        total = sums[-1] or 1
        ys = [HEIGHT - BOTTOM - value / total * PLOT_HEIGHT for value in (0, *sums)]
        # A point on a level stretch need not be drawn.
        points = tuple(
            (LEFT + index * PLOT_WIDTH / count, y)
            for index, y in enumerate(ys)
            if index in (0, count) or y != ys[index - 1] or y != ys[index + 1]
        )
        shapes.append(replace(line, points=points))
        half = next((layer.id for layer, value in zip(report.layers, sums, strict=True) if 2 * value >= total), "")
        halves.append(f"half of the {QUANTITIES[quantity]} by {printable(half)}")
    shapes += _line_legend()
    shapes.append(_axis_title(f"{count} layers, from the input to the output"))
    return _svg(f"Cumulative share: {', '.join(halves)}", shapes)


def _line_legend() -> Iterator[Shape]:
    x = LEFT + 10.0
    for quantity, line in LINES.items():
        yield replace(line, points=((x, 16.0), (x + 22.0, 16.0)))
        yield _label(x + 27.0, 20.0, QUANTITIES[quantity], "start")
        x += 40.0 + text_width(QUANTITIES[quantity], 11.0)


def bubbles(reports: Sequence[Report]) -> Markup:
    """Networks by multiply-adds and parameters, both on logarithmic scales; the area is proportional to the activations."""
    xs = [max(report.totals.mult_adds, 1) for report in reports]
    ys = [max(report.totals.params, 1) for report in reports]
    areas = [max(report.totals.activations, 1) for report in reports]
    bottom = BUBBLES_HEIGHT - BUBBLES_BOTTOM
    (x_low, x_high), (y_low, y_high) = _decades(xs), _decades(ys)

    def x_of(value: int) -> float:
        return LEFT + (math.log10(value) - x_low) / (x_high - x_low) * PLOT_WIDTH

    def y_of(value: int) -> float:
        return bottom + (math.log10(value) - y_low) / (y_high - y_low) * (TOP - bottom)

    shapes: list[Shape] = []
    for decade in range(x_low, x_high + 1):
        x = x_of(10**decade)
        shapes.append(Path(((x, TOP), (x, bottom)), GRID, 1.0))
        shapes.append(_label(x, BUBBLES_HEIGHT - 22.0, _power(decade), "end" if decade == x_high else "middle"))
    for decade in range(y_low, y_high + 1):
        shapes += _grid_line(y_of(10**decade), _power(decade))
    placed: list[Bounds] = []
    for index in sorted(range(len(reports)), key=lambda index: -areas[index]):
        x, y, r = x_of(xs[index]), y_of(ys[index]), 6.0 + 26.0 * math.sqrt(areas[index] / max(areas))
        name = printable(reports[index].name)
        tooltip = f"{name}: {xs[index]:,} multiply-adds, {ys[index]:,} parameters, {areas[index]:,} activations"
        shapes.append(Disc(x, y, r, "#0072B2", "#005a8e", 1.0, title=tooltip, opacity=0.35))
        shapes.append(_bubble_name(name, x, y, r, placed))
    axes = "multiply-adds (logarithmic); upwards: parameters (logarithmic); area: activations"
    shapes.append(_label((LEFT + WIDTH) / 2, BUBBLES_HEIGHT - 5.0, axes))
    names = ", ".join(printable(report.name) for report in reports)
    return _svg(f"Parameters against multiply-adds of {names}", shapes, BUBBLES_HEIGHT)


def _bubble_name(name: str, x: float, y: float, r: float, placed: list[Bounds]) -> Text:
    """A name beside its bubble, moved until it overlaps none of those placed, to which it is added."""
    width = text_width(name, 12.0, True) + 6.0
    right = x + r + 4.0 + width <= WIDTH - RIGHT
    left = x + r + 4.0 if right else x - r - 4.0 - width
    for lift in sorted(range(-20, 21), key=abs):
        top = y - 8.0 + lift * 7.0
        box = (left, top, left + width, top + 14.0)
        if TOP <= top <= 370.0 and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in placed):
            break
    placed.append(box)
    return Text(box[0], box[1] + 12.0, name, 12.0, INK, True, "start")


def _power(decade: int) -> str:
    """A power of ten as charts name it: 10 M."""
    return rounded(10**decade).replace(".000", "").replace(".00", "").replace(".0", "")


def _decades(values: list[int]) -> tuple[int, int]:
    """The powers of ten around all values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _label(x: float, y: float, text: str, anchor: str = "middle") -> Text:
    return Text(x, y, text, 11.0, FAINT, anchor=anchor)


def _grid(largest: int, text: Callable[[int], str]) -> Iterator[Shape]:
    """Lines at nothing, half and all of the largest value."""
    for quarter in (0, 2, 4):
        yield from _grid_line(HEIGHT - BOTTOM - quarter / 4 * PLOT_HEIGHT, text(largest * quarter // 4))


def _grid_line(y: float, text: str) -> Iterator[Shape]:
    yield Path(((LEFT, y), (WIDTH - RIGHT, y)), GRID, 1.0)
    yield _label(LEFT - 6.0, y + 4.0, text, "end")


def _axis_title(text: str) -> Text:
    return _label(LEFT, HEIGHT - 5.0, text, "start")


def _svg(description: str, shapes: Iterable[Shape], height: float = HEIGHT) -> Markup:
    head = f'<svg viewBox="0 0 {number(WIDTH)} {number(height)}" role="img" aria-label="{escape(description)}" class="chart">'
    return Markup(head + "\n".join(map(element, shapes)) + "</svg>")

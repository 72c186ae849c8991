"""Charts as SVG: bars along the layers, the cumulative share, the comparison of networks as bubbles."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from markupsafe import Markup

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.errors import printable
from archcalc.views.diagram.shapes.font import text_width
from archcalc.views.diagram.shapes.palettes import PALETTES
from archcalc.views.diagram.writers.svg import number
from archcalc.views.units import rounded, share

WIDE, TALL = 880.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 12.0, 20.0, 22.0
MOST_BARS = 400
QUANTITIES = {"params": "parameters", "mult_adds": "multiply-adds", "activations": "activations"}
LINES = {"params": ("#0072B2", ""), "mult_adds": ("#D55E00", "6 3"), "activations": ("#009E73", "2 2")}


def bars(report: Report, quantity: str) -> Markup:
    """A bar for each layer, in the colour of its family; many layers share bars."""
    values = [(layer, getattr(layer, quantity)) for layer in report.layers]
    per_bar = -(-len(values) // MOST_BARS)
    groups = [values[at : at + per_bar] for at in range(0, len(values), per_bar)]
    sums = [sum(value for _, value in group) for group in groups]
    largest = max([*sums, 1])
    total = sum(sums)
    width = (WIDE - LEFT - RIGHT) / len(groups)
    parts = [*_grid(largest, rounded)]
    for at, (group, value) in enumerate(zip(groups, sums, strict=True)):
        height = value / largest * (TALL - TOP - BOTTOM)
        color = PALETTES["okabe-ito"].color(_family(group))
        told = f"{_called(group)}: {value:,} {QUANTITIES[quantity]}, {share(value, total) or '0 %'}"
        parts.append(
            f'<rect x="{number(LEFT + at * width)}" y="{number(TALL - BOTTOM - height)}" '
            f'width="{number(max(width - min(1.0, width * 0.2), 0.4))}" height="{number(height)}" fill="{color}">'
            f"<title>{escape(told)}</title></rect>"
        )
    parts += _names(groups, sums, largest, width)
    parts.append(_axis_words(f"{len(values)} layers, from the input to the output"))
    largest_at = sums.index(max(sums))
    words = (
        f"{QUANTITIES[quantity]} of {printable(report.name)} layer by layer, {total:,} in all; "
        f"most in {_called(groups[largest_at])}: {max(sums):,}"
    )
    return _svg(words, parts)


def _names(groups: Sequence[Sequence[tuple[LayerReport, int]]], sums: list[int], largest: int, width: float) -> list[str]:
    """The names of the highest bars, above them, as far as they do not touch."""
    parts: list[str] = []
    taken: list[tuple[float, float]] = []
    for at in sorted(range(len(sums)), key=lambda at: -sums[at])[:6]:
        name = printable(groups[at][0][0].id)
        half = text_width(name, 11.0) / 2 + 4.0
        x = min(max(LEFT + (at + 0.5) * width, LEFT + half), WIDE - RIGHT - half)
        if sums[at] and not any(x - half < end and start < x + half for start, end in taken):
            taken.append((x - half, x + half))
            y = TALL - BOTTOM - sums[at] / largest * (TALL - TOP - BOTTOM) - 4.0
            place = f'x="{number(x)}" y="{number(y)}" text-anchor="middle"'
            parts.append(f'<text {place} class="tick">{escape(name)}</text>')
    return parts


def _family(group: Sequence[tuple[LayerReport, int]]) -> str:
    return max(group, key=lambda entry: entry[1])[0].counts.layer.family


def _called(group: Sequence[tuple[LayerReport, int]]) -> str:
    first, last = group[0][0].id, group[-1][0].id
    return printable(first if first == last else f"{first} … {last}")


def cumulative(report: Report) -> Markup:
    """Which share of each total stands before a layer and in it."""
    parts = [*_grid(100, lambda value: f"{value} %")]
    count = len(report.layers)
    told = []
    for quantity, (color, dash) in LINES.items():
        values = [getattr(layer, quantity) for layer in report.layers]
        total, so_far = sum(values) or 1, 0
        points = [(LEFT, TALL - BOTTOM)]
        half = ""
        for at, value in enumerate(values):
            so_far += value
            x = LEFT + (at + 1) * (WIDE - LEFT - RIGHT) / count
            points.append((x, TALL - BOTTOM - so_far / total * (TALL - TOP - BOTTOM)))
            if not half and 2 * so_far >= total:
                half = report.layers[at].id
        # A step in a long network that adds nothing need not be drawn.
        drawn = [
            point
            for at, point in enumerate(points)
            if at in (0, len(points) - 1) or point[1] != points[at - 1][1] or point[1] != points[at + 1][1]
        ]
        line = " ".join(f"{number(x)},{number(y)}" for x, y in drawn)
        pattern = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"{pattern}/>')
        told.append(f"half of the {QUANTITIES[quantity]} by {printable(half)}")
    parts += _line_legend()
    parts.append(_axis_words(f"{count} layers, from the input to the output"))
    return _svg(f"Cumulative share: {', '.join(told)}", parts)


def _line_legend() -> list[str]:
    parts, x = [], LEFT + 10.0
    for quantity, (color, dash) in LINES.items():
        pattern = f' stroke-dasharray="{dash}"' if dash else ""
        words = QUANTITIES[quantity]
        parts.append(f'<path d="M{number(x)} 16h22" stroke="{color}" stroke-width="2"{pattern}/>')
        parts.append(f'<text x="{number(x + 27)}" y="20" class="tick">{words}</text>')
        x += 40.0 + text_width(words, 11.0)
    return parts


def bubbles(reports: Sequence[Report]) -> Markup:
    """Networks by multiply-adds and parameters, both on logarithmic scales; the area is that of the activations."""
    tall = 420.0
    xs = [max(report.totals.mult_adds, 1) for report in reports]
    ys = [max(report.totals.params, 1) for report in reports]
    sizes = [max(report.totals.activations, 1) for report in reports]
    (x0, x1), (y0, y1) = _decades(xs), _decades(ys)

    def place(value: int, low: int, high: int, start: float, end: float) -> float:
        return start + (math.log10(value) - low) / (high - low) * (end - start)

    parts = []
    for decade in range(x0, x1 + 1):
        right = number(place(10**decade, x0, x1, LEFT, WIDE - RIGHT))
        parts.append(f'<path d="M{right} {TOP}V{tall - 36}" class="grid"/>')
        anchor = "end" if decade == x1 else "middle"
        parts.append(f'<text x="{right}" y="{tall - 22}" text-anchor="{anchor}" class="tick">{_power(decade)}</text>')
    for decade in range(y0, y1 + 1):
        y = place(10**decade, y0, y1, tall - 36, TOP)
        parts.append(f'<path d="M{LEFT} {number(y)}H{WIDE - RIGHT}" class="grid"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{number(y + 4)}" text-anchor="end" class="tick">{_power(decade)}</text>')
    placed: list[tuple[float, float, float, float]] = []
    order = sorted(range(len(reports)), key=lambda at: -sizes[at])
    for at in order:
        x, y = place(xs[at], x0, x1, LEFT, WIDE - RIGHT), place(ys[at], y0, y1, tall - 36, TOP)
        r = 6.0 + 26.0 * math.sqrt(sizes[at] / max(sizes))
        name = printable(reports[at].name)
        told = f"{name}: {xs[at]:,} multiply-adds, {ys[at]:,} parameters, {sizes[at]:,} activations"
        parts.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}" class="bubble"><title>{escape(told)}</title></circle>'
        )
        parts.append(_label(name, x, y, r, placed))
    parts.append(
        f'<text x="{(LEFT + WIDE) / 2}" y="{tall - 5}" text-anchor="middle" class="tick">multiply-adds '
        "(logarithmic); upwards: parameters (logarithmic); area: activations</text>"
    )
    names = ", ".join(printable(report.name) for report in reports)
    return _svg(f"Parameters against multiply-adds of {names}", parts, tall)


def _label(name: str, x: float, y: float, r: float, placed: list[tuple[float, float, float, float]]) -> str:
    """A name beside its bubble, moved until it touches no other."""
    width = text_width(name, 12.0, True) + 6.0
    right = x + r + 4.0 + width <= WIDE - RIGHT
    left = x + r + 4.0 if right else x - r - 4.0 - width
    for lift in sorted(range(-20, 21), key=abs):
        top = y - 8.0 + lift * 7.0
        box = (left, top, left + width, top + 14.0)
        if TOP <= top <= 370.0 and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in placed):
            break
    placed.append(box)
    return f'<text x="{number(box[0])}" y="{number(box[1] + 12.0)}" class="name">{escape(name)}</text>'


def _power(decade: int) -> str:
    """A power of ten as charts name it: 10 M."""
    return rounded(10**decade).replace(".000", "").replace(".00", "").replace(".0", "")


def _decades(values: list[int]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _grid(largest: int, words: Callable[[int], str]) -> list[str]:
    parts = []
    for quarter in (0, 2, 4):
        y = TALL - BOTTOM - quarter / 4 * (TALL - TOP - BOTTOM)
        parts.append(f'<path d="M{LEFT} {number(y)}H{WIDE - RIGHT}" class="grid"/>')
        label = words(largest * quarter // 4)
        parts.append(f'<text x="{LEFT - 6}" y="{number(y + 4)}" text-anchor="end" class="tick">{label}</text>')
    return parts


def _axis_words(words: str) -> str:
    return f'<text x="{LEFT}" y="{TALL - 5}" class="tick">{escape(words)}</text>'


def _svg(words: str, parts: list[str], tall: float = TALL) -> Markup:
    return Markup(
        f'<svg viewBox="0 0 {number(WIDE)} {number(tall)}" role="img" aria-label="{escape(words)}" class="chart">'
        + "\n".join(parts)
        + "</svg>"
    )

"""Legend, caption and alternative text, generated from what is drawn, so that they always agree with the figure."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.analysis.grades import grade_notes
from archcalc.errors import printable
from archcalc.views.diagram.context import Drawn, RenderContext
from archcalc.views.diagram.shapes.font import LINE, text_width, wrapped
from archcalc.views.diagram.shapes.labels import QUANTITIES, count_of, step_kind
from archcalc.views.diagram.shapes.palettes import FAMILIES
from archcalc.views.diagram.shapes.scene import Box, Drawing, Shape, Text, union
from archcalc.views.diagram.shapes.strokes import hatch
from archcalc.views.diagram.structure.series_parallel import leaves
from archcalc.views.diagram.structure.step import Step

SIZE = 8.5
SWATCH = 10.0
_COUNTS = (("params", QUANTITIES["params"]), ("mult_adds", QUANTITIES["mult_adds"]))


def footer(context: RenderContext, drawn: Drawn, width: float, which: str, note: str = "") -> Drawing:
    """Legend above caption, each wrapped to a width; the options may leave out either.

    `which` families of what is drawn the legend contains: those of `all` layers, of the `heads` of steps only, or `none`.
    """
    shapes: list[Shape] = []
    y = 0.0
    if which != "none" and context.options.legend:
        shapes, y = _legend(context, drawn, width, which == "all")
    if context.options.caption:
        lines = wrapped(caption(context, drawn, note), SIZE, width)
        y += 4.0 if shapes else 0.0
        for line in lines:
            y += SIZE * LINE
            shapes.append(Text(width / 2, y - 2.0, line, SIZE, context.palette.faint))
        y += 2.0
    if not shapes:
        return Drawing((), 0.0, 0.0)
    left, _, right, _ = union(shape.bounds for shape in shapes)
    return Drawing(tuple(shape.transformed(1.0, -left, 0.0) for shape in shapes), right - left, y)


def caption(context: RenderContext, drawn: Drawn, note: str = "") -> str:
    """Name, input, totals and convention, and the part of the network that is drawn."""
    report = context.step_graph.report
    totals, convention = report.totals, report.options.convention
    inputs = " and ".join(map(str, report.input_volumes))
    sums = f"{totals.text('params')} parameters, {totals.text('mult_adds')} multiply-adds"
    parts = [f"{printable(report.name)}, input {inputs}: {sums}"]
    if convention.name != "mult-adds":
        parts.append(f"{totals.text('operations')} {convention.unit} ({convention.name})")
    grades = {"parameters": totals.grade("params"), "multiply-adds": totals.grade("mult_adds")}
    parts += map(printable, grade_notes(grades))
    if context.step_graph.scope:
        parts.append(f"shown: {printable(context.step_graph.scope)}")
    parts += not_drawn(drawn)
    if note:
        parts.append(note)
    if context.options.heat:
        each = " of each copy" if any(step.times > 1 for step in drawn.steps.values()) else ""
        parts.append(f"colour: {QUANTITIES[context.options.heat]}{each}, the {context.palette.hottest} box has the most")
    return "; ".join(parts)


def not_drawn(drawn: Drawn) -> Iterator[str]:
    """What the style does not draw though it is part of the network: inputs, and paths to other outputs."""
    inputs = drawn.inputs_not_drawn
    if inputs:
        names = ", ".join(f"{printable(step.name)} {step.output}" for step in inputs[:4])
        yield f"not drawn: input{'s' * (len(inputs) > 1)} {names}{' …' * (len(inputs) > 4)}"
    if drawn.beside:
        counts = (f"{sum(step.sum(name) for step in drawn.beside):,} {words}" for name, words in _COUNTS)
        yield f"not drawn: {count_of(drawn.beside)} to other outputs, {', '.join(counts)}"


def _legend(context: RenderContext, drawn: Drawn, width: float, attached: bool) -> tuple[list[Shape], float]:
    if context.options.heat:
        return [], 0.0
    entries = legend_entries(drawn, attached)
    rows: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for entry in entries:
        length = _entry_width(entry)
        if rows[-1] and used + length > width:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += length
    shapes: list[Shape] = []
    y = 0.0
    for row in rows if entries else []:
        x = (width - sum(map(_entry_width, row))) / 2
        for entry in row:
            shapes += _swatch(context, entry, x, y)
            x += _entry_width(entry)
        y += SWATCH + 5.0
    return shapes, y


def _entry_width(entry: tuple[str, str]) -> float:
    return SWATCH + 4.0 + text_width(entry[1], SIZE) + 14.0


def _swatch(context: RenderContext, entry: tuple[str, str], x: float, y: float) -> list[Shape]:
    palette = context.palette
    family, kinds = entry
    box = Box(x, y, SWATCH, SWATCH, palette.fill(family), palette.edge, 0.6, 1.5)
    strip = Box(x + SWATCH - 3.0, y, 3.0, SWATCH, palette.color(family), palette.edge, 0.4)
    pattern = palette.hatch(family)
    lines = hatch((x, y, x + SWATCH, y + SWATCH), pattern, palette.ink, 3.0) if pattern else ()
    return [box, strip, *lines, Text(x + SWATCH + 4.0, y + SWATCH - 2.0, kinds, SIZE, palette.ink, anchor="start")]


def legend_entries(drawn: Drawn, attached: bool = True) -> list[tuple[str, str]]:
    """The families that are drawn, each with the names of its kinds."""
    kinds: dict[str, dict[str, None]] = {}
    for step in drawn.steps.values():
        for family, kind in _kinds(step, attached):
            kinds.setdefault(family, {})[kind] = None
    order = [family for family in FAMILIES if family in kinds and family != "input"]
    return [(family, ", ".join(list(kinds[family])[:4])) for family in order]


def _kinds(step: Step, attached: bool) -> list[tuple[str, str]]:
    if step.input is not None or step.elided or step.block:
        return []
    merge_sign = f"{step.merge_sign} " if step.merge_sign else ""
    head = (step.family, f"{merge_sign}{step.head.op.replace('_', ' ')}")
    return [head, *((layer.counts.layer.family, layer.op.replace("_", " ")) for layer in step.attached if attached)]


def description(context: RenderContext) -> str:
    """The alternative text of a figure, for readers who cannot see it."""
    report = context.step_graph.report
    steps = [leaf.step for leaf in leaves(context.segments) if leaf.step.layers]
    totals = report.totals
    texts = [f"{step_kind(step)}{'' if step.elided else f' {step.name}'} to {step.output}" for step in _few(steps)]
    if len(steps) > len(texts):
        texts.insert(6, f"{len(steps) - len(texts):,} more")
    return printable(
        f"Figure of {report.name} in the style {context.options.style}: {len(report.layers):,} layers, "
        f"{totals.text('params')} parameters, {totals.text('mult_adds')} multiply-adds. From input "
        f"{' and '.join(map(str, report.input_volumes))}: {'; '.join(texts)}."
    )


def _few(steps: list[Step]) -> list[Step]:
    """The steps, of more than 12 the first and the last ones."""
    return steps if len(steps) <= 12 else [*steps[:6], *steps[-5:]]

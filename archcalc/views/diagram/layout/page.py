"""Report to page: the largest scale that fits, wrapped rows, legend and caption, the middle elided if necessary."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from archcalc.analysis.report import Report
from archcalc.errors import Problem, call_diagnostic, call_error, printable
from archcalc.graph import Graph
from archcalc.views.diagram.context import Drawn, RenderContext
from archcalc.views.diagram.options import MAX_POINTS, MIN_TEXT, UNITS, FigureOptions
from archcalc.views.diagram.shapes import legend
from archcalc.views.diagram.shapes.font import missing_characters
from archcalc.views.diagram.shapes.labels import count_of
from archcalc.views.diagram.shapes.palettes import PALETTES
from archcalc.views.diagram.shapes.scene import Drawing, Scene
from archcalc.views.diagram.structure.folding import FEWEST, elide, fold, longest
from archcalc.views.diagram.structure.references import with_references
from archcalc.views.diagram.structure.series_parallel import Series, leaves, series_parallel
from archcalc.views.diagram.structure.steps import step_graph
from archcalc.views.diagram.structure.tensors import with_tensors_apart
from archcalc.views.diagram.style import SLIDE, Style, style

MARGIN = 14.0
MAX_SCALE = 1.6
MAX_DRAWN = 2000
"""Steps that are drawn one by one; of more, the middle is left out before any layout."""
MAX_WRITTEN = 50_000
"""Layers that a description writes out, repeats apart."""
MAX_TRIED = 300
"""Steps of a figure for which a page is looked for on which it fits."""
CENTIMETRE = UNITS["cm"]
MAX_WIDTH = int(MAX_POINTS / CENTIMETRE)
_MAX_SEGMENTS = (300, 200, 130, 90, 60, 40, 28, 20, 14, 10, 8, 6, 4, 3, FEWEST)


def draw(report: Report, options: FigureOptions | None = None) -> Scene:
    """The figure of a network. Raises `DescriptionError` if an option is unknown or the page is too small for the figure."""
    refuse_size(report.graph)
    options = options or FigureOptions()
    figure_style = style(options.style)
    options = figure_style.read_of(options)
    whole = least = _context(report, options)
    for bound in _bounds(figure_style, options, whole.segments):
        part = whole.segments if bound is None else elide(whole.segments, bound)
        if bound is not None and len(leaves(part)) > _max_steps(figure_style):
            continue
        least = replace(whole, segments=part)
        scene = _fit(figure_style, least)
        if scene is not None:
            return scene
    raise call_error(
        "ARC475",
        f"{report.name} does not fit the page with text of at least {options.min_text:g} points",
        _ways_out(figure_style, least, sizes_that_do(figure_style, least)) or "choose another --style",
    )


def undrawn(report: Report, options: FigureOptions | None = None) -> Scene:
    """The figure as the text that its style writes for Graphviz, if it does, with nothing laid out."""
    refuse_size(report.graph)
    options = style((options or FigureOptions()).style).read_of(options or FigureOptions())
    context = _context(report, options)
    dot = style(options.style).dot
    scene = Scene(0.0, 0.0, (), printable(report.name), legend.description(context), None)
    return replace(scene, dot=dot(context)) if dot else scene


def _context(report: Report, options: FigureOptions) -> RenderContext:
    """The network folded, with nothing left out."""
    graph = step_graph(report, options.depth, options.only)
    if style(options.style).refers:
        graph = with_references(with_tensors_apart(graph))
    segments = series_parallel(graph)
    if not options.expand:
        segments = fold(segments)
    return RenderContext(graph, segments, segments, options, PALETTES[options.palette])


def refuse_size(graph: Graph) -> None:
    """Raises `DescriptionError` if a description writes more layers than a figure can show, before they are calculated."""
    written = len({id(node.entry) for node in graph.nodes}) if len(graph.nodes) > MAX_WRITTEN else 0
    if written > MAX_WRITTEN:
        raise call_error(
            "ARC475",
            f"{graph.name} has {written:,} layers that are written out, figures show at most {MAX_WRITTEN:,}",
            "write equal layers as one with `repeat`: they are drawn once, with their number",
        )


def _bounds(style: Style, options: FigureOptions, segments: Series) -> Iterator[int | None]:
    """To how many segments the figure is reduced, in the order in which it is tried; None for all of them.

    Raises `DescriptionError` if nothing may be left out and there are too many steps.
    """
    if style.drawn is None:
        yield None
        return
    steps, max_steps = len(leaves(segments)), _max_steps(style)
    if steps <= max_steps:
        yield None
    if not options.expand:
        yield from (bound for bound in _MAX_SEGMENTS if bound < longest(segments) or bound == FEWEST)
    elif steps > max_steps:
        raise call_error(
            "ARC475",
            f"--expand would draw {steps:,} steps one by one, more than {max_steps:,}",
            "leave out --expand, or draw a part by --only A..B",
        )


def _max_steps(style: Style) -> int:
    return min(MAX_DRAWN, style.max_steps or MAX_DRAWN)


def _ways_out(style: Style, context: RenderContext, sizes: list[str]) -> str:
    """What shows more of a network on the page: the options that the style reads and that are not used up, then `sizes`."""
    options = context.options
    ways = ["leave out --expand"] if options.expand else []
    if "depth" in style.reads and options.depth is None and context.step_graph.report.graph.blocks:
        ways.append("fold blocks by --depth 1")
    ways += ["draw a part by --only A..B"] if "only" in style.reads else []
    ways += sizes
    return ", ".join(ways[:-1]) + " or " * (len(ways) > 1) + "".join(ways[-1:])


def sizes_that_do(style: Style, context: RenderContext) -> list[str]:
    """The least width and the largest text, as options, at which a figure that does not fit its page does."""
    if _is_long(style, context):
        return ["choose a greater --width"]
    draft = _Draft(style, context)
    ways = []
    if (width := _least_width(draft)) is not None:
        ways.append(f"choose --width {width}cm")
    smallest = replace(context.options, min_text=MIN_TEXT)
    if (placed := draft.placed(smallest)) is not None:
        ways.append(f"choose --min-text {math.floor(placed.scale * placed.drawing.smallest_text * 10 + 1e-6) / 10:g}")
    return ways


def _is_long(style: Style, context: RenderContext) -> bool:
    return style.drawn is not None and len(leaves(context.segments)) > MAX_TRIED


def _width_for(style: Style, whole: RenderContext) -> str:
    """The width at which nothing is left out of a figure, as an option."""
    width = None if _is_long(style, whole) else _least_width(_Draft(style, whole))
    return "choose a greater --width" if width is None else f"choose --width {width}cm to see all"


def _least_width(draft: _Draft) -> int | None:
    """The least width in whole centimetres on which a figure fits, if there is one."""
    options = draft.context.options

    def fits(width: int) -> bool:
        return draft.placed(replace(options, width=width * CENTIMETRE)) is not None

    refused = math.floor(draft.page(options)[0] / CENTIMETRE)
    width = refused + 1
    while not fits(width):
        if width == MAX_WIDTH:
            return None
        refused, width = width, min(2 * width, MAX_WIDTH)
    while width - refused > 1:
        middle = (refused + width) // 2
        refused, width = (refused, middle) if fits(middle) else (middle, width)
    return width


class _Placed(NamedTuple):
    """A drawing with its legend and caption, and the scale at which they fit a page."""

    drawing: Drawing
    scale: float
    footer: Drawing
    page: tuple[float, float]


class _Draft:
    """A figure that is drawn but has no place on a page yet."""

    def __init__(self, style: Style, context: RenderContext) -> None:
        self.style, self.context = style, context
        self.drawn = style.drawn(context) if style.drawn else Drawn()
        self.drawing_for = style.drawing(context)

    def page(self, options: FigureOptions) -> tuple[float, float]:
        """Width and largest height of the page."""
        default = self.style.page
        width = options.width or (SLIDE if options.aspect else default[0])
        return width, width / options.aspect if options.aspect else width * default[1] / default[0]

    def placed(self, options: FigureOptions) -> _Placed | None:
        """The drawing at the largest scale at which it fits the page of the options with readable text, or None."""
        page = width, height = self.page(options)
        footer = _footer(self.style, self.context, self.drawn, min(width, max(SLIDE, options.width or 0.0)) - 2 * MARGIN)
        inner = width - 2 * MARGIN, height - 2 * MARGIN - footer.height - (8.0 if footer.shapes else 0.0)
        along = 1 if options.direction == "TB" else 0
        best: _Placed | None = None
        for scale in _scales(self.style, options):
            if best is not None and best.scale >= scale:
                break  # longer rows only make the figure smaller
            drawing = self.drawing_for(inner[along] / scale)
            if not drawing.shapes:
                return None
            own = min(scale, inner[0] / drawing.width, inner[1] / drawing.height)
            if best is None or own > best.scale:
                best = _Placed(drawing, own, footer, page)
            if scale * drawing.smallest_text < options.min_text:
                break
        is_readable = best is not None and best.scale * best.drawing.smallest_text >= options.min_text - 1e-6
        return best if is_readable else None


def _fit(style: Style, context: RenderContext) -> Scene | None:
    """The figure on its page at the largest scale at which it fits, or None."""
    draft = _Draft(style, context)
    placed = draft.placed(context.options)
    if placed is None:
        return None
    scene = _paged(context, placed)
    return replace(scene, diagnostics=(*_warnings(scene), *_notes(style, context, draft.drawn)))


def _notes(style: Style, context: RenderContext, drawn: Drawn) -> Iterator[Problem]:
    """What is not in the figure, though it is part of what was to be drawn."""
    report, options = context.step_graph.report, context.options
    if left_out := drawn.left_out:
        params = sum(step.sum("params") for step in left_out)
        message = f"{printable(report.name)}: {count_of(left_out)} with {params:,} parameters left out, to fit the page"
        sizes = [_width_for(style, replace(context, segments=context.all_segments))]
        sizes += ["choose a smaller --min-text"] if options.min_text > MIN_TEXT else []
        yield call_diagnostic("ARC487", message, _ways_out(style, context, sizes))
    for text in legend.not_drawn(drawn):
        yield call_diagnostic(
            "ARC488", f"the style {options.style} draws one path; {text}", "the styles blocks and graph draw all paths"
        )


def _scales(style: Style, options: FigureOptions) -> Iterator[float]:
    scale = MAX_SCALE if options.width or options.aspect else 1.0
    while True:
        yield scale
        if not style.wraps:
            return
        scale *= 0.93


def _footer(style: Style, context: RenderContext, drawn: Drawn, width: float) -> Drawing:
    """Legend and caption."""
    return legend.footer(context, drawn, width, style.legend, style.note.format(scale=context.options.scale[0]))


def _paged(context: RenderContext, placed_drawing: _Placed) -> Scene:
    options, report = context.options, context.step_graph.report
    drawing, scale, footer, page = placed_drawing
    space = 8.0 if footer.shapes else 0.0
    tall = drawing.height * scale + space + footer.height + 2 * MARGIN
    width, height = page
    if options.aspect is None:
        height = tall
        if options.width is None:
            width = max(drawing.width * scale, footer.width) + 2 * MARGIN
    top = MARGIN + (height - tall) / 2
    placed = drawing.transformed(scale, (width - drawing.width * scale) / 2, top)
    below = footer.transformed(1.0, (width - footer.width) / 2, height - MARGIN - footer.height)
    shapes = (*placed.shapes, *below.shapes)
    scene = Scene(
        width,
        height,
        shapes,
        printable(report.name),
        legend.description(context),
        None if options.transparent else context.palette.paper,
    )
    dot = style(options.style).dot
    return replace(scene, dot=dot(replace(context, segments=context.all_segments))) if dot else scene


def _warnings(scene: Scene) -> Iterator[Problem]:
    absent = dict.fromkeys(letter for text in scene.texts for letter in missing_characters(text.text))
    if absent:
        few = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in list(absent)[:8])
        yield call_diagnostic(
            "ARC310",
            f"the font lacks {len(absent)} of the characters in this figure: {few}",
            "use other characters in the names that it shows, or leave out the caption by --no-caption",
            severity="warning",
        )

"""Report to page: the largest scale that fits, wrapped rows, legend and caption, the middle elided if necessary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archcalc.analysis.report import Report
from archcalc.errors import call_error, printable
from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes import legend
from archcalc.views.diagram.shapes.font import missing_characters
from archcalc.views.diagram.shapes.palettes import PALETTES
from archcalc.views.diagram.shapes.scene import Drawing, Scene, Shape, Text
from archcalc.views.diagram.structure.folding import elide, fold
from archcalc.views.diagram.structure.series_parallel import leaves, series_parallel
from archcalc.views.diagram.structure.steps import step_graph
from archcalc.views.diagram.style import SLIDE, Style, style

MARGIN = 14.0
MAX_SCALE = 1.6
_MAX_SEGMENTS = (300, 200, 130, 90, 60, 40, 28, 20, 14, 10, 8, 6, 4, 3)


def draw(report: Report, options: FigureOptions | None = None) -> Scene:
    """The figure of a network. Raises `DescriptionError` if an option is unknown or the page is too small for the figure."""
    options = options or FigureOptions()
    figure_style = style(options.style)
    whole = _context(report, options)
    segments = whole.segments
    max_steps = figure_style.max_steps or len(whole.step_graph.steps)
    bounds = [
        bound for bound in (None, *_MAX_SEGMENTS) if (bound or len(leaves(segments))) <= max_steps or bound == _MAX_SEGMENTS[0]
    ]
    for bound in [None] if options.expand else bounds:
        part = segments if bound is None else elide(segments, bound)
        scene = _fit(figure_style, replace(whole, segments=part))
        if scene is not None:
            return scene
    raise call_error(
        "ARC475",
        f"{report.name} does not fit the page with text of at least {options.min_text:g} points",
        "leave out --expand, or choose --depth 1, --only A..B, a greater --width or a smaller --min-text",
    )


def undrawn(report: Report, options: FigureOptions | None = None) -> Scene:
    """The figure as the text that its style writes for Graphviz, if it does, with nothing laid out."""
    options = options or FigureOptions()
    context = _context(report, options)
    dot = style(options.style).dot
    scene = Scene(0.0, 0.0, (), printable(report.name), legend.description(context), None)
    return replace(scene, dot=dot(context)) if dot else scene


def _context(report: Report, options: FigureOptions) -> RenderContext:
    """The network folded, with nothing left out."""
    graph = step_graph(report, options.depth, options.only)
    segments = series_parallel(graph)
    if not options.expand:
        segments = fold(segments)
    return RenderContext(graph, segments, segments, options, PALETTES[options.palette])


def _fit(style: Style, context: RenderContext) -> Scene | None:
    """The figure on its page at the largest scale at which it fits, or None."""
    options = context.options
    default = style.page
    width = options.width or (SLIDE if options.aspect else default[0])
    height = width / options.aspect if options.aspect else width * default[1] / default[0]
    footer = _footer(style, context, min(width, max(SLIDE, options.width or 0.0)) - 2 * MARGIN)
    inner = width - 2 * MARGIN, height - 2 * MARGIN - footer.height - (8.0 if footer.shapes else 0.0)
    along = 1 if options.direction == "TB" else 0
    drawing_for = style.drawing(context)
    best: tuple[float, Drawing] | None = None
    for scale in _scales(style, options):
        if best is not None and best[0] >= scale:
            break  # longer rows only make the figure smaller
        drawing = drawing_for(inner[along] / scale)
        if not drawing.shapes:
            return None
        own = min(scale, inner[0] / drawing.width, inner[1] / drawing.height)
        if best is None or own > best[0]:
            best = own, drawing
        if scale * drawing.smallest_text < options.min_text:
            break
    if best is None or best[0] * best[1].smallest_text < options.min_text - 1e-6:
        return None
    return _paged(context, best[1], best[0], footer, (width, height))


def _scales(style: Style, options: FigureOptions) -> Iterator[float]:
    scale = MAX_SCALE if options.width or options.aspect else 1.0
    while True:
        yield scale
        if not style.wraps:
            return
        scale *= 0.93


def _footer(style: Style, context: RenderContext, width: float) -> Drawing:
    """Legend and caption."""
    return legend.footer(context, width, style.legend, style.note.format(scale=context.options.scale[0]))


def _paged(context: RenderContext, drawing: Drawing, scale: float, footer: Drawing, page: tuple[float, float]) -> Scene:
    options, report = context.options, context.step_graph.report
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
        warnings=tuple(_warnings(shapes)),
    )
    dot = style(options.style).dot
    return replace(scene, dot=dot(replace(context, segments=context.all_segments))) if dot else scene


def _warnings(shapes: tuple[Shape, ...]) -> Iterator[str]:
    absent = dict.fromkeys(letter for shape in shapes if isinstance(shape, Text) for letter in missing_characters(shape.text))
    if absent:
        few = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in list(absent)[:8])
        yield f"the font lacks {len(absent)} of the characters in this figure: {few}"

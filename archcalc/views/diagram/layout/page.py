"""From drawing to page: the largest scale that fits, rows wrapped, legend and caption, the middle elided at need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archcalc.analysis.report import Report
from archcalc.errors import call_error, printable
from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes import legend
from archcalc.views.diagram.shapes.font import missing
from archcalc.views.diagram.shapes.palettes import PALETTES
from archcalc.views.diagram.shapes.scene import Drawing, Scene, Shape
from archcalc.views.diagram.structure.folding import elide, fold
from archcalc.views.diagram.structure.series_parallel import leaves, series_parallel
from archcalc.views.diagram.structure.steps import step_graph
from archcalc.views.diagram.style import SLIDE, Style, style

MARGIN = 14.0
LARGEST = 1.6
_BOUNDS = (300, 200, 130, 90, 60, 40, 28, 20, 14, 10, 8, 6, 4, 3)


def draw(report: Report, options: FigureOptions | None = None) -> Scene:
    """The figure of a network. Raises SpecError where a setting is unknown or the page is too small for it."""
    options = options or FigureOptions()
    shown_as = style(options.style)
    shown = step_graph(report, options.depth, options.only)
    segments = series_parallel(shown)
    if not options.expand:
        segments = fold(segments)
    most = shown_as.most or len(shown.steps)
    bounds = [bound for bound in (None, *_BOUNDS) if (bound or len(leaves(segments))) <= most or bound == _BOUNDS[0]]
    for bound in [None] if options.expand else bounds:
        part = segments if bound is None else elide(segments, bound)
        context = RenderContext(shown, part, segments, options, PALETTES[options.palette])
        scene = _fit(shown_as, context)
        if scene is not None:
            return scene
    raise call_error(
        "ARC475",
        f"{report.name} does not fit the page with text of at least {options.min_text:g} points",
        "leave out --expand, or choose --depth 1, --only A..B, a greater --width or a smaller --min-text",
    )


def _fit(style: Style, context: RenderContext) -> Scene | None:
    """The sheet on its page at the largest scale at which it fits, or None."""
    options = context.options
    usual = style.page
    width = options.width or (SLIDE if options.aspect else usual[0])
    height = width / options.aspect if options.aspect else width * usual[1] / usual[0]
    foot = _foot(style, context, min(width, max(SLIDE, options.width or 0.0)) - 2 * MARGIN)
    inner = width - 2 * MARGIN, height - 2 * MARGIN - foot.height - (8.0 if foot.shapes else 0.0)
    along = 1 if options.direction == "TB" else 0
    drawn = style.drawing(context)
    best: tuple[float, Drawing] | None = None
    for scale in _scales(style, options):
        if best is not None and best[0] >= scale:
            break  # longer rows only make it smaller
        drawing = drawn(inner[along] / scale)
        if not drawing.shapes:
            return None
        own = min(scale, inner[0] / drawing.width, inner[1] / drawing.height)
        if best is None or own > best[0]:
            best = own, drawing
        if scale * drawing.smallest < options.min_text:
            break
    if best is None or best[0] * best[1].smallest < options.min_text - 1e-6:
        return None
    return _paged(context, best[1], best[0], foot, (width, height))


def _scales(style: Style, options: FigureOptions) -> Iterator[float]:
    scale = LARGEST if options.width or options.aspect else 1.0
    while True:
        yield scale
        if not style.wraps:
            return
        scale *= 0.93


def _foot(style: Style, context: RenderContext, width: float) -> Drawing:
    """Legend and caption."""
    return legend.foot(context, width, style.legend, style.note.format(scale=context.options.scale[0]))


def _paged(context: RenderContext, drawing: Drawing, scale: float, foot: Drawing, page: tuple[float, float]) -> Scene:
    options, report = context.options, context.step_graph.report
    space = 8.0 if foot.shapes else 0.0
    tall = drawing.height * scale + space + foot.height + 2 * MARGIN
    width, height = page
    if options.aspect is None:
        height = tall
        if options.width is None:
            width = max(drawing.width * scale, foot.width) + 2 * MARGIN
    top = MARGIN + (height - tall) / 2
    placed = drawing.transformed(scale, (width - drawing.width * scale) / 2, top)
    below = foot.transformed(1.0, (width - foot.width) / 2, height - MARGIN - foot.height)
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
    lacking = dict.fromkeys(letter for shape in shapes if hasattr(shape, "text") for letter in missing(shape.text))
    if lacking:
        few = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in list(lacking)[:8])
        yield f"the font lacks {len(lacking)} of the characters in this figure: {few}"

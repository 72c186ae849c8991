"""From drawing to page: the largest scale that fits, rows wrapped, legend and caption, the middle elided at need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

from archcalc.analysis.report import Report
from archcalc.errors import call_error, printable
from archcalc.views.diagram import legend
from archcalc.views.diagram.folding import elide, fold
from archcalc.views.diagram.metrics import missing
from archcalc.views.diagram.outline import Outline, outline
from archcalc.views.diagram.palettes import PALETTES
from archcalc.views.diagram.scene import Drawing, Scene, Shape
from archcalc.views.diagram.series import Series, ones, series
from archcalc.views.diagram.settings import Settings
from archcalc.views.diagram.sheet import Sheet

SLIDE = 960.0
"""Width of a page that nobody asked to be otherwise: a 16:9 slide of 13⅓ inches."""
TALLEST = 1.42
"""Height of such a page, in widths."""
MARGIN = 14.0
LARGEST = 1.6
_BOUNDS = (300, 200, 130, 90, 60, 40, 28, 20, 14, 10, 8, 6, 4, 3)


def draw(report: Report, settings: Settings | None = None) -> Scene:
    """The figure of a network. Raises SpecError where a setting is unknown or the page is too small for it."""
    settings = settings or Settings()
    style = import_module(f"archcalc.views.diagram.styles.{settings.style}")
    shown = outline(report, settings.depth, settings.only)
    cells = series(shown)
    if not settings.expand:
        cells = fold(cells)
    most = getattr(style, "MOST", None) or len(shown.steps)
    bounds = [bound for bound in (None, *_BOUNDS) if (bound or len(ones(cells))) <= most or bound == _BOUNDS[0]]
    for bound in [None] if settings.expand else bounds:
        part = cells if bound is None else elide(cells, bound)
        sheet = Sheet(shown, part, cells, settings, PALETTES[settings.palette])
        scene = _fit(style, sheet)
        if scene is not None:
            return scene
    raise call_error(
        "ARC475", f"{report.name} does not fit the page with text of at least {settings.min_text:g} points",
        "leave out --expand, or choose --depth 1, --only A..B, a greater --width or a smaller --min-text",
    )


def _fit(style: Any, sheet: Sheet) -> Scene | None:
    """The sheet on its page at the largest scale at which it fits, or None."""
    settings = sheet.settings
    usual = getattr(style, "PAGE", (SLIDE, SLIDE * TALLEST))
    width = settings.width or (SLIDE if settings.aspect else usual[0])
    height = width / settings.aspect if settings.aspect else width * usual[1] / usual[0]
    foot = _foot(style, sheet, min(width, max(SLIDE, settings.width or 0.0)) - 2 * MARGIN)
    inner = width - 2 * MARGIN, height - 2 * MARGIN - foot.height - (8.0 if foot.shapes else 0.0)
    along = 1 if settings.direction == "TB" else 0
    drawn = style.layout(sheet) if _wraps(style) else lambda room: style.draw(sheet)
    best: tuple[float, Drawing] | None = None
    for scale in _scales(style, settings):
        if best is not None and best[0] >= scale:
            break  # longer rows only make it smaller
        drawing = drawn(inner[along] / scale)
        if not drawing.shapes:
            return None
        own = min(scale, inner[0] / drawing.width, inner[1] / drawing.height)
        if best is None or own > best[0]:
            best = own, drawing
        if scale * drawing.smallest < settings.min_text:
            break
    if best is None or best[0] * best[1].smallest < settings.min_text - 1e-6:
        return None
    return _paged(sheet, best[1], best[0], foot, (width, height))


def _wraps(style: Any) -> bool:
    """The style breaks its drawing into rows: `layout(sheet)` gives a function of their length, not a drawing."""
    return hasattr(style, "layout")


def _scales(style: Any, settings: Settings) -> Iterator[float]:
    scale = LARGEST if settings.width or settings.aspect else 1.0
    while True:
        yield scale
        if not _wraps(style):
            return
        scale *= 0.93


def _foot(style: Any, sheet: Sheet, width: float) -> Drawing:
    """Legend and caption."""
    note = str(getattr(style, "NOTE", "")).format(scale=sheet.settings.scale[0])
    return legend.foot(sheet, width, getattr(style, "LEGEND", "all"), note)


def _paged(sheet: Sheet, drawing: Drawing, scale: float, foot: Drawing, page: tuple[float, float]) -> Scene:
    settings, report = sheet.settings, sheet.outline.report
    space = 8.0 if foot.shapes else 0.0
    tall = drawing.height * scale + space + foot.height + 2 * MARGIN
    width, height = page
    if settings.aspect is None:
        height = tall
        if settings.width is None:
            width = max(drawing.width * scale, foot.width) + 2 * MARGIN
    top = MARGIN + (height - tall) / 2
    placed = drawing.moved(scale, (width - drawing.width * scale) / 2, top)
    below = foot.moved(1.0, (width - foot.width) / 2, height - MARGIN - foot.height)
    shapes = (*placed.shapes, *below.shapes)
    scene = Scene(
        width, height, shapes, printable(report.name), legend.description(sheet),
        None if settings.transparent else sheet.palette.paper, warnings=tuple(_warnings(shapes)),
    )
    dot = getattr(import_module(f"archcalc.views.diagram.styles.{settings.style}"), "dot", None)
    return replace(scene, dot=dot(replace(sheet, cells=sheet.whole))) if dot else scene


def _warnings(shapes: tuple[Shape, ...]) -> Iterator[str]:
    lacking = dict.fromkeys(letter for shape in shapes if hasattr(shape, "text") for letter in missing(shape.text))
    if lacking:
        few = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in list(lacking)[:8])
        yield f"the font lacks {len(lacking)} of the characters in this figure: {few}"


__all__ = ["Outline", "Series", "draw"]

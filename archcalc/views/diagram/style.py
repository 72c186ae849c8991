"""What a style of figures is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.shapes.scene import Drawing
from archcalc.views.diagram.styles import STYLES

SLIDE = 960.0
"""Width of a page for which no other was asked: a 16:9 slide of 13⅓ inches, in points."""
TALLEST = 1.42
"""Height of such a page, in widths."""


class Style(NamedTuple):
    """How a network is drawn. One of `draw` and `layout` is given.

    `draw` returns the finished drawing; `layout` prepares one that breaks into rows, and returns a function of the
    longest row in points. `page` is the largest page in points, `legend` one of all, heads and none, `note` a sentence
    for the caption, `most` the steps it can show, `dot` the text for Graphviz.
    """

    draw: Callable[[RenderContext], Drawing] | None = None
    layout: Callable[[RenderContext], Callable[[float], Drawing]] | None = None
    page: tuple[float, float] = (SLIDE, SLIDE * TALLEST)
    legend: str = "all"
    note: str = ""
    most: int | None = None
    dot: Callable[[RenderContext], str] | None = None

    @property
    def wraps(self) -> bool:
        """The drawing breaks into rows."""
        return self.layout is not None

    def drawing(self, context: RenderContext) -> Callable[[float], Drawing]:
        """The drawing for a length of rows, whether or not it depends on it."""
        if self.layout is not None:
            return self.layout(context)
        assert self.draw is not None
        draw = self.draw
        return lambda room: draw(context)


def style(name: str) -> Style:
    """The style with a name; raises KeyError if there is none."""
    found: Style = STYLES.load(name).STYLE
    return found

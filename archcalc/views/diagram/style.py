"""The interface of a style of figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.shapes.scene import Drawing
from archcalc.views.diagram.styles import STYLES

SLIDE = 960.0
"""Default width of a page: a 16:9 slide of 13⅓ inches, in points."""
MAX_HEIGHT = 1.42
"""Largest height of such a page, in widths."""


class Style(NamedTuple):
    """How a network is drawn, by `draw` or by `layout`.

    `draw` returns the finished drawing; `layout` prepares one that breaks into rows, and returns a function of the
    longest row in points. `page` is the largest page in points, `legend` one of `all`, `heads` and `none`, `note` a sentence
    for the caption, `max_steps` the most steps it can show, `dot` the text for Graphviz.
    """

    draw: Callable[[RenderContext], Drawing] | None = None
    layout: Callable[[RenderContext], Callable[[float], Drawing]] | None = None
    page: tuple[float, float] = (SLIDE, SLIDE * MAX_HEIGHT)
    legend: str = "all"
    note: str = ""
    max_steps: int | None = None
    dot: Callable[[RenderContext], str] | None = None

    @property
    def wraps(self) -> bool:
        """Whether the drawing breaks into rows."""
        return self.layout is not None

    def drawing(self, context: RenderContext) -> Callable[[float], Drawing]:
        """The drawing as a function of the longest row in points, whether or not it depends on it."""
        if self.layout is not None:
            return self.layout(context)
        assert self.draw is not None
        draw = self.draw
        return lambda row_length: draw(context)


def style(name: str) -> Style:
    """The style with a name. Raises KeyError if there is none."""
    loaded: Style = STYLES.load(name).STYLE
    return loaded

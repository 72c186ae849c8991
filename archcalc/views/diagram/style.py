"""The interface of a style of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from archcalc.errors import call_error
from archcalc.views.diagram.context import Drawn, RenderContext
from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.scene import Drawing
from archcalc.views.diagram.structure.main_path import main_path
from archcalc.views.diagram.styles import STYLES

SLIDE = 960.0
"""Default width of a page: a 16:9 slide of 13⅓ inches, in points."""
MAX_HEIGHT = 1.42
"""Largest height of such a page, in widths."""
READ_BY_ALL = ("style", "palette", "width", "aspect", "legend", "caption", "min_text", "transparent")
"""Options that every style reads."""


class Style(NamedTuple):
    """How a network is drawn, by `draw` or by `layout`.

    `draw` returns the finished drawing; `layout` prepares one that breaks into rows, and returns a function of the
    longest row in points. `page` is the largest page in points, `legend` one of `all`, `heads` and `none`, `note` a sentence
    for the caption, `max_steps` the most steps it can show, `dot` the text for Graphviz. `reads` names the options that it
    reads besides those of all styles. `drawn` returns the steps that it draws; None if it draws no network. `refers`: it
    names a step that many copies read where they read it, in place of lines to all of them.
    """

    draw: Callable[[RenderContext], Drawing] | None = None
    layout: Callable[[RenderContext], Callable[[float], Drawing]] | None = None
    page: tuple[float, float] = (SLIDE, SLIDE * MAX_HEIGHT)
    legend: str = "all"
    note: str = ""
    max_steps: int | None = None
    dot: Callable[[RenderContext], str] | None = None
    reads: tuple[str, ...] = ()
    drawn: Callable[[RenderContext], Drawn] | None = None
    refers: bool = False

    @property
    def wraps(self) -> bool:
        """Whether the drawing breaks into rows."""
        return self.layout is not None

    def read_of(self, options: FigureOptions) -> FigureOptions:
        """The options with the defaults of those that the style does not read, so that no caption can speak of them."""
        read: dict[str, Any] = {name: getattr(options, name) for name in (*READ_BY_ALL, *self.reads)}
        return FigureOptions(**read)

    def drawing(self, context: RenderContext) -> Callable[[float], Drawing]:
        """The drawing as a function of the longest row in points, whether or not it depends on it."""
        if self.layout is not None:
            return self.layout(context)
        assert self.draw is not None
        drawing = self.draw(context)
        return lambda row_length: drawing


def style(name: str) -> Style:
    """The style with a name. Raises KeyError if there is none."""
    loaded: Style = STYLES.load(name).STYLE
    return loaded


def path_steps(context: RenderContext) -> Drawn:
    """What the styles of the main path draw: a box for each of its volumes."""
    path = main_path(context.segments)
    return Drawn({stage.index: stage.step for stage in path.stages}, tuple(path.beside))


def refuse_unread(name: str, given: Iterable[str]) -> None:
    """Raises `DescriptionError` for the first of the given options that the style with a name does not read."""
    read = (*READ_BY_ALL, *style(name).reads)
    for option in given:
        if option not in read:
            others = [other for other in STYLES.names if option in style(other).reads]
            flag = f"--{option.replace('_', '-')}"
            raise call_error(
                "ARC486", f"the style {name} does not read {flag}", f"leave it out; the styles that do: {', '.join(others)}"
            )

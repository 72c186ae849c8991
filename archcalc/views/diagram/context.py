"""The input of a style: the decomposed network as far as it is drawn, and the options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.structure.series_parallel import Series, leaves
from archcalc.views.diagram.structure.step import Step
from archcalc.views.diagram.structure.steps import StepGraph


@dataclass(frozen=True)
class RenderContext:
    """`all_segments` is the series before its middle was left out to fit the page."""

    step_graph: StepGraph
    segments: Series
    all_segments: Series
    options: FigureOptions
    palette: Palette

    def labels(self, default: tuple[str, ...]) -> tuple[str, ...]:
        """The labels of the option `show`, or the style's default."""
        return self.options.show or default

    def heat_shares(self, drawn: Drawn) -> dict[int, float] | None:
        """For each step that is drawn its quantity `heat` as a share of the largest, 0 to 1; None without that option."""
        if self.options.heat is None:
            return None
        values = {index: step.sum(self.options.heat) for index, step in drawn.steps.items()}
        largest = max(values.values(), default=0) or 1
        return {index: value / largest for index, value in values.items()}


class Drawn(NamedTuple):
    """What a figure shows: a step for each box, by its index, and the `beside` steps that no box counts."""

    steps: dict[int, Step] = {}
    beside: tuple[Step, ...] = ()

    @property
    def left_out(self) -> tuple[Step, ...]:
        """The steps in place of which others are drawn to fit the page."""
        return tuple(left for step in self.steps.values() for copy in (step.copies or (step,)) for left in copy.left_out)

    @property
    def inputs_not_drawn(self) -> tuple[Step, ...]:
        """The network's inputs that have no box."""
        hidden = (inner for step in self.steps.values() for inner in (*step.hidden, *step.left_out))
        return tuple(step for step in (*hidden, *self.beside) if step.input is not None)


def all_steps(context: RenderContext) -> Drawn:
    """A box for each step of the series."""
    return Drawn({leaf.index: leaf.step for leaf in leaves(context.segments)})

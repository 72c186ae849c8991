"""The input of a style: the decomposed network as far as it is drawn, and the options."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.structure.series_parallel import Series, leaves
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

    def heat_shares(self) -> dict[int, float] | None:
        """For each step its quantity `heat` as a share of the largest, 0 to 1; None without that option."""
        if self.options.heat is None:
            return None
        values = {leaf.index: leaf.step.sum(self.options.heat) for leaf in leaves(self.segments)}
        largest = max(values.values(), default=0) or 1
        return {index: value / largest for index, value in values.items()}

"""What a style gets to draw: the network's tree as far as it is to be shown, and the settings."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.structure.series_parallel import Series, leaves
from archcalc.views.diagram.structure.steps import StepGraph


@dataclass(frozen=True)
class RenderContext:
    """`whole` is the tree before its middle was left out."""

    step_graph: StepGraph
    segments: Series
    all_segments: Series
    options: FigureOptions
    palette: Palette

    def show(self, usual: tuple[str, ...]) -> tuple[str, ...]:
        """The labels that were asked for, or what the style usually shows."""
        return self.options.show or usual

    def heat(self) -> dict[int, float] | None:
        """For each step its share of the largest value of what `heat` names; None without."""
        if self.options.heat is None:
            return None
        values = {one.index: one.step.sum(self.options.heat) for one in leaves(self.segments)}
        largest = max(values.values(), default=0) or 1
        return {index: value / largest for index, value in values.items()}

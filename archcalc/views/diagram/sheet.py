"""What a style gets to draw: the network's tree as far as it is to be shown, and the settings."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.views.diagram.outline import Outline
from archcalc.views.diagram.palettes import Palette
from archcalc.views.diagram.series import Series, ones
from archcalc.views.diagram.settings import Settings


@dataclass(frozen=True)
class Sheet:
    """`whole` is the tree before its middle was left out."""

    outline: Outline
    cells: Series
    whole: Series
    settings: Settings
    palette: Palette

    def show(self, usual: tuple[str, ...]) -> tuple[str, ...]:
        """The labels that were asked for, or what the style usually shows."""
        return self.settings.show or usual

    def heat(self) -> dict[int, float] | None:
        """For each step its share of the largest value of what `heat` names; None without."""
        if self.settings.heat is None:
            return None
        values = {one.at: one.step.sum(self.settings.heat) for one in ones(self.cells)}
        largest = max(values.values(), default=0) or 1
        return {at: value / largest for at, value in values.items()}

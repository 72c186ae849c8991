"""Sums over the layers of a report, each with its grade."""

from __future__ import annotations

from collections.abc import Iterable

from archcalc.analysis.grades import EXACT, TotalGrade, total_grade
from archcalc.analysis.layer_report import SUMMED, LayerReport


class Totals:
    """Sums over the layers of a report, each computed when it is first read: one for every name in `SUMMED`."""

    def __init__(self, layers: Iterable[LayerReport]) -> None:
        self._layers = tuple(layers)
        self._known: dict[str, int] = {}
        self._graded = tuple(layer for layer in self._layers if not layer.is_by_rule)

    def __getattr__(self, name: str) -> int:
        if name not in SUMMED:
            raise AttributeError(name)
        if name not in self._known:
            self._known[name] = sum(getattr(layer, name) for layer in self._layers)
        return self._known[name]

    def grade(self, quantity: str) -> TotalGrade:
        """How complete a total is: what is stated in it, and what is not counted."""
        return total_grade(self._graded, quantity) if self._graded else EXACT

    def text(self, quantity: str) -> str:
        """A total for readers: 1,234, or at least 1,234."""
        return self.grade(quantity).text(getattr(self, quantity))

    @property
    def grades(self) -> dict[str, TotalGrade]:
        """The grades of the totals that are not wholly by rule."""
        if not self._graded:
            return {}
        grades = {name: self.grade(name) for name in (*SUMMED, "tallies")}
        return {name: grade for name, grade in grades.items() if grade != EXACT}

    @property
    def tallies(self) -> dict[str, int]:
        """Operations of one forward pass by name."""
        sums: dict[str, int] = {}
        for layer in self._layers:
            for name, count in layer.tallies.items():
                sums[name] = sums.get(name, 0) + count
        return sums

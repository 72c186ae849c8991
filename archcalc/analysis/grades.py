"""How complete a total is: what layers state in it, and which layers are not counted in it.

A kind says for each quantity how it is known (`Layer.grade`), a convention which kinds it counts. Here the grades of
several layers are those of their sum: a total without a layer that is not counted is exact, any other is a lower bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from archcalc.layers._grades import Grade

MAX_NAMED = 5
"""Layers, or kinds, that a sentence names."""


class Graded(Protocol):
    """A layer with numbers, each of which has a grade."""

    @property
    def id(self) -> str:
        """Its id in the network."""

    @property
    def op(self) -> str:
        """The name of its kind."""

    @property
    def stands_for(self) -> str:
        """What it was, if it is not understood; else empty."""

    @property
    def is_by_rule(self) -> bool:
        """Whether all its numbers are known by rule."""

    def grade(self, quantity: str) -> Grade:
        """How a quantity is known."""


class TotalGrade(NamedTuple):
    """The layers of a total that are not counted by rule: those that state a number, and those that are not counted.

    Of the first the id and the number, of the others the id and what the layer was; of those of a kind that the convention
    is not known to count, the id and the kind.
    """

    stated: tuple[tuple[str, int], ...] = ()
    not_counted: tuple[tuple[str, str], ...] = ()
    unmeasured: tuple[tuple[str, str], ...] = ()

    @property
    def grade(self) -> Grade:
        """The least grade of its layers."""
        return Grade.STATED if self.stated and self.is_complete else Grade.BY_RULE if self.is_complete else Grade.NOT_COUNTED

    @property
    def is_complete(self) -> bool:
        """Whether every layer is counted, so that the total is exact and no lower bound."""
        return not self.not_counted and not self.unmeasured

    @property
    def words(self) -> str:
        """What is written before the number: nothing, or `at least `."""
        return "" if self.is_complete else "at least "

    @property
    def note(self) -> str:
        """The sentence where the number is written without words: at least; not counted: …"""
        return self.sentence if self.is_complete else f"at least; {self.sentence}"

    def text(self, number: int) -> str:
        """The number for readers: 1,234, or at least 1,234."""
        return f"{self.words}{number:,}"

    @property
    def sentence(self) -> str:
        """Which layers state a part of the total, and which are not counted; empty if all are by rule."""
        parts = []
        if self.stated:
            number = sum(number for _, number in self.stated)
            parts.append(f"of which {number:,} stated by {_listed([identity for identity, _ in self.stated])}")
        if self.not_counted:
            parts.append(f"not counted: {_listed([f'{identity} (was: {was})' for identity, was in self.not_counted])}")
        if self.unmeasured:
            layers = Counter(op for _, op in self.unmeasured)
            kinds = [f"{op} ({number:,} layer{'s' * (number > 1)})" for op, number in layers.items()]
            parts.append(f"not known under this convention: {_listed(kinds)}")
        return "; ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """The grade in the JSON contract."""
        not_counted = dict((*self.not_counted, *self.unmeasured))
        return {"grade": str(self.grade), "stated": dict(self.stated), "not_counted": not_counted}


EXACT = TotalGrade()


def total_grade(layers: Iterable[Graded], quantity: str) -> TotalGrade:
    """The grade of the sum of a quantity over layers."""
    stated: list[tuple[str, int]] = []
    not_counted: list[tuple[str, str]] = []
    unmeasured: list[tuple[str, str]] = []
    for layer in layers:
        grade = Grade.BY_RULE if layer.is_by_rule else layer.grade(quantity)
        if grade is Grade.STATED:
            stated.append((layer.id, getattr(layer, quantity)))
        elif grade is Grade.NOT_COUNTED and layer.stands_for:
            not_counted.append((layer.id, layer.stands_for))
        elif grade is Grade.NOT_COUNTED:
            unmeasured.append((layer.id, layer.op))
    return TotalGrade(tuple(stated), tuple(not_counted), tuple(unmeasured))


def grade_notes(grades: Mapping[str, TotalGrade]) -> list[str]:
    """What is stated in totals, by their labels, and what is not counted in them; a sentence for all with the same."""
    labels: dict[str, list[str]] = {}
    for label, grade in grades.items():
        if grade.sentence:
            labels.setdefault(grade.sentence, []).append(label)
    return [f"{', '.join(same)}: {sentence}" for sentence, same in labels.items()]


def _listed(texts: list[str]) -> str:
    more = f" and {len(texts) - MAX_NAMED:,} more" if len(texts) > MAX_NAMED else ""
    return ", ".join(texts[:MAX_NAMED]) + more

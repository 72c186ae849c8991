"""`diagnose`: the explanations of a printed figure, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from archcalc.analysis.conventions import convention, conventions
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.claims.diagnosis.deltas import CONVENTION, Change, deltas_of, measure
from archcalc.claims.diagnosis.search import MOST_HITS, SubsetSums, described
from archcalc.claims.diagnosis.targets import Target, plain, with_misprint
from archcalc.claims.diagnosis.variants import rewritten, settings
from archcalc.claims.printed_number import PrintedNumber

DEEPEST = 3
FINDING = 0.01
"""Expected chance hits below which an answer is a finding."""
HOPELESS = 50.0
"""Expected chance hits above which a depth is not searched: whatever turned up there would say nothing."""
OPERATIONS = {"mult_adds", "flops", "operations"}
ALTERNATIVES = {"params": ("params", "trainable")}
"""Quantities that people mean by the same word."""
Elsewhere = Iterable[tuple[dict[str, Any], "tuple[int, ...] | None"]]


@dataclass(frozen=True)
class Answer:
    """One explanation: a quantity and the confusions that lead from its value to the printed figure."""

    quantity: str
    value: int
    """What the quantity is without any confusion."""
    reached: int
    changes: tuple[Change, ...]
    chance: float
    """How many explanations of this kind a random figure of this size would have."""

    @property
    def is_finding(self) -> bool:
        return self.chance < FINDING

    @property
    def text(self) -> str:
        return "; ".join(step.text for step in self.changes) or "exactly this, without any confusion"

    @property
    def order(self) -> tuple[int, bool, int, float, str]:
        ranks = [step.rank for step in self.changes]
        return len(ranks), not self.is_finding, sum(ranks), self.chance, self.quantity


@dataclass(frozen=True)
class _Start:
    """One way to take the network as a whole, with the amounts that confusions add to its total."""

    changes: tuple[Change, ...]
    sums: SubsetSums
    deepest: int


def diagnose(
    report: Report,
    quantity: str,
    printed: PrintedNumber,
    of: str | None = None,
    elsewhere: Elsewhere = (),
    deepest: int = DEEPEST,
) -> list[Answer]:
    """The explanations of a figure, in order; empty if nothing fits.

    `of` is the id of the one layer that the figure is about. Answers with fewer confusions come first, and a depth is
    searched only if no smaller one has a finding.
    """
    answers: list[Answer] = []
    values: dict[int, str] = {}
    for name in ALTERNATIVES.get(quantity, (quantity,)):
        values.setdefault(sum(measure(name, _about(report.layers, of))), name)
    for value, name in values.items():
        answers += _Search(report, name, value, of, elsewhere).run(printed, deepest)
    found = min((len(one.changes) for one in answers if one.is_finding), default=deepest)
    best = sorted((one for one in answers if len(one.changes) <= found), key=lambda one: one.order)
    return _without_repetition(best)


def _about(layers: Sequence[LayerReport], of: str | None) -> list[LayerReport]:
    return [layer for layer in layers if of is None or layer.id == of]


def _without_repetition(answers: list[Answer]) -> list[Answer]:
    seen: set[str] = set()
    return [one for one in answers if not (one.text in seen or seen.add(one.text))]  # type: ignore[func-returns-value]


class _Search:
    def __init__(self, report: Report, quantity: str, value: int, of: str | None, elsewhere: Elsewhere) -> None:
        self.report = report
        self.quantity = quantity
        self.value = value
        self.of = of
        self.elsewhere = elsewhere
        self.known = {value}

    def run(self, printed: PrintedNumber, deepest: int) -> list[Answer]:
        targets = [one for one in (plain(printed), *with_misprint(printed, self.quantity in OPERATIONS)) if one.width > 0]
        bases = list(self.bases())
        answers: list[Answer] = []
        chance = 0.0
        for depth in range(deepest + 1):
            hits = [self.answer(*hit) for hit in self.hits(bases, targets, depth)]
            chance += self.chance(bases, targets, depth)
            answers += [replace(hit, chance=chance if hit.changes else 0.0) for hit in hits]
            if any(one.is_finding for one in answers) or chance > HOPELESS:
                break
        return answers

    def bases(self) -> Iterator[_Start]:
        layers = self.report.layers
        yield _Start((), SubsetSums(self.value, lambda: self.deltas(layers)), DEEPEST)
        if self.quantity in OPERATIONS:
            yield from self.conventions()
        for step, other in settings(self.report, self.elsewhere):
            yield from self.variant(step, other, 1)
        for step, other in rewritten(self.report):
            yield from self.variant(step, other, 0)

    def deltas(self, layers: Sequence[LayerReport]) -> Any:
        chosen = _about(layers, self.of)
        return deltas_of(chosen, self.quantity, measure(self.quantity, chosen))

    def variant(self, step: Change, layers: Sequence[LayerReport], deepest: int) -> Iterator[_Start]:
        """A world whose total another one has already says nothing new."""
        chosen = _about(layers, self.of)
        total = sum(measure(self.quantity, chosen))
        if chosen and total not in self.known:
            self.known.add(total)
            yield _Start((step,), SubsetSums(total, lambda: self.deltas(layers)), deepest)

    def conventions(self) -> Iterator[_Start]:
        chosen = _about(self.report.layers, self.of)
        for name in conventions():
            fold = convention(name)
            if name == self.report.options.convention.name or fold.unit == "parameters":
                continue
            values = [int(fold.count(layer.op, layer.counts)) for layer in chosen]
            if sum(values) != self.value:
                made = partial(deltas_of, chosen, self.quantity, values, False)
                yield _Start((Change(f"the convention of {name}", CONVENTION),), SubsetSums(sum(values), made), 1)

    def combinations(self, bases: list[_Start], targets: list[Target], cost: int) -> Iterator[tuple[_Start, Target, int]]:
        """The searches that make `cost` confusions in all."""
        for base in bases:
            for target in targets:
                depth = cost - len(base.changes) - len(target.changes)
                if 0 <= depth <= base.deepest and not (target.changes and depth > 1):
                    yield base, target, depth

    def hits(
        self, bases: list[_Start], targets: list[Target], cost: int
    ) -> Iterator[tuple[_Start, Target, tuple[Change, ...]]]:
        kept = 0
        for base, target, depth in self.combinations(bases, targets, cost):
            for amounts in base.sums.reach(target, depth):
                for changes in described(base.sums.deltas, amounts) if amounts else [()]:
                    yield base, target, (*base.changes, *changes, *target.changes)
                    kept += 1
                if kept > MOST_HITS:
                    return

    def chance(self, bases: list[_Start], targets: list[Target], cost: int) -> float:
        """Expected chance hits of all searches with `cost` confusions; misprints of one size are alike."""
        total = 0.0
        known: dict[tuple[int, int, int], float] = {}
        for base, target, depth in self.combinations(bases, targets, cost):
            key = id(base), depth, target.low // max(1, targets[0].low // 8)
            if key not in known:
                known[key] = base.sums.tries(target, depth) / target.width
            total += known[key] * target.width
        return total

    def answer(self, base: _Start, target: Target, changes: tuple[Change, ...]) -> Answer:
        return Answer(self.quantity, self.value, target.low, changes, 0.0)

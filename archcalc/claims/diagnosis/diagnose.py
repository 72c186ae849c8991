"""`diagnose`: the explanations of a printed figure, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from archcalc.analysis.conventions import convention, conventions
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.claims.diagnosis.deltas import CONVENTION, LAYER, Confusion, Deltas, deltas_of, values_of
from archcalc.claims.diagnosis.search import MAX_HITS, SubsetSums, compatible_confusions
from archcalc.claims.diagnosis.targets import Target, as_printed, confused
from archcalc.claims.diagnosis.variants import NetworkOverrides, other_fields, other_settings
from archcalc.claims.printed_number import PrintedNumber

MAX_DEPTH = 3
"""Confusions of one explanation."""
FINDING = 0.01
"""Expected chance hits below which an answer is a finding."""
HOPELESS = 50.0
"""Expected chance hits above which no greater depth is searched: its hits would not be significant."""
OPERATIONS = {"mult_adds", "flops", "operations"}
ALTERNATIVES = {"params": ("params", "trainable")}
"""Quantities that people mean by the same word."""


@dataclass(frozen=True)
class Answer:
    """One explanation: a quantity and the confusions that lead from its value to the printed figure."""

    quantity: str
    value: int
    """The quantity without any confusion."""
    confusions: tuple[Confusion, ...]
    chance: float
    """The expected number of explanations of this kind for a random figure of this size."""
    is_outranked: bool = False
    """Whether a more usual explanation of the same figure is as improbable by chance."""

    @property
    def is_finding(self) -> bool:
        """Whether a chance hit is improbable."""
        return self.chance < FINDING and not self.is_outranked

    @property
    def is_about_parts(self) -> bool:
        """Whether a layer or block is left out or counted twice.

        Networks are regular by design: the cost of a part often equals exactly the difference that something else makes.
        """
        return any(confusion.rank == LAYER for confusion in self.confusions)

    @property
    def text(self) -> str:
        """The confusions in words."""
        return "; ".join(confusion.text for confusion in self.confusions) or "exactly this, without any confusion"

    @property
    def sort_key(self) -> tuple[int, bool, int, float, str]:
        """Fewer confusions come first, then findings, then the more usual confusions."""
        ranks = [confusion.rank for confusion in self.confusions]
        return len(ranks), not self.is_finding, sum(ranks), self.chance, self.quantity


@dataclass(frozen=True)
class _Start:
    """The network or a variant of it, from which a search begins, with the differences that confusions make."""

    confusions: tuple[Confusion, ...]
    sums: SubsetSums
    max_depth: int


def diagnose(
    report: Report,
    quantity: str,
    printed: PrintedNumber,
    of: str | None = None,
    settings: Iterable[NetworkOverrides] = (),
    max_depth: int = MAX_DEPTH,
) -> list[Answer]:
    """The explanations of a figure, the likeliest first; empty if nothing fits.

    `of` is the id of the one layer that the figure is about, and `settings` are further variables and input shapes to
    try. Answers with fewer confusions come first, and a depth is searched only if no smaller one has a finding.
    """
    answers: list[Answer] = []
    names: dict[int, str] = {}
    for name in ALTERNATIVES.get(quantity, (quantity,)):
        names.setdefault(sum(values_of(name, _selected(report.layers, of))), name)
    for value, name in names.items():
        answers += _Search(report, name, value, of, settings).run(printed, max_depth)
    depth = min((len(answer.confusions) for answer in answers if answer.is_finding), default=max_depth)
    if any(a.is_finding and not a.is_about_parts and len(a.confusions) <= depth for a in answers):
        answers = [replace(answer, is_outranked=answer.is_about_parts) for answer in answers]
    return _without_repetition(sorted((a for a in answers if len(a.confusions) <= depth), key=lambda answer: answer.sort_key))


def _selected(layers: Sequence[LayerReport], of: str | None) -> list[LayerReport]:
    return [layer for layer in layers if of is None or layer.id == of]


def _without_repetition(answers: Iterable[Answer]) -> list[Answer]:
    """The first answer with each text."""
    by_text: dict[str, Answer] = {}
    for answer in answers:
        by_text.setdefault(answer.text, answer)
    return list(by_text.values())


class _Search:
    """The search for explanations of one quantity, whose correct value is `value`."""

    def __init__(self, report: Report, quantity: str, value: int, of: str | None, settings: Iterable[NetworkOverrides]) -> None:
        self.report = report
        self.quantity = quantity
        self.value = value
        self.of = of
        self.settings = settings
        self.totals = {value}

    def run(self, printed: PrintedNumber, max_depth: int) -> list[Answer]:
        """The answers of the smallest depth with a finding, and of those before it."""
        targets = (as_printed(printed), *confused(printed, self.quantity in OPERATIONS))
        targets = tuple(target for target in targets if target.width > 0)
        starts = list(self.starts())
        answers: list[Answer] = []
        chance = 0.0
        for depth in range(max_depth + 1):
            hits = [Answer(self.quantity, self.value, confusions, 0.0) for confusions in self.hits(starts, targets, depth)]
            chance += self.chance(starts, targets, depth)
            answers += [replace(hit, chance=chance if hit.confusions else 0.0) for hit in hits]
            if any(answer.is_finding for answer in answers) or chance > HOPELESS:
                break
        return answers

    def starts(self) -> Iterator[_Start]:
        """The network itself, other conventions, and variants of the network with another total."""
        layers = self.report.layers
        yield _Start((), SubsetSums(self.value, lambda: self.deltas(layers)), MAX_DEPTH)
        if self.quantity in OPERATIONS:
            yield from self.conventions()
        for confusion, other in other_settings(self.report, self.settings):
            yield from self.variant(confusion, other, 1)
        for confusion, other in other_fields(self.report):
            yield from self.variant(confusion, other, 0)

    def deltas(self, layers: Sequence[LayerReport]) -> Deltas:
        """The differences that confusions make to the total of these layers."""
        selected = _selected(layers, self.of)
        return deltas_of(selected, self.quantity, values_of(self.quantity, selected))

    def variant(self, confusion: Confusion, layers: Sequence[LayerReport], max_depth: int) -> Iterator[_Start]:
        """A variant of the network, unless another start has the same total."""
        selected = _selected(layers, self.of)
        total = sum(values_of(self.quantity, selected))
        if selected and total not in self.totals:
            self.totals.add(total)
            yield _Start((confusion,), SubsetSums(total, lambda: self.deltas(layers)), max_depth)

    def conventions(self) -> Iterator[_Start]:
        """The operations under every other convention."""
        selected = _selected(self.report.layers, self.of)
        for name in conventions():
            other = convention(name)
            if name == self.report.options.convention.name or other.unit == "parameters":
                continue
            values = [int(other.count(layer.op, layer.counts)) for layer in selected]
            if sum(values) != self.value:
                compute_deltas = partial(deltas_of, selected, self.quantity, values, False)
                yield _Start((Confusion(f"the convention of {name}", CONVENTION),), SubsetSums(sum(values), compute_deltas), 1)

    def searches(self, starts: Sequence[_Start], targets: Sequence[Target], count: int) -> Iterator[tuple[_Start, Target, int]]:
        """Starts and targets with the depth of the search between them, for `count` confusions in all."""
        for start in starts:
            for target in targets:
                depth = count - len(start.confusions) - len(target.confusions)
                if 0 <= depth <= start.max_depth and not (target.confusions and depth > 1):
                    yield start, target, depth

    def hits(self, starts: Sequence[_Start], targets: Sequence[Target], count: int) -> Iterator[tuple[Confusion, ...]]:
        """Combinations of `count` confusions that lead to the printed figure."""
        hits = 0
        for start, target, depth in self.searches(starts, targets, count):
            for amounts in start.sums.combinations(target, depth):
                for confusions in compatible_confusions(start.sums.deltas, amounts) if amounts else [()]:
                    yield (*start.confusions, *confusions, *target.confusions)
                    hits += 1
                if hits > MAX_HITS:
                    return

    def chance(self, starts: Sequence[_Start], targets: Sequence[Target], count: int) -> float:
        """Expected chance hits of all searches with `count` confusions; misprints of one size are alike."""
        total = 0.0
        per_integer: dict[tuple[int, int, int], float] = {}
        for start, target, depth in self.searches(starts, targets, count):
            key = id(start), depth, target.low // max(1, targets[0].low // 8)
            if key not in per_integer:
                per_integer[key] = start.sums.expected_hits(target, depth) / target.width
            total += per_integer[key] * target.width
        return total

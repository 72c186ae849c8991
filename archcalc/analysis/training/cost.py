"""The cost of training: iterations, multiply-adds forward and backward, updates, and the days they take.

Multiply-adds (two operations each) and the update rule are counted; activations, pooling, normalisation and the loss
are not, as in the papers' counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from archcalc.analysis.derivation import Derivation, not_counted
from archcalc.analysis.grades import EXACT, TotalGrade
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.misfit import as_symbols
from archcalc.analysis.report import Report
from archcalc.analysis.training.backward import backward_pass
from archcalc.analysis.training.optimizers import Optimizer
from archcalc.arithmetic.term import Term, ceil_div, sum_, term
from archcalc.errors import call_error
from archcalc.layers._base import Volume
from archcalc.layers._grades import Grade

DAY = 86_400
"""Seconds."""


MAX_AMOUNT = 10**30
"""The largest number of a plan, and its inverse the smallest: beyond, days could not be written as a decimal."""


@dataclass(frozen=True)
class Plan:
    """How a network is trained.

    `peak` is the operations per second of one device; `utilisation` is a share of it, and follows from `days` if these
    are set.
    """

    optimizer: Optimizer
    batch: int = 128
    dataset_size: int = 1_200_000
    epochs: int = 90
    drop_last: bool = False
    peak: Fraction | None = None
    devices: int = 1
    utilisation: Fraction | None = None
    days: Fraction | None = None

    def check(self) -> None:
        """Raises `DescriptionError` for a plan that contradicts itself or is incomplete."""
        for name in ("batch", "dataset_size", "epochs", "devices", "peak", "days", "utilisation"):
            amount = getattr(self, name)
            if amount is not None and not Fraction(1, MAX_AMOUNT) <= amount <= MAX_AMOUNT:
                what = "more than 10³⁰" if amount > 1 else "less than 10⁻³⁰"
                message = f"{name.replace('_', ' ')} is {what}"
                raise call_error("ARC517", message, "check its digits")
        if self.drop_last and self.batch > self.dataset_size:
            raise call_error(
                "ARC511",
                f"{self.dataset_size:,} examples are fewer than one batch of {self.batch:,}",
                "leave out --drop-last, or lower --batch",
            )
        if self.peak is None and (self.days is not None or self.utilisation is not None):
            raise call_error("ARC512", "days and utilisation need the speed of a device", "add --peak 1.581T")
        if self.days is not None and self.utilisation is not None:
            raise call_error(
                "ARC512", "days follow from the utilisation, or the utilisation from days", "leave out one of them"
            )


_NEEDS = {
    "forward": ("mult_adds",),
    **dict.fromkeys(("to_inputs", "to_weights", "mult_adds_per_example", "mult_adds"), ("mult_adds", "trainable")),
    **dict.fromkeys(("update_operations", "state_bytes"), ("trainable",)),
    "operations": ("mult_adds", "trainable"),
}
"""The totals of the report from which a number of the plan is computed."""


class Training:
    """The cost of a training plan; every integer is a formula with its steps."""

    def __init__(self, report: Report, plan: Plan) -> None:
        plan.check()
        self.report = report
        self.plan = plan
        self.layers = backward_pass(report)

    @cached_property
    def iterations_per_epoch(self) -> Term:
        """Batches in one epoch."""
        size, batch = Term(self.plan.dataset_size, "N"), Term(self.plan.batch, "B")
        return term(size // batch if self.plan.drop_last else ceil_div(size, batch))

    @cached_property
    def iterations(self) -> Term:
        """Batches in the whole training."""
        return term(self.iterations_per_epoch * Term(self.plan.epochs, "E"))

    @cached_property
    def examples(self) -> Term:
        """Examples in the whole training; the last batch of an epoch may be smaller."""
        epochs = Term(self.plan.epochs, "E")
        if self.plan.drop_last:
            return term(self.iterations * Term(self.plan.batch, "B"))
        return term(Term(self.plan.dataset_size, "N") * epochs)

    @cached_property
    def forward(self) -> int:
        """Multiply-adds of the forward pass of one example."""
        return sum(layer.forward for layer in self.layers)

    @cached_property
    def to_inputs(self) -> int:
        """Multiply-adds of the gradients to the inputs of layers, for one example."""
        return sum(layer.to_inputs for layer in self.layers)

    @cached_property
    def to_weights(self) -> int:
        """Multiply-adds of the gradients to the weights, for one example."""
        return sum(layer.to_weights for layer in self.layers)

    @cached_property
    def mult_adds_per_example(self) -> Term:
        """Multiply-adds of the forward and the backward pass of one example."""
        parts = (Term(self.forward, "F"), Term(self.to_inputs, "D"), Term(self.to_weights, "G"))
        return term(sum_(parts))

    @cached_property
    def mult_adds(self) -> Term:
        """Multiply-adds of the whole training."""
        return term(self.examples * self.mult_adds_per_example)

    @cached_property
    def update_operations(self) -> Term:
        """Operations of the update rule over the whole training."""
        per_parameter = Term(self.plan.optimizer.operations, "u")
        return term(self.iterations * (Term(self.report.totals.trainable, "P") * per_parameter))

    @cached_property
    def operations(self) -> Term:
        """Operations of the whole training: two per multiply-add, and those of the update rule."""
        return term(2 * Term(int(self.mult_adds), "M") + Term(int(self.update_operations), "U"))

    @cached_property
    def state_bytes(self) -> Term:
        """Bytes of the optimizer's values."""
        values = Term(self.report.totals.trainable, "P") * Term(self.plan.optimizer.state, "s")
        return term(values * Term(self.report.options.bytes, "bytes"))

    def grade(self, name: str) -> TotalGrade:
        """How complete one of the numbers above is: it needs the multiply-adds, the trained parameters, or both."""
        totals = self.report.totals
        grades = [totals.grade(quantity) for quantity in _NEEDS.get(name, ())]
        return next((grade for grade in grades if not grade.is_complete), grades[0] if grades else EXACT)

    @cached_property
    def ideal_days(self) -> Fraction | None:
        """Days if every device ran at its peak; None if the plan has no peak."""
        if self.plan.peak is None:
            return None
        return Fraction(int(self.operations)) / (self.plan.peak * self.plan.devices * DAY)

    @property
    def days(self) -> Fraction | None:
        """Days at the plan's utilisation, or as planned; None if the plan has neither."""
        if self.ideal_days is None or self.plan.utilisation is None:
            return self.plan.days
        return self.ideal_days / self.plan.utilisation

    @property
    def utilisation(self) -> Fraction | None:
        """The share of the peak that is used: as planned, or from the planned days; None if the plan has neither."""
        if self.ideal_days is None or self.plan.days is None:
            return self.plan.utilisation
        return self.ideal_days / self.plan.days


def derive_training(training: Training) -> Iterator[Derivation]:
    """The derivations of a training plan, from the number of iterations to all operations."""
    sums = (
        ("iterations_per_epoch", "iterations per epoch", "iterations"),
        ("iterations", "iterations", "iterations"),
        ("examples", "examples seen", "examples"),
        ("mult_adds_per_example", "mult-adds per example: forward + to inputs + to weights", "mult-adds"),
        ("mult_adds", "mult-adds in all", "mult-adds"),
        ("update_operations", f"update: {training.plan.optimizer.rule}", "operations"),
        ("operations", "operations: two per mult-add, and the update", "operations"),
        ("state_bytes", "optimizer state", f"bytes, {training.report.options.dtype}"),
    )
    for name, label, unit in sums:
        yield Derivation(name, label, getattr(training, name), unit=unit, note=training.grade(name).note)


def derive_layer(training: Training, layer: LayerReport) -> Iterator[Derivation]:
    """The derivations of the multiply-adds of a layer, forward and backward."""
    backward = next(backward for backward in training.layers if backward.layer is layer)
    symbolic, volumes = as_symbols(layer.counts.layer, layer.counts.inputs)
    output = Volume(layer.counts.output).symbolic("out")
    forward = symbolic.tallies(output, *volumes).get("multiply_adds", 0)
    to_inputs, to_weights = backward.gradients(symbolic, output, *volumes)
    rows = (
        ("forward", "forward", forward, True, ""),
        (
            "to_inputs",
            "gradient to the inputs (BP2: wᵀ·δ)",
            to_inputs,
            backward.inputs_need,
            "0: no earlier layer is trained, so that no δ is needed there",
        ),
        (
            "to_weights",
            "gradient to the weights (BP4: a·δ)",
            to_weights,
            backward.weights_need or backward.to_weights > 0,
            "0: its weights are not trained",
        ),
    )
    for name, label, derived, needed, reason in rows:
        if not backward.forward and layer.grade("mult_adds") is Grade.NOT_COUNTED:
            yield Derivation(name, label, sentence=not_counted(layer), unit="mult-adds")
        elif not backward.forward:
            yield Derivation(name, label, sentence="0: the kind has no multiply-adds", unit="mult-adds")
        elif needed:
            yield Derivation(name, label, term(derived), unit="mult-adds")
        else:
            yield Derivation(name, label, sentence=reason, unit="mult-adds")

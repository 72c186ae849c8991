"""A diagnosis in words and as data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archcalc.analysis.grades import total_grade
from archcalc.analysis.report import Report, analyze
from archcalc.claims.diagnosis.diagnose import FINDING, Answer, diagnose
from archcalc.claims.diagnosis.variants import NetworkOverrides
from archcalc.claims.library import read_literature
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError, read_printed_number
from archcalc.errors import call_error, printable
from archcalc.graph import Graph
from archcalc.json_writer import dump

SCHEMA = 1
MAX_SHOWN = 10
STATED = ("params", "mult_adds")
"""Quantities that a description may state of a layer that is not understood."""
UNITS = {
    "mult_adds": "multiply-adds",
    "flops": "operations",
    "params": "parameters",
    "trainable": "trainable parameters",
}


@dataclass(frozen=True)
class Diagnosis:
    """A printed figure and its explanations."""

    report: Report
    quantity: str
    of: str | None
    printed: PrintedNumber
    value: int
    answers: list[Answer]

    @property
    def explained(self) -> bool:
        """Whether one of the answers is a finding."""
        return any(answer.is_finding for answer in self.answers)

    def text(self) -> str:
        """The computed value, and the findings or, without any, what may be chance."""
        return "\n".join(printable(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        unit = UNITS.get(self.quantity, self.quantity)
        subject = f"{self.of} of {self.report.name}" if self.of else self.report.name
        off = int(self.printed.value) - self.value
        comparison = f"{abs(off):,} {'more' if off > 0 else 'less'}" if off else "the same"
        yield f"{subject} has {self.value:,} {unit}; {self.printed.text} is {comparison}"
        findings = [answer for answer in self.answers if answer.is_finding]
        others = [answer for answer in self.answers if not answer.is_finding]
        for answer in findings[:MAX_SHOWN]:
            yield f"finding: {self._answer(answer)}"
        if not findings:
            yield "nothing fits" if not others else "nothing fits well enough to be a finding"
        if others and not findings:
            yield f"possibly chance ({_chance(others[0].chance)} such hits are expected of any number of this size):"
            yield from (f"  {self._answer(answer)}" for answer in others[:MAX_SHOWN])
        if len(self.answers) > MAX_SHOWN:
            yield f"and {len(self.answers) - MAX_SHOWN} more"

    def _answer(self, answer: Answer) -> str:
        if not answer.confusions:
            return f"it is right: {self.printed.text} is {answer.value:,} {UNITS.get(answer.quantity, answer.quantity)}"
        about = ""
        if answer.quantity != self.quantity:
            about = f" (of the {UNITS.get(answer.quantity, answer.quantity)}, {answer.value:,})"
        return f"{answer.text}{about}; expected chance matches: {_chance(answer.chance)}"

    def json(self) -> str:
        """The diagnosis as one JSON document, version 1."""
        data: dict[str, Any] = {
            "schema": SCHEMA,
            "name": self.report.name,
            "quantity": self.quantity,
            "of": self.of,
            "printed": self.printed.text,
            "computed": self.value,
            "explained": self.explained,
            "threshold": FINDING,
            "answers": [
                {
                    "quantity": answer.quantity,
                    "confusions": [confusion.text for confusion in answer.confusions],
                    "finding": answer.is_finding,
                    "chance_hits": answer.chance,
                    "computed": answer.value,
                }
                for answer in self.answers
            ],
        }
        return dump(data)


def _chance(chance: float) -> str:
    """Expected matches, with as many digits as a comparison with the threshold takes: 0.014 is not 0.01."""
    return f"{chance:.1g}" if chance < FINDING / 2 else f"{chance:.2g}"


def diagnose_text(graph: Graph, spec: str, quantity: str, text: str, of: str | None = None) -> Diagnosis:
    """The explanations of a number printed about a network. Raises `DescriptionError` if the text is not a number."""
    try:
        printed = read_printed_number(text, quantity=quantity)
    except PrintedNumberError as error:
        raise call_error(error.code or "ARC461", str(error), error.out) from None
    if printed.value < 0:
        raise call_error("ARC461", f"{text} is below 0, which no count of a network is", "write the figure as printed")
    if printed.volume:
        raise call_error("ARC461", f"{text} are sizes; a single number can be diagnosed")
    report = analyze(graph)
    grade = total_grade([report.layer(of)], quantity) if of else report.totals.grade(quantity)
    value = getattr(report.layer(of) if of else report.totals, quantity)
    if not grade.is_complete:
        subject = f"{quantity} of {of or report.name}"
        out = f"state its {quantity}" if quantity in STATED else "name another layer with --of"
        raise call_error("ARC462", f"{subject} is {grade.text(value)}, which explains no figure: {grade.sentence}", out)
    answers = diagnose(report, quantity, printed, of, published_settings(spec))
    return Diagnosis(report, quantity, of, printed, value, answers)


def published_settings(spec: str) -> list[NetworkOverrides]:
    """The settings in which the shipped literature prints figures of a network."""
    name = os.path.basename(spec).removesuffix(".yaml")
    settings = {
        (claim.setting.variables, claim.setting.input)
        for publication in read_literature()
        for claim in publication.claims
        if claim.setting.network == name
    }
    return [(dict(variables), shape) for variables, shape in sorted(settings, key=repr)]

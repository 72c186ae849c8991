"""A diagnosis in words and as data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archcalc.analysis.report import Report, analyze
from archcalc.claims.diagnosis.diagnose import FINDING, Answer, diagnose
from archcalc.claims.library import Library
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError, read_printed_number
from archcalc.errors import call_error, printable
from archcalc.graph import Graph
from archcalc.json_writer import dump

SCHEMA = 1
MOST_TOLD = 10
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
        """One of the answers is a finding."""
        return any(answer.is_finding for answer in self.answers)

    def text(self) -> str:
        return "\n".join(printable(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        unit = UNITS.get(self.quantity, self.quantity)
        whose = f"{self.of} of {self.report.name}" if self.of else self.report.name
        off = int(self.printed.value) - self.value
        far = f"{abs(off):,} {'more' if off > 0 else 'less'}" if off else "the same"
        yield f"{whose} has {self.value:,} {unit}; {self.printed.text} is {far}"
        diagnostics = [answer for answer in self.answers if answer.is_finding]
        others = [answer for answer in self.answers if not answer.is_finding]
        for answer in diagnostics[:MOST_TOLD]:
            yield f"finding: {self._told(answer)}"
        if not diagnostics:
            yield "nothing fits" if not others else "nothing fits well enough to be a finding"
        if others and not diagnostics:
            yield f"possibly chance ({others[0].chance:.2g} such hits are expected of any number of this size):"
            yield from (f"  {self._told(answer)}" for answer in others[:MOST_TOLD])
        if len(self.answers) > MOST_TOLD:
            yield f"and {len(self.answers) - MOST_TOLD} more"

    def _told(self, answer: Answer) -> str:
        if not answer.changes:
            return f"it is right: {self.printed.text} is {answer.value:,} {UNITS.get(answer.quantity, answer.quantity)}"
        about = ""
        if answer.quantity != self.quantity:
            about = f" (of the {UNITS.get(answer.quantity, answer.quantity)}, {answer.value:,})"
        return f"{answer.text}{about}; expected chance matches: {answer.chance:.1g}"

    def json(self) -> str:
        """One document."""
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
                    "quantity": one.quantity,
                    "confusions": [step.text for step in one.changes],
                    "finding": one.is_finding,
                    "chance_hits": one.chance,
                    "computed": one.value,
                }
                for one in self.answers
            ],
        }
        return dump(data)


def diagnosed(graph: Graph, spec: str, quantity: str, figure: str, of: str | None = None) -> Diagnosis:
    """The explanations of a figure that somebody printed about a network."""
    try:
        printed = read_printed_number(figure)
    except PrintedNumberError as error:
        raise call_error("ARC461", str(error)) from None
    if printed.volume:
        raise call_error("ARC461", f"{figure} are sizes; a single number can be diagnosed")
    report = analyze(graph)
    value = getattr(report.layer(of) if of else report.totals, quantity)
    answers = diagnose(report, quantity, printed, of, elsewhere(spec))
    return Diagnosis(report, quantity, of, printed, value, answers)


def elsewhere(spec: str) -> list[tuple[dict[str, Any], tuple[int, ...] | None]]:
    """The settings in which the shipped literature speaks of a network."""
    name = os.path.basename(spec).removesuffix(".yaml")
    found = {
        (one.setting.variables, one.setting.input)
        for publication in Library().literature
        for one in publication.claims
        if one.setting.network == name
    }
    return [(dict(variables), shape) for variables, shape in sorted(found, key=repr)]

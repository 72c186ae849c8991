"""Whether a network has the setting of a publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.description.values import sizes_of, written_values
from archcalc.graph.overrides import settings

if TYPE_CHECKING:
    from archcalc.analysis.report import Report


def has_setting(report: Report, setting: dict[str, str]) -> bool:
    """Whether the network has exactly these variables and this input, written as texts, and its defaults for all others."""
    graph, shape = report.graph, setting.get("input")
    given = {name: value for name, text in setting.items() if name != "input" for value in written_values(text)}
    if any(name not in graph.variables for name in given):
        return False
    variables, inputs = settings(graph.document, given, sizes_of(shape) if shape else None)
    return _texts(variables) == _texts(graph.variables) and [*inputs.values()] == [[*volume] for volume in report.input_volumes]


def _texts(variables: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in variables.items()}

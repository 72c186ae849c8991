"""Whether a network has the setting of a publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.analysis.report import Report


def has_setting(report: Report, setting: dict[str, Any]) -> bool:
    """Whether the network has exactly these variables and this input, and its defaults for all others."""
    document, shape = report.graph.document, setting.get("input")
    variables = {name: str(value) for name, value in report.graph.variables.items()}
    defaults = {name: str(value) for name, value in document.variables.items()}
    expected = defaults | {name: value for name, value in setting.items() if name != "input"}
    sizes = [str(size) for size in report.input_volumes[0]]
    default_sizes = [str(size) for size in next(iter(document.inputs.values()))]
    expected_sizes = shape.split("x") if shape else [expected.get(size, size) for size in default_sizes]
    return variables == expected and sizes == expected_sizes

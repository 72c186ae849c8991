"""Whether a network is set as a publication's was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.analysis.report import Report


def is_set(report: Report, setting: dict[str, Any]) -> bool:
    """The network is set exactly so: these variables and this input, and everything else as it is written."""
    variables, written = report.graph.variables, report.graph.document.variables
    shape = setting.get("input")
    plain = {name: str(value) for name, value in variables.items()}
    default = {name: str(value) for name, value in written.items()}
    wanted = default | {name: value for name, value in setting.items() if name != "input"}
    own = [str(size) for size in next(iter(report.graph.document.inputs.values()))]
    now = [str(size) for size in report.input_volumes[0]]
    expected = shape.split("x") if shape else [wanted.get(size, size) for size in own]
    return plain == wanted and now == expected

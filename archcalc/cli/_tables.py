"""The one step that all commands with a table of layers share: options to Report to text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archcalc.cli._options import Format, tell, tell_findings

if TYPE_CHECKING:
    from archcalc.analysis.report import Report
    from archcalc.views.tables import Table


def show(
    report: Report, view: Callable[..., Table], format: Format, expand: bool, depth: int | None, notes: bool = False
) -> None:
    """Print a report: as the JSON contract, or as one of its tables; findings go to stderr."""
    tell_findings(report, notes)
    if format is Format.json:
        import json

        tell(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
        return
    from archcalc.views.tables import write

    # A spreadsheet wants every layer once.
    tell(write(view(report, expand or (format is Format.csv and depth is None), depth), format.value))

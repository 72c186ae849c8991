"""The published totals of the shipped networks, ready to be told under a table.

They are worked out by `archcalc.claims.published.tables` and kept in specs/claims/published.json, which a test holds fresh,
so that a table need not check the whole literature before it can be shown. A network's own file is checked at once.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from archcalc.claims.published.setting import is_set
from archcalc.description.source import zoo_folder

if TYPE_CHECKING:
    from archcalc.analysis.report import Report

CACHE = "published.json"


def published(report: Report, quantity: str) -> list[str]:
    """A line for each total that is known in print for this network as it is set, with its verdict."""
    lines: list[str] = []
    document = report.graph.document
    if "claims" in document.opaque:
        from archcalc.claims.published.tables import published_lines

        lines += [line for _, what, line in published_lines(report) if what == quantity]
    folder, file = os.path.split(os.path.abspath(document.text.path))
    if folder != os.path.abspath(zoo_folder()):
        return lines
    with open(os.path.join(zoo_folder(), "claims", CACHE), encoding="utf-8") as shelf:
        known = json.load(shelf).get(file.removesuffix(".yaml"), [])
    return lines + [one["line"] for one in known if one["quantity"] == quantity and is_set(report, one["set"])]

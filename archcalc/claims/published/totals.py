"""Published totals of the shipped networks, from a cache, shown below a table.

`archcalc.claims.published.tables` computes them and specs/claims/published.json stores them, which a test compares, so
that a table need not verify the whole literature first. The claims of a network's own file are verified at once.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from archcalc.claims.published.setting import has_setting
from archcalc.description.zoo import name_at, zoo_folder

if TYPE_CHECKING:
    from archcalc.analysis.report import Report

CACHE = "published.json"


def published(report: Report, quantity: str) -> list[str]:
    """A line with its verdict for each total of the quantity that is printed about this network in its setting."""
    lines: list[str] = []
    document = report.graph.document
    if "claims" in document.opaque:
        from archcalc.claims.published.tables import published_lines

        lines += [line for _, name, line in published_lines(report) if name == quantity]
    network = name_at(document.origin.path)
    if network is None:
        return lines
    with open(os.path.join(zoo_folder(), "claims", CACHE), encoding="utf-8") as cache:
        totals = json.load(cache).get(network, [])
    return lines + [total["line"] for total in totals if total["quantity"] == quantity and has_setting(report, total["set"])]

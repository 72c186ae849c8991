"""Reports → one HTML page."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.analysis.report import Report
from archcalc.errors import DescriptionError, call_error, install, printable

FOLDER = os.path.join(os.path.dirname(__file__), "templates")

MAX_LAYERS = 20_000
"""The most layers of one page, all networks together: 1 s of work, and about as much as a browser opens."""

ENDINGS = (".html", ".htm")

Verdicts = Sequence[tuple[str, str]]
"""Claims on a network, each with its verdict and its line of text."""


def refuse_ending(path: str) -> None:
    """Refuse a file whose ending is not that of a page; what is no regular file has any name.

    Raises `DescriptionError`.
    """
    is_special = os.path.exists(path) and not os.path.isfile(path)
    if not is_special and not path.lower().endswith(ENDINGS):
        raise call_error(
            "ARC479", f"{path}: a report is written as a page, {' or '.join(ENDINGS)}", "name it with -o page.html"
        )


def write(reports: Sequence[Report], verdicts: Mapping[int, Verdicts] | None = None) -> str:
    """The page; for several networks it begins with their comparison. `verdicts` are keyed by a report's index.

    Raises `DescriptionError` if jinja2 is missing, or the networks have more than `MAX_LAYERS` layers.
    """
    count = sum(len(report.layers) for report in reports)
    if count > MAX_LAYERS:
        message = f"a report of {count:,} layers is more than {MAX_LAYERS:,}"
        raise call_error("ARC489", message, "print the table: archcalc summary")
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise call_error("ARC485", "the report needs the package jinja2", install("report", "jinja2")) from None
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    networks = [_network(report, f"n{index}", (verdicts or {}).get(index, ())) for index, report in enumerate(reports)]
    title = " · ".join(report.name for report in reports[:4]) + (" …" if len(reports) > 4 else "")
    return environment.get_template("report.html").render(
        title=title,
        networks=networks,
        style=_text("style.css"),
        script=_text("script.js"),
        data=_data({f"n{index}": _explorer_data(report) for index, report in enumerate(reports)}),
        bubbles=_bubbles(reports),
        many=len(reports) > 1,
    )


def _printable(value: Any) -> Any:
    """Text of a description with its control characters as pictures; markup stays as it is."""
    return printable(value) if type(value) is str else value


def _network(report: Report, prefix: str, verdicts: Verdicts) -> dict[str, Any]:
    from archcalc.views.report import charts, facts

    figure, why_none = _figure(report, prefix)
    return {
        "report": report,
        "prefix": prefix,
        "verdicts": verdicts,
        "figure": figure,
        "why_no_figure": why_none,
        "cards": facts.cards(report),
        "rows": facts.rows(report, prefix),
        "sums": facts.sums(report, prefix),
        "counted": facts.QUANTITIES,
        "heaviest": facts.heaviest(report),
        "max_derived": facts.MAX_DERIVED,
        "bars": [(label, charts.bars(report, name)) for name, label in facts.QUANTITIES[:3]],
        "cumulative": charts.cumulative(report),
        "variables": {name: str(value) for name, value in report.graph.variables.items()},
        "explored": any(layer.output.spatial for layer in report.layers),
    }


def _figure(report: Report, prefix: str) -> tuple[Any, str]:
    """The figure and no words; or no figure where the page is too small for it, and the sentence that takes its place."""
    from markupsafe import Markup

    from archcalc.views.diagram.layout.page import draw
    from archcalc.views.diagram.option_section import options_of
    from archcalc.views.diagram.writers.svg import document

    try:
        return Markup(document(draw(report, options_of(report.graph)), prefix)), ""
    except DescriptionError as error:
        if any(problem.code != "ARC475" for problem in error.problems):
            raise
        return "", f"No figure: {error.problems[0].message}. The command archcalc diagram names what would help."


def _explorer_data(report: Report) -> dict[str, Any]:
    from archcalc.views.report.explorer import data

    return data(report)


def _bubbles(reports: Sequence[Report]) -> Any:
    from archcalc.views.report import charts

    return charts.bubbles(reports) if len(reports) > 1 else ""


def _data(value: Any) -> Any:
    """JSON that cannot end the script element that contains it."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _text(name: str) -> Any:
    from markupsafe import Markup

    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return Markup(file.read())

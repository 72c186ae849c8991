"""Reports → one HTML page."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.analysis.report import Report
from archcalc.errors import call_error, printable

FOLDER = os.path.join(os.path.dirname(__file__), "templates")

Verdicts = Sequence[tuple[str, str]]
"""Claims on a network, each with its status word and its line."""


def write(reports: Sequence[Report], verdicts: Mapping[int, Verdicts] | None = None) -> str:
    """The page; with several networks it begins with their comparison. `verdicts` are keyed by a network's place."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise call_error("ARC485", "the report needs the package jinja2", "pip install 'archcalc[report]'") from None
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    networks = [_network(report, f"n{at}", (verdicts or {}).get(at, ())) for at, report in enumerate(reports)]
    title = " · ".join(report.name for report in reports[:4]) + (" …" if len(reports) > 4 else "")
    return environment.get_template("report.html").render(
        title=title,
        networks=networks,
        style=_text("style.css"),
        script=_text("script.js"),
        data=_data({f"n{at}": _explored(report) for at, report in enumerate(reports)}),
        bubbles=_bubbles(reports),
        many=len(reports) > 1,
    )


def _shown(value: Any) -> Any:
    """Text of a description with its control characters as pictures; what is markup already stays."""
    return printable(value) if type(value) is str else value


def _network(report: Report, prefix: str, verdicts: Verdicts) -> dict[str, Any]:
    from markupsafe import Markup

    from archcalc.views.diagram.layout.page import draw
    from archcalc.views.diagram.option_section import options_of
    from archcalc.views.diagram.writers.svg import document
    from archcalc.views.report import charts, facts

    scene = draw(report, options_of(report.graph))
    return {
        "report": report,
        "prefix": prefix,
        "verdicts": verdicts,
        "figure": Markup(document(scene, prefix)),
        "cards": facts.cards(report),
        "rows": facts.rows(report, prefix),
        "sums": facts.sums(report, prefix),
        "counted": facts.COUNTED,
        "heaviest": facts.heaviest(report),
        "most": facts.MOST_DERIVED,
        "bars": [(words, charts.bars(report, name)) for name, words in facts.COUNTED[:3]],
        "cumulative": charts.cumulative(report),
        "variables": {name: str(value) for name, value in report.graph.variables.items()},
        "explored": any(layer.output.spatial for layer in report.layers),
    }


def _explored(report: Report) -> dict[str, Any]:
    from archcalc.views.report.explorer import data

    return data(report)


def _bubbles(reports: Sequence[Report]) -> Any:
    from archcalc.views.report import charts

    return charts.bubbles(reports) if len(reports) > 1 else ""


def _data(value: Any) -> Any:
    """JSON that cannot end the script element it stands in."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _text(name: str) -> Any:
    from markupsafe import Markup

    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return Markup(file.read())

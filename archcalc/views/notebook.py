"""How notebooks display a report: as a figure with its totals, as SVG, as a Markdown or a LaTeX table."""

from __future__ import annotations

from html import escape

from archcalc.analysis.report import Report
from archcalc.errors import printable


def svg(report: Report) -> str:
    """The figure with the options of the description, by default in the style `blocks`."""
    from archcalc.views.diagram.layout.page import draw
    from archcalc.views.diagram.option_section import options_of
    from archcalc.views.diagram.writers.svg import document

    return document(draw(report, options_of(report.graph)))


def html(report: Report) -> str:
    """The figure above the totals. It has no ids, which would occur twice in a notebook with several figures."""
    import re

    totals = report.totals
    figure = re.sub(r' (id|aria-labelledby)="[^"]*"', "", svg(report))
    totals_text = (
        f"{totals.text('params')} parameters, {totals.text('mult_adds')} multiply-adds, {totals.activations:,} activations "
        f"({report.options.convention.name}, {len(report.layers):,} layers)"
    )
    return f"<div>{figure}<p><strong>{escape(printable(report.name))}</strong>: {escape(totals_text)}</p></div>"


def markdown(report: Report) -> str:
    """The summary table in Markdown."""
    return _table(report, "markdown")


def latex(report: Report) -> str:
    """The summary table in LaTeX."""
    return _table(report, "latex")


def _table(report: Report, format: str) -> str:
    from archcalc.views.formats import write
    from archcalc.views.tables import layers

    return write(layers.summary(report, False, None), format)


Report.notebook_formatters |= {"html": html, "svg": svg, "markdown": markdown, "latex": latex}

"""`archcalc layers`."""

from __future__ import annotations

from typing import Annotated

import typer

from archcalc.cli import _options as o


def command(
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help="A layer kind; else the list of all.")] = None,
    format: o.FormatOption = o.Format.table,
) -> None:
    """Show the documentation of a layer kind, or list all kinds."""
    from archcalc.errors import call_error
    from archcalc.views.formats import write
    from archcalc.views.kind_page import kind_page, kinds_table

    if kind is None:
        o.write_result(write(kinds_table(), format.value))
        return
    if format not in (o.Format.table, o.Format.markdown):
        raise call_error("ARC164", f"a page is written as Markdown, not as {format.value}", "leave --format out")
    o.write_result(kind_page(kind))

"""`archcalc zoo`."""

from __future__ import annotations

from typing import Annotated

import typer

from archcalc.cli._options import Format, FormatOption, names, write_result


def command(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A network, whose description is printed.", autocompletion=names)
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """List the shipped networks with their sources, or print the description of one, to copy and change."""
    if name is not None:
        from archcalc.description.source import read
        from archcalc.errors import call_error

        if format is not Format.table:
            raise call_error("ARC164", f"a description is written as YAML, not as {format.value}", "leave --format out")
        write_result(read(name).text)
        return
    from archcalc.views.formats import write
    from archcalc.views.tables.zoo import networks

    write_result(write(networks(), format.value))

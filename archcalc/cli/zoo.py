"""`archcalc zoo`."""

from __future__ import annotations

from typing import Annotated

import typer

from archcalc.cli._options import Format, FormatOption, names, tell


def command(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A network, whose description is printed.", autocompletion=names)
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """List the shipped networks with their sources, or print the description of one, to copy and change."""
    if name is not None:
        from archcalc.spec.source import read

        tell(read(name).text)
        return
    from archcalc.views.catalogue import networks
    from archcalc.views.tables import write

    tell(write(networks(), format.value))

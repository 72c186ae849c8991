"""`archcalc zoo`."""

from __future__ import annotations

from typing import Annotated

import typer

from archcalc.cli._options import Format, FormatOption, names, write_result
from archcalc.cli._streams import write_message


def command(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A network or family, whose description is printed.", autocompletion=names),
    ] = None,
    search: Annotated[
        str, typer.Option("--search", "-s", metavar="TEXT", help="List only networks with this text in their name or source.")
    ] = "",
    format: FormatOption = Format.table,
) -> None:
    """List the shipped networks with their numbers and sources, or print the description of one, to copy and change."""
    if name is not None:
        _print_description(name, search, format)
        return
    from archcalc.views.formats import write
    from archcalc.views.tables.zoo import networks

    write_result(write(networks(search), format.value))


def _print_description(name: str, search: str, format: Format) -> None:
    """Print the text of a description; of a member of a family with a note, since most of it is in the family's file."""
    from archcalc.description.source import read_in_zoo
    from archcalc.description.zoo import family_of, full_name
    from archcalc.errors import call_error

    if format is not Format.table:
        raise call_error("ARC164", f"a description is written as YAML, not as {format.value}", "leave --format out")
    if search:
        raise call_error("ARC164", "--search is for the list of networks", "leave out the name")
    source = read_in_zoo(name)
    write_result(source.text)
    if family := family_of(source.path, source.text):
        extended = full_name(name) or name
        write_message(f"its layers: archcalc zoo {family}; a description of your own may say extends: {extended}")

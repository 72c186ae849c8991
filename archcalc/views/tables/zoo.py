"""The list of the networks of the zoo."""

from __future__ import annotations

from archcalc.analysis.catalogue import CatalogueEntry, read_catalogue
from archcalc.description.zoo import suggestion
from archcalc.errors import call_error
from archcalc.views.tables.table import Column, Row, Table

_LONGEST = 40
"""Characters of the variables' values that are listed."""


def networks(search: str = "") -> Table:
    """The shipped networks by family; with `search` those in whose name, title, family or source it occurs.

    Raises `DescriptionError` if there are none.
    """
    entries = [entry for entry in read_catalogue() if search.lower() in _text(entry)]
    if not entries:
        raise call_error("ARC101", f"no network of the zoo has {search!r} in its name or source", suggestion(search))
    rows = [Row([*entry[:6], _variables(entry), entry.source]) for entry in entries]
    columns = [
        Column("Name", priority=9),
        Column("Family", priority=2),
        Column("Network", priority=5),
        Column("Params", True, 8),
        Column("Mult-adds", True, 7),
        Column("Depth", True, 6),
        Column("Variables", priority=4),
        Column("Source", priority=3),
    ]
    return Table("the zoo", columns, rows, None, ["archcalc summary NAME; variables are set with --set NAME=VALUE"])


def _text(entry: CatalogueEntry) -> str:
    return " ".join((entry.name, entry.family, entry.title, entry.source)).lower()


def _variables(entry: CatalogueEntry) -> str:
    return ", ".join(f"{name}={value}" if len(value) <= _LONGEST else f"{name}=…" for name, value in entry.variables.items())

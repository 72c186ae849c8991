"""The list of the networks of the zoo."""

from __future__ import annotations

from archcalc.description.reader import read_document
from archcalc.description.source import read
from archcalc.description.zoo import zoo
from archcalc.views.tables.table import Column, Row, Table


def networks() -> Table:
    """The shipped networks with their variables and sources."""
    rows = []
    for name in zoo():
        document, _ = read_document(read(name))
        variables = ", ".join(f"{key}={value}" for key, value in document.variables.items())
        rows.append(Row([name, document.name, variables, document.source]))
    columns = [
        Column("Name", priority=9),
        Column("Network", priority=5),
        Column("Variables", priority=4),
        Column("Source", priority=3),
    ]
    return Table("the zoo", columns, rows, None, ["archcalc params NAME; variables are set with --set NAME=VALUE"])

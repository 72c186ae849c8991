"""Tables as text: a file each with `render(table) -> str`; the file's name is the word that `--format` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.by_name import Folder

if TYPE_CHECKING:
    from archcalc.views.tables.table import Table

FORMATS = Folder(__name__, __path__)


def write(table: Table, format: str) -> str:
    """The table in a format. Raises KeyError if there is none."""
    return str(FORMATS.load(format).render(table))

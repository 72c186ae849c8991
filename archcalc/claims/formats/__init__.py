"""The result of `verify` as text: a file each with `render(result) -> str`; its name is the word that `--format` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.by_name import Folder

if TYPE_CHECKING:
    from archcalc.claims.run import RunResult

FORMATS = Folder(__name__, __path__)


def write(result: RunResult, format: str) -> str:
    """The result in a format. Raises `KeyError` if there is no such format."""
    return str(FORMATS.load(format).render(result))

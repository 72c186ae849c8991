"""The layer kinds: one file per kind, whose name is the `op` of a description.

A kind is found by listing this folder, and its module is imported only when a description names it.
"""

from __future__ import annotations

from functools import cache

from archcalc.by_name import Folder
from archcalc.layers._base import Layer

_KINDS = Folder(__name__, __path__)


def kinds() -> tuple[str, ...]:
    """The names of all kinds, in alphabetical order."""
    return _KINDS.names


@cache
def find(op: str) -> type[Layer] | None:
    """The class of a kind by its name; None if there is no such kind."""
    module = _KINDS.find(op)
    if module is None:
        return None
    class_name = op.replace("_", "")
    return next(value for name, value in vars(module).items() if name.lower() == class_name)

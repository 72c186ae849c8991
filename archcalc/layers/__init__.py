"""The room of layer kinds: one file per kind, and the file's name is the word used in a description.

A kind is found by looking in this folder, and its module is imported only when a description names it.
"""

from __future__ import annotations

import importlib
import os
from functools import cache

from archcalc.layers._base import Layer


@cache
def kinds() -> tuple[str, ...]:
    """The names of all kinds, in alphabetical order."""
    files = (name for name in os.listdir(__path__[0]) if name.endswith(".py") and not name.startswith("_"))
    return tuple(sorted(name.removesuffix(".py") for name in files))


@cache
def find(op: str) -> type[Layer] | None:
    """The layer class of a kind, or None if there is no such kind. Nothing outside this folder is ever imported."""
    if op not in kinds():
        return None
    module = importlib.import_module(f"{__name__}.{op}")
    wanted = op.replace("_", "")
    return next(value for name, value in vars(module).items() if name.lower() == wanted)

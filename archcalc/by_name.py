"""Plug-in modules by their file name: layer kinds, builders, commands, figure styles, writers, formats.

Every file in such a folder is an entry: there is no list. This is the only module that imports modules of archcalc by a
string, and only those in the folder: a name from a file is looked up before it is imported.
"""

from __future__ import annotations

import importlib
import os
from functools import cached_property
from types import ModuleType


class Folder:
    """The modules directly in a package, without those whose names begin with an underscore."""

    def __init__(self, package: str, paths: list[str]) -> None:
        self._package = package
        self._path = paths[0]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the modules, in alphabetical order."""
        files = (name for name in os.listdir(self._path) if name.endswith(".py") and not name.startswith("_"))
        return tuple(sorted(name.removesuffix(".py") for name in files))

    def find(self, name: str) -> ModuleType | None:
        """The module with a name, imported by this call; None if the folder has none."""
        return importlib.import_module(f"{self._package}.{name}") if name in self.names else None

    def load(self, name: str) -> ModuleType:
        """The module with a name. Raises `KeyError` if the folder has none."""
        module = self.find(name)
        if module is None:
            raise KeyError(name)
        return module

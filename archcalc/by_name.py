"""Modules found by their file's name: layer kinds, builders, commands, figure styles, writers, formats.

A file in such a folder is an entry of it: no list is kept. This is the only place that imports a module of
archcalc by a string, and it imports nothing outside the folder: a word from a file is looked up before it is imported.
"""

from __future__ import annotations

import importlib
import os
from functools import cached_property
from types import ModuleType


class Folder:
    """The modules directly inside a package, without those whose name begins with an underscore."""

    def __init__(self, package: str, paths: list[str]) -> None:
        self._package = package
        self._path = paths[0]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Their names, in alphabetical order."""
        files = (name for name in os.listdir(self._path) if name.endswith(".py") and not name.startswith("_"))
        return tuple(sorted(name.removesuffix(".py") for name in files))

    def find(self, name: str) -> ModuleType | None:
        """The module with that name, imported now; None if the folder has none."""
        return importlib.import_module(f"{self._package}.{name}") if name in self.names else None

    def load(self, name: str) -> ModuleType:
        """The module with that name; raises KeyError if the folder has none."""
        module = self.find(name)
        if module is None:
            raise KeyError(name)
        return module

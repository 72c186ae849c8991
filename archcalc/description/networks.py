"""Other networks that a description names: the one that it extends, and those that it uses as blocks.

They are descriptions in files beside it, or networks of the zoo. The chain of files that name each other is bounded and
without a circle, and each network is read once.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from archcalc.description.document import Document
from archcalc.description.source import Source, read_beside
from archcalc.errors import DescriptionError, Problems

MAX_CHAIN = 8
"""Files that extend or use each other, one after the other."""
MAX_USES = 100
"""Networks that a description, with those that it names, uses as blocks or extends."""


class NetworkError(ValueError):
    """A network that cannot be extended or used; the message says why, `out` how to go on."""

    def __init__(self, sentence: str, out: str = "") -> None:
        super().__init__(sentence)
        self.out = out


class Networks:
    """The networks that one description names, directly or through others."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        """The texts of their files, by the paths in messages."""
        self._documents: dict[str, Document] = {}
        self._uses = 0

    def source(self, name: str, chain: tuple[Source, ...]) -> Source:
        """The source of the network that the last of a chain of files names. Raises `NetworkError` if it cannot be used."""
        self._uses += 1
        if self._uses > MAX_USES:
            raise NetworkError(f"more than {MAX_USES} networks are extended or used as blocks")
        try:
            source = read_beside(name, chain[-1].path)
        except DescriptionError as error:
            problem = error.problems[0]
            subject = f"{name} " if problem.mark.line else ""  # of the file itself
            raise NetworkError(f"{subject}{problem.message}", "; ".join(problem.details)) from None
        names = " → ".join(os.path.basename(one.path) for one in (*chain, source))
        if any(_is_same(one, source) for one in chain):
            raise NetworkError(f"{name} comes back to itself: {names}", "a network cannot be made of itself")
        if len(chain) >= MAX_CHAIN:
            raise NetworkError(f"more than {MAX_CHAIN} files extend or use each other: {names}")
        self.texts[source.label or source.path] = source.text
        return source

    def document(self, source: Source, read: Callable[[], tuple[Document, Problems]], problems: Problems) -> Document:
        """The document of a network that is used as a block, read once; adds what is wrong with it to the problems."""
        key = os.path.realpath(source.path)
        if key not in self._documents:
            self._documents[key], found = read()
            problems.merge(found)
        return self._documents[key]


def _is_same(one: Source, other: Source) -> bool:
    return os.path.realpath(one.path) == os.path.realpath(other.path)

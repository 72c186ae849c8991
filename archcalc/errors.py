"""What can go wrong, as data: a problem has a place, a code, a sentence, the failing sum and one way out.

Two families: `DescriptionError`, the description is malformed, and `ShapeError`, it is well formed but a sum in it does not
work out. Both carry every problem that was found, in the order of the file.
"""

from __future__ import annotations

import difflib
import heapq
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

_LONGEST = 2000
"""Characters of a line that a person is told."""
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of characters that steer a terminal, turn text around, or show nothing."""


class Mark(NamedTuple):
    """A place in a file; line and column count from 1. No line means the file or the call as a whole.

    A description given as Python values has no lines: `loc` is the path into it, as Pydantic gives it, and is printed
    as Python would write it: `<description>: layers[3].kernel_size`.
    """

    path: str
    line: int = 0
    column: int = 0
    loc: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        if self.line:
            return f"{self.path}:{self.line}:{self.column}"
        steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.loc)
        return f"{self.path}: {steps.removeprefix('.')}" if steps else self.path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `details` are further lines: the failing sum, where the input comes from, a way out."""

    code: str
    message: str
    mark: Mark
    details: tuple[str, ...] = ()
    severity: str = "error"

    def __str__(self) -> str:
        head = f"{self.mark}: {self.severity}[{self.code}] {self.message}"
        return "\n".join(_cut(printable(line)) for line in (head, *(f"  {line}" for line in self.details)))


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


class Problems(list[Problem]):
    """Collects what is wrong, so that one run names everything."""

    def __init__(self) -> None:
        super().__init__()
        self._reported: set[Hashable] = set()

    def add(self, code: str, mark: Mark, message: str, *details: str, once: Hashable = None) -> None:
        """One more problem; empty details are left out. Of several with the same `once`, the first is kept."""
        if once is not None:
            if once in self._reported:
                return
            self._reported.add(once)
        self.append(Problem(code, message, mark, tuple(detail for detail in details if detail)))


class ArchcalcError(Exception):
    """Base of both families; `problems` holds all that was found, `str()` prints them one below the other."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        # A repeated block repeats its problem: each is named once.
        self.problems = tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.mark[1:]))
        super().__init__("\n".join(map(str, self.problems)))


class DescriptionError(ArchcalcError):
    """The description, or the call, is malformed."""


class ShapeError(ArchcalcError):
    """The description is well formed, but a sum in it does not work out."""


def call_error(code: str, message: str, *details: str) -> DescriptionError:
    """An error of the call itself, which has no place in a file."""
    return DescriptionError([Problem(code, message, Mark("archcalc"), details)])


def file_error(code: str, path: str, message: str, *details: str) -> DescriptionError:
    """An error of a whole file, which is told at its first character."""
    return DescriptionError([Problem(code, message, Mark(path, 1, 1), details)])


def suggest(word: str, known: Iterable[str]) -> str:
    """A way out for an unknown name: the nearest known ones, or all of them if nothing is near and they are few."""
    names = sorted(set(map(str, known)))
    word = word[:80]
    likely = _likely(word, names)
    plain = {_plain(name): name for name in reversed(likely)}
    found = [plain[name] for name in difflib.get_close_matches(_plain(word), plain, n=3, cutoff=0.6)]
    near = list(dict.fromkeys([*difflib.get_close_matches(word, likely, n=3, cutoff=0.6), *found]))[:3]
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 40 else "no name comes near it"


def _likely(word: str, names: list[str]) -> list[str]:
    """The few of many names that share most letters: comparing a misspelt name with thousands would take seconds."""
    if len(names) <= 50:
        return names
    letters = set(word.lower())
    return heapq.nlargest(50, names, key=lambda name: len(letters & set(name.lower())) - abs(len(name) - len(word)))


def resembles(word: str, others: Iterable[str]) -> bool:
    """One of the other words looks like this one misspelt."""
    return bool(difflib.get_close_matches(_plain(word), map(_plain, others), n=1, cutoff=0.6))


def _plain(name: str) -> str:
    """A name as a person remembers it: without capitals, dashes and underscores."""
    return name.lower().replace("_", "").replace("-", "")


def printable(text: str) -> str:
    """Text from a file as data: control characters as their pictures, so that none reaches the terminal."""
    if text.isprintable():
        return text
    return "".join(_picture(character) for character in text)


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if unicodedata.category(character) in INVISIBLE:
        return f"\\u{code:04x}"
    return character

"""Problems as data: each has a position, a code, a message, and details such as the derivation and a way out.

Two classes of errors: `DescriptionError`, the description is malformed, and `ShapeError`, it is well formed but a layer
does not fit its input. Both contain every problem, in the order of the file.
"""

from __future__ import annotations

import difflib
import heapq
import os
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

_LONGEST = 2000
"""Characters of a printed line."""
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of characters that control a terminal, reverse text, or are not visible."""


class Mark(NamedTuple):
    """A position in a file; line and column count from 1. Without a line it is the file or the call as a whole.

    A description of Python values has no lines: `loc` is the path to a value, as in Pydantic's errors, printed as Python
    writes it: `<description>: layers[3].kernel_size`.
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
    """One problem. `details` are further lines: the derivation, where the input comes from, a way out."""

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
    """Collects problems, so that one run reports all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._reported: set[Hashable] = set()

    def add(self, code: str, mark: Mark, message: str, *details: str, once: Hashable = None) -> None:
        """Add a problem; empty details are left out. Of several problems with the same `once`, only the first is added."""
        if once is not None:
            if once in self._reported:
                return
            self._reported.add(once)
        self.append(Problem(code, message, mark, tuple(detail for detail in details if detail)))


class ArchcalcError(Exception):
    """Base of both classes; `problems` contains all problems, `str()` prints one per line with its details."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        # A repeated block repeats its problem: it is reported once.
        self.problems = tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.mark[1:]))
        super().__init__("\n".join(map(str, self.problems)))


class DescriptionError(ArchcalcError):
    """The description, or the call, is malformed."""


class ShapeError(ArchcalcError):
    """The description is well formed, but a layer does not fit its input."""


def call_error(code: str, message: str, *details: str) -> DescriptionError:
    """An error of the call itself, without a position in a file."""
    return DescriptionError([Problem(code, message, Mark("archcalc"), details)])


def file_error(code: str, path: str, message: str, *details: str) -> DescriptionError:
    """An error of a whole file, reported at its first character."""
    return DescriptionError([Problem(code, message, Mark(path, 1, 1), details)])


def install(extra: str, *packages: str) -> str:
    """A way out where optional packages are missing, by their names or by the extra of archcalc that they are in."""
    return f"pip install {' '.join(packages)}, or in a checkout of archcalc: pip install '.[{extra}]'"


def unexpected(error: Exception, mark: Mark | None = None) -> Problem:
    """An exception that nothing in archcalc foresaw, as a problem with its place in the source and how to report it.

    Raises the exception itself, for those who look for its cause, where the variable `ARCHCALC_TRACEBACK` is set.
    """
    if os.environ.get("ARCHCALC_TRACEBACK"):
        raise error
    about = f"{type(error).__name__}: {error}".removesuffix(": ")
    return Problem(
        "ARC170",
        f"internal error: {about} ({_origin(error)})",
        mark or Mark("archcalc"),
        (
            "this is a fault of archcalc: please report it with this message, the output of `archcalc --version`,",
            "the command and the files that it reads; ARCHCALC_TRACEBACK=1 before the command prints the traceback",
        ),
    )


def _origin(error: Exception) -> str:
    """File and line that raised an exception: the last ones inside archcalc, if any are."""
    package = os.path.dirname(os.path.abspath(__file__))
    places, trace = [], error.__traceback__
    while trace is not None:
        places.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    own = [
        (os.path.relpath(path, os.path.dirname(package)), line) for path, line in places if path.startswith(package + os.sep)
    ]
    return ":".join(map(str, (own or places or [("unknown place", 0)])[-1]))


def suggest(word: str, known: Iterable[str]) -> str:
    """A way out for an unknown name: the known names nearest to it, or all of them if none is near and they are few."""
    names = sorted(set(map(str, known)))
    word = word[:80]
    candidates = _candidates(word, names)
    normalized = {_normalized(name): name for name in reversed(candidates)}
    matches = [normalized[name] for name in difflib.get_close_matches(_normalized(word), normalized, n=3, cutoff=0.6)]
    near = list(dict.fromkeys([*difflib.get_close_matches(word, candidates, n=3, cutoff=0.6), *matches]))[:3]
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 40 else "no name is similar"


def _candidates(word: str, names: list[str]) -> list[str]:
    """Those of many names that share most letters with a word: difflib would take seconds for thousands."""
    if len(names) <= 50:
        return names
    letters = set(word.lower())
    return heapq.nlargest(50, names, key=lambda name: len(letters & set(name.lower())) - abs(len(name) - len(word)))


def resembles(word: str, others: Iterable[str]) -> bool:
    """Whether a word is probably a misspelling of one of the others."""
    return bool(difflib.get_close_matches(_normalized(word), map(_normalized, others), n=1, cutoff=0.6))


def _normalized(name: str) -> str:
    """A name without capitals, dashes and underscores."""
    return name.lower().replace("_", "").replace("-", "")


def printable(text: str) -> str:
    """Text from a file with visible signs for control characters, so that none reaches the terminal."""
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

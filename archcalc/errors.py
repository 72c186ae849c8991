"""Problems as data: each has a position, a code, a message, and details such as the derivation and a way out.

Two classes of errors: `DescriptionError`, the description is malformed, and `ShapeError`, it is well formed but a layer
does not fit its input. Both contain every problem, in the order of the file.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

LIMIT = 50
"""Problems of one run that are reported in full; further ones are only counted, so that no file can exhaust time or memory."""
_LONGEST = 2000
"""Characters of a printed line."""
_EXCERPT = 120
"""Characters of a line that an excerpt quotes."""
LINE_BREAK = re.compile(r"\r\n|\r|\n")
"""Where editors begin a new line: unlike in YAML 1.1, not at U+0085, U+2028 and U+2029."""
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

    def seen_from(self, other: Mark) -> str:
        """The position as a sentence at another one names it: without the file, if that is the same."""
        return self.in_file if self.path == other.path else f"at {self}"

    @property
    def in_file(self) -> str:
        """The position without the file: in line 3, or at layers[3].id."""
        return f"in line {self.line}" if self.line else f"at {str(self).removeprefix(f'{self.path}: ')}"


@dataclass(frozen=True)
class Problem:
    """One problem. `details` are further lines: the derivation, where the input comes from, a way out."""

    code: str
    message: str
    mark: Mark
    details: tuple[str, ...] = ()
    severity: str = "error"

    def __str__(self) -> str:
        return self.text()

    def text(self, line: str | None = None) -> str:
        """The problem as it is printed: place, code and sentence, then an excerpt of its `line`, then the details."""
        head = f"{self.mark}: {self.severity}[{self.code}] {self.message}"
        quoted = excerpt(line, self.mark.column) if line is not None else ()
        return "\n".join(_cut(printable(part)) for part in (head, *(f"  {part}" for part in (*quoted, *self.details))))


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def excerpt(line: str, column: int, length: int = 1) -> tuple[str, ...]:
    """A line of a file as a terminal shows it, cut to what surrounds a column, and carets below `length` of its characters."""
    begin = max(0, min(column - 1 - _EXCERPT // 2, len(line) - _EXCERPT))
    quoted, before = line[begin : begin + _EXCERPT], printable(line[begin : column - 1])
    head, tail = "…" if begin else "", "…" if begin + _EXCERPT < len(line) else ""
    if not quoted.strip():
        return ()
    carets = "^" * max(1, min(length, begin + _EXCERPT + 1 - column))
    return f"{head}{printable(quoted)}{tail}".rstrip(), " " * (len(head) + _columns(before)) + carets


def _columns(text: str) -> int:
    """The columns of a terminal that a text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


Detail: TypeAlias = str | Callable[[], str]
"""A detail of a problem, or a function that returns it, called only if the problem is reported."""


class Problems(list[Problem]):
    """Collects problems, each once, so that one run reports all of them: `LIMIT` in full, the others as a number."""

    def __init__(self) -> None:
        super().__init__()
        self._reported: set[Hashable] = set()
        self.more = 0
        """How many problems are not in the list."""

    @property
    def total(self) -> int:
        """How many problems there are."""
        return len(self) + self.more

    @property
    def is_full(self) -> bool:
        """Whether further problems are only counted."""
        return len(self) >= LIMIT

    def add(self, code: str, mark: Mark, message: Detail, *details: Detail, once: Hashable = None) -> None:
        """Add a problem; empty details are left out. Of several problems with the same `once`, only the first is added.

        A message or detail that is a function is called only if the problem is reported in full.
        """
        key = hash((code, mark, message) if once is None else once)
        if key in self._reported:
            return
        self._reported.add(key)
        if self.is_full:
            self.more += 1
            return
        text, *texts = (detail if isinstance(detail, str) else detail() for detail in (message, *details))
        self.append(Problem(code, text, mark, tuple(text for text in texts if text)))

    def text_of(self, error: Exception) -> str:
        """The sentence of an error, for a message; nothing where further problems are only counted."""
        return "" if self.is_full else str(error)

    def closed(self) -> list[Problem]:
        """The problems, and as the last one how many more there are."""
        return [*self, *_rest(self, self.more)]

    def merge(self, others: Iterable[Problem]) -> None:
        """Add the problems of a later step."""
        for problem in others:
            if self.is_full:
                self.more += 1
            else:
                self.append(problem)
        self.more += getattr(others, "more", 0)


def _rest(problems: Sequence[Problem], more: int) -> list[Problem]:
    """That there are more problems, at the place of the last one that is reported."""
    return [Problem("ARC129", f"and {more:,} more, which are not shown", problems[-1].mark)] if more else []


class ArchcalcError(Exception):
    """Base of both classes; `problems` contains all problems up to `LIMIT`, `str()` prints one per line with its details.

    `more` is the number of further problems; `source_text` is the text of the file, for excerpts, and `other_texts` are those
    of further files by their paths.
    """

    def __init__(
        self, problems: Iterable[Problem], source_text: str = "", other_texts: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        # A repeated block repeats its problem: it is reported once.
        places = (
            (problem.mark.path if problem.mark.path in other_texts else "", problem) for problem in dict.fromkeys(problems)
        )
        ordered = [problem for _, problem in sorted(places, key=lambda place: (place[0], place[1].mark[1:]))]
        self.problems = tuple(ordered[:LIMIT])
        self.more = len(ordered[LIMIT:]) + getattr(problems, "more", 0)
        self.source_text = source_text
        self.other_texts = other_texts
        super().__init__(self._text([problem.text() for problem in self.problems]))

    def closed(self) -> tuple[Problem, ...]:
        """The problems for a list with those of other files: the last one is how many more there are."""
        return (*self.problems, *_rest(self.problems, self.more))

    def with_excerpts(self) -> str:
        """The problems as `str()` prints them, below each first line the line of the file with a caret."""
        wanted: dict[str, set[int]] = {}
        for problem in self.problems:
            wanted.setdefault(self._file(problem), set()).add(problem.mark.line)
        lines = {file: _lines(self.other_texts.get(file, self.source_text), numbers) for file, numbers in wanted.items()}
        return self._text([problem.text(lines[self._file(problem)].get(problem.mark.line)) for problem in self.problems])

    def _file(self, problem: Problem) -> str:
        return problem.mark.path if problem.mark.path in self.other_texts else ""

    def _text(self, problems: list[str]) -> str:
        return "\n".join([*problems, f"and {self.more:,} more"] if self.more else problems)


def _lines(text: str, wanted: set[int]) -> dict[int, str]:
    """The wanted lines of a text by their numbers; a large text is not split into all its lines."""
    lines: dict[int, str] = {}
    begin = 0
    for number in range(1, max(wanted, default=0) + 1):
        match = LINE_BREAK.search(text, begin)
        end = match.start() if match else len(text)
        if number in wanted:
            lines[number] = text[begin:end]
        if match is None:
            break
        begin = match.end()
    return lines


class DescriptionError(ArchcalcError):
    """The description, or the call, is malformed."""


class ShapeError(ArchcalcError):
    """The description is well formed, but a layer does not fit its input."""


def call_error(code: str, message: str, *details: str) -> DescriptionError:
    """An error of the call itself, without a position in a file."""
    return DescriptionError([Problem(code, message, Mark("archcalc"), tuple(filter(None, details)))])


def call_diagnostic(code: str, message: str, *details: str, severity: str = "note") -> Problem:
    """A note or a warning on a call that is sound, without a position in a file."""
    return Problem(code, message, Mark("archcalc"), details, severity)


def file_error(code: str, path: str, message: str, *details: str) -> DescriptionError:
    """An error of a whole file, reported at its first character."""
    return DescriptionError([Problem(code, message, Mark(path, 1, 1), tuple(filter(None, details)))])


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

"""What the names in an expression stand for: variables, arguments of blocks, and `in_channels`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from fractions import Fraction
from typing import Any

from archcalc.description.document import ParsedEntry
from archcalc.description.expressions import Expression
from archcalc.description.operators import FUNCTIONS, ExpressionError, ReportedError
from archcalc.description.values import RESERVED, Word, evaluated, is_name, is_word, names_in
from archcalc.errors import Detail, Mark, Problems
from archcalc.graph.output_ref import OutputRef
from archcalc.suggestions import nearest, suggest

BUILT_IN = frozenset({"in_channels", "copy"})
"""The names that have a meaning without being declared."""


class Deferred:
    """A block's argument that mentions `in_channels`: evaluated once, when the block's input has a volume.

    Arguments build on arguments of the blocks around them; evaluated anew at each mention, an expression that mentions
    one twice would double the work with each level.
    """

    __slots__ = ("_result", "output_ref", "scope", "value")

    def __init__(self, value: Any, scope: Scope, output_ref: OutputRef) -> None:
        self.value = value
        self.scope = scope
        self.output_ref = output_ref
        self._result: Any = None

    def evaluate(self, channels: Callable[[OutputRef], Any]) -> Any:
        """The value; `channels` returns the channels of an output. Raises `ExpressionError` if it has none."""
        if self._result is None:
            self._result = evaluated(self.value, self.scope.lookup(channels, channels(self.output_ref)))
        return self._result


class UnknownName(ExpressionError):
    """An expression names what its scope does not define. The way out is found when the sentence is asked for."""

    def __init__(self, name: str, scope: Scope) -> None:
        super().__init__(name)
        self.scope = scope

    def __str__(self) -> str:
        name = str(self.args[0])
        own = self.scope.own
        if name == own:
            return f"{name} cannot be computed from itself"
        if name in self.scope.declared:
            return f"{name} is declared below {own}, and a value names only what is above it"
        return no_name(name, self.scope)


class Scope:
    """What the names in an expression stand for. Iterating over it yields these names.

    `own` is the variable or argument whose value is computed here, and `declared` are those of its list, above and below.
    """

    __slots__ = ("declared", "own", "values", "variables")

    def __init__(
        self,
        values: dict[str, Any],
        variables: dict[str, Any] | None = None,
        own: str = "",
        declared: Collection[str] = (),
    ) -> None:
        self.values = values
        self.variables = variables or {}
        """The variables, hidden by what has the same name here."""
        self.own = own
        self.declared = declared

    def defines(self, name: str) -> bool:
        """Whether the name stands for something here."""
        return name in self.values or name in self.variables or name in BUILT_IN

    def knows(self, name: str) -> bool:
        """Whether the name stands for something, here or further down in the list."""
        return self.defines(name) or name in self.declared

    def __iter__(self) -> Iterator[str]:
        names = (*self.values, *self.declared, *self.variables, "in_channels")
        return (name for name in names if name != self.own)

    def get(self, name: str) -> Any:
        """What a name stands for; None if the scope does not define it."""
        return self.values[name] if name in self.values else self.variables.get(name)

    def lookup(self, channels: Callable[[OutputRef], Any] | None = None, own: Any = None) -> Callable[[str], Any]:
        """A function from a name to its value, which raises `ExpressionError` where there is none.

        `channels` returns the channels of an output, `own` are those of the layer's own input (None: it reads nothing);
        without them, a name that depends on a size is refused.
        """

        def look_up(name: str) -> Any:
            if name == "in_channels":
                if channels is None and self.own:
                    raise ExpressionError("in_channels is a size of one layer's input; a variable has one value everywhere")
                if channels is None:
                    raise ExpressionError(f"in_channels is a size; structure cannot depend on it; {_NO_SIZES}")
                if own is None:
                    raise ExpressionError("in_channels: the kind reads nothing; write the size, or give the block an argument")
                return own
            if name == "copy" and name not in self.values:
                raise ExpressionError(
                    "copy counts the copies of a repeat, and nothing is repeated here; write 1, or add repeat"
                )
            if not self.defines(name):
                raise UnknownName(name, self)
            value = self.get(name)
            if isinstance(value, Deferred):
                if channels is None:
                    raise ExpressionError(f"{name} depends on a size (in_channels); structure cannot depend on it; {_NO_SIZES}")
                return value.evaluate(channels)
            if value is None:
                raise ReportedError(f"{name} has no value")
            return value

        return look_up

    def is_fixed(self, value: Any) -> bool:
        """Whether no expression in the value depends on a size."""
        names = names_in(value)
        return "in_channels" not in names and not any(isinstance(self.get(name), Deferred) for name in names)


_NO_SIZES = "give the block an argument that decides it, such as project: true"
"""The way out where structure cannot be decided by a size."""


def no_name(name: str, known: Iterable[str]) -> str:
    """The message for a name that stands for nothing, with a way out."""
    near = nearest(name, sorted({*known}))
    out = ""
    if near:
        out = f"; did you mean {' or '.join(near)}?"
    elif name in FUNCTIONS:
        out = f"; the function is called {name}(…)"
    elif is_name(name) and name not in RESERVED:
        out = f"; declare it: variables: {{{name}: …}}"
    return f"there is no variable or argument {name}{out}"


def misplaced(word: Word, reason: str, words: tuple[str, ...] = ()) -> tuple[str, Mark, Detail, str]:
    """The problem of a bare word, where it was written: the `reason` is that of the layer inside; `words` are those it has."""
    if words:
        return "ARC121", word.mark, f"{word.key}: {reason}", suggest(word, words)
    return "ARC131", word.mark, lambda: f"{word.key}: {no_name(str(word), word.known)}", f"a word cannot be used here: {reason}"


def entry_problem(problems: Problems, entry: ParsedEntry, code: str, key: str, message: str, *details: Detail) -> None:
    """Report a problem of an entry's key, or of the entry. A block that is used often repeats it: it is reported once."""
    problems.add(code, entry.mark(key), message, *details, once=(id(entry), code, key, message))


def with_words(value: Any, name: str, mark: Mark, scope: Scope) -> Any:
    """The value of the variable or argument `name` with its bare words, also in lists, as words that stand for themselves."""
    if isinstance(value, list):
        return [with_words(item, name, mark, scope) for item in value]
    return Word(value.text, name, mark, scope) if is_word(value, scope.knows) else value


def report_no_value(problems: Problems, name: str, mark: Mark, error: ExpressionError, label: str = "") -> None:
    """Report why the value of a name that is written at `mark` has none, at the place of the mistake, and once."""
    label = label or name
    if isinstance(error.value, Word):
        word = error.value
        problems.add(*misplaced(word, f"{label}: {error}"), once=(word.mark, word.key))
    elif not isinstance(error, ReportedError):
        problems.add("ARC131", mark, lambda: f"{label}: {error}", once=(mark, name, error.args))


def number_or_word(value: Any) -> Any:
    """A value for output: a fraction as its decimal if that is exact, else as the fraction, so that nothing is lost."""
    if isinstance(value, list):
        return [number_or_word(item) for item in value]
    if isinstance(value, Expression):
        return value.text
    if not isinstance(value, Fraction):
        return value
    decimal = float(value)
    return decimal if Fraction(repr(decimal)) == value else str(value)

"""Structure: how often an entry is used, decided by `repeat` and `when` before any volume is known."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from archcalc.description.document import ParsedEntry
from archcalc.description.operators import ExpressionError, fixed, value_text
from archcalc.description.values import Word, evaluated
from archcalc.errors import Problems
from archcalc.graph.scope import Scope, misplaced, report_no_value


def repeat_count(problems: Problems, entry: ParsedEntry, scope: Scope) -> int:
    """How many copies an entry has: `repeat`, or one; one too, with a problem, if that is not an integer ≥ 0."""
    if entry.repeat is None:
        return 1
    key = "repeat" if entry.counted is None else "id"
    repeat = structure(problems, entry, key, entry.repeat, scope)
    if isinstance(repeat, int) and not isinstance(repeat, bool) and repeat >= 0:
        return repeat
    needed, example = (
        ("is an integer ≥ 0", "repeat: 3") if key == "repeat" else ("counts an integer ≥ 0 of copies", "id: conv1..3")
    )
    report_unusable(problems, entry, key, repeat, needed, count_out(repeat, example))
    return 1


def count_out(value: Any, example: str) -> str:
    """The way out where a number of copies is another value."""
    return "round it with floor() or round()" if isinstance(value, Fraction) else f"write a number of copies, such as {example}"


def is_used(problems: Problems, entry: ParsedEntry, scope: Scope) -> bool:
    """Whether an entry is used: its `when` is true, or, with a problem, neither true nor false."""
    if entry.when is True:
        return True
    when = structure(problems, entry, "when", entry.when, scope)
    if isinstance(when, bool):
        return when
    report_unusable(problems, entry, "when", when, "is true or false", "write a comparison")
    return True


def structure(problems: Problems, entry: ParsedEntry, key: str, value: Any, scope: Scope) -> Any:
    """The value of a key that decides structure, such as `when`; None, with a problem, if it has none."""
    try:
        return fixed(evaluated(value, scope.lookup()))
    except ExpressionError as error:
        report_no_value(problems, key, entry.mark(key), error)
        return None


def report_unusable(problems: Problems, entry: ParsedEntry, key: str, value: Any, needed: str, out: str = "") -> None:
    """Report a key that decides structure with an unusable value; None is reported already."""
    sentence = f"{key} {needed}, not {value if isinstance(value, str) else value_text(value)}"
    if isinstance(value, Word):
        problems.add(*misplaced(value, f"{entry.op}: {sentence}"), once=(value.mark, value.key))
    elif value is not None:
        problems.add("ARC130", entry.mark(key), sentence, out, once=(id(entry), key))  # copies differ in the value

"""What the names in an expression stand for: variables, arguments of blocks, and the channels that arrive."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from archcalc.description.expressions import Expression, ExpressionError
from archcalc.description.values import evaluated
from archcalc.errors import suggest
from archcalc.graph.output_ref import OutputRef


class Deferred:
    """A block's argument that mentions `in_channels`: worked out once, when the block's input has a volume.

    Arguments build on arguments of the blocks around them; worked out anew at each mention, a sum that mentions one
    twice would double the work with each level.
    """

    __slots__ = ("_known", "output_ref", "scope", "value")

    def __init__(self, value: Any, scope: Scope, output_ref: OutputRef) -> None:
        self.value = value
        self.scope = scope
        self.output_ref = output_ref
        self._known: Any = None

    def evaluate(self, channels: Callable[[OutputRef], Any]) -> Any:
        """The value, given the channels at a place."""
        if self._known is None:
            self._known = evaluated(self.value, self.scope.lookup(channels, channels(self.output_ref)))
        return self._known


class Scope:
    """What the names in an expression stand for."""

    __slots__ = ("outer", "output_ref", "values")

    def __init__(
        self, values: dict[str, Any], output_ref: OutputRef | None = None, outer: dict[str, Any] | None = None
    ) -> None:
        self.values = values
        self.output_ref = output_ref
        self.outer = outer or {}
        """The variables, hidden by what has the same name here."""

    def knows(self, name: str) -> bool:
        """Something has that name here."""
        return name in self.values or name in self.outer

    def get(self, name: str) -> Any:
        """What a name stands for; None if nothing has it."""
        return self.values[name] if name in self.values else self.outer.get(name)

    def lookup(self, channels: Callable[[OutputRef], Any] | None = None, own: Any = None) -> Callable[[str], Any]:
        """Name to value. `channels` gives the channels at a place, `own` those of the layer itself."""

        def look(name: str) -> Any:
            if name == "in_channels":
                if channels is None:
                    raise ExpressionError("in_channels is a size: structure (when, repeat) cannot depend on it")
                return own
            if not self.knows(name):
                known = suggest(name, (*self.values, *self.outer, "in_channels"))
                raise ExpressionError(f"there is no variable or argument {name}; {known}")
            value = self.get(name)
            if isinstance(value, Deferred):
                if channels is None:
                    raise ExpressionError(f"{name} depends on a size (in_channels); structure cannot depend on it")
                return value.evaluate(channels)
            # What could not be read is told already; 1 stands in for it, so that the rest can be checked.
            return 1 if value is None else value

        return look

    def fixed(self, value: Any) -> bool:
        """No expression in the value depends on a size."""
        names = _names(value)
        return "in_channels" not in names and not any(isinstance(self.get(n), Deferred) for n in names)


def _names(value: Any) -> frozenset[str]:
    if isinstance(value, Expression):
        return value.names
    return frozenset().union(*map(_names, value)) if isinstance(value, list) else frozenset()


def number_or_word(value: Any) -> Any:
    """A value for output: a fraction as its decimal if that is exact, else as the fraction, so that nothing is lost."""
    if not isinstance(value, Fraction):
        return value
    decimal = float(value)
    return decimal if Fraction(repr(decimal)) == value else str(value)

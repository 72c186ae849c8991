"""Values with one number for each axis, or for both sides of each axis, in expressions: computed axis by axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archcalc.description.operators import ExpressionError

Values = Mapping[str, Any]


def along_axes(evaluate: Callable[[Values], Any], values: Values) -> Any:
    """What `evaluate` returns for the values; of tuples, a tuple of what it returns along each axis.

    Raises `ExpressionError` if the tuples have different lengths.
    """
    lengths = {len(value): name for name, value in values.items() if isinstance(value, tuple)}
    if not lengths:
        return evaluate(values)
    if len(lengths) > 1:
        sizes = " and ".join(f"{length}" for length in sorted(lengths))
        longest = lengths[max(lengths)]
        raise ExpressionError(f"values with {sizes} sizes do not compute together: name an axis, such as {longest}[0]")
    at = (
        {name: value[axis] if isinstance(value, tuple) else value for name, value in values.items()} for axis in range(*lengths)
    )
    return tuple(along_axes(evaluate, one) for one in at)


def leaves(value: Any) -> tuple[Any, ...]:
    """The values in a tuple of tuples, in order; a value that is no tuple alone."""
    if not isinstance(value, tuple):
        return (value,)
    return tuple(leaf for part in value for leaf in leaves(part))


def one_number(value: Any) -> Any:
    """A value that is the same along all axes as one number; any other as it is."""
    different = set(leaves(value))
    return different.pop() if len(different) == 1 else value

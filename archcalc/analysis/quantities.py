"""What a convention may count besides a kind's own tallies, computed from one layer with its input.

Values: `inputs`, `outputs`, `positions` (output positions of one map). Numbers of the layer: `weights`, `biases`,
`params`, `buffers`, `taps` (window positions over all outputs), `axes`, `in_channels`, `out_channels`, in_height and
the like. Of a window: `area` (its taps), `side` (its size as written: one number stands for all axes, taken once),
`shrink` (whole input positions for each output position). And any field of the kind that is a number or a truth value,
0 where the kind has none; along one axis it has the axis behind its name, as in_height has. A product or sum of these
is written as an expression: `weights * positions`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from archcalc.arithmetic.term import ArithmeticNumber, Number, product, sum_
from archcalc.description.expressions import Expression
from archcalc.layers._fields import AXIS_NAMES, Role, each, numbers

if TYPE_CHECKING:
    from archcalc.analysis.counts import LayerCounts


def _window(counts: LayerCounts) -> Any:
    """The size of a layer's window as written, one number or one for each axis; 0 if it has none."""
    return counts.layer.role(Role.WINDOW, 0)


_WORDS: dict[str, Callable[[LayerCounts], Number]] = {
    "inputs": lambda counts: sum_(x.elements for x in counts.inputs),
    "outputs": lambda counts: counts.elements,
    "positions": lambda counts: product(counts.output.spatial),
    "weights": lambda counts: counts.weights,
    "biases": lambda counts: counts.biases,
    "params": lambda counts: counts.params,
    "buffers": lambda counts: counts.buffers,
    "taps": lambda counts: counts.taps,
    "axes": lambda counts: len(counts.output.spatial),
    "in_channels": lambda counts: counts.first_input.channels,
    "out_channels": lambda counts: counts.output.channels,
    "area": lambda counts: product(each(_window(counts), len(counts.first_input.spatial))),
    "side": lambda counts: product(numbers(_window(counts))),
    "shrink": lambda counts: product(x // y for x, y in zip(counts.first_input.spatial, counts.output.spatial, strict=False)),
}
WORDS = (*_WORDS, *(f"in_{name}" for name in ("length", "depth", "height", "width")))


def quantity(counts: LayerCounts, name: str) -> Number:
    """A tally of a layer, a word of the vocabulary, a field, or an expression over them; 0 if the layer has none."""
    if name in counts.tallies:
        return counts.tallies[name]
    if name in _WORDS:
        return _WORDS[name](counts)
    if not name.isidentifier():
        return _expression(name).evaluate(lambda word: quantity(counts, word))
    field, _, axis = name.rpartition("_")
    spatial = counts.first_input.spatial
    axes = AXIS_NAMES.get(len(spatial), ())
    if axis in axes:
        values = spatial if field == "in" else each(_value(counts, field), len(axes))
        return values[axes.index(axis)]
    value = _value(counts, name)
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


@cache
def _expression(text: str) -> Expression:
    return Expression(text)


def names(text: str) -> frozenset[str]:
    """The words that a quantity, or an expression over quantities, consists of."""
    return frozenset({text}) if text.isidentifier() else _expression(text).names


def _value(counts: LayerCounts, name: str) -> Any:
    """The value of a field, one number or one for each axis; 0 if the kind has no such field, or it is no number."""
    value = getattr(counts.layer, name, None)
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int | tuple | ArithmeticNumber) else 0

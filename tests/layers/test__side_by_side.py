"""Layers side by side: every number is that of one layer, times the copies or those that a position uses."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from archcalc.layers import kinds
from archcalc.layers._base import Layer, Volume
from archcalc.layers._side_by_side import side_by_side
from tests.samples import rows
from tests.support import layer_of

COPIES, ACTIVE = 7, 3
OF_ALL = {"weights", "biases", "params", "buffers"}
"""What is kept for all copies; the others are computed for those that a position uses."""
NUMBERS = {"Number", "Tallies", "tuple[Number, Number]"}
RULES = [
    name
    for name, rule in vars(Layer).items()
    if inspect.isfunction(rule) and inspect.signature(rule).return_annotation in NUMBERS
]


def times(factor: int, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: factor * count for name, count in value.items()}
    return tuple(factor * number for number in value) if isinstance(value, tuple) else factor * value


def test_which_rules_return_numbers() -> None:
    assert {*OF_ALL, "active_params", "gradient_multiply_adds", "tallies", "values", "workspace"} <= set(RULES)


@pytest.mark.parametrize("op", kinds())
def test_every_number_is_the_factor_times_that_of_one_copy(op: str) -> None:
    for row in rows(op):
        layer = layer_of(op, row.fields)
        inputs = tuple(Volume(x) for x in row.inputs)
        given = {"y": layer.output(*inputs), "weights_need": True}
        # First all inputs need a gradient, then none: rules have a branch for each.
        for needed in (True, False):
            given["inputs_need"] = (needed,) * len(inputs)
            for name in RULES:
                parameters = inspect.signature(getattr(Layer, name)).parameters
                named = [given[key] for key in parameters if key in given]
                copies, one = (getattr(each, name) for each in (side_by_side(layer, COPIES, ACTIVE), layer))
                read = inputs if "inputs" in parameters else ()
                expected = times(COPIES if name in OF_ALL else ACTIVE, one(*named, *read))
                assert copies(*named, *read) == expected, f"{op} {row.fields} {row.inputs}: {name}"

"""Random layers of any kind: the rows of the kinds' own tests, with their numbers changed.

A row is a valid layer; in each variant equal numbers stay equal (so that volumes that must be alike mostly stay so),
some change a little, and some grow beyond what 64 bits hold.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from hypothesis import strategies as st

from archcalc.layers import find
from archcalc.layers._base import field_metadata
from archcalc.layers._fields import Symbol


class Sample(NamedTuple):
    """Variants of one layer with one structure: the volumes that arrive and the fields, one of each for each variant."""

    op: str
    inputs: list[list[list[int]]]
    fields: list[dict[str, Any]]


def rows(op: str) -> list[Any]:
    """The rows of `tests/layers/test_<op>.py`."""
    return list(import_module(f"tests.layers.test_{op}").CASES)


@st.composite
def samples(draw: Any, op: str) -> Sample:
    """Variants of one of the kind's rows; the first is the row itself."""
    row = draw(st.sampled_from(rows(op)))
    kind = find(op)
    assert kind is not None
    counted = field_metadata(kind, Symbol)
    inputs, fields = [row.inputs], [row.fields]
    for _ in range(draw(st.integers(1, 4))):
        sizes = _Changes(draw, 1)
        amounts = _Changes(draw, 0)
        inputs.append(_changed(row.inputs, sizes))
        fields.append({name: _changed(held, amounts) if name in counted else held for name, held in row.fields.items()})
    return Sample(op, inputs, fields)


class _Changes:
    """What each number becomes in one variant."""

    def __init__(self, draw: Any, least: int) -> None:
        self.draw, self.least = draw, least
        self.known: dict[int, int] = {}

    def __call__(self, number: int) -> int:
        if number not in self.known:
            way = self.draw(st.sampled_from(["same", "same", "near", "twice", "huge"]))
            changed = {
                "same": number,
                "twice": 2 * number,
                "near": number + self.draw(st.integers(-2, 3)),
                "huge": number * self.draw(st.sampled_from([10**3, 2**31, 10**12, 10**19])),
            }[way]
            self.known[number] = max(self.least, changed)
        return self.known[number]


def _changed(value: Any, changes: _Changes) -> Any:
    if isinstance(value, list):
        return [_changed(one, changes) for one in value]
    return changes(value) if isinstance(value, int) and not isinstance(value, bool) else value

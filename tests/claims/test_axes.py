"""Fields that differ between the axes or the sides, in selections and in expressions."""

from __future__ import annotations

from pathlib import Path

import pytest

from archcalc import analyze, load
from archcalc.claims.quantities import value_of
from archcalc.claims.selection import QuantityError, select

NETWORK = """
archcalc: 1
name: axes
input: {shape: [3, 12, 12]}
layers:
  - {id: wide, op: conv, out_channels: 4, kernel_size: [3, 5], padding: same}
  - {id: after, op: conv, out_channels: 4, kernel_size: 3, padding: [[0, 1], [0, 1]]}
  - {id: both, op: conv, out_channels: 4, kernel_size: 3, stride: [1, 2], padding: [[1, 1], [1, 1]]}
  - {id: table, op: conv, connections: [[0], [1, 2]], kernel_size: 3}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory):
    path: Path = tmp_path_factory.mktemp("axes") / "axes.yaml"
    path.write_text(NETWORK, encoding="utf-8")
    return analyze(load(str(path)))


@pytest.mark.parametrize(("of", "ids"), [
    ("kernel_size > 2", "wide after both table"),
    ("kernel_size >= 3 and kernel_size < 4", "after both table"),
    ("kernel_size == 3 or kernel_size == 5", "wide after both table"),
    ("max(kernel_size, 4) == 4", "after both table"),
    ("kernel_size + 1 == 4", "after both table"),
    ("stride < 2", "wide after table"),
    ("stride <= kernel_size", "wide after both table"),
    ("padding == 1", "both"),
    ("padding < 1", "table"),
    ("padding <= 1", "after both table"),
    ("padding == 'same'", "wide"),
])  # fmt: skip
def test_a_predicate_holds_along_every_axis(report, of: str, ids: str) -> None:
    assert [layer.id for layer in select(report, of).layers] == ids.split()


@pytest.mark.parametrize("of", ["kernel_size > 3", "padding > 1", "connections == 1"])
def test_a_predicate_that_holds_along_no_or_one_axis(report, of: str) -> None:
    with pytest.raises(QuantityError, match="no layer"):
        select(report, of)


@pytest.mark.parametrize(("of", "quantity", "value"), [
    ("wide", "kernel_size", (3, 5)),
    ("wide", "kernel_size + 2", (5, 7)),
    ("wide", "2 * kernel_size - stride", (5, 9)),
    ("wide", "max(kernel_size, 4)", (4, 5)),
    ("both", "kernel_size * stride", (3, 6)),
    ("after", "padding", (0, 1, 0, 1)),
    ("after", "padding + 2", (2, 3, 2, 3)),
    ("after", "padding * 2", (0, 2, 0, 2)),
    ("after", "padding[1]", (0, 1)),
    ("after", "padding[0][1]", 1),
    ("both", "padding", (1, 1)),
    ("both", "padding + 2", 3),
    ("wide", "output * 10", (40, 120, 120)),
])  # fmt: skip
def test_expressions_compute_axis_by_axis(report, of: str, quantity: str, value: object) -> None:
    assert value_of(quantity, select(report, of)) == value


@pytest.mark.parametrize(("of", "quantity", "part"), [
    ("wide", "padding", "padding of wide is the word same: a claim is about a number or sizes"),
    ("wide", "op", "the word conv"),
    ("wide", "id", "the word wide"),
    ("wide", "'abc'", "the word abc"),
    ("wide", "bias", "true, a truth value"),
    ("wide", "kernel_size == 3", "a truth value"),
    ("wide", "padding + 2", "calculates with 'same'"),
    ("wide", "output * kernel_size", "2 and 3 sizes do not compute together: name an axis, such as output[0]"),
])  # fmt: skip
def test_what_is_no_number(report, of: str, quantity: str, part: str) -> None:
    with pytest.raises(QuantityError) as error:
        value_of(quantity, select(report, of))
    assert part in str(error.value)

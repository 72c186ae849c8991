"""The words, bounds and syntax that follow from a declared type."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest

from archcalc.layers._fields import (
    Amount,
    ConnectionTable,
    Count,
    LayerName,
    LayerReference,
    Letter,
    Margins,
    NonNegative,
    Padding,
    PerAxis,
    Real,
    Symbol,
    UnitInterval,
)
from archcalc.layers._types import FieldSyntax, alternatives, expects, expects_with_unit, field_syntax, minimum, part_type


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (Count, "an integer ≥ 1"),
        (Amount, "an integer ≥ 0"),
        (Count | None, "an integer ≥ 1"),
        (bool, "true or false"),
        (Annotated[Count, Symbol("g", "groups")], "an integer ≥ 1"),
        (PerAxis[Count], "an integer ≥ 1, or a list of them, one for each spatial axis"),
        (PerAxis[Amount] | None, "an integer ≥ 0, or a list of them, one for each spatial axis"),
        (Margins, "an integer ≥ 0, one for each axis, or a pair [before, after] for each"),
        (Padding, "an integer ≥ 0, one for each axis, or a pair [before, after] for each, or same, or valid"),
        (Literal["nearest", "bilinear"], "nearest or bilinear"),
        (Real, "a number"),
        (NonNegative, "a number ≥ 0"),
        (UnitInterval, "a number ≥ 0 and ≤ 1"),
        (LayerName, "the id of another layer"),
        (ConnectionTable | None, "a list of rows, each a list of different integers ≥ 0"),
    ],
)
def test_words(declared: Any, words: str) -> None:
    assert expects(declared) == words


def test_words_with_a_unit() -> None:
    assert expects_with_unit(Annotated[Count, Symbol("C_out", "maps")]) == "an integer ≥ 1 (maps)"
    assert expects_with_unit(Annotated[NonNegative, Letter("ε")]) == "a number ≥ 0"


@pytest.mark.parametrize(
    ("declared", "place", "words"),
    [
        (PerAxis[Count], ("per axis", 1), "an integer ≥ 1"),
        (PerAxis[Amount] | None, ("per axis", 0), "an integer ≥ 0"),
        (Padding, ("per side", 1), "a pair [before, after]"),
        (Padding, ("per side", 1, 0), "an integer ≥ 0"),
        (Padding, ("per axis", 0), "an integer ≥ 0"),
        (ConnectionTable, (3,), "a list of different integers ≥ 0"),
        (ConnectionTable | None, (3, 1), "an integer ≥ 0"),
    ],
)
def test_words_of_a_part(declared: Any, place: tuple[Any, ...], words: str) -> None:
    assert expects(part_type(declared, place)) == words


def test_forms() -> None:
    assert field_syntax(Padding) == FieldSyntax(words=("same", "valid"))
    assert field_syntax(PerAxis[Count] | None) == field_syntax(Real) == FieldSyntax()
    assert field_syntax(bool) == FieldSyntax(is_truth=True)
    assert field_syntax(Annotated[LayerName | None, LayerReference("output")]) == FieldSyntax(is_id=True)
    assert field_syntax(ConnectionTable | None) == FieldSyntax(is_plain=True)


def test_bounds_and_alternatives() -> None:
    assert (minimum(PerAxis[Count] | None), minimum(Padding), minimum(Count)) == (1, 0, 1)
    assert alternatives(Padding) == {"all axes", "per axis", "per side", "word"}
    assert alternatives(PerAxis[Count]) == {"all axes", "per axis"}
    assert alternatives(bool) == alternatives(None) == set()

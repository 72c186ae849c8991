"""Values meet a kind: what is refused is named by its field and its index, plainly and over variants."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from archcalc.arithmetic.variants import VariantFraction
from archcalc.description.binding import BindError, bind, bind_variants, refusals
from archcalc.description.operators import VariesError
from archcalc.layers._base import Layer
from archcalc.layers.conv import Conv
from archcalc.layers.dropout import Dropout


def refused(kind: type[Layer], **values: Any) -> list[tuple[Any, str]]:
    with pytest.raises(BindError) as error:
        bind(kind, values)
    return error.value.refused


def test_place_and_sentence() -> None:
    assert refused(Conv, kernel_size=[3, 0], bias=1) == [
        (("kernel_size", 1), "must be an integer ≥ 1, not 0"),
        (("bias",), "must be true or false, not 1"),
    ]
    assert refused(Conv, kernel_size=3, padding=[[0, -1], [0, 0]]) == [(("padding", 0, 1), "must be an integer ≥ 0, not -1")]
    assert refused(Conv, wide=1) == [(("kernel_size",), "is missing"), (("wide",), "is not a field of this kind")]
    assert refused(Dropout, p=[Fraction(1, 2)]) == [(("p",), "must be a number ≥ 0 and ≤ 1, not [0.5]")]
    assert refused(Conv, kernel_size=[1, Fraction(5, 2)]) == [
        (("kernel_size", 1), "comes out as 2.5, which is not an integer; round it with floor() or round()")
    ]


def test_a_list_is_not_too_short_for_what_was_refused_in_it() -> None:
    assert [place for place, _ in refused(Conv, kernel_size=[0])] == [("kernel_size", 0)]
    assert [place for place, _ in refused(Conv, kernel_size=3, connections=[[-1]])] == [("connections", 0, 0)]
    assert [place for place, _ in refused(Conv, kernel_size=[])] == [("kernel_size",)]


def test_message() -> None:
    with pytest.raises(BindError, match=r"kernel_size\[1\] must be an integer ≥ 1, not 0; stride must be"):
        bind(Conv, {"kernel_size": [3, 0], "stride": 0})


def test_some_of_the_values() -> None:
    assert refusals(Conv, {"stride": [1, 0]}) == [(("stride", 1), "must be an integer ≥ 1, not 0")]
    assert refusals(Conv, {"stride": 2}) == []


def test_fractions_are_numbers() -> None:
    assert bind(Dropout, {"p": Fraction(1, 4)}).p == 0.25  # type: ignore[attr-defined]


def test_masks_follow_from_the_declaration() -> None:
    """stride ≥ 1 and padding ≥ 0, integers both: refused are 0 and 3/2 of the one, -1 of the other."""
    strides, paddings = VariantFraction.of([0, 1, Fraction(3, 2), 2]), VariantFraction.of([1, -1, 1, 1])
    layer, masks = bind_variants(Conv, {"out_channels": 1, "kernel_size": 3, "stride": strides, "padding": [paddings, 0]})
    holds = [all(bool(mask if mask.ndim == 0 else mask[at]) for mask in masks) for at in range(4)]
    assert holds == [False, False, False, True]
    assert layer.padding[1] == 0  # type: ignore[attr-defined]


def test_what_is_no_count_cannot_vary() -> None:
    with pytest.raises(VariesError):
        bind_variants(Dropout, {"p": VariantFraction.of([Fraction(1, 2), Fraction(1, 4)])})


def test_a_number_that_varies_is_not_shown_as_its_stand_in() -> None:
    """Of [k, 0] over k = 3, 5 the 0 is refused; the message shows no value of k that nobody wrote."""
    with pytest.raises(BindError) as raised:
        bind_variants(Conv, {"out_channels": 2, "kernel_size": [VariantFraction.of([3, 5]), 1, 1, 1]})
    assert "[…, 1, 1, 1]" in str(raised.value)

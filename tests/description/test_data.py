"""Descriptions as Python values: what NumPy, tuples and changed models mean, and errors like those of a file."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

from archcalc import Description, DescriptionError, Entry, analyze, load

CONV: dict[str, Any] = {"op": "conv", "out_channels": 4, "kernel_size": 3}
NET: dict[str, Any] = {"archcalc": 1, "input": {"shape": [3, 8, 8]}, "layers": [CONV]}


def test_numpy_and_tuples_are_numbers_and_lists() -> None:
    entry = Entry(op="conv", out_channels=numpy.int64(4), kernel_size=numpy.array([3, 3]))
    model = Description(archcalc=1, input={"shape": numpy.array([3, 8, 8])}, layers=[entry])
    assert analyze(load(model)).output == analyze(load(NET)).output == (4, 6, 6)
    for shape in (numpy.array([3, 32, 32]), (numpy.int64(3), 32.0, 32), "3x32x32"):
        assert analyze(load(NET, input=shape)).output == (4, 30, 30)
    sized = NET | {"variables": {"k": 3}, "layers": [CONV | {"kernel_size": "k"}]}
    for size in (numpy.array([3, 3]), (3, 3), [3, 3]):
        assert analyze(load(sized, {"k": size})).output == (4, 6, 6)


def test_a_model_says_what_a_mapping_says() -> None:
    """A value that equals the default of a key, but is of another type, is not taken for it."""
    wrong = NET | {"layers": [{"op": "relu", "when": 1}]}
    messages = []
    for description in (wrong, Description.model_validate(wrong)):
        with pytest.raises(DescriptionError) as caught:
            load(description)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    assert "layers[0].when: error[ARC130]" in messages[0]


def test_a_model_that_was_changed_is_read_as_it_is_now() -> None:
    model = Description.model_validate(NET)
    model.layers.append({"op": "relu"})  # type: ignore[arg-type]  # what a caller may do
    assert [layer.op for layer in analyze(load(model)).layers] == ["conv", "relu"]
    model.layers.append("flatten")  # type: ignore[arg-type]
    with pytest.raises(DescriptionError, match=r"layers\[2\]: error\[ARC115\]"):
        load(model)


def test_an_element_that_cannot_be_read_is_one_error() -> None:
    with pytest.raises(DescriptionError) as caught:
        load(NET | {"layers": [CONV | {"kernel_size": [3, None]}]})
    assert [problem.code for problem in caught.value.problems] == ["ARC124"]


@pytest.mark.parametrize(("pool", "code"), [(8, "ARC135"), (True, "ARC135"), ([[0]], "ARC121"), ({"a": 1}, "ARC115")])
def test_an_id_that_is_no_text_is_refused(pool: Any, code: str) -> None:
    layers = [{"op": "max_pool", "kernel_size": 2}, {"op": "unpool", "pool": pool, "kernel_size": 2}]
    with pytest.raises(DescriptionError) as caught:
        load(NET | {"layers": layers})
    assert [problem.code for problem in caught.value.problems] == [code]


def test_an_id_of_digits_can_be_named() -> None:
    layers = [{"id": "8", "op": "max_pool", "kernel_size": 2}, {"op": "unpool", "pool": 8, "kernel_size": 2}]
    assert analyze(load(NET | {"layers": layers})).output == (3, 8, 8)

"""What a call sets: lists, words, patterns of frozen layers; and how little is done for them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from archcalc import DescriptionError, sweep
from archcalc.description.values import exact
from archcalc.graph import freezing
from tests.support import describe, errors_of, graph_of, report_of

CONV = describe([3, 16, 16], {"op": "conv", "out_channels": 2, "kernel_size": "k", "bias": "false"}, variables={"k": 3})


@pytest.mark.parametrize("k", [[1, 7], (1, 7)])
def test_a_list_is_a_value(k: Any) -> None:
    """2·3·1·7 = 42 weights in place of 2·3·3·3 = 54."""
    assert report_of(CONV, variables={"k": k}).totals.params == 42
    assert [row.params for row in sweep(CONV + "\n", {"k": [k, 3]}).rows] == [42, 54]


def test_floats_in_lists_are_exact() -> None:
    assert exact([0.1, (0.5, 3)]) == [Fraction(1, 10), [Fraction(1, 2), 3]]
    loop: list[Any] = []
    loop.append(loop)
    for wrong in ([None], [[[[1]]]], loop, [{}]):
        with pytest.raises(DescriptionError):
            exact(wrong)


def test_variables_of_lists_follow_each_other() -> None:
    """j = 2·k + 1 of [1, 3] is [3, 7], p its half: padding keeps 16×16; 2·3·3·7 = 126 weights."""
    text = describe(
        [3, 16, 16],
        {"op": "conv", "out_channels": 2, "kernel_size": "j", "padding": ["j2", "j3"], "bias": "false"},
        variables={"k": [1, 3], "j": "2*k + 1", "j2": 1, "j3": 3},
    )
    report = report_of(text)
    assert (report.totals.params, report.layers[0].output) == (126, (2, 16, 16))
    same = report_of(text.replace('["j2", "j3"]', '"(j - 1)//2"'))
    assert same.layers[0].output == (2, 16, 16)


# -- frozen ------------------------------------------------------------------------------------------------------------


def frozen(*patterns: str, copies: int = 12) -> list[str]:
    text = describe([4], {"id": "a", "op": "linear", "out_features": 4, "repeat": copies}, {"id": "ab", "op": "relu"})
    graph = graph_of(text, freeze=patterns)
    return [graph.nodes[index].id for index in sorted(graph.frozen)]


@pytest.mark.parametrize(
    ("patterns", "ids"),
    [
        (("a.1",), ["a.1"]),
        (("a.1", "a.1"), ["a.1"]),
        (("a",), [f"a.{copy}" for copy in range(1, 13)]),
        (("a.1*",), ["a.1", "a.10", "a.11", "a.12"]),
        (("a.?", "ab"), [*(f"a.{copy}" for copy in range(1, 10)), "ab"]),
        (("a.[12]",), ["a.1", "a.2"]),
        (("A.1*", "a.3"), None),
    ],
)
def test_patterns(patterns: tuple[str, ...], ids: list[str] | None) -> None:
    if ids is None:
        with pytest.raises(DescriptionError, match="no layer matches"):
            frozen(*patterns)
    else:
        assert frozen(*patterns) == ids


PARTS = describe(
    [4, 6, 6],
    {"id": "c", "op": "conv", "out_channels": 4, "kernel_size": 3},
    {"id": "n", "op": "batch_norm"},
    {"id": "r", "op": "relu"},
    {"id": "f", "op": "flatten"},
    {"id": "fc", "op": "linear", "out_features": 3},
)


@pytest.mark.parametrize(
    ("patterns", "frozen_numbers"),
    [
        (("fc.bias",), {"fc": 3}),
        (("*.bias",), {"c": 4, "n": 4, "fc": 3}),
        (("?.weight",), {"c": 144, "n": 4}),
        (("c.weight", "c.bias"), {"c": 148}),
        (("c.bias", "c"), {"c": 148}),
        (("*",), {"c": 148, "n": 8, "fc": 195}),
    ],
)
def test_parts_of_the_parameters(patterns: tuple[str, ...], frozen_numbers: dict[str, int]) -> None:
    # By hand: c 4·4·9 + 4, n 4 + 4, fc 3·64 + 3.
    report = report_of(PARTS, freeze=patterns)
    assert {layer.id: layer.frozen for layer in report.layers if layer.frozen} == frozen_numbers
    assert report.totals.trainable == 351 - sum(frozen_numbers.values())


@pytest.mark.parametrize("pattern", ["r.bias", "f?.bias.weight", "fc.biases", ".bias", "x.weight"])
def test_parts_that_no_layer_has(pattern: str) -> None:
    assert "error[ARC140] no layer matches" in errors_of(PARTS, freeze=(pattern,))


def test_a_layer_may_be_called_bias() -> None:
    inner = {"layers": [{"id": "bias", "op": "linear", "out_features": 2}, {"id": "fc", "op": "linear", "out_features": 2}]}
    text = describe([2], {"id": "b", "op": "box"}, blocks={"box": inner})
    frozen = {layer.id: layer.frozen for layer in report_of(text, freeze=("b.bias",)).layers}
    # The id is meant, and the biases of the block as well.
    assert frozen == {"b.bias": 6, "b.fc": 2}


def test_patterns_are_compared_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """An equal pattern is read once, one without signs is looked up; the others are refused before they are compared."""
    monkeypatch.setattr(freezing, "MAX_COMPARED", 200)
    assert frozen(*["a.*"] * 199)
    assert frozen(*(f"a.{copy}" for copy in range(1, 13)))
    monkeypatch.setattr(freezing, "_matching", lambda pattern, names: pytest.fail("compared"))
    with pytest.raises(DescriptionError, match="9 patterns"):
        frozen(*(f"a*{copy}" for copy in range(1, 10)))


def test_the_way_out_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unpooling of no pooling, 500 times: all poolings are listed once, not 500 times."""
    from archcalc.graph import references

    asked = []
    monkeypatch.setattr(references, "suggest", lambda name, known: asked.append(name) or "did you mean p?")
    text = describe(
        [4, 8, 8],
        {"id": "p", "op": "max_pool", "kernel_size": 2},
        {"id": "r", "op": "relu"},
        {"op": "unpool", "pool": "r", "repeat": 500},
    )
    assert "ARC141" in errors_of(text)
    assert asked == ["r"]

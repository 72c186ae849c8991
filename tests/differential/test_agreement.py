"""archcalc and PyTorch agree on random descriptions: on every number, and on what is refused.

python -m tests.differential --examples 50000 --seed 1      # far more of them
python -m tests.differential failing.yaml                   # one again, from what a failure printed
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archcalc.layers import kinds
from archcalc.reference.builders import builder
from tests.differential.agreement import LENIENT, STRICTER, MalformedError, disagreements
from tests.differential.descriptions import KINDS, NOT_RUN, descriptions
from tests.support import describe

EXAMPLES = 500


def test_random_descriptions() -> None:
    counts = {"compared": 0, "malformed": 0}

    @settings(max_examples=EXAMPLES)
    @given(descriptions())
    def holds(text: str) -> None:
        try:
            found = disagreements(text)
        except MalformedError:
            counts["malformed"] += 1
            return
        counts["compared"] += 1
        assert not found, "\n".join(
            [
                "archcalc and PyTorch differ; save the description and run python -m tests.differential FILE:",
                *found,
                text,
            ]
        )

    holds()
    assert counts["compared"] >= 0.8 * EXAMPLES, f"too few examples say anything: {counts}; repair the generator"


def test_every_kind_takes_part() -> None:
    assert set(KINDS) == set(kinds()) - NOT_RUN
    assert {op for op in kinds() if builder(op) is None} == NOT_RUN


SPEC = {
    "volume": ([3, 9, 9], {"op": "conv", "out_channels": 4, "kernel_size": 3}),
    "pool": ([3, 9, 9], {"op": "max_pool", "kernel_size": 3, "stride": 2}),
}


@pytest.mark.parametrize("name", SPEC)
def test_the_comparison_can_fail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a rule that is wrong by one, the oracle says so."""
    from archcalc.layers._window import Window

    shape, layer = SPEC[name]
    text = describe(shape, layer)
    assert not disagreements(text)
    right = Window.output
    monkeypatch.setattr(Window, "output", lambda self, x: right(self, x) + 1)
    assert disagreements(text)


def test_a_refusal_that_is_not_shared_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from archcalc.layers._base import Requirement
    from archcalc.layers.conv import Conv

    text = describe([3, 9, 9], {"op": "conv", "out_channels": 4, "kernel_size": 3})
    monkeypatch.setattr(Conv, "requirements", lambda self, x: [Requirement(1, "==", 2, "nothing is allowed")])
    assert "archcalc refuses conv1, PyTorch does not" in disagreements(text)[0]


def test_what_pytorch_refuses_alone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from archcalc.layers.conv import Conv

    text = describe([3, 9, 9], {"op": "conv", "out_channels": 4, "kernel_size": 3, "groups": 2})
    monkeypatch.setattr(Conv, "requirements", lambda self, x: [])
    assert "PyTorch does not" in disagreements(text)[0]


def of_several(*shapes: list[int], **layer: Any) -> str:
    """One layer that reads as many inputs."""
    inputs = {f"input{number}": {"shape": shape} for number, shape in enumerate(shapes)}
    return json.dumps({"archcalc": 1, "inputs": inputs, "layers": [{**layer, "inputs": [*inputs]}]})


# One description for each entry of the list, refused here and run there: an entry that is no longer true must go.
STRICT = {
    "all volumes must have the same number of axes": of_several([2, 2], [2, 2, 2], op="add"),
    "queries, keys and values must be three equal parts": describe([4, 4], {"op": "attention", "num_heads": 2}),
    "kv_channels is for one volume": of_several([4, 4], [4, 4], [4, 4], op="attention", num_heads=1, kv_channels=4),
    "is_causal cannot be combined with a window": describe(
        [12, 4, 4], {"op": "attention", "num_heads": 1, "window": 2, "is_causal": True}
    ),
    "shift must be smaller than the window": describe([12, 4, 4], {"op": "attention", "num_heads": 1, "window": 2, "shift": 2}),
    "a causal mask needs as many keys": of_several([4, 1], [4, 4], [4, 4], op="attention", num_heads=1, is_causal=True),
    "in windows queries and keys": of_several([4, 4, 4], [4, 8, 2], [4, 8, 2], op="attention", num_heads=1, window=2),
    "the input must be a vector": describe([4, 4, 4], {"op": "linear", "out_features": 2}),
    "one value for each spatial axis": describe([4, 4, 4], {"op": "conv", "out_channels": 2, "kernel_size": 1, "stride": [2]}),
    "padding must be at most half of kernel_size": describe(
        [4, 9, 9], {"op": "max_pool", "kernel_size": 2, "padding": [[2, 0], [0, 0]]}
    ),
    "(conv_transpose): output": describe(
        [2, 1, 2], {"op": "conv_transpose", "out_channels": 2, "kernel_size": 2, "stride": 3, "padding": 1, "dilation": [1, 2]}
    ),
    "out_channels must be the number of rows of connections": describe(
        [4, 9, 9], {"op": "conv", "kernel_size": 1, "out_channels": 3, "connections": [[0], [1]]}
    ),
    "connections cannot be combined with groups": describe(
        [4, 9, 9], {"op": "conv", "kernel_size": 1, "groups": 2, "connections": [[0], [1]]}
    ),
    "at least two values must be normalised together": describe([4], {"op": "group_norm", "num_groups": 4}),
    "reads 1 volume, needs 2": describe([4], {"op": "add"}),
    "its window is not that of": describe(
        [2, 8, 8], {"id": "p", "op": "max_pool", "kernel_size": 3, "stride": 2, "padding": 1}, {"op": "unpool", "pool": "p"}
    ),
}


def test_the_list_of_what_is_stricter_is_complete() -> None:
    assert set(STRICT) == set(STRICTER)


@pytest.mark.parametrize("part", STRICT)
def test_stricter_on_purpose(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not disagreements(STRICT[part])
    monkeypatch.delitem(STRICTER, part)
    assert "PyTorch does not" in disagreements(STRICT[part])[0], f"{part} is no longer stricter: take it off the list"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("smaller than kernel size", describe([1, 2, 4, 4], {"op": "avg_pool", "kernel_size": 3, "stride": 1, "padding": 1})),
        ("returns no indices", describe([4, 4, 4], {"op": "unpool", "pool": "input", "kernel_size": 1})),
    ],
)
def test_more_lenient_on_purpose(part: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not disagreements(text)
    monkeypatch.delitem(LENIENT, part)
    assert "PyTorch does not" in disagreements(text)[0]


# Values that a field does not take are refused before there is a layer; PyTorch refuses or misreads them too.
@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("conv", {"stride": 0}),
        ("conv", {"kernel_size": 0}),
        ("conv", {"dilation": 0}),
        ("conv", {"groups": 0}),
        ("conv", {"padding": -1}),
        ("conv", {"out_channels": -1}),
        ("conv_transpose", {"stride": 0}),
        ("max_pool", {"kernel_size": 0}),
        ("max_pool", {"stride": -1}),
        ("avg_pool", {"kernel_size": 0}),
        ("adaptive_avg_pool", {"output_size": -1}),
        ("upsample", {"scale_factor": 0}),
        ("adaptive_max_pool", {"output_size": -1}),
        ("group_norm", {"num_groups": 0}),
        ("prelu", {"num_parameters": -1}),
        ("linear", {"out_features": -1}),
    ],
)
def test_values_that_no_field_takes(op: str, fields: dict[str, int]) -> None:
    import torch

    from archcalc.layers._base import field_types
    from archcalc.reference.network import REFUSALS
    from tests.support import layer_of, refusals

    plain = {"out_channels": 2, "kernel_size": 2, "output_size": 2, "scale_factor": 2, "out_features": 2, "num_groups": 2}
    known = field_types(type(layer_of(op, {k: v for k, v in plain.items() if k in _fields(op)})))
    sound = {name: value for name, value in plain.items() if name in known}
    shape = [4] if op == "linear" else [4, 6, 6]
    assert refusals(op, [shape], {**sound, **fields})
    broken = layer_of(op, sound).replace(**fields)
    with pytest.raises((*REFUSALS, ZeroDivisionError)):
        builder(op).build(broken, tuple(shape))(torch.zeros(1, *shape))  # type: ignore[union-attr]


def _fields(op: str) -> set[str]:
    from archcalc.layers import find
    from archcalc.layers._base import field_types

    kind = find(op)
    assert kind is not None
    return set(field_types(kind))


@settings(max_examples=120)
@given(st.data())
def test_receptive_fields_of_random_networks(data: st.DataObject) -> None:
    """What the gradient of a unit reaches is its predicted box, clipped at the border."""
    from archcalc.analysis.loading import load_source
    from archcalc.analysis.report import analyze
    from archcalc.description.source import Source
    from archcalc.errors import ArchcalcError
    from archcalc.reference.network import RefusedError
    from archcalc.reference.receptive_field import measured_fields

    text = data.draw(descriptions())
    try:
        report = analyze(load_source(Source("generated.yaml", text)))
        for at, seen in measured_fields(report):
            for unit in seen:
                assert unit.agrees, f"{report.layers[at].id}: {unit}\n{text}"
    except RefusedError as error:
        assert any(part in str(error) for part in LENIENT), text
    except ArchcalcError:
        pass

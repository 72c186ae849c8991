"""A layer kind is a Pydantic type: made and checked by its constructor, part of other models, described by a schema."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from archcalc.arithmetic.term import Term
from archcalc.arithmetic.variants import VariantArray
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, Volume, field_metadata, field_of, field_types, required_fields
from archcalc.layers._fields import LabelFormat, Role, Symbol
from archcalc.layers.batch_norm import BatchNorm
from archcalc.layers.channel_shuffle import ChannelShuffle
from archcalc.layers.conv import Conv
from archcalc.layers.group_norm import GroupNorm
from archcalc.layers.max_pool import MaxPool
from archcalc.layers.multihead_attention import MultiheadAttention
from archcalc.layers.relu import Relu


def places(kind: type[Layer], **fields: Any) -> list[tuple[Any, ...]]:
    with pytest.raises(ValidationError) as refused:
        kind(**fields)
    return [error["loc"] for error in refused.value.errors()]


def test_tuples_and_lists_make_the_same_layer() -> None:
    layer = Conv(out_channels=3, kernel_size=(3, 5), padding=((1, 2), (0, 0)), connections=((0, 1), (2,)))
    same = Conv(out_channels=3, kernel_size=[3, 5], padding=[[1, 2], [0, 0]], connections=[[0, 1], [2]])
    assert layer == same
    assert hash(layer) == hash(same)
    assert (same.kernel_size, same.padding, same.connections) == ((3, 5), ((1, 2), (0, 0)), ((0, 1), (2,)))
    assert layer != Conv(out_channels=3, kernel_size=(3, 3))
    assert repr(Relu()) == "Relu()"
    assert repr(MaxPool(kernel_size=2)) == ("MaxPool(kernel_size=2, stride=None, padding=0, ceil_mode=False, dilation=1)")


def test_refused_at_the_field_and_the_element() -> None:
    assert places(Conv, out_channels=3, kernel_size=0)[0][0] == "kernel_size"
    (place,) = places(Conv, out_channels=3, kernel_size=[3, 0])
    assert (place[0], place[-1]) == ("kernel_size", 1)
    assert {one[0] for one in places(Conv, out_channels=0, stride=True, bias=1, wide=2)} == {
        "out_channels",
        "kernel_size",
        "stride",
        "bias",
        "wide",
    }


@pytest.mark.parametrize("value", [True, 1.0, "3", {3}, None, [], [1, 2, 3, 4], [[3]], [3.0], float("nan")])
def test_nothing_is_converted_to_an_integer(value: Any) -> None:
    assert places(Conv, out_channels=3, kernel_size=value)[0][0] == "kernel_size"


@pytest.mark.parametrize("value", [True, "0.1", [0.1], float("nan"), float("inf"), -1, 10**400])
def test_what_is_no_number(value: Any) -> None:
    assert places(BatchNorm, eps=value) == [("eps",)]


def test_frozen_and_closed() -> None:
    layer = Conv(out_channels=3, kernel_size=3)
    with pytest.raises(ValidationError, match="frozen"):
        layer.kernel_size = 5  # type: ignore[misc]
    with pytest.raises(ValidationError, match="wide"):
        Conv(out_channels=3, kernel_size=3, wide=1)  # type: ignore[call-arg]


def test_replace_takes_every_arithmetic_unchecked() -> None:
    layer = Conv(out_channels=3, kernel_size=3, groups=3)
    term, array = Term(0, "k"), VariantArray.of([1, -2])
    other = layer.replace(kernel_size=term, groups=array, out_channels=None)
    assert other.kernel_size is term
    assert other.groups is array
    assert other.out_channels is None
    assert (layer.kernel_size, layer.groups, layer.out_channels) == (3, 3, 3)
    assert type(other) is Conv


def test_replaced_values_are_what_the_rules_read() -> None:
    """3 filters over 2, 1 and 1 maps of 1×1 weights; then 2 filters over 2 maps each."""
    layer, x = Conv(kernel_size=1, bias=False, connections=[[0, 1], [0], [1]]), Volume((2, 4, 4))
    assert layer.weights(x) == 4
    other = layer.replace(connections=((0, 1), (0, 1)))
    assert (other.weights(x), other.output(x)) == (4, (2, 4, 4))
    assert layer.replace(connections=((0,),)).weights(x) == 1


def test_part_of_other_models() -> None:
    chain = TypeAdapter(list[Conv | Relu])
    made = chain.validate_python([{"out_channels": 8, "kernel_size": [3, 3]}, {}, Relu()])
    assert made == [Conv(out_channels=8, kernel_size=(3, 3)), Relu(), Relu()]
    assert chain.validate_json('[{"kernel_size": [1, 2], "out_channels": 8}]') == [Conv(out_channels=8, kernel_size=(1, 2))]
    with pytest.raises(ValidationError):
        chain.validate_python([{"out_channels": 8, "kernel_size": 0}])

    class Pair(BaseModel):
        first: Conv
        second: Relu

    pair = Pair(first=Conv(out_channels=1, kernel_size=1), second=Relu())
    assert Pair.model_validate(pair.model_dump()) == pair


@pytest.mark.needs("jsonschema")
@pytest.mark.parametrize("op", kinds())
def test_schema_of_a_kind(op: str) -> None:
    """It accepts the example and the defaults, names each field in words, and refuses what the kind does not have."""
    import jsonschema

    kind = find(op)
    assert kind is not None
    schema = kind.model_json_schema()
    assert set(schema["properties"]) == set(field_types(kind))
    assert set(schema.get("required", ())) == set(required_fields(kind))
    assert all(field["description"] for field in schema["properties"].values())
    jsonschema.validate(kind.example["fields"], schema)
    jsonschema.validate(kind(**kind.example["fields"]).model_dump(mode="json"), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**kind.example["fields"], "no_such_field": 1}, schema)


@pytest.mark.needs("jsonschema")
@pytest.mark.parametrize(
    "field",
    [
        {"kernel_size": 0},
        {"kernel_size": [3, 0]},
        {"kernel_size": "3"},
        {"groups": [1]},
        {"padding": "full"},
        {"padding": [[1, 2, 3]]},
        {"connections": [[]]},
        {"bias": 1},
    ],
)
def test_schema_refuses(field: dict[str, Any]) -> None:
    import jsonschema

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"out_channels": 3, "kernel_size": 3} | field, Conv.model_json_schema())


def test_symbols_are_declared_with_the_field() -> None:
    symbols = {name: (mark.letter, mark.unit, mark.implicit) for name, mark in field_metadata(Conv, Symbol).items()}
    assert symbols["kernel_size"] == ("k", "positions", None)
    assert symbols["groups"] == ("g", "groups", 1)
    assert "bias" not in symbols
    assert not field_metadata(BatchNorm, Symbol), "a rate is in no sum"
    symbolic = Conv(out_channels=3, kernel_size=(3, 5), padding=((1, 2), (0, 4))).symbolic(2)
    assert [term.name for term in symbolic.kernel_size] == ["k_h", "k_w"]  # type: ignore[union-attr]
    assert [[term.name for term in pair] for pair in symbolic.padding] == [["p_h1", "p_h2"], ["p_w1", "p_w2"]]  # type: ignore[union-attr]


def test_a_field_that_follows_another() -> None:
    """A pooling moves by its window unless its stride says otherwise."""
    assert MaxPool(kernel_size=(3, 2)).effective("stride") == (3, 2)
    assert MaxPool(kernel_size=3, stride=2).effective("stride") == 2
    assert MaxPool(kernel_size=3).output(Volume((1, 7, 7))) == (1, 2, 2)
    assert Conv(kernel_size=3).effective("out_channels") is None


def test_roles() -> None:
    layer = Conv(kernel_size=(3, 1), connections=[[0]])
    assert layer.role(Role.WINDOW) == (3, 1)
    assert layer.role(Role.GROUPS) == 1
    assert layer.role(Role.CONNECTIONS) == ((0,),)
    assert Relu().role(Role.WINDOW, 0) == 0
    assert Relu().role(Role.CONNECTIONS) is None
    assert field_of(MaxPool, Role.WINDOW) == "kernel_size"


@pytest.mark.parametrize(
    ("layer", "texts"),
    [
        (Conv(kernel_size=3), ["at stride 2"]),
        (Conv(kernel_size=3, stride=2, padding=1), ["at stride 1", "padding left out"]),
        (Conv(kernel_size=3, stride=(2, 2), padding="same"), ["at stride 1", "padding left out"]),
        (Conv(kernel_size=3, stride=(1, 2), padding=(0, 0)), ["at stride 1", "at stride 2"]),
        (Conv(kernel_size=3, stride=3, padding="valid"), ["at stride 1", "at stride 2"]),
        (MaxPool(kernel_size=3), ["sizes rounded up, not down"]),
        (MaxPool(kernel_size=3, stride=1, ceil_mode=True), ["at stride 2", "sizes rounded down, not up"]),
        (Relu(), []),
    ],
)
def test_rewrites(layer: Layer, texts: list[str]) -> None:
    """What a diagnosis takes a field for: nothing that comes to the same, and no stride that follows the window."""
    assert [rewrite.text for _, rewrite in layer.rewrites()] == texts


@pytest.mark.parametrize(
    ("layer", "axes", "text"),
    [
        (Conv(kernel_size=3), 2, " 3×3"),
        (Conv(kernel_size=(3, 1), stride=2), 2, " 3×1/2"),
        (Conv(kernel_size=1, stride=(1, 2), dilation=2, groups=32), 3, " 1×1×1/1×2, dilation 2, 32 groups"),
        (MaxPool(kernel_size=2), 1, " 2"),
        (MaxPool(kernel_size=2, stride=1), 2, " 2×2"),
        (MultiheadAttention(num_heads=1), 1, ", 1 head"),
        (MultiheadAttention(num_heads=12), 1, ", 12 heads"),
        (GroupNorm(num_groups=1), 2, ", 1 group"),
        (ChannelShuffle(groups=3), 2, ", 3 groups"),
    ],
)
def test_shown(layer: Layer, axes: int, text: str) -> None:
    shown = field_metadata(type(layer), LabelFormat).items()
    assert "".join(mark.text(getattr(layer, name), axes) for name, mark in shown) == text

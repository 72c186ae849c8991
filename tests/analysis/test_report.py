"""The Report: totals are sums of layers; freezing, shared weights, memory; the JSON contract."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from archcalc.analysis.layer_report import BYTES, SUMMED
from archcalc.analysis.loading import load
from archcalc.analysis.report import SCHEMA, analyze
from archcalc.errors import DescriptionError
from tests.analysis.test_zoo import network
from tests.networks import NETWORKS
from tests.support import describe, errors_of, report_of

LINEAR = {"op": "linear", "out_features": 4}


# -- totals -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_totals_are_sums(name: str) -> None:
    report = network(name)
    for quantity in SUMMED:
        assert getattr(report.totals, quantity) == sum(getattr(layer, quantity) for layer in report.layers), quantity
    totals = report.totals
    assert totals.params == totals.weights + totals.biases == totals.trainable + totals.frozen + totals.fixed
    assert totals.mult_adds == totals.tallies.get("multiply_adds", 0)


@pytest.mark.parametrize("name", NETWORKS)
def test_flops_are_two_for_a_multiply_add_and_one_for_the_rest(name: str) -> None:
    report = network(name)
    others = sum(count for tally, count in report.totals.tallies.items() if tally != "multiply_adds")
    assert report.totals.flops == 2 * report.totals.mult_adds + others


def test_a_name_that_is_no_total() -> None:
    with pytest.raises(AttributeError):
        _ = network("mlp").totals.no_such_total


def test_equal_layers_have_equal_signatures() -> None:
    report = report_of(
        describe(
            [4],
            {"id": "a", **LINEAR},
            {"id": "b", **LINEAR},
            {"id": "c", **LINEAR, "bias": False},
            {"id": "d", **LINEAR, "weights_of": "a"},
            frozen=["b"],
        )
    )
    a, b, c, d = (layer.signature for layer in report.layers)
    assert len({a, b, c, d}) == 4, "frozen, another field, and shared weights each make a difference"
    report = report_of(describe([4], {"id": "a", **LINEAR, "repeat": 3}))
    assert len({layer.signature for layer in report.layers}) == 1


def test_a_layer_that_is_not_there() -> None:
    with pytest.raises(DescriptionError, match="conv1_1"):
        network("vgg16").layer("conv1_l")


# -- memory -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "size"), [("float64", 8), ("float32", 4), ("float16", 2), ("bfloat16", 2), ("int8", 1)])
def test_bytes(dtype: str, size: int) -> None:
    """LeNet-5: 60,840 weights and 8,094 outputs."""
    totals = analyze(load("lenet5"), dtype=dtype).totals
    assert (totals.weight_bytes, totals.activation_bytes) == (60_840 * size, 8_094 * size)


def test_every_data_type_is_tested() -> None:
    assert set(BYTES) == {"float64", "float32", "float16", "bfloat16", "int8"}


def test_an_unknown_data_type() -> None:
    with pytest.raises(DescriptionError, match="float32"):
        analyze(load("lenet5"), dtype="float23")


def test_activations_in_place_and_not() -> None:
    """conv 1·6·6 = 36, relu over it, flatten a view of it, linear 4: 40, or with all of them 36 + 36 + 36 + 4 = 112."""
    text = describe([1, 8, 8], {"op": "conv", "out_channels": 1, "kernel_size": 3}, {"op": "relu"}, {"op": "flatten"}, LINEAR)
    assert report_of(text).totals.activations == 40
    from tests.support import graph_of

    assert analyze(graph_of(text), inplace=False).totals.activations == 112


# -- freezing ---------------------------------------------------------------------------------------------------------------

VGG_FROZEN = [  # pattern, what is left trainable; VGG16's convolutions have 14,714,688 parameters
    (("conv*",), 123_642_856),
    (("conv1_1",), 138_357_544 - 1_792),
    (("conv1_1", "conv1_2"), 138_357_544 - 38_720),
    (("conv[1-2]_*",), 138_357_544 - (1_792 + 36_928 + 73_856 + 147_584)),
    (("*",), 0),
    ((), 138_357_544),
]


@pytest.mark.parametrize(("patterns", "trainable"), VGG_FROZEN)
def test_freezing(patterns: tuple[str, ...], trainable: int) -> None:
    totals = analyze(load("vgg16", freeze=patterns)).totals
    assert (totals.trainable, totals.frozen) == (trainable, 138_357_544 - trainable)
    assert totals.params == 138_357_544, "freezing takes nothing away"


def test_freezing_a_block_freezes_what_is_in_it() -> None:
    whole = analyze(load("resnet18"))
    stage = sum(layer.params for layer in whole.layers if layer.path[0] == "conv2_x")
    assert analyze(load("resnet18", freeze=("conv2_x",))).totals.frozen == stage
    inner = analyze(load("resnet18", freeze=("conv2_x.first.*",)))
    assert inner.totals.frozen == sum(layer.params for layer in whole.layers if layer.id.startswith("conv2_x.first."))


def test_freezing_in_the_description_and_from_outside() -> None:
    text = describe([3], LINEAR | {"id": "a"}, LINEAR | {"id": "b"}, LINEAR | {"id": "c"}, frozen=["a"])
    assert report_of(text).totals.frozen == 16
    assert report_of(text, freeze=("b",)).totals.frozen == 16 + 20
    assert report_of(text, freeze=("a",)).totals.frozen == 16, "frozen twice is frozen once"


def test_fixed_weights_are_not_frozen() -> None:
    totals = analyze(load("lenet5", freeze=("OUTPUT", "F6"))).totals
    assert (totals.trainable, totals.frozen, totals.fixed) == (60_000 - 10_164, 10_164, 840)


def test_a_pattern_that_matches_nothing() -> None:
    text = describe([3], LINEAR | {"id": "classes"}, frozen=["clases"])
    message = errors_of(text)
    assert "ARC140" in message
    assert "did you mean classes" in message
    assert ":1:" in message, "the place in the file"
    with pytest.raises(DescriptionError, match="did you mean conv1"):
        load("alexnet", freeze=("conv_1",))


# -- shared weights ---------------------------------------------------------------------------------------------------------


def test_shared_weights_are_counted_once() -> None:
    """A Siamese pair: 8·4 + 4 = 36 parameters, used twice, with twice the multiply-adds."""
    text = """
        archcalc: 1
        inputs: {left: {shape: [8]}, right: {shape: [8]}}
        layers:
          - {id: a, op: linear, inputs: [left], out_features: 4}
          - {id: b, op: linear, inputs: [right], out_features: 4, weights_of: a}
          - {op: add, inputs: [a, b]}
    """
    report = report_of(text)
    assert (report.totals.params, report.totals.mult_adds, report.totals.neurons) == (36, 64, 8)
    assert (report.layer("b").params, report.layer("b").tied_to) == (0, "a")


@pytest.mark.parametrize(
    ("second", "fragment"),
    [
        ("{id: b, op: linear, out_features: 5, weights_of: a}", "a"),
        ("{id: b, op: relu, weights_of: a}", "a"),
        ("{id: b, op: linear, out_features: 4, weights_of: b}", "b"),
        ("{id: b, op: linear, out_features: 4, weights_of: nowhere}", "nowhere"),
    ],
)
def test_shared_weights_that_do_not_fit(second: str, fragment: str) -> None:
    """Weights of another kind or size, of the layer itself, or of no layer: nothing may silently count as 0."""
    message = errors_of(f"""
        archcalc: 1
        input: {{shape: [4]}}
        layers:
          - {{id: a, op: linear, out_features: 4}}
          - {second}
    """)
    assert "weights" in message or "there is no layer" in message
    assert fragment in message


# -- the JSON contract ------------------------------------------------------------------------------------------------------

LAYER_KEYS = {
    "id",
    "op",
    "path",
    "inputs",
    "output",
    "params",
    "active_params",
    "weights",
    "biases",
    "trainable",
    "frozen",
    "fixed",
    "buffers",
    "neurons",
    "connections",
    "mult_adds",
    "flops",
    "operations",
    "tallies",
    "weight_bytes",
    "activations",
    "activation_bytes",
    "receptive_field",
    "weights_of",
    "reads",
    "grades",
}


def types(value: Any) -> set[type]:
    """Every type inside plain data."""
    if isinstance(value, dict):
        return set().union(*map(types, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(types, value)) if value else set()
    return {type(value)}


@pytest.mark.parametrize("name", NETWORKS)
def test_contract(name: str) -> None:
    data = network(name).to_dict()
    assert data["schema"] == SCHEMA == 1, "whoever changes the contract counts its version up"
    assert {"name", "input", "variables", "convention", "layers", "totals", "depth", "findings"} <= set(data)
    assert data["depth"] == network(name).depth
    for layer in data["layers"]:
        assert set(layer) == LAYER_KEYS
        assert set(layer["receptive_field"]) - {"reason", "phases", "without_gates"} == {"size", "stride", "padding", "status"}
        assert ".".join(layer["path"]) == layer["id"]
    numbers = {key: value for key, value in data.items() if key != "variables"}  # a written 0.75 is exactly that
    assert types(numbers) <= {int, str, bool, type(None)}, "no float: counts are exact at any size"
    assert json.loads(json.dumps(data)) == data
    for quantity in set(data["totals"]) & LAYER_KEYS - {"tallies", "grades"}:
        assert data["totals"][quantity] == sum(layer[quantity] for layer in data["layers"])


def test_counts_are_exact_at_any_size() -> None:
    data = report_of(describe([10**20], {"op": "linear", "out_features": 10**20, "bias": False})).to_dict()
    assert data["totals"]["params"] == 10**40
    assert json.loads(json.dumps(data))["layers"][0]["mult_adds"] == 10**40


def test_fractions_stay_exact() -> None:
    data = analyze(load("mobilenet_v1", {"alpha": Fraction(3, 4)})).to_dict()
    assert data["variables"]["alpha"] == 0.75, "0.75 is exactly that"
    third = report_of(describe([3, 3], {"op": "flatten"}, variables={"a": "1/3"})).to_dict()
    assert third["variables"]["a"] == "1/3", "a third has no decimal: it stays what it is"
    up = report_of(describe([1, 3], {"op": "conv_transpose", "out_channels": 1, "kernel_size": 3, "stride": 2})).to_dict()
    assert up["layers"][0]["receptive_field"]["stride"] == ["1/2"]


def test_the_public_names() -> None:
    import archcalc

    for name in archcalc.__all__:
        assert getattr(archcalc, name), name
    with pytest.raises(AttributeError):
        _ = archcalc.no_such_name

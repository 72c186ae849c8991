"""Derivations: what is shown as the way to a number leads to that number, for every layer of the zoo."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc import analyze, load
from archcalc.analysis.derivation import derive, symbol_definitions
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.analysis.total_derivation import derive_totals
from archcalc.arithmetic.notation import LATEX
from archcalc.arithmetic.term import Term
from archcalc.errors import DescriptionError
from archcalc.layers import kinds
from tests import reread
from tests.analysis.test_zoo import network
from tests.networks import NETWORKS
from tests.support import describe, report_of

NUMBERS = {
    "params",
    "weights",
    "biases",
    "buffers",
    "neurons",
    "connections",
    "mult_adds",
    "activations",
    "weight_bytes",
    "activation_bytes",
    "flops",
    "operations",
}


def leaves(root: Term) -> dict[str, int]:
    """The symbols of a sum with their values; one symbol has one value."""
    found: dict[str, int] = {}
    stack = [root]
    while stack:
        term = stack.pop()
        stack += term.args
        if term.name:
            assert found.setdefault(term.name, term.value) == term.value, f"{term.name} has two values in {root}"
    return found


def check(report: Report, layer: LayerReport) -> None:
    derived: dict[str, int] = {}
    for one in derive(report, layer):
        assert (one.sum is None) == bool(one.sentence), f"{layer.id}: {one.quantity} has a sum or a sentence"
        if one.sum is None:
            continue
        where = f"{report.name}, {layer.id}: {one.label}"
        assert reread.value(one.sum.text()) == one.sum.value, where
        named = leaves(one.sum)
        assert reread.value(one.sum.text(names=True), named) == one.sum.value, where
        if not any(len(name.partition("_")[0]) > 1 for name in named):  # words are set as text, not as symbols
            assert reread.latex_value(one.sum.text(names=True, notation=LATEX), named) == one.sum.value, where
        if one.quantity in NUMBERS:
            assert one.sum.value == getattr(layer, one.quantity), where
            derived[one.quantity] = one.sum.value
        elif one.quantity in layer.tallies:
            assert one.sum.value == layer.tallies[one.quantity], where
            derived[one.quantity] = one.sum.value
        if one.quantity == "output":
            assert one.sum.value in layer.output, where
    for name in NUMBERS - {"operations"}:
        if getattr(layer, name):
            assert name in derived, f"{report.name}, {layer.id}: {name} is {getattr(layer, name)} and is not explained"
    assert set(layer.tallies) - {"multiply_adds"} <= set(derived), f"{layer.id}: a tally is not explained"


@pytest.mark.parametrize("name", NETWORKS)
def test_every_number_of_the_zoo_is_explained(name: str) -> None:
    report = network(name)
    seen: set[int] = set()
    for layer in report.layers:
        if id(layer.counts) not in seen:
            seen.add(id(layer.counts))
            check(report, layer)


@pytest.mark.parametrize("op", kinds())
def test_every_example_is_explained(op: str) -> None:
    from archcalc.layers import find
    from archcalc.views.kind_page import example

    kind = find(op)
    assert kind is not None
    check(*example(op, kind))


@pytest.mark.parametrize(
    ("name", "layer", "quantity", "text"),
    [
        ("lenet5", "C3", "params", "6·(5·5·3 + 1) + 9·(5·5·4 + 1) + 1·(5·5·6 + 1) = 1,516"),
        ("alexnet", "conv1", "output", "⌊(227 + 2·0 − (11 − 1) − 1) / 4⌋ + 1 = 55"),
        ("alexnet", "conv2", "params", "256·(5·5·(96 / 2) + 1) = 307,456"),
        ("vgg16", "fc6", "params", "4096·(25088 + 1) = 102,764,544"),
        ("vgg16", "conv5_3", "receptive_field", "164 + (3 − 1)·16 = 196"),
        ("unet", "up4.up", "output", "(28 − 1)·2 − 2·0 + (2 − 1) + 0 + 1 = 56"),
    ],
)
def test_as_the_textbook_writes_it(name: str, layer: str, quantity: str, text: str) -> None:
    report = network(name)
    found = [" = ".join(one.sum.steps()[1:]) for one in derive(report, report.layer(layer), quantity) if one.sum is not None]
    assert text in found, found


@pytest.mark.parametrize("name", ["lenet5", "vgg16", "mobilenet_v1", "mlp"])
def test_totals_are_explained(name: str) -> None:
    report = network(name)
    found = {one.quantity: one for one in derive_totals(report)}
    for quantity in ("params", "mult_adds", "flops", "neurons", "connections", "activations"):
        one = found[quantity]
        assert one.sum is not None
        assert one.sum.value == getattr(report.totals, quantity) == reread.value(one.sum.text())


def test_shared_and_missing_weights_are_told() -> None:
    report = report_of(
        describe(
            [4],
            {"id": "a", "op": "linear", "out_features": 4},
            {"id": "b", "op": "linear", "out_features": 4, "weights_of": "a"},
            {"op": "relu"},
        )
    )
    [one] = derive(report, report.layer("b"), "params")
    assert "a" in one.sentence
    [one] = derive(report, report.layer("relu1"), "params")
    assert one.sentence.startswith("0")


@pytest.mark.parametrize(
    ("alias", "quantity"),
    [
        ("macs", "mult_adds"),
        ("rf", "receptive_field"),
        ("shape", "output"),
        ("parameters", "params"),
        ("mult-adds", "mult_adds"),
    ],
)
def test_other_words(alias: str, quantity: str) -> None:
    report = network("lenet5")
    assert [one.quantity for one in derive(report, report.layer("C1"), alias)] == [
        one.quantity for one in derive(report, report.layer("C1"), quantity)
    ]


def test_a_quantity_that_is_not_there() -> None:
    with pytest.raises(DescriptionError, match="did you mean params"):
        derive(network("lenet5"), network("lenet5").layer("C1"), "parms")


def test_every_letter_has_a_meaning() -> None:
    report = network("alexnet")
    for layer in report.layers:
        sums = derive(report, layer)
        definitions = symbol_definitions(layer, sums)
        known = {letter.strip() for symbol in definitions for letter in symbol.letter.replace("×", ",").split(",")}
        for one in sums:
            if one.sum is not None and one.quantity in ("output", "params", "connections", "mult_adds"):
                assert set(leaves(one.sum)) <= known, f"{layer.id}, {one.label}: {set(leaves(one.sum)) - known}"


def test_all_copies_of_a_repeated_block_are_explained() -> None:
    (one,) = derive_totals(network("mobilenet_v1"), "params", "sep7_11")
    assert one.sum is not None
    assert one.sum.value == sum(layer.params for layer in network("mobilenet_v1").block("sep7_11"))
    assert one.sum.text(names=True) == "sep7_11.1 + sep7_11.2 + sep7_11.3 + sep7_11.4 + sep7_11.5"


def test_every_block_of_the_zoo_is_explained() -> None:
    """All ids of blocks, those of all copies of a repeated one among them: the sum is that over the layers inside."""
    blocks = [(network(name), block) for name in NETWORKS for block in network(name).graph.blocks]
    assert len(blocks) > 250
    for report, block in blocks:
        (derivation,) = derive_totals(report, "params", block)
        inside = [layer for layer in report.layers if layer.id.startswith(f"{block}.")]
        assert derivation.sum is None or derivation.sum.value == sum(layer.params for layer in inside) > 0, block


def test_every_repeated_layer_is_explained() -> None:
    layers = [{"id": "a", "op": "linear", "out_features": 4, "repeat": 3}, {"id": "b", "op": "relu", "repeat": 2}]
    report = report_of(describe([4], *layers))
    (total,) = derive_totals(report, "params", "a")
    assert total.sum is not None
    assert total.sum.text(names=True) == "a.1 + a.2 + a.3"
    assert total.sum.value == 3 * (4 * 4 + 4)
    assert derive_totals(report, "neurons", "b")[0].sentence == "0: no layer has any"


def test_depth_names_the_path() -> None:
    (one,) = derive_totals(network("lenet5"), "depth")
    assert (one.sentence, one.unit) == ("7: C1 → S2 → C3 → S4 → C5 → F6 → OUTPUT", "layers")
    (one,) = derive_totals(network("googlenet"), "depth", "inception_3a")
    assert one.sentence == "2: inception_3a.conv3x3_reduce → inception_3a.conv3x3"
    assert derive_totals(report_of(describe([3, 5, 5], {"op": "relu"})), "depth")[0].sentence == "0: no layer is counted"


def test_a_long_path_is_elided_in_the_middle() -> None:
    sentence = derive_totals(network("resnet152"), "depth")[0].sentence
    assert sentence.startswith("152: conv1 → conv2_x.first.conv1 → ")
    assert " → … 140 more … → " in sentence
    assert sentence.endswith(" → fc")
    assert sentence.count(" → ") == 12


def test_a_sum_over_many_layers_is_bounded() -> None:
    """A total of thousands of layers is not a line of thousands of terms."""
    report = report_of(describe([3], {"op": "linear", "out_features": 3, "repeat": 5_000}))
    for one in derive_totals(report):
        assert one.sum is None or len(one.sum.text()) < 5_000, one.quantity


def test_conventions_are_explained(capsys: Any) -> None:
    """Under `flops` the operations of F6 are 2·10,080 + 84."""
    report = analyze(load("lenet5"), "flops")
    [one] = derive(report, report.layer("F6"), "flops")
    assert one.sum is not None
    assert one.sum.text() == "2·10080 + 84"

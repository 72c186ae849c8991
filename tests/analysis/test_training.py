"""The cost of training against hand sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from archcalc.analysis.loading import load
from archcalc.analysis.report import analyze
from archcalc.analysis.training.cost import Plan, Training, derive_layer, derive_training
from archcalc.analysis.training.optimizers import OPTIMIZERS, optimizer
from archcalc.errors import DescriptionError
from tests.support import describe, report_of

MLP = describe(
    [784],
    {"id": "z2", "op": "linear", "out_features": 30},
    {"op": "sigmoid"},
    {"id": "z3", "op": "linear", "out_features": 10},
    {"op": "sigmoid"},
)


def plan(**given: object) -> Plan:
    return Plan(optimizer("sgd_momentum"), **given)  # type: ignore[arg-type]


def test_the_first_layer_takes_no_gradient_back() -> None:
    # BP4: 784·30 + 30·10 products a_k·δ_j; BP2 only from z3 to z2: 30·10.
    found = Training(report_of(MLP), plan())
    assert (found.forward, found.to_inputs, found.to_weights) == (23_820, 300, 23_820)


def test_alexnet_by_hand() -> None:
    # Forward: 105,415,200 + 223,948,800 + 149,520,384 + 112,140,288 + 74,760,192 + 37,748,736 + 16,777,216 + 4,096,000.
    found = Training(analyze(load("alexnet")), plan())
    assert found.forward == found.to_weights == 724_406_816
    assert found.to_inputs == 724_406_816 - 105_415_200
    assert int(found.iterations) == 9_375 * 90


def test_frozen_layers() -> None:
    report = report_of(describe([8], *({"id": name, "op": "linear", "out_features": 8} for name in "abc"), frozen=["a", "b"]))
    found = Training(report, plan())
    assert [(one.to_inputs, one.to_weights) for one in found.layers] == [(0, 0), (0, 0), (0, 64)]
    middle = report_of(describe([8], *({"id": name, "op": "linear", "out_features": 8} for name in "abc"), frozen=["b"]))
    assert [(one.to_inputs, one.to_weights) for one in Training(middle, plan()).layers] == [(0, 64), (64, 0), (64, 64)]


def test_weights_trained_elsewhere_are_trained_here() -> None:
    layers = ({"id": "a", "op": "linear", "out_features": 8}, {"id": "b", "op": "linear", "out_features": 8, "weights_of": "a"})
    found = Training(report_of(describe([8], *layers)), plan())
    assert [one.to_weights for one in found.layers] == [64, 64]
    assert int(found.state_bytes) == 4 * 72


@pytest.mark.parametrize(("drop_last", "iterations", "examples"), [(False, 3 * 4, 3 * 10), (True, 3 * 3, 3 * 9)])
def test_a_last_batch_that_is_not_full(drop_last: bool, iterations: int, examples: int) -> None:
    found = Training(report_of(MLP), plan(batch=3, dataset_size=10, epochs=3, drop_last=drop_last))
    assert (int(found.iterations), int(found.examples)) == (iterations, examples)
    assert int(found.mult_adds) == examples * (23_820 + 300 + 23_820)


@pytest.mark.parametrize(
    ("name", "state", "operations"),
    [
        ("sgd", 0, 2),
        ("sgd_momentum", 1, 6),
        ("adam", 2, 14),
    ],
)
def test_update_rules(name: str, state: int, operations: int) -> None:
    found = Training(report_of(MLP), Plan(optimizer(name), batch=10, dataset_size=100, epochs=2))
    params = 784 * 30 + 30 + 30 * 10 + 10
    assert int(found.update_operations) == 20 * params * operations
    assert int(found.state_bytes) == 4 * params * state


def test_days_and_utilisation_answer_each_other() -> None:
    report = analyze(load("alexnet"))
    peak = Fraction("1.581") * 10**12  # a GTX 580: 512 cores · 1.544 GHz · 2
    six = Training(report, plan(peak=peak, devices=2, days=Fraction(6)))
    assert six.utilisation is not None
    assert float(six.utilisation) == pytest.approx(0.2727, abs=1e-4)
    back = Training(report, plan(peak=peak, devices=2, utilisation=six.utilisation))
    assert back.days == 6


@pytest.mark.parametrize(
    ("given", "fragment"),
    [
        ({"batch": 11, "dataset_size": 10, "drop_last": True}, "10 examples are fewer than one batch of 11"),
        ({"days": Fraction(6)}, "the speed of a device"),
        ({"utilisation": Fraction(1, 2)}, "the speed of a device"),
        ({"peak": Fraction(1), "days": Fraction(6), "utilisation": Fraction(1, 2)}, "or the utilisation from days"),
    ],
)
def test_plans_that_cannot_be(given: dict[str, object], fragment: str) -> None:
    with pytest.raises(DescriptionError, match=fragment):
        Training(report_of(MLP), plan(**given))


def test_an_unknown_optimizer() -> None:
    with pytest.raises(DescriptionError, match="there is no optimizer sgdm"):
        optimizer("sgdm")
    assert all(one.source for one in OPTIMIZERS.values())


def test_derivations_have_their_sums() -> None:
    found = Training(report_of(MLP), plan(batch=128, dataset_size=1000, epochs=2))
    sums = {one.quantity: one.sum.steps() for one in derive_training(found) if one.sum is not None}
    assert sums["iterations"] == ["⌈N / B⌉·E", "⌈1000 / 128⌉·2", "16"]
    assert sums["mult_adds"][-1] == f"{1000 * 2 * 47_940:,}"
    layer = {one.quantity: one for one in derive_layer(found, found.report.layer("z2"))}
    assert layer["to_weights"].sum is not None
    assert int(layer["to_weights"].sum) == 784 * 30
    assert "no δ is needed" in layer["to_inputs"].sentence
    assert "no multiply-adds" in next(iter(derive_layer(found, found.report.layers[1]))).sentence


@pytest.mark.parametrize("option", ["--dataset-size", "--epochs", "--batch", "--devices", "--peak"])
def test_numbers_of_a_plan_are_bounded(option: str, run: Any) -> None:
    for digits in (31, 400, 4200):
        result = run("training", "mlp", option, "9" * digits)
        assert result.status == 2
        assert f"error[ARC517] {option[2:].replace('-', ' ')} is more than 10³⁰" in result.err
    assert run("training", "mlp", option, "9" * 30).status == 0


def test_a_bias_alone_takes_no_multiply_adds() -> None:
    # Three layers of 8·8 = 64. δ reaches b for the sake of its bias, which is a sum of δ; a has the bias of its own too.
    layers = ({"id": name, "op": "linear", "out_features": 8} for name in "abc")
    report = report_of(describe([8], *layers, frozen=["a.weight", "b.weight"]))
    found = Training(report, plan())
    assert [(one.to_inputs, one.to_weights) for one in found.layers] == [(0, 0), (64, 0), (64, 64)]
    assert report.totals.trainable == 8 + 8 + 72
    assert int(found.state_bytes) == 4 * 88


def test_shared_weights_of_two_kinds_are_trained_where_they_are_counted() -> None:
    conv = {"id": "a", "op": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1}
    back = {"id": "b", "op": "conv_transpose", "out_channels": 3, "kernel_size": 3, "padding": 1, "weights_of": "a"}
    trained = Training(report_of(describe([3, 8, 8], conv, back)), plan())
    assert [one.to_weights for one in trained.layers] == [64 * 108] * 2
    frozen = Training(report_of(describe([3, 8, 8], conv, back, frozen=["a.weight"])), plan())
    assert [one.to_weights for one in frozen.layers] == [0, 0]
    assert [one.biases_need for one in frozen.layers] == [True, True]

"""One training step: gradients by hand and by differences, the update rule, and what must not change."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from archcalc.analysis.loading import load
from archcalc.analysis.report import analyze
from archcalc.errors import DescriptionError
from archcalc.reference import training_step
from archcalc.reference.builders import builder
from archcalc.reference.check import Check, Options
from archcalc.reference.losses import cross_entropy, labels_for, loss, mse, numpy_gradient
from archcalc.reference.result import CheckResult
from tests.support import describe, graph_of

SMALL = describe(
    [2, 8, 8],
    {"id": "a", "op": "conv", "out_channels": 3, "kernel_size": 3},
    {"op": "tanh", "scaled": True},
    {"op": "subsample", "kernel_size": 2},
    {"op": "flatten"},
    {"op": "linear", "out_features": 4},
    frozen=["a"],
)


def learnt(text: str, loss_name: str = "cross_entropy", dtype: str = "float32") -> CheckResult:
    report = analyze(graph_of(text), dtype=dtype)
    return Check(report, Options(device="cpu", batch=3, train=True, repeats=0, loss=loss_name)).run()


@pytest.mark.parametrize("loss_name", ["mse", "cross_entropy"])
def test_the_lectures_network_by_hand(loss_name: str) -> None:
    report = analyze(load("mlp"))
    result = Check(report, Options(device="cpu", batch=4, train=True, repeats=0, loss=loss_name)).run()
    assert result.agrees
    assert [row.op for row in result.training_step] == [
        "v ← 0.9·v − 0.0005·ε·w − ε·g; w ← w + v",
        "BP1 to BP4 in NumPy",
        "finite differences in float64",
    ]
    # Backward, over 4 examples: BP4 784·30 + 30·10 and BP2 30·10.
    assert result.totals["mult_adds backward"].measured == 4 * (784 * 30 + 300 + 300)


def test_small_convolutional_networks_by_differences() -> None:
    for loss_name in ("mse", "cross_entropy"):
        result = learnt(SMALL, loss_name)
        assert result.agrees
        assert [row.op for row in result.training_step][-1] == "finite differences in float64"
        assert result.training_step[0].cells["frozen weights unchanged"].measured is True


def test_every_hand_worked_activation() -> None:
    layers: list[dict[str, Any]] = [{"op": "linear", "out_features": 7}]
    for op in ("relu", "tanh", "sigmoid", "softmax"):
        assert learnt(describe([5], *layers, {"op": op}, {"op": "linear", "out_features": 3}, {"op": "softmax"})).agrees
    assert learnt(describe([5], *layers, {"op": "tanh", "scaled": True}, {"op": "softmax", "beta": 2.0})).agrees


@pytest.mark.parametrize(
    ("where", "altered", "row"),
    [
        ("MOMENTUM", 0.8, "weights by the formula"),
        ("DECAY", 0.5, "weights by the formula"),
    ],
)
def test_another_update_rule_is_noticed(where: str, altered: float, row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = training_step.momentum_updates

    def wrong(weight: Any, gradient: Any) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(training_step, where, altered)
            right(weight, gradient)

    monkeypatch.setattr(training_step, "momentum_updates", wrong)
    assert not learnt(SMALL).training_step[0].cells[row].agrees


def test_a_wrong_equation_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lecture's own slip: (target − a) for (a − target)."""
    right = training_step.numpy_gradient
    monkeypatch.setattr(training_step, "numpy_gradient", lambda *given: -right(*given))
    result = learnt(describe([5], {"op": "linear", "out_features": 3}))
    assert not next(row for row in result.training_step if "BP1" in row.op).cells["agree to 1e-9"].agrees


def test_a_gradient_that_is_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = training_step._moved
    monkeypatch.setattr(training_step, "_moved", lambda *given: 1.01 * right(*given))
    result = learnt(SMALL)
    assert not next(row for row in result.training_step if "finite" in row.op).cells["agree to 1e-4"].agrees


def test_the_rule_by_hand() -> None:
    # w = 1, g = 2, ε = 0.01: v = −5·10⁻⁶ − 0.02; then v = 0.9·v − 5·10⁻⁶·w − 0.02.
    weight = torch.tensor([1.0], dtype=torch.float64)
    training_step.momentum_updates(weight, torch.tensor([2.0], dtype=torch.float64))
    v1 = -0.000005 - 0.02
    w1 = 1 + v1
    v2 = 0.9 * v1 - 0.000005 * w1 - 0.02
    assert weight.item() == pytest.approx(w1 + v2, rel=1e-14)


def test_losses_are_written_correctly() -> None:
    y, labels = torch.tensor([[0.25, 0.75], [0.5, 0.5]]), torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    # −(ln 0.75 + ln 0.5) / 2, positive, where the lecture's Σ L·log(y − L) takes the logarithm of negative numbers.
    assert cross_entropy(y, labels).item() == pytest.approx(-(math.log(0.75) + math.log(0.5)) / 2)
    assert mse(y, labels).item() == pytest.approx((0.0625 + 0.0625 + 0.25 + 0.25) / 4)
    # Scores go through softmax first.
    scores = torch.tensor([[1.0, 3.0]])
    assert cross_entropy(scores, torch.tensor([[0.0, 1.0]])).item() == pytest.approx(math.log(1 + math.exp(-2)))
    with pytest.raises(DescriptionError, match="there is no loss hinge"):
        loss("hinge")


@pytest.mark.parametrize("name", ["mse", "cross_entropy"])
def test_gradients_of_losses_by_hand(name: str) -> None:
    for y in (torch.rand(3, 4, dtype=torch.float64), torch.softmax(torch.rand(3, 4, dtype=torch.float64), 1)):
        y.requires_grad_()
        labels = labels_for(y)
        (gradient,) = torch.autograd.grad(loss(name)(y, labels), y)
        assert np.allclose(numpy_gradient(name, y.detach().numpy(), labels.numpy()), gradient.numpy(), rtol=1e-12)


def test_labels_are_one_class_for_each_position() -> None:
    labels = labels_for(torch.zeros(2, 5, 3, 3))
    assert labels.shape == (2, 5, 3, 3)
    assert torch.equal(labels.sum(1), torch.ones(2, 3, 3))


def test_large_networks_say_what_is_left_out() -> None:
    wide = describe([1500], {"op": "linear", "out_features": 1500})
    result = learnt(wide)
    assert result.agrees
    assert any("finite differences" in what for what in result.not_measured)


def test_kinds_worked_out_by_hand_have_all_that_is_asked_of_them() -> None:
    for op in ("linear", "flatten", "sigmoid", "relu", "tanh", "softmax"):
        form = builder(op).numpy_reference  # type: ignore[union-attr]
        assert {"forward", "backward"} <= set(dir(form))
        assert form.__doc__


EDGE = describe(
    [3, 16, 16],
    {"op": "conv", "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1, "bias": False},
    {"op": "batch_norm"},
    {"op": "relu"},
    {"op": "conv", "out_channels": 4, "groups": 4, "kernel_size": 3, "padding": 1, "bias": False},
    {"op": "batch_norm"},
    {"op": "relu"},
    {"op": "conv", "out_channels": 6, "kernel_size": 1},
    {"op": "batch_norm"},
    {"op": "relu"},
    {"op": "global_avg_pool"},
    {"op": "flatten"},
    {"op": "linear", "out_features": 3},
)
"""Where a patch of zeros meets a convolution without bias, the norm behind it has exactly its shift, which begins as 0."""
BLIND = describe(
    [2, 2, 2],
    {"op": "conv_transpose", "out_channels": 3, "kernel_size": 2, "dilation": 3, "bias": False},
    {"op": "leaky_relu"},
    {"op": "batch_norm"},
    {"op": "relu"},
)
"""Some units of the first layer see nothing."""


@pytest.mark.parametrize("text", [EDGE, BLIND], ids=["edge", "blind"])
@pytest.mark.parametrize("seed", range(12))
def test_units_at_a_kink_are_no_disagreement(text: str, seed: int) -> None:
    result = Check(analyze(graph_of(text)), Options(device="cpu", train=True, repeats=0, seed=seed)).run()
    assert result.agrees, [row.notes for row in result.differing]
    assert result.training_step[-1].op == "finite differences in float64"


@pytest.mark.parametrize("wrong", [1.001, 0.0, -1.0])
def test_a_gradient_behind_a_kink_that_is_wrong_is_still_noticed(wrong: float, monkeypatch: pytest.MonkeyPatch) -> None:
    right = training_step._gradients
    monkeypatch.setattr(
        training_step, "_gradients", lambda *args: {weights: wrong * found for weights, found in right(*args).items()}
    )
    assert not learnt(EDGE).agrees


def test_the_seed_seeds_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs, weights and labels differ from seed to seed, and are the same for the same one."""
    losses: list[float] = []
    right = training_step.Objective.value

    def value(self: Any, network: Any, inputs: Any) -> Any:
        losses.append(float(right(self, network, inputs).detach()))
        return right(self, network, inputs)

    monkeypatch.setattr(training_step.Objective, "value", value)
    found = []
    for seed in (0, 1, 0):
        losses.clear()
        assert Check(analyze(graph_of(SMALL)), Options(device="cpu", train=True, repeats=0, seed=seed)).run().agrees
        found.append([losses[0], losses[-1]])
    assert found[0] == found[2]
    assert found[0][0] != found[1][0]
    assert found[0][1] != found[1][1]
    y = torch.zeros(8, 5, 6)
    assert not torch.equal(labels_for(y, 0), labels_for(y, 1))


@pytest.mark.parametrize(
    "text",
    [
        describe([3, 4, 4], {"op": "relu"}, {"op": "max_pool", "kernel_size": 2}),
        describe([4], {"id": "a", "op": "linear", "out_features": 2}, {"op": "tanh"}, frozen=["a"]),
    ],
    ids=["without weights", "frozen"],
)
def test_nothing_to_train(text: str) -> None:
    result = learnt(text)
    assert result.agrees
    assert result.training_step == []
    assert "gradients and the update: no weight of this network is trained" in result.not_measured


def test_a_chain_of_which_a_part_is_frozen() -> None:
    """Its gradients in NumPy are compared where there are any."""
    result = learnt(
        describe(
            [4],
            {"id": "a", "op": "linear", "out_features": 3},
            {"op": "tanh"},
            {"op": "linear", "out_features": 2},
            frozen=["a"],
        )
    )
    assert result.agrees
    assert result.training_step[1].notes[0].endswith("over 2 parameter tensors")

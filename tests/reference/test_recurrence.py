"""Recurrent layers against PyTorch's own modules with the same weights, and their backward pass against its counter."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from archcalc.reference.builders import builder
from archcalc.reference.check import Check, Options
from tests.support import describe, layer_of, report_of

OWN = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
FIELDS = [
    {},
    {"num_layers": 3},
    {"bidirectional": True},
    {"num_layers": 2, "bidirectional": True},
    {"bias": False},
    {"bias": False, "num_layers": 2, "bidirectional": True},
]
ROWS = [(op, fields) for op in OWN for fields in FIELDS]
ROWS += [("lstm", {"proj_size": 2}), ("lstm", {"proj_size": 2, "num_layers": 2, "bidirectional": True})]
ROWS += [("rnn", {"nonlinearity": "relu", "num_layers": 2})]


def built(op: str, fields: dict[str, Any], shape: tuple[int, ...] = (5, 7)) -> nn.Module:
    module = builder(op).build(layer_of(op, {"hidden_size": 4, **fields}), shape)  # type: ignore[union-attr]
    return module.to(torch.float64)


@pytest.mark.parametrize(("op", "fields"), ROWS)
def test_outputs_are_those_of_pytorch(op: str, fields: dict[str, Any]) -> None:
    torch.manual_seed(0)
    module = built(op, fields)
    own = OWN[op](5, 4, batch_first=True, **fields).to(torch.float64)
    own.load_state_dict(module.state_dict())  # refused unless the names and the shapes are the same
    x = torch.randn(3, 5, 7, dtype=torch.float64)
    assert torch.allclose(module(x).transpose(1, 2), own(x.transpose(1, 2))[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("op", ["lstm", "rnn"])
def test_one_bias_is_the_sum_of_two(op: str) -> None:
    torch.manual_seed(0)
    one, two = built(op, {"num_biases": 1}), OWN[op](5, 4, batch_first=True).to(torch.float64)
    state = two.state_dict()
    state["bias_ih_l0"] = state["bias_ih_l0"] + state.pop("bias_hh_l0")
    one.load_state_dict(state)
    x = torch.randn(3, 5, 7, dtype=torch.float64)
    assert torch.allclose(one(x).transpose(1, 2), two(x.transpose(1, 2))[0], rtol=1e-12, atol=1e-12)


def test_one_bias_is_the_gru_of_cho() -> None:
    # Cho et al. 2014, §2.3: n = tanh(W·x + b + U·(r ⊙ h)); h ← z·h + (1 − z)·n, written for one unit and two steps.
    module = built("gru", {"hidden_size": 1, "num_biases": 1}, (1, 2))
    with torch.no_grad():
        for weight, values in zip(module.parameters(), ([0.5, -0.3, 0.8], [0.7, 0.2, -0.9], [0.1, -0.2, 0.3]), strict=True):
            weight.copy_(torch.tensor(values).view_as(weight))
    h, outputs = torch.tensor(0.0, dtype=torch.float64), []
    for x in (1.5, -2.0):
        r = torch.sigmoid(0.5 * x + 0.1 + 0.7 * h)
        z = torch.sigmoid(-0.3 * x - 0.2 + 0.2 * h)
        n = torch.tanh(0.8 * x + 0.3 - 0.9 * (r * h))
        h = (1 - z) * n + z * h
        outputs.append(float(h))
    y = module(torch.tensor([[[1.5, -2.0]]], dtype=torch.float64))
    assert y.flatten().tolist() == pytest.approx(outputs, rel=1e-6)  # the weights were set in single precision


BEFORE = {"id": "before", "op": "conv", "out_channels": 3, "kernel_size": 1}
LAYERS = [
    {"op": "lstm", "hidden_size": 4, "num_layers": 2},
    {"op": "lstm", "hidden_size": 4, "proj_size": 2, "num_layers": 3, "bidirectional": True},
    {"op": "gru", "hidden_size": 4},
    {"op": "gru", "hidden_size": 4, "num_layers": 2, "num_biases": 1},
    {"op": "gru", "hidden_size": 4, "bidirectional": True, "num_biases": 1, "bias": False},
    {"op": "rnn", "hidden_size": 4, "num_biases": 1, "nonlinearity": "relu"},
]


@pytest.mark.parametrize("frozen", [[], ["before"], ["l"], ["before", "l.weight"], ["l.bias"]], ids=str)
@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_check_agrees_forward_and_backward(device: str, layer: dict[str, Any], frozen: list[str]) -> None:
    """Where only the weights, only the inputs, or both have gradients."""
    text = describe([3, 5], BEFORE, {"id": "l", **layer}, {"op": "flatten"}, frozen=frozen)
    result = Check(report_of(text), Options(device=device, batch=2, train=True, repeats=0)).run()
    assert result.agrees, [(row.id, row.cells[name]) for row in result.differing for name in row.differing]
    assert result.totals["mult_adds backward"].agrees


def test_the_first_layer_of_a_network() -> None:
    """No gradient to the inputs: δ goes through the recurrence for the weights' sake, once more than the weights' products.

    By hand, LSTM of 4 on 3 inputs, 5 steps: weights 16·7 = 112, products of δ with inputs and states 5·112 = 560, δ from
    step to step 4·64 = 256.
    """
    text = describe([3, 5], {"op": "lstm", "hidden_size": 4}, {"op": "flatten"})
    result = Check(report_of(text), Options(device="cpu", train=True, repeats=0)).run()
    cells = result.rows[0].cells
    assert cells["mult_adds to inputs"].predicted == cells["mult_adds to inputs"].measured == 0
    assert cells["mult_adds to weights"].predicted == cells["mult_adds to weights"].measured == 816
    assert result.agrees


def test_a_language_model_of_two_layers() -> None:
    # 10,000 words, 2 layers of 200: 2·(800·400) + 2·1,600 = 643,200 of the LSTM, 482,400 of the GRU; PyTorch's modules have as many.
    for op, params, mult_adds in (("lstm", 643_200, 22_400_000), ("gru", 482_400, 16_800_000)):
        report = report_of(describe([200, 35], {"op": op, "hidden_size": 200, "num_layers": 2}))
        own = sum(weight.numel() for weight in OWN[op](200, 200, 2).parameters())
        assert report.totals.params == own == params
        assert report.totals.mult_adds == mult_adds
        assert Check(report, Options(device="meta", repeats=0)).run().agrees

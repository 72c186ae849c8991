"""The simple recurrent layer, step by step."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import linear

from archcalc.reference.builders._recurrence import Steps, Weights
from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""

    def step(weights: Weights, gates: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        sums = gates + linear(states[0], weights.state, weights.state_bias)
        return (sums.tanh() if layer.nonlinearity == "tanh" else sums.relu(),)

    return Steps(layer, x, step, gates=1)

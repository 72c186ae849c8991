"""Long short-term memory, step by step."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import linear

from archcalc.reference.builders._recurrence import Steps, Weights
from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Steps(layer, x, _step, gates=4, states=2, proj_size=layer.proj_size)


def _step(weights: Weights, gates: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    h, c = states
    i, f, g, o = (gates + linear(h, weights.state, weights.state_bias)).chunk(4, dim=1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    return (h if weights.projection is None else linear(h, weights.projection)), c

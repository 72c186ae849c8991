"""The gated recurrent unit, step by step."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from archcalc.reference.builders._recurrence import Steps, Weights
from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch, whose own form is that of two biases; with one, r acts before the matrix."""
    return Steps(layer, x, _reset_after if layer.num_biases == 2 else _reset_before, gates=3)


def _reset_after(weights: Weights, gates: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    (h,) = states
    (r, z, n), (r_h, z_h, n_h) = gates.chunk(3, dim=1), linear(h, weights.state, weights.state_bias).chunk(3, dim=1)
    return (_blend((z + z_h).sigmoid(), (n + (r + r_h).sigmoid() * n_h).tanh(), h),)


def _reset_before(weights: Weights, gates: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    (h,) = states
    size = 2 * h.shape[1]
    r, z = (gates[:, :size] + linear(h, weights.state[:size])).sigmoid().chunk(2, dim=1)
    return (_blend(z, (gates[:, size:] + linear(r * h, weights.state[size:])).tanh(), h),)


def _blend(z: Tensor, n: Tensor, h: Tensor) -> Tensor:
    return torch.add((1 - z) * n, z * h)

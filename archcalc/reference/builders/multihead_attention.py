"""Multi-head attention with its four projections."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._attention import attend, later
from archcalc.reference.builders._shared import NoCounterpartError, Shape


def build(layer: Any, *inputs: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` where PyTorch's arguments do not fit the inputs."""
    q, *others = inputs
    if len(others) not in (0, 2):
        raise NoCounterpartError("one volume, or queries, keys and values")
    k, v = others or (q, q)
    if layer.kdim not in (None, k[0]) or layer.vdim not in (None, v[0]):
        raise NoCounterpartError("kdim and vdim are the channels of keys and values")
    if q[0] % layer.num_heads:
        raise NoCounterpartError("embed_dim must be divisible by num_heads")
    return MultiheadAttention(layer, q[0], k[0], v[0])


class MultiheadAttention(nn.Module):
    """PyTorch's layer, whose own forward pass may take a path that its counter does not see."""

    def __init__(self, layer: Any, queries: int, keys: int, values: int) -> None:
        super().__init__()
        self.layer = layer
        self.q, self.k, self.v, self.out = (
            nn.Linear(channels, queries, bias=layer.bias) for channels in (queries, keys, values, queries)
        )

    def forward(self, *tensors: Tensor) -> Tensor:
        """The output for N×C×…."""
        q, k, v = tensors if len(tensors) == 3 else tensors * 3
        projected = [part(x.flatten(2).movedim(1, -1)).movedim(-1, 1) for part, x in ((self.q, q), (self.k, k), (self.v, v))]
        blocked = later(projected[0].shape[2], q.device) if self.layer.is_causal else None
        y = attend(projected[0], projected[1], projected[2], self.layer.num_heads, blocked)
        return self.out(y.movedim(1, -1)).movedim(-1, 1).unflatten(2, q.shape[2:])

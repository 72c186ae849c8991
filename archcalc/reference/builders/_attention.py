"""Scaled dot-product attention, computed eagerly, so that PyTorch's counter sees both of its products."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from archcalc.reference.builders._shared import NoCounterpartError


def attend(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    heads: int,
    blocked: Tensor | None = None,
    bias: Tensor | None = None,
    scale: Tensor | None = None,
) -> Tensor:
    """The output for queries N×C×L, keys and values N×C×M: in each head v·softmax(qᵀ·k/√d), with fewer heads of keys repeated.

    `blocked` is true where a query does not read a key, `bias` is added to the scores of each head. With a `scale` for each
    head the scores are the cosines of queries and keys times that. Raises `NoCounterpartError` where the heads do not divide
    the channels.
    """
    if q.shape[1] % heads or q.shape[1] % k.shape[1] or k.shape[1] * heads % q.shape[1]:
        raise NoCounterpartError("the heads do not divide the channels")
    width = q.shape[1] // heads
    shared = heads * width // k.shape[1]
    queries, keys, values = (
        x.unflatten(1, (count, -1)) for x, count in ((q, heads), (k, heads // shared), (v, heads // shared))
    )
    if scale is not None:
        queries, keys = functional.normalize(queries, dim=2), functional.normalize(keys, dim=2)
    if shared > 1:
        keys, values = keys.repeat_interleave(shared, dim=1), values.repeat_interleave(shared, dim=1)
    scores = queries.transpose(2, 3) @ keys * (width**-0.5 if scale is None else scale)
    if bias is not None:
        scores = scores + bias
    if blocked is not None:
        scores = scores.masked_fill(blocked, float("-inf"))
    return (values @ torch.softmax(scores, dim=-1).transpose(2, 3)).flatten(1, 2)


def later(positions: int, device: torch.device) -> Tensor:
    """Where a key comes after a query, L×L."""
    return torch.ones(positions, positions, dtype=torch.bool, device=device).triu(1)

"""PyTorch's flop counter, and what is put right in it."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from archcalc.reference.flop_count import counted_steps, counter
from archcalc.reference.network import Network
from tests.support import describe, graph_of


def weight_gradient(transposed: bool, mode: FlopCounterMode) -> int:
    """Multiply-adds of the gradient to the weights of a convolution in 4 groups."""
    kind = torch.nn.ConvTranspose2d if transposed else torch.nn.Conv2d
    conv = kind(8, 16, 3, padding=1, groups=4)
    y = conv(torch.zeros(1, 8, 5, 5))
    with mode:
        torch.autograd.grad(y.sum(), [conv.weight])
    return mode.get_total_flops() // 2


@pytest.mark.parametrize("transposed", [False, True])
def test_pytorch_counts_the_weights_gradient_of_groups_too_high(transposed: bool) -> None:
    # 25 places, 16 maps, 3·3 taps, 2 of 8 input maps in a group.
    true = 25 * 16 * 9 * 2
    assert weight_gradient(transposed, counter()) == true
    raw = weight_gradient(transposed, FlopCounterMode(display=False))
    assert raw == 4 * true, "PyTorch counts the groups right now: take the correction in measure.py away"


def test_each_gradient_is_counted_for_itself() -> None:
    net = Network(
        graph_of(
            describe(
                [4, 6, 6],
                {"id": "a", "op": "conv", "out_channels": 8, "kernel_size": 3},
                {"id": "b", "op": "conv", "out_channels": 2, "kernel_size": 1},
                {"id": "c", "op": "conv", "out_channels": 2, "kernel_size": 1},
                frozen=["b"],
            )
        )
    )
    counts = [counts for _, counts in counted_steps(net, net.example(), backward=True)]
    a, b = 16 * 8 * 36, 16 * 2 * 8
    assert counts[0] == (a, 0, a)  # the first layer's inputs take no gradient
    assert counts[1] == (b, b, 0)  # frozen weights take none
    assert counts[2] == (64, 64, 64)

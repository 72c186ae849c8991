"""Transposed convolution, padding modes and upsampling against PyTorch's own functions, and what their units read."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from archcalc.reference.builders import builder
from archcalc.reference.check import Check, Options
from tests.support import describe, layer_of, report_of


def built(op: str, fields: dict[str, Any], *shapes: tuple[int, ...]) -> nn.Module:
    return builder(op).build(layer_of(op, fields), *shapes).to(torch.float64)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kernel", "stride", "before"), [(3, 2, 0), (4, 2, 1), (5, 2, 1), (2, 2, 0), (2, 3, 0), (7, 3, 2), (3, 1, 1)]
)
def test_same_is_the_gradient_of_keras_convolution(kernel: int, stride: int, before: int) -> None:
    """Keras' transposed convolution is the gradient of its convolution: which pads stride·size positions by the smaller half before."""
    module = built("conv_transpose", {"out_channels": 2, "kernel_size": kernel, "stride": stride, "padding": "same"}, (3, 5))
    own = next(part for part in module.modules() if isinstance(part, nn.ConvTranspose1d))
    x = torch.randn(1, 3, 5, dtype=torch.float64)
    after = max(kernel - stride, 0) - before
    big = torch.zeros(1, 2, 5 * stride, dtype=torch.float64, requires_grad=True)
    forward = nn.functional.conv1d(nn.functional.pad(big, (before, after)), own.weight, stride=stride)
    assert forward.shape == x.shape
    (gradient,) = torch.autograd.grad(forward, big, x)
    assert torch.allclose(module(x), gradient + own.bias[:, None], rtol=1e-12, atol=1e-12)  # type: ignore[index]


def test_pairs_cut_what_even_padding_leaves() -> None:
    fields = {"out_channels": 1, "kernel_size": 5, "stride": 3, "bias": False}
    pairs = built("conv_transpose", {**fields, "padding": [[1, 2]], "output_padding": 1}, (1, 4))
    whole = next(part for part in pairs.modules() if isinstance(part, nn.ConvTranspose1d))
    x = torch.randn(1, 1, 4, dtype=torch.float64)
    full = nn.functional.conv_transpose1d(x, whole.weight, stride=3)
    assert torch.equal(pairs(x), full[..., 1 : full.shape[-1] - 2 + 1])


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", [1, [2, 1]])
def test_padding_modes_are_those_of_pytorch(mode: str, padding: Any) -> None:
    module = built("conv", {"out_channels": 4, "kernel_size": 3, "padding": padding, "padding_mode": mode}, (3, 6, 5))
    sides = padding if isinstance(padding, int) else tuple(padding)
    own = nn.Conv2d(3, 4, 3, padding=sides, padding_mode=mode).to(torch.float64)
    for mine, theirs in zip(module.parameters(), own.parameters(), strict=True):
        mine.data.copy_(theirs)
    x = torch.randn(2, 3, 6, 5, dtype=torch.float64)
    assert torch.allclose(module(x), own(x))


@pytest.mark.parametrize(("mode", "padding"), [("reflect", 4), ("circular", 5)])
def test_padding_that_pytorch_refuses(mode: str, padding: int) -> None:
    own = nn.Conv1d(1, 1, 3, padding=padding, padding_mode=mode)
    with pytest.raises((RuntimeError, AssertionError)):
        own(torch.zeros(1, 1, 4))
    assert nn.Conv1d(1, 1, 3, padding=padding - 1, padding_mode=mode)(torch.zeros(1, 1, 4)).shape[-1] > 0


LAYERS = [
    {"op": "conv_transpose", "out_channels": 2, "kernel_size": 4, "stride": 2, "padding": "same"},
    {"op": "conv_transpose", "out_channels": 2, "kernel_size": 2, "stride": 3, "padding": "same"},
    {
        "op": "conv_transpose",
        "out_channels": 2,
        "kernel_size": 5,
        "stride": 2,
        "padding": [[1, 2], [0, 3]],
        "output_padding": 1,
    },
    {"op": "conv", "out_channels": 2, "kernel_size": 3, "padding": "same", "padding_mode": "reflect"},
    {"op": "conv", "kernel_size": 3, "padding": 1, "padding_mode": "circular", "connections": [[0, 1], [2]]},
    {"op": "upsample", "scale_factor": 1.5},
    {"op": "upsample", "scale_factor": "7/4", "mode": "bilinear"},
    {"op": "upsample", "scale_factor": [0.6, 2], "mode": "bilinear"},
    {"op": "upsample", "scale_factor": 1.3, "mode": "bilinear", "align_corners": True},
    {"op": "upsample", "like": "input"},
    {"op": "upsample", "like": "input", "mode": "bilinear"},
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_check_agrees(layer: dict[str, Any]) -> None:
    """Every number, and the receptive fields by gradients."""
    text = describe([3, 11, 9], {"op": "conv", "out_channels": 3, "kernel_size": 3, "stride": 2}, layer)
    result = Check(report_of(text), Options(device="cpu", train=True, repeats=0)).run()
    assert "receptive field" in result.rows[1].cells
    assert result.agrees, [(row.id, row.cells[name]) for row in result.differing for name in row.differing]

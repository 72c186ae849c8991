"""A description as PyTorch modules, plain ones as a reader of the paper would write them; for measuring with tools."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report


def module_of(report: Report, softmax: bool = False) -> nn.Module:
    """The network of a report; without its softmax, as the tools' own examples have it."""
    return Network(report, softmax)


class Network(nn.Module):
    def __init__(self, report: Report, softmax: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_module(layer) for layer in report.layers)
        self.sources = [layer.node.sources for layer in report.layers]
        self.keep = [softmax or layer.op != "softmax" for layer in report.layers]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        values: list[torch.Tensor] = []
        for layer, sources, keep in zip(self.layers, self.sources, self.keep, strict=True):
            given = [x if at < 0 else values[at] for at in sources]
            values.append(layer(*given) if keep else given[0])
        return values[-1]


class Add(nn.Module):
    def forward(self, *x: torch.Tensor) -> torch.Tensor:
        total = x[0]
        for other in x[1:]:
            total = total + other  # as people write it; ptflops and calflops see torch.add only
        return total


class Multiply(nn.Module):
    def forward(self, *x: torch.Tensor) -> torch.Tensor:
        product = x[0]
        for other in x[1:]:
            product = product * other
        return product


class Narrow(nn.Module):
    def __init__(self, start: int, length: int) -> None:
        super().__init__()
        self.start, self.stop = start, start + length

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, self.start : self.stop]


class Concat(nn.Module):
    def forward(self, *x: torch.Tensor) -> torch.Tensor:
        return torch.cat(x, dim=1)


class ChannelsLast(nn.Module):
    """A norm over the channels of a map, as ConvNeXt writes it: brought to the end and back."""

    def __init__(self, norm: nn.Module) -> None:
        super().__init__()
        self.norm = norm

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def _module(layer: LayerReport) -> nn.Module:
    make = _MAKERS.get(layer.op)
    assert make is not None, f"no module for {layer.op}: choose another network, or write it here"
    return make(layer, layer.counts.layer, int(layer.counts.inputs[0].channels))


def _conv(layer: LayerReport, f: Any, channels: int) -> nn.Module:
    return nn.Conv2d(channels, f.maps, f.kernel_size, f.stride, f.padding, f.dilation, f.groups, f.bias)


def _conv_transpose(layer: LayerReport, f: Any, channels: int) -> nn.Module:
    return nn.ConvTranspose2d(
        channels, f.out_channels, f.kernel_size, f.stride, f.padding, f.output_padding, f.groups, f.bias, f.dilation
    )


def _over_axes(norm: Any) -> Any:
    """A norm over the channels of each position, or over all axes."""

    def make(layer: LayerReport, f: Any, channels: int) -> nn.Module:
        options = {"elementwise_affine": f.elementwise_affine} | ({"bias": f.bias} if hasattr(f, "bias") else {})
        if f.over == "all":
            return norm([*map(int, layer.counts.inputs[0])], **options)
        return ChannelsLast(norm(channels, **options))

    return make


_MAKERS: dict[str, Any] = {
    "conv": _conv,
    "conv_transpose": _conv_transpose,
    "linear": lambda layer, f, c: nn.Linear(c, f.out_features, f.bias),
    "batch_norm": lambda layer, f, c: nn.BatchNorm2d(c, affine=f.affine),
    "layer_norm": _over_axes(nn.LayerNorm),
    "rms_norm": _over_axes(nn.RMSNorm),
    "group_norm": lambda layer, f, c: nn.GroupNorm(f.num_groups, c, affine=f.affine),
    "instance_norm": lambda layer, f, c: nn.InstanceNorm2d(c, affine=f.affine),
    "gelu": lambda layer, f, c: nn.GELU(f.approximate),
    "silu": lambda layer, f, c: nn.SiLU(),
    "mish": lambda layer, f, c: nn.Mish(),
    "elu": lambda layer, f, c: nn.ELU(f.alpha),
    "selu": lambda layer, f, c: nn.SELU(),
    "softplus": lambda layer, f, c: nn.Softplus(f.beta, f.threshold),
    "hardswish": lambda layer, f, c: nn.Hardswish(),
    "hardsigmoid": lambda layer, f, c: nn.Hardsigmoid(),
    "relu6": lambda layer, f, c: nn.ReLU6(),
    "prelu": lambda layer, f, c: nn.PReLU(f.num_parameters),
    "glu": lambda layer, f, c: nn.GLU(dim=1),
    "log_softmax": lambda layer, f, c: nn.LogSoftmax(dim=1),
    "adaptive_max_pool": lambda layer, f, c: nn.AdaptiveMaxPool2d(f.output_size),
    "global_max_pool": lambda layer, f, c: nn.AdaptiveMaxPool2d(1),
    "max_pool": lambda layer, f, c: nn.MaxPool2d(f.kernel_size, f.stride, f.padding, f.dilation, ceil_mode=f.ceil_mode),
    "avg_pool": lambda layer, f, c: nn.AvgPool2d(f.kernel_size, f.stride, f.padding, f.ceil_mode),
    "global_avg_pool": lambda layer, f, c: nn.AdaptiveAvgPool2d(1),
    "adaptive_avg_pool": lambda layer, f, c: nn.AdaptiveAvgPool2d(f.output_size),
    "lrn": lambda layer, f, c: nn.LocalResponseNorm(f.size),
    "relu": lambda layer, f, c: nn.ReLU(),
    "leaky_relu": lambda layer, f, c: nn.LeakyReLU(0.01),
    "sigmoid": lambda layer, f, c: nn.Sigmoid(),
    "tanh": lambda layer, f, c: nn.Tanh(),
    "softmax": lambda layer, f, c: nn.Softmax(dim=1),
    "dropout": lambda layer, f, c: nn.Dropout(),
    "flatten": lambda layer, f, c: nn.Flatten(),
    "identity": lambda layer, f, c: nn.Identity(),
    "pad": lambda layer, f, c: nn.ZeroPad2d(f.padding),
    "pixel_shuffle": lambda layer, f, c: nn.PixelShuffle(f.upscale_factor),
    "pixel_unshuffle": lambda layer, f, c: nn.PixelUnshuffle(f.downscale_factor),
    "channel_shuffle": lambda layer, f, c: nn.ChannelShuffle(f.groups),
    "narrow": lambda layer, f, c: Narrow(f.start, f.length),
    "add": lambda layer, f, c: Add(),
    "multiply": lambda layer, f, c: Multiply(),
    "concat": lambda layer, f, c: Concat(),
    "upsample": lambda layer, f, c: nn.Upsample(
        scale_factor=f.scale_factor, mode=f.mode, align_corners=f.align_corners if f.mode == "bilinear" else None
    ),
}

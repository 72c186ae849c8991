"""Classes and functions that several builders share: PyTorch's classes by number of axes, and explicit padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from torch import Tensor, nn

Shape = Sequence[int]
Pads = list[tuple[int, int]]


class NoCounterpartError(ValueError):
    """PyTorch has no counterpart of the layer."""


class ShapeSource(NamedTuple):
    """A layer that another one names: its spatial sizes before and after it, and the indices that a pooling returns."""

    input: tuple[int, ...]
    output: tuple[int, ...]
    indices: Tensor | None


def family(name: str, axes: int) -> Any:
    """PyTorch's class over so many spatial axes: Conv, 2 → nn.Conv2d. Raises `NoCounterpartError` if there is none."""
    module = getattr(nn, f"{name}{axes}d", None)
    if module is None:
        raise NoCounterpartError(f"PyTorch has no {name} over {axes} spatial axes")
    return module


def per_axis(value: Any, axes: int) -> tuple[Any, ...]:
    """One value for each spatial axis. Raises `NoCounterpartError` if there are more or fewer."""
    values = value if isinstance(value, tuple) else (value,) * axes
    if len(values) != axes:
        raise NoCounterpartError(f"{len(values)} values for {axes} spatial axes")
    return values


def pads(padding: Any, x: Shape, kernel: Any, stride: Any, dilation: Any = 1) -> Pads:
    """Positions of padding before and after the map along each axis; `same` as in TensorFlow."""
    axes = len(x) - 1
    if padding == "valid":
        return [(0, 0)] * axes
    if padding == "same":
        fields = (per_axis(field, axes) for field in (kernel, stride, dilation))
        return [_same(*axis) for axis in zip(x[1:], *fields, strict=True)]
    return [pad if isinstance(pad, tuple) else (pad, pad) for pad in per_axis(padding, axes)]


def _same(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """One window begins in each stride of the map; an odd position is added after it."""
    windows = -(-size // stride)
    needed = (windows - 1) * stride + (kernel - 1) * dilation + 1
    short = max(needed - size, 0)
    return short // 2, short - short // 2


class Padded(nn.Module):
    """Explicit padding before a module that supports only even padding."""

    def __init__(self, around: Pads, inner: nn.Module, mode: str = "constant") -> None:
        super().__init__()
        self.around, self.mode = flat(around), mode
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        """The output of the module for x, N×C×H×W."""
        return self.inner(nn.functional.pad(x, self.around, self.mode))


def begun_inside(y: Tensor, x: Shape, around: Pads, stride: tuple[int, ...]) -> Tensor:
    """The output without windows that begin after the map, which PyTorch leaves out where it pads and rounds up."""
    for axis, (size, (before, _), step) in enumerate(zip(x, around, stride, strict=True), 2):
        y = y.narrow(axis, 0, min(y.shape[axis], -(-(size + before) // step)))
    return y


def flat(around: Pads) -> list[int]:
    """The padding in the order of `torch.nn.functional.pad`: the last axis first."""
    return [side for pair in reversed(around) for side in pair]


def evenly(around: Pads) -> tuple[int, ...] | None:
    """The padding along each axis if it is equal on both sides, as PyTorch's modules require; else None."""
    return tuple(before for before, _ in around) if all(before == after for before, after in around) else None


class Pointwise(nn.Module):
    """A function of the input tensors, without parameters."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, *tensors: Any) -> Tensor:
        return self.function(*tensors)


def aligned(*tensors: Tensor) -> list[Tensor]:
    """Tensors that PyTorch repeats over each other: vectors N×C as N×C×1×1 where others are maps."""
    axes = max(tensor.dim() for tensor in tensors)
    return [tensor.reshape(*tensor.shape, *(1,) * (axes - 2)) if tensor.dim() == 2 else tensor for tensor in tensors]


def summed(*tensors: Tensor) -> Tensor:
    """The sum of tensors, which are repeated over each other."""
    total, *others = aligned(*tensors)
    for tensor in others:
        total = total + tensor
    return total


class Positive(nn.Module):
    """The same geometry with equal positive weights, so small that sums over many layers remain within float64."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def reset_parameters(self) -> None:
        """Set the weights, as PyTorch's modules do."""
        for weight in self.module.parameters():
            nn.init.constant_(weight, weight[0].numel() ** -0.5)

    def forward(self, x: Tensor) -> Tensor:
        return self.module(x)

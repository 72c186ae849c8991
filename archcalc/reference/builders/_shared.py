"""What several builders need: PyTorch's families by the number of axes, explicit padding, and hand-worked layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from torch import Tensor, nn

Shape = Sequence[int]
Pads = list[tuple[int, int]]


class NoCounterpartError(ValueError):
    """PyTorch has nothing that does what the layer says."""


class Named(NamedTuple):
    """What is known of a layer that another one names: the spatial sizes in and out, and the places it remembers."""

    input: tuple[int, ...]
    output: tuple[int, ...]
    indices: Tensor | None


def family(name: str, axes: int) -> Any:
    """PyTorch's class of a family over so many spatial axes: Conv, 2 → nn.Conv2d."""
    found = getattr(nn, f"{name}{axes}d", None)
    if found is None:
        raise NoCounterpartError(f"PyTorch has no {name} over {axes} spatial axes")
    return found


def per_axis(value: Any, axes: int) -> tuple[Any, ...]:
    """One value for each spatial axis."""
    values = value if isinstance(value, tuple) else (value,) * axes
    if len(values) != axes:
        raise NoCounterpartError(f"{len(values)} values for {axes} spatial axes")
    return values


def pads(padding: Any, x: Shape, kernel: Any, stride: Any, dilation: Any = 1) -> Pads:
    """Positions before and behind the map along each axis; `same` as TensorFlow pads."""
    axes = len(x) - 1
    if padding == "valid":
        return [(0, 0)] * axes
    if padding == "same":
        fields = (per_axis(field, axes) for field in (kernel, stride, dilation))
        return [_same(*axis) for axis in zip(x[1:], *fields, strict=True)]
    return [one if isinstance(one, tuple) else (one, one) for one in per_axis(padding, axes)]


def _same(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """As many windows as strides begin in the map; the odd position goes behind it."""
    windows = -(-size // stride)
    needed = (windows - 1) * stride + (kernel - 1) * dilation + 1
    short = max(needed - size, 0)
    return short // 2, short - short // 2


class Padded(nn.Module):
    """Explicit padding before a module that pads only evenly."""

    def __init__(self, around: Pads, inner: nn.Module) -> None:
        super().__init__()
        self.around = flat(around)
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(nn.functional.pad(x, self.around))


def begun_inside(y: Tensor, x: Shape, around: Pads, stride: tuple[int, ...]) -> Tensor:
    """Without the windows that begin behind the map: what PyTorch leaves out where it pads and rounds up itself."""
    for axis, (size, (before, _), step) in enumerate(zip(x, around, stride, strict=True), 2):
        y = y.narrow(axis, 0, min(y.shape[axis], -(-(size + before) // step)))
    return y


def flat(around: Pads) -> list[int]:
    """Pads in the order of `torch.nn.functional.pad`: the last axis first."""
    return [side for pair in reversed(around) for side in pair]


def evenly(around: Pads) -> tuple[int, ...] | None:
    """The padding that a module of PyTorch can do itself: equal on both sides."""
    return tuple(before for before, _ in around) if all(before == after for before, after in around) else None


class Pointwise(nn.Module):
    """A function of the tensors that arrive, without parameters."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, *tensors: Any) -> Tensor:
        return self.function(*tensors)


def summed(*tensors: Tensor) -> Tensor:
    """The sum of all; how volumes meet as far as positions go."""
    whole = tensors[0]
    for other in tensors[1:]:
        whole = whole + other
    return whole


class Positive(nn.Module):
    """The same geometry with equal positive weights, of a size that keeps sums of many layers within float64."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def reset_parameters(self) -> None:
        for weight in self.module.parameters():
            nn.init.constant_(weight, weight[0].numel() ** -0.5)

    def forward(self, x: Tensor) -> Tensor:
        return self.module(x)

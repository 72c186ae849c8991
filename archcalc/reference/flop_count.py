"""Counts the multiply-adds of PyTorch, layer by layer, forward and backward, with its own flop counter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils import flop_counter

from archcalc.reference.network import ForwardStep, Network

BACKWARD = torch.ops.aten.convolution_backward


class Counts(NamedTuple):
    """Multiply-adds of a batch: forward, of the gradients to the inputs, of what the gradients to the weights need besides."""

    forward: int
    to_inputs: int = 0
    to_weights: int = 0


def convolution_backward(*arguments: Any, out_val: Any) -> int:
    """PyTorch's formula with the groups corrected.

    PyTorch 2.13 counts the gradient of a grouped convolution's weights as if every map were connected with every map,
    too many by the factor of the groups. A test fails when PyTorch fixes this.
    """
    formula: Any = flop_counter.conv_backward_flop
    *most, groups, (to_input, to_weight, _) = arguments
    inputs = formula(*most, groups, [to_input, False, False], out_val=out_val)
    weights = formula(*most, groups, [False, to_weight, False], out_val=out_val)
    return int(inputs + weights // groups)


convolution_backward._get_raw = True  # type: ignore[attr-defined]  # the formula reads the shapes of tensors itself


def counter() -> flop_counter.FlopCounterMode:
    """PyTorch's flop counter, corrected; a multiply-add is two of its flops."""
    return flop_counter.FlopCounterMode(display=False, custom_mapping={BACKWARD: convolution_backward})


def counted_steps(network: Network, inputs: list[Tensor], backward: bool = False) -> Iterator[tuple[ForwardStep, Counts]]:
    """Run a network and count each layer, with `backward` also the gradients of each layer by itself.

    A layer's inputs have a gradient if one of the layers before it is trained, as in a backward pass through all.
    """
    counts: list[Counts] = []

    def call(index: int, module: nn.Module, arguments: tuple[Any, ...]) -> Any:
        result, counted = (_both if backward else _forward)(module, arguments)
        counts.append(counted)
        return result

    steps = network.steps(inputs, call)
    del inputs  # a reference to a tensor keeps its memory allocated
    for step in steps:
        yield step, counts[-1]
        del step


def _forward(module: nn.Module, arguments: tuple[Any, ...]) -> tuple[Any, Counts]:
    with torch.no_grad(), counter() as forward:
        result = module(*arguments)
    return result, Counts(_halved(forward))


def _both(module: nn.Module, arguments: tuple[Any, ...]) -> tuple[Any, Counts]:
    leaves = [x.detach().requires_grad_(x.requires_grad) if isinstance(x, Tensor) else x for x in arguments]
    with torch.enable_grad(), counter() as forward:
        result = module(*leaves)
    y, *indices = result if isinstance(result, tuple) else (result,)
    inputs = [x for x in leaves if isinstance(x, Tensor) and x.requires_grad]
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    to_inputs = _gradient(y, inputs) if y.requires_grad else 0
    to_weights = _gradient(y, inputs + weights) - to_inputs if y.requires_grad and weights else 0
    y = y.detach().requires_grad_(y.requires_grad)
    return (y, *indices) if indices else y, Counts(_halved(forward), to_inputs, to_weights)


def _gradient(y: Tensor, sources: list[Any]) -> int:
    """Multiply-adds of the gradients of `y` with respect to some of its sources."""
    if not sources:
        return 0
    with counter() as backward:
        torch.autograd.grad(y, sources, torch.ones_like(y), retain_graph=True, allow_unused=True)
    return _halved(backward)


def _halved(counted: flop_counter.FlopCounterMode) -> int:
    return int(counted.get_total_flops()) // 2

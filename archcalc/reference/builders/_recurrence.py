"""Recurrent layers step by step, with the parameters of PyTorch's own modules: those are one operation, which its flop counter
takes for nothing on the processor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from archcalc.reference.builders._shared import NoCounterpartError, Shape

Cell = Callable[["Weights", Tensor, tuple[Tensor, ...]], tuple[Tensor, ...]]
"""One step: the weights, the input's part of the gates, and the states before; the first state is the output."""


class Weights(NamedTuple):
    """The parameters of one way of one layer; None where the layer has none."""

    input: Tensor
    state: Tensor
    input_bias: Tensor | None
    state_bias: Tensor | None
    projection: Tensor | None


class Steps(nn.Module):
    """A recurrent layer over N×C×L with a cell of so many gates and states. Raises `NoCounterpartError` for a map."""

    def __init__(self, layer: Any, x: Shape, cell: Cell, gates: int, states: int = 1, proj_size: int | None = None) -> None:
        super().__init__()
        if len(x) != 2:
            raise NoCounterpartError("a recurrent layer reads C×L")
        if layer.num_biases > 2 or (proj_size or 0) >= layer.hidden_size:
            raise NoCounterpartError("PyTorch has no more than two biases for each gate, and projects to fewer values")
        self.cell, self.hidden_size = cell, layer.hidden_size
        self.sizes = (proj_size or layer.hidden_size, *[layer.hidden_size] * (states - 1))
        ways = ["", "_reverse"] if layer.bidirectional else [""]
        self.names = [[f"_l{number}{way}" for way in ways] for number in range(layer.num_layers)]
        rows, size = gates * layer.hidden_size, x[0]
        for names in self.names:
            for name in names:
                shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, size), "weight_hh": (rows, self.sizes[0])}
                biases = ("bias_ih", "bias_hh")[: layer.num_biases] if layer.bias else ()
                shapes |= dict.fromkeys(biases, (rows,))
                shapes |= {"weight_hr": (proj_size, layer.hidden_size)} if proj_size else {}
                for what, shape in shapes.items():
                    self.register_parameter(what + name, nn.Parameter(torch.empty(shape)))
            size = self.sizes[0] * len(ways)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weights, as PyTorch's modules do."""
        for weight in self.parameters():
            nn.init.uniform_(weight, -(self.hidden_size**-0.5), self.hidden_size**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """The state of each step, N×C×L."""
        y = x.transpose(1, 2)
        for names in self.names:
            y = torch.cat([self._one_way(y, name) for name in names], dim=2)
        return y.transpose(1, 2)

    def _one_way(self, x: Tensor, name: str) -> Tensor:
        parts = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
        weights = Weights(*(getattr(self, part + name, None) for part in parts))
        steps = list(linear(x, weights.input, weights.input_bias).unbind(1))
        states = tuple(x.new_zeros(len(x), size) for size in self.sizes)
        outputs = []
        for gates in reversed(steps) if name.endswith("_reverse") else steps:
            states = self.cell(weights, gates, states)
            outputs.append(states[0])
        return torch.stack(outputs[::-1] if name.endswith("_reverse") else outputs, dim=1)

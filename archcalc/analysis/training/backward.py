"""The backward pass: which layers need which gradient, and the multiply-adds of each.

BP2 propagates δ of a layer to its inputs through its weights, BP4 multiplies δ by the layer's inputs: each multiply-add
of the forward pass is repeated once in either (Nielsen 2015, chapter 2, BP1 to BP4). Inside a layer of several products δ
is propagated too, once for both. A gradient to the inputs is needed only where an earlier layer is trained, a gradient to
the weights only where they are trained; that to a bias is a sum of δ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.arithmetic.term import Number
from archcalc.graph import PARTS
from archcalc.layers._base import Layer, Volume


@dataclass(frozen=True)
class Backward:
    """Multiply-adds of one example in one layer, and of what the gradients are computed: its inputs, weights, biases."""

    layer: LayerReport
    inputs: tuple[bool, ...]
    """Which of its inputs need a gradient."""
    weights_need: bool
    biases_need: bool

    @property
    def inputs_need(self) -> bool:
        """Whether the gradient to any of its inputs is computed."""
        return any(self.inputs)

    @property
    def forward(self) -> int:
        """Multiply-adds of the forward pass."""
        return self.layer.mult_adds

    @property
    def to_inputs(self) -> int:
        """Multiply-adds of the gradients to its inputs (BP2)."""
        return self._gradients[0]

    @property
    def to_weights(self) -> int:
        """Multiply-adds of the gradients to its weights (BP4)."""
        return self._gradients[1]

    @cached_property
    def _gradients(self) -> tuple[int, int]:
        counts = self.layer.counts
        to_inputs, to_weights = self.gradients(counts.layer, counts.output, *counts.inputs)
        return int(to_inputs), int(to_weights)

    def gradients(self, rule: Layer, y: Volume, *inputs: Volume) -> tuple[Number, Number]:
        """The multiply-adds of the gradients to the inputs and to the weights, in the arithmetic of the volumes."""
        if self.biases_need and not self.weights_need and not self.inputs_need:
            # What the gradients to inputs and weights both need, inside the layer, those to the biases need too.
            every = (True,) * len(self.inputs)
            alone, shared = (rule.gradient_multiply_adds(need, True, y, *inputs)[1] for need in (self.inputs, every))
            return 0, alone - shared
        return rule.gradient_multiply_adds(self.inputs, self.weights_need, y, *inputs)

    @property
    def backward(self) -> int:
        """Multiply-adds of all its gradients."""
        return self.to_inputs + self.to_weights

    @property
    def is_trained(self) -> bool:
        """Whether a gradient to its weights or biases is computed."""
        return self.weights_need or self.biases_need

    @property
    def output_needs(self) -> bool:
        """Whether the gradient to the layer's output is computed."""
        return self.inputs_need or self.is_trained


def backward_pass(report: Report) -> list[Backward]:
    """The backward pass of each layer, in the order of the graph."""
    layers: list[Backward] = []
    for index, node in enumerate(report.graph.nodes):
        inputs = tuple(source >= 0 and layers[source].output_needs for source in node.sources)
        trained = (_is_trained(report, index, part) for part in PARTS)
        layers.append(Backward(report.layers[index], inputs, *trained))
    return layers


def _is_trained(report: Report, index: int, part: str) -> bool:
    """Whether the weights or biases of a layer are trained, its own or those it shares."""
    return report.layers[report.graph.owner_of(index, part)].trains(part)

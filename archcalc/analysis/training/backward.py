"""The backward pass: which layers need which gradient, and the multiply-adds of each.

BP2 propagates δ of a layer to its inputs through its weights, BP4 multiplies δ by the layer's inputs: each multiply-add
of the forward pass is repeated once in either (Nielsen 2015, chapter 2, BP1 to BP4). A gradient to the inputs is needed
only where an earlier layer is trained, a gradient to the weights only where they are trained.
"""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report


@dataclass(frozen=True)
class Backward:
    """Multiply-adds of one example in one layer, and whether gradients to its inputs and its weights are computed."""

    layer: LayerReport
    inputs_need: bool
    weights_need: bool

    @property
    def forward(self) -> int:
        """Multiply-adds of the forward pass."""
        return self.layer.mult_adds

    @property
    def to_inputs(self) -> int:
        """Multiply-adds of the gradients to its inputs (BP2)."""
        return self.forward if self.inputs_need else 0

    @property
    def to_weights(self) -> int:
        """Multiply-adds of the gradients to its weights (BP4)."""
        return self.forward if self.weights_need else 0

    @property
    def backward(self) -> int:
        """Multiply-adds of all its gradients."""
        return self.to_inputs + self.to_weights

    @property
    def output_needs(self) -> bool:
        """Whether the gradient to the layer's output is computed."""
        return self.inputs_need or self.weights_need


def backward_pass(report: Report) -> list[Backward]:
    """The backward pass of each layer, in the order of the graph."""
    layers: list[Backward] = []
    for index, node in enumerate(report.graph.nodes):
        inputs_need = any(source >= 0 and layers[source].output_needs for source in node.sources)
        layers.append(Backward(report.layers[index], inputs_need, _is_trained(report, index)))
    return layers


def _is_trained(report: Report, index: int) -> bool:
    """Whether the weights of a layer are trained, its own or those it shares."""
    owner = report.graph.weight_owners[index]
    return owner is not None and report.layers[owner].trainable > 0

"""The backward pass: which layers need which gradient, and the multiply-adds of each.

BP2 propagates δ of a layer to its inputs through its weights, BP4 multiplies δ by the layer's inputs: each multiply-add
of the forward pass is repeated once in either (Nielsen 2015, chapter 2, BP1 to BP4). Inside a layer of several products δ
is propagated too, once for both. A gradient to the inputs is needed only where an earlier layer is trained, a gradient to
the weights only where they are trained.
"""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.arithmetic.term import Number
from archcalc.graph import owner_of
from archcalc.layers._gradients import Gradients


@dataclass(frozen=True)
class Backward:
    """Multiply-adds of one example in one layer, and of what the gradients are computed: its inputs, weights, biases."""

    layer: LayerReport
    inputs_need: bool
    weights_need: bool
    biases_need: bool

    @property
    def forward(self) -> int:
        """Multiply-adds of the forward pass."""
        return self.layer.mult_adds

    @property
    def to_inputs(self) -> int:
        """Multiply-adds of the gradients to its inputs (BP2)."""
        return int(self.cost_to_inputs(self.layer.counts.gradients)) if self.inputs_need else 0

    @property
    def to_weights(self) -> int:
        """Multiply-adds of the gradients to its weights (BP4)."""
        return int(self.cost_to_weights(self.layer.counts.gradients)) if self.is_trained else 0

    def cost_to_inputs(self, gradients: Gradients) -> Number:
        """The multiply-adds of the gradients to the inputs, with those inside the layer, where they are needed."""
        return gradients.within + gradients.to_inputs

    def cost_to_weights(self, gradients: Gradients) -> Number:
        """The multiply-adds of the gradients to weights and biases; those inside the layer only where the inputs need none.

        A gradient to a bias is a sum of δ.
        """
        within = 0 if self.inputs_need else gradients.within
        return within + gradients.to_weights if self.weights_need else within

    @property
    def backward(self) -> int:
        """Multiply-adds of all its gradients."""
        return self.to_inputs + self.to_weights

    @property
    def output_needs(self) -> bool:
        """Whether the gradient to the layer's output is computed."""
        return self.inputs_need or self.is_trained

    @property
    def is_trained(self) -> bool:
        """Whether a gradient to its weights or biases is computed."""
        return self.weights_need or self.biases_need


def backward_pass(report: Report) -> list[Backward]:
    """The backward pass of each layer, in the order of the graph."""
    layers: list[Backward] = []
    for index, node in enumerate(report.graph.nodes):
        inputs_need = any(source >= 0 and layers[source].output_needs for source in node.sources)
        trained = (_is_trained(report, index, part) for part in ("weights", "biases"))
        layers.append(Backward(report.layers[index], inputs_need, *trained))
    return layers


def _is_trained(report: Report, index: int, part: str) -> bool:
    """Whether the weights or biases of a layer are trained, its own or those it shares."""
    return report.layers[owner_of(report.graph.nodes, index, part)].trains(part)

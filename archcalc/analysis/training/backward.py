"""The backward pass on paper: which layers need which gradient, and the multiply-adds of each.

BP2 takes δ of a layer back to its inputs through its weights, BP4 multiplies δ with what the layer read: each weight
that met a value once in the forward pass meets a δ once in either (Nielsen 2015, chapter 2, BP1 to BP4). A gradient to
the inputs is needed only where a layer further down is trained, a gradient to the weights only where they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report


@dataclass(frozen=True)
class Backward:
    """Multiply-adds of one example in one layer, and which gradients its inputs and its weights get."""

    layer: LayerReport
    inputs_need: bool
    weights_need: bool

    @property
    def forward(self) -> int:
        return self.layer.mult_adds

    @property
    def to_inputs(self) -> int:
        """Of the gradients to its inputs (BP2)."""
        return self.forward if self.inputs_need else 0

    @property
    def to_weights(self) -> int:
        """Of the gradients to its weights (BP4)."""
        return self.forward if self.weights_need else 0

    @property
    def backward(self) -> int:
        return self.to_inputs + self.to_weights

    @property
    def output_needs(self) -> bool:
        """A gradient comes back through the layer's output."""
        return self.inputs_need or self.weights_need


def backward_pass(report: Report) -> list[Backward]:
    """What the backward pass does in each layer, in the order of the graph."""
    found: list[Backward] = []
    for at, node in enumerate(report.graph.nodes):
        inputs_need = any(source >= 0 and found[source].output_needs for source in node.sources)
        found.append(Backward(report.layers[at], inputs_need, _trained(report, at)))
    return found


def _trained(report: Report, at: int) -> bool:
    """The weights of a layer are trained, its own or those it shares."""
    while (owner := report.graph.nodes[at].tied_to) is not None:
        at = owner
    return report.layers[at].trainable > 0

"""`weights_of`: the weights that a layer uses must exist, and have the shape that it needs.

Layers of one kind share all they have, and must have as many biases and statistics. Layers of different kinds share the
weights alone: one tensor of the same sizes, in PyTorch's order, such as those of an embedding and of a dense layer.
"""

from __future__ import annotations

from itertools import chain

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.walker import Walker
from archcalc.arithmetic.term import product
from archcalc.graph import Node
from archcalc.layers._base import Requirement

MOST_TENSORS = 4
"""Weight tensors whose sizes are printed."""


def check_tied_weights(walker: Walker) -> None:
    """Report each layer whose weights cannot be those of the layer it names, and discard its counts."""
    nodes, counts, owners = walker.graph.nodes, walker.counts, walker.graph.owners["weights"]
    for index, node in enumerate(nodes):
        if node.tied_to is None:
            continue
        owner = owners[index]
        if owner is None:
            walker.problem(
                node,
                "ARC204",
                f"weights_of: {node.entry.weights_of} has no weights of its own to share",
                "name a layer that is not shared back",
                key="weights_of",
            )
            continue
        own, owner_counts = counts[index], counts[owner]
        if own is not None and owner_counts is not None and not _match(walker, index, owner):
            name = nodes[owner].id
            walker.problem(
                node,
                "ARC204",
                f"it cannot use the weights of {name}, which are others",
                f"{_weights_text(node, own)}; {name} has {_weights_text(nodes[owner], owner_counts)}",
                key="weights_of",
            )
            counts[index] = None


def _match(walker: Walker, index: int, owner: int) -> bool:
    """Whether a layer can use the weights of another one, and the biases and statistics of those of its own kind."""
    own, weights, biases = (walker.counts[i] for i in (index, owner, walker.graph.owner_of(index, "biases")))
    if own is None or weights is None or biases is None:  # a problem that is reported already
        return True
    shapes, other_shapes = (counts.layer.weight_shapes(*counts.inputs) for counts in (own, weights))
    if [*map(len, shapes)] != [*map(len, other_shapes)]:
        return False
    pairs = [*zip(chain(*shapes), chain(*other_shapes)), (own.biases, biases.biases), (own.buffers, biases.buffers)]
    if type(own.layer) is not type(weights.layer):  # only what is one tensor has the same order in all kinds
        pairs += [(len(shapes), 1), (len(shapes[0]) > 1, True), (own.buffers, weights.buffers)]
        pairs += [(int(own.layer.has_fixed_weights), int(weights.layer.has_fixed_weights))]
    return all(walker.is_satisfied(Requirement(a, "==", b, "")) for a, b in pairs)


def _weights_text(node: Node, counts: LayerCounts) -> str:
    shapes = [shape for shape in counts.layer.weight_shapes(*counts.inputs) if product(shape) or len(shape) == 1]
    text = " + ".join("×".join(map(str, shape)) for shape in shapes[:MOST_TENSORS])
    further = f" + {len(shapes) - MOST_TENSORS} more tensors of" if len(shapes) > MOST_TENSORS else ""
    return f"{node.entry.op} with {text or 0}{further} weights and {counts.biases} biases"

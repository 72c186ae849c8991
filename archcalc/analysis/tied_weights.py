"""`weights_of`: the weights that a layer uses must exist, be of its own kind, and have the shape that it needs."""

from __future__ import annotations

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.walker import Walker
from archcalc.graph import Node
from archcalc.layers._base import Requirement


def check_tied_weights(walker: Walker) -> None:
    """Report each layer whose weights cannot be those of the layer it names, and discard its counts."""
    nodes, counts, owners = walker.graph.nodes, walker.counts, walker.graph.weight_owners
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
        if own is not None and owner_counts is not None and not _match(walker, own, owner_counts):
            name = nodes[owner].id
            walker.problem(
                node,
                "ARC204",
                f"it cannot use the weights of {name}, which are others",
                f"{_weights_text(node, own)}; {name} has {_weights_text(nodes[owner], owner_counts)}",
                key="weights_of",
            )
            counts[index] = None


def _match(walker: Walker, own: LayerCounts, owner_counts: LayerCounts) -> bool:
    """Whether two layers are of one kind, with weights of the same shape, and as many biases and statistics."""
    shape, other_shape = (counts.layer.weight_shape(*counts.inputs) for counts in (own, owner_counts))
    if type(own.layer) is not type(owner_counts.layer) or len(shape) != len(other_shape):
        return False
    pairs = (*zip(shape, other_shape), (own.biases, owner_counts.biases), (own.buffers, owner_counts.buffers))
    return all(walker.is_satisfied(Requirement(a, "==", b, "")) for a, b in pairs)


def _weights_text(node: Node, counts: LayerCounts) -> str:
    shape = "×".join(map(str, counts.layer.weight_shape(*counts.inputs)))
    return f"{node.entry.op} with {shape} weights and {counts.biases} biases"

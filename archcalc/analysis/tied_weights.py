"""`weights_of`: what a layer shares must be there, of its own kind, and of the shape it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archcalc.analysis.counts import LayerCounts
from archcalc.arithmetic.term import ArithmeticNumber
from archcalc.graph import Graph, Node


def check_tied_weights(graph: Graph, counts: list[LayerCounts | None], problem: Callable[..., None], masks: list[Any]) -> None:
    """Report each layer whose weights cannot be those of the layer it names; of variants, add a mask."""
    for at, node in enumerate(graph.nodes):
        if node.tied_to is None:
            continue
        owner = _owner(graph.nodes, at)
        if owner is None:
            problem(
                node,
                "ARC204",
                f"weights_of: {node.entry.weights_of} has no weights of its own to share",
                "name a layer that is not shared back",
                key="weights_of",
            )
            continue
        mine, theirs = counts[at], counts[owner]
        if mine is not None and theirs is not None and not _alike(mine, theirs, masks):
            name = graph.nodes[owner].id
            problem(
                node,
                "ARC204",
                f"it cannot use the weights of {name}, which are others",
                f"{_needs(node, mine)}; {name} has {_needs(graph.nodes[owner], theirs)}",
                key="weights_of",
            )
            counts[at] = None


def _owner(nodes: list[Node], at: int) -> int | None:
    """The layer that the weights are counted at; None if none is reached, but the layer itself or an input."""
    seen = {at}
    owner = nodes[at].tied_to
    while owner is not None and owner >= 0 and owner not in seen:
        seen.add(owner)
        if nodes[owner].tied_to is None:
            return owner
        owner = nodes[owner].tied_to
    return None


def _alike(mine: LayerCounts, theirs: LayerCounts, masks: list[Any]) -> bool:
    """The same kind with weights of the same shape, and as many biases and statistics."""
    wants, has = (one.layer.weight_shape(*one.inputs) for one in (mine, theirs))
    if type(mine.layer) is not type(theirs.layer) or len(wants) != len(has):
        return False
    for own, other in (*zip(wants, has), (mine.biases, theirs.biases), (mine.buffers, theirs.buffers)):
        if isinstance(own, ArithmeticNumber) or isinstance(other, ArithmeticNumber):
            from archcalc.arithmetic.variants import as_variants

            masks.append(as_variants(own).compare("==", other))
        elif own != other:
            return False
    return True


def _needs(node: Node, counts: LayerCounts) -> str:
    shape = "×".join(map(str, counts.layer.weight_shape(*counts.inputs)))
    return f"{node.entry.op} with {shape} weights and {counts.biases} biases"

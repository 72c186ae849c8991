"""`weights_of`: what a layer shares must be there, of its own kind, and of the shape it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archcalc.analysis.figures import Figures
from archcalc.graph import Graph, Node
from archcalc.quantity import Quantity


def shared_weights(
    graph: Graph, figures: list[Figures | None], problem: Callable[..., None], masks: list[Any]
) -> None:
    """Report each layer whose weights cannot be those of the layer it names; of variants, add a mask."""
    for at, node in enumerate(graph.nodes):
        if node.shares is None:
            continue
        giver = _giver(graph.nodes, at)
        if giver is None:
            problem(node, "ARC204", f"weights_of: {node.entry.weights_of} has no weights of its own to share",
                    "name a layer that is not shared back", key="weights_of")
            continue
        mine, theirs = figures[at], figures[giver]
        if mine is not None and theirs is not None and not _alike(mine, theirs, masks):
            name = graph.nodes[giver].id
            problem(node, "ARC204", f"it cannot use the weights of {name}, which are others",
                    f"{_needs(node, mine)}; {name} has {_needs(graph.nodes[giver], theirs)}", key="weights_of")
            figures[at] = None


def _giver(nodes: list[Node], at: int) -> int | None:
    """The layer that the weights are counted at; None if none is reached, but the layer itself or an input."""
    seen = {at}
    giver = nodes[at].shares
    while giver is not None and giver >= 0 and giver not in seen:
        seen.add(giver)
        if nodes[giver].shares is None:
            return giver
        giver = nodes[giver].shares
    return None


def _alike(mine: Figures, theirs: Figures, masks: list[Any]) -> bool:
    """The same kind with weights of the same shape, and as many biases and statistics."""
    wants, has = (one.layer.weight_shape(*one.inputs) for one in (mine, theirs))
    if type(mine.layer) is not type(theirs.layer) or len(wants) != len(has):
        return False
    for own, other in (*zip(wants, has), (mine.biases, theirs.biases), (mine.buffers, theirs.buffers)):
        if isinstance(own, Quantity) or isinstance(other, Quantity):
            from archcalc.variants import many

            masks.append(many(own).compare("==", other))
        elif own != other:
            return False
    return True


def _needs(node: Node, figures: Figures) -> str:
    shape = "×".join(map(str, figures.layer.weight_shape(*figures.inputs)))
    return f"{node.entry.op} with {shape} weights and {figures.biases} biases"

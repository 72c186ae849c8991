"""Layers that name another one, to use its weights or to undo what it did: what must hold of the two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from archcalc.layers._base import Requirement, Volume

if TYPE_CHECKING:
    from archcalc.analysis.shapes import Figures
    from archcalc.graph import Node


def refuse_unlike(work: Any) -> None:
    """Find the layers of a walk whose weights are not like those they should share; they have no figures then."""
    for at, node in enumerate(work.graph.nodes):
        mine, theirs = work.figures[at], work.figures[node.shares] if node.shares is not None else None
        if mine is not None and theirs is not None and not all([work.holds(one) for one in _alike(mine, theirs)]):
            what = "its weights are not like those it should share"
            work.problem(node, "ARC204", what, _difference(mine, theirs), key="weights_of")
            work.figures[at] = None


def _alike(mine: Figures, theirs: Figures) -> Iterable[Requirement]:
    wants, has = (one.layer.weight_shape(*one.inputs) for one in (mine, theirs))
    yield Requirement(int(type(mine.layer) is type(theirs.layer)), "==", 1, "the kinds are the same")
    yield Requirement(len(wants), "==", len(has), "the weights have as many axes")
    for a, b in (*zip(wants, has), (mine.biases, theirs.biases), (mine.buffers, theirs.buffers)):
        yield Requirement(a, "==", b, "the weights have the same axes")


def _difference(mine: Figures, theirs: Figures) -> str:
    wants, has = ("×".join(map(str, one.layer.weight_shape(*one.inputs))) for one in (mine, theirs))
    return f"it needs {wants} weights and {mine.biases} biases; there are {has} and {theirs.biases}"


def undoes(work: Any, node: Node, x: Volume) -> bool:
    """What arrives at a layer that undoes another has the size which that one gave; else it is a problem."""
    for at, gives in node.models:
        given = work.figures[at].output if gives == "input" and at >= 0 else x
        if len(given) == len(x) and not all([work.holds(Requirement(a, "==", b, "")) for a, b in zip(given, x)][1:]):
            name = work.graph.nodes[at].id
            work.problem(node, "ARC205", f"undoes {name}, which gave {given}, but {x} arrives")
            return False
    return True

"""Layers that undo what another one did: what arrives must have the size which that one gave."""

from __future__ import annotations

from typing import Any

from archcalc.graph import Node
from archcalc.layers._base import Requirement, Volume


def undoes(work: Any, node: Node, x: Volume) -> bool:
    """The volume that arrives at a layer of a walk can be undone; else it is a problem."""
    for at, gives in node.models:
        given = work.figures[at].output if gives == "input" and at >= 0 else x
        if len(given) == len(x) and not all([work.holds(Requirement(a, "==", b, "")) for a, b in zip(given, x)][1:]):
            name = work.graph.nodes[at].id
            work.problem(node, "ARC205", f"undoes {name}, which gave {given}, but {x} arrives")
            return False
    return True

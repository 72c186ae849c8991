"""From a document to a graph: blocks are expanded, names resolved, and layers ordered so that each is after what it reads.

Fields that depend on the input volume (`in_channels`) are not evaluated here: the walk binds them.
"""

from archcalc.graph.nodes import PARTS, Graph, Group, Limits, Node, name_of
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.overrides import build_graph
from archcalc.graph.scope import Scope, misplaced, number_or_word

__all__ = [
    "PARTS",
    "Graph",
    "Group",
    "Limits",
    "Node",
    "OutputRef",
    "Scope",
    "build_graph",
    "misplaced",
    "name_of",
    "number_or_word",
]

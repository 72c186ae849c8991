"""Document to graph: blocks unfolded, names resolved, layers in an order in which each stands after what it reads.

Fields stay unresolved where they need the volume that arrives (`in_channels`); the walk binds them.
"""

from archcalc.graph.nodes import Graph, Group, Limits, Node, name_of
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.overrides import build_graph
from archcalc.graph.scope import Scope, number_or_word

__all__ = ["Graph", "Group", "Limits", "Node", "OutputRef", "Scope", "build_graph", "name_of", "number_or_word"]

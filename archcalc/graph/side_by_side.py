"""Copies of a block side by side: a mixture of experts.

The block is expanded once. Its layers stand for all copies (`Node.copies`), and a sum behind them adds up those that a
position uses, each times its weight from the router.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archcalc.description.document import Document, ParsedBlock, ParsedEntry
from archcalc.errors import Problems
from archcalc.graph.expansion import Expansion
from archcalc.graph.namespace import Namespace
from archcalc.graph.nodes import Group, Limits, Node
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.scope import Scope
from archcalc.graph.structure import count_out, report_unusable, structure
from archcalc.graph.unresolved import NodeSources


class ExpansionWithCopies(Expansion):
    """An expansion in which a use of a block may be several copies side by side."""

    def __init__(self, document: Document, variables: dict[str, Any], limits: Limits, problems: Problems) -> None:
        super().__init__(document, variables, limits, problems)
        self._sums: dict[tuple[int, int, int, str], ParsedEntry] = {}

    def check(self, entry: ParsedEntry, copies: int) -> None:
        for key in ("parallel", "active", "weights"):
            if getattr(entry, key) is not None and (entry.kind is not None or entry.parallel is None):
                needed = "is for uses of blocks" if entry.kind is not None else "needs parallel"
                out = "put the layer into a block" if entry.kind is not None else "write parallel: 8, active: 2"
                self.problem(entry, "ARC180", key, f"{entry.op}: {key} {needed}", out)
        super().check(entry, copies)

    def block(
        self,
        block: ParsedBlock,
        entry: ParsedEntry,
        group: Group,
        sources: tuple[OutputRef, ...],
        namespace: Namespace,
        scope: Scope,
        depth: int,
    ) -> OutputRef:
        if entry.parallel is None:
            return super().block(block, entry, group, sources, namespace, scope, depth)
        parallel, active = self.numbers_of_copies(entry, scope)
        begin = len(self.nodes)
        group = replace(group, parallel=parallel, active=active)
        output = super().block(block, entry, group, sources, namespace, scope, depth)
        return self.sum(entry, group, output, namespace) if len(self.nodes) > begin else output

    def numbers_of_copies(self, entry: ParsedEntry, scope: Scope) -> tuple[int, int]:
        """How many copies there are, and how many of them each position uses: all, if nothing else is written."""
        parallel = self.count(entry, "parallel", scope)
        active = parallel if entry.active is None else self.count(entry, "active", scope)
        if active > parallel:
            message = f"{entry.op}: active: {active:,} is more than parallel: {parallel:,}"
            self.problem(entry, "ARC180", "active", message, "a position uses some of the copies, or all")
        return parallel, min(active, parallel)

    def count(self, entry: ParsedEntry, key: str, scope: Scope) -> int:
        """The value of a key that is an integer ≥ 1; 1, with a problem, if it is none."""
        value = structure(self.problems, entry, key, getattr(entry, key), scope)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        report_unusable(self.problems, entry, key, value, "is an integer ≥ 1", count_out(value, f"{key}: 2"))
        return 1

    def sum(self, entry: ParsedEntry, group: Group, output: OutputRef, namespace: Namespace) -> OutputRef:
        """Add the sum of the copies, as a layer behind the block; returns its output."""
        router = (self.reference(entry.weights, entry, "weights", namespace),) if entry.weights else ()
        added = self.summing(entry, group, namespace)
        name = f"{group.name}.{added.id}"
        self.nodes.append(Node(added, f"{namespace.prefix}{name}", name, namespace.group, namespace.scope))
        self.node_sources.append(NodeSources((output, *router), [], None))
        self.bounds.count_edges(entry, 1 + len(router))
        output = namespace.namespaces[group.name].names[added.id] = OutputRef(len(self.nodes) - 1)
        return output

    def summing(self, entry: ParsedEntry, group: Group, namespace: Namespace) -> ParsedEntry:
        """The entry of the sum of the copies: the same one in each copy of a block, so that these are equal."""
        from archcalc.layers._side_by_side import Sum, WeightedSum

        taken = namespace.namespaces[group.name].names
        names = ("sum", *(f"sum{number}" for number in range(1, len(taken) + 1)))  # one more than there are
        name = next(name for name in names if name not in taken)
        key = id(entry), group.parallel, group.active, name
        if key not in self._sums:
            added = self._sums[key] = ParsedEntry(entry.source, entry.node)
            added.op, added.kind = ("weighted_sum", WeightedSum) if entry.weights else ("sum", Sum)
            added.nodes, added.id = entry.nodes, name
            added.layer = added.kind(active=group.active, copies=group.parallel)
        return self._sums[key]

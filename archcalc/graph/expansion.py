"""Expands blocks and repeats into a flat list of layers. What the layers read is resolved afterwards, by name."""

from __future__ import annotations

from functools import partial
from typing import Any

from archcalc.description.chosen import ChosenKinds
from archcalc.description.document import Document, ParsedBlock, ParsedEntry
from archcalc.description.operators import fixed
from archcalc.errors import Detail, Problems
from archcalc.graph.arguments import Arguments
from archcalc.graph.bounds import Bounds
from archcalc.graph.copies import COPY, CopyReaders, counts_copies
from archcalc.graph.least_layers import LeastLayers
from archcalc.graph.namespace import Namespace
from archcalc.graph.nodes import Group, Limits, Node
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.patterns import is_pattern, matching
from archcalc.graph.scope import Deferred, Scope, entry_problem
from archcalc.graph.structure import is_used, repeat_count
from archcalc.graph.unresolved import NodeSources, Reference, TiedBlock
from archcalc.layers._base import field_metadata
from archcalc.layers._fields import LayerReference

MAX_ID = 1_000
"""Characters in the names of the blocks around a layer, together."""


class Expansion:
    """The expansion of a document: its nodes, each with its unresolved sources, and the problems."""

    def __init__(self, document: Document, variables: dict[str, Any], limits: Limits, problems: Problems) -> None:
        self.document = document
        self.variables = variables
        self.bounds = Bounds(limits, problems)
        self.problems = problems
        self.nodes: list[Node] = []
        self.node_sources: list[NodeSources] = []
        """For each node what it reads."""
        self.references: list[Reference] = []
        self.dropped: dict[OutputRef, ParsedEntry] = {}
        self.unread: set[OutputRef] = set()
        """What only dropped layers read: it may lead nowhere, since nothing is computed of it."""
        self.tied_blocks: list[TiedBlock] = []
        self._arguments = Arguments(problems)
        self._chosen = ChosenKinds(problems)
        self._copy_readers = CopyReaders()
        self._least = LeastLayers(limits.entries)

    def run(self) -> None:
        """Expand the document; nothing happens if it has no inputs or no layers, which the reader has reported."""
        inputs = {name: OutputRef(-1 - index) for index, name in enumerate(self.document.inputs)}
        if inputs and self.document.layers:
            self.sequence(self.document.layers, Namespace(inputs, Scope({}, self.variables), None, ""), 0)

    # -- entries ----------------------------------------------------------------------------------------------------

    def sequence(self, entries: list[ParsedEntry], namespace: Namespace, depth: int) -> OutputRef:
        """Expand the layers of one level; returns its output."""
        last = namespace.previous
        for entry in entries:
            if not self.bounds.visit(entry):
                break
            if entry.is_open:
                entry = self._chosen.entry(entry, self.choice(entry, namespace.scope))
            copies = self.copies(entry, namespace.scope)
            self.check(entry, copies)
            if entry.id in namespace.names:
                self.taken(entry, entry.id)
            own = namespace.names[entry.id] = OutputRef()
            sources = self.sources(entry, namespace)
            count, visited = len(self.nodes), self.bounds.visited
            for copy in range(1, copies + 1):
                output = self.copy(entry, copy, sources, namespace, depth)
                if output is not None:
                    sources = (output, *sources[1:]) if sources else ()
                    own.target = output
                if copy == 1 and (copies == 1 or not self._copy_readers.is_reader(entry)):  # the others are equal
                    more = copies * (len(self.nodes) - count), copies * (self.bounds.visited - visited)
                    self.bounds.refuse_more(entry, count + more[0], visited + more[1])
                if self.bounds.stopped:
                    break
            if own.target is None:
                self.drop(entry, own, sources)
                self.unread.update(sources)
                continue
            if len(self.nodes) == count:  # a block in which every layer is dropped
                self.dropped.setdefault(own, entry)
            last, namespace.previous = own, namespace.previous if entry.reads_nothing else own
        return last

    def choice(self, entry: ParsedEntry, scope: Scope) -> Any:
        """What the argument or variable holds that is the `op` of an entry; None, with a problem, if it depends on a size."""
        value = scope.get(entry.op)
        if not isinstance(value, Deferred):
            return fixed(value)
        sentence = f"op: {entry.op} depends on a size (in_channels); structure cannot depend on it"
        self.problem(entry, "ARC131", "op", sentence)
        return None

    def copies(self, entry: ParsedEntry, scope: Scope) -> int:
        """How many copies of an entry are made: none if it is dropped; one, with a problem, if they are too many."""
        if not counts_copies(entry) and not is_used(self.problems, entry, scope):
            return 0
        count = repeat_count(self.problems, entry, scope)
        if entry.kind is not None and count > self.bounds.limits.layers - len(self.nodes):
            self.bounds.stop_at_layers(entry)
            return 1  # what is wrong with one is reported without making the others
        return count

    def copy(
        self, entry: ParsedEntry, copy: int, sources: tuple[OutputRef, ...], namespace: Namespace, depth: int
    ) -> OutputRef | None:
        """Expand one copy of an entry; returns its output, None if its number drops it."""
        if entry.repeat is None:
            return self.expand_entry(entry, entry.id, 0, sources, namespace, namespace.scope, depth)
        name, scope = entry.copy_name(copy), namespace.scope
        if name in namespace.names:
            self.taken(entry, name)
        if self._copy_readers.is_reader(entry):
            scope = Scope({**scope.values, COPY: copy}, scope.variables)
        if counts_copies(entry) and not (self.bounds.visit(entry) and is_used(self.problems, entry, scope)):
            namespace.names[name] = dropped = OutputRef()
            self.drop(entry, dropped, sources)
            return None
        namespace.names[name] = output = self.expand_entry(entry, name, copy, sources, namespace, scope, depth)
        return output

    def taken(self, entry: ParsedEntry, name: str) -> None:
        """Report a name that a layer above has: one of several copies that are counted, or an id that such a copy has."""
        self.problem(entry, "ARC116", "id", f"id {name} is there twice", "give each layer an id of its own")

    def check(self, entry: ParsedEntry, copies: int) -> None:
        """Report a layer or block that shares weights with itself, or all its copies with one of them."""
        if entry.weights_of and entry.is_own(entry.weights_of, copies):
            own = f"{entry.id} itself" if entry.counted is None else f"one of {entry.id}"
            out = "drop weights_of" if entry.repeat is None else f"write the first one by itself: {_first_and_others(entry)}"
            self.problem(entry, "ARC204", "weights_of", f"weights_of: {entry.weights_of} is {own}", out)
            entry.weights_of = None

    def drop(self, entry: ParsedEntry, own: OutputRef, sources: tuple[OutputRef, ...]) -> None:
        """A dropped layer is left out: the next one reads what precedes it, a layer that names it reads its input."""
        self.dropped[own] = entry
        if len(sources) == 1:
            own.target = sources[0]

    def sources(self, entry: ParsedEntry, namespace: Namespace) -> tuple[OutputRef, ...]:
        """What an entry reads: its `inputs`, or without them the output before it."""
        if not entry.inputs:
            return () if entry.reads_nothing else (namespace.previous,)
        sources: list[OutputRef] = []
        for name in entry.inputs:
            if is_pattern(name, namespace):
                sources += self.matching(name, entry, namespace)
            else:
                sources.append(self.reference(name, entry, "inputs", namespace))
        return tuple(sources) or (namespace.previous,)

    def matching(self, pattern: str, entry: ParsedEntry, namespace: Namespace) -> list[OutputRef]:
        """The layers above an entry that a pattern in its `inputs` stands for, without dropped ones; at least one."""
        own = namespace.names[entry.id]
        found = [
            one
            for one in matching(pattern, namespace, partial(self.bounds.compare, entry))
            if one is not own and one not in self.dropped
        ]
        if not found and not self.bounds.stopped:
            message = f"no layer above matches {pattern}"
            self.problem(entry, "ARC135", "inputs", message, "* stands for a part of one name: stage.*.conv1")
            found = [OutputRef()]
        return found

    def reference(self, name: str, entry: ParsedEntry, key: str, namespace: Namespace) -> OutputRef:
        """The output that a name stands for, to be resolved once all names are defined."""
        output_ref = OutputRef()
        self.references.append(Reference(output_ref, name, entry, key, namespace))
        return output_ref

    def problem(self, entry: ParsedEntry, code: str, key: str, message: str, *details: Detail) -> None:
        """Report a problem of an entry's key, or of the entry. A block that is used often repeats it: it is reported once."""
        entry_problem(self.problems, entry, code, key, message, *details)

    def expand_entry(
        self,
        entry: ParsedEntry,
        name: str,
        copy: int,
        sources: tuple[OutputRef, ...],
        namespace: Namespace,
        scope: Scope,
        depth: int,
    ) -> OutputRef:
        """Add one use of a layer or of a block; returns its output."""
        block = entry.blocks.get(entry.op) if entry.kind is None else None
        if block is not None:
            if not self.bounds.visit(entry):
                return sources[0]
            group = Group(name, block.name, namespace.group, entry, copy)
            return self.block(block, entry, group, sources, namespace, scope, depth)
        self.bounds.refuse_more(entry, len(self.nodes) + 1, self.bounds.visited)
        self.bounds.count_edges(entry, len(sources))
        shape_sources = [
            (self.reference(entry.fields[key], entry, key, namespace), reference.volume)
            for key, reference in (field_metadata(entry.kind, LayerReference).items() if entry.kind is not None else ())
            if isinstance(entry.fields.get(key), str)
        ]
        tied_to = self.reference(entry.weights_of, entry, "weights_of", namespace) if entry.weights_of else None
        self.nodes.append(Node(entry, namespace.prefix + name, name, namespace.group, scope))
        self.node_sources.append(NodeSources(sources, shape_sources, tied_to))
        return OutputRef(len(self.nodes) - 1)

    # -- blocks -----------------------------------------------------------------------------------------------------

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
        """Expand one use of a block; returns its output."""
        around = [outer.entry.blocks[outer.op] for outer in group.ancestors]
        if any(outer is block for outer in around):
            cycle = " → ".join([*(outer.name for outer in around[around.index(block) :]), block.name])
            self.bounds.stop(entry, f"block {block.name} contains itself: {cycle}")
        elif depth >= self.bounds.limits.nesting:
            self.bounds.stop(entry, f"blocks nest more than {self.bounds.limits.nesting} deep", "--max-nesting")
        least = self._least.of(block, self.bounds.limits.nesting)
        self.bounds.refuse_more(entry, len(self.nodes) + least.layers, self.bounds.visited + least.visited)
        if self.bounds.stopped:
            return sources[0]
        if len(sources) != len(block.inputs) and block.layers:
            message = f"block {block.name} reads {len(block.inputs)} ({', '.join(block.inputs)}), not {len(sources)}"
            self.problem(entry, "ARC133", "inputs", message)
            return sources[0]
        scope = self._arguments.scope(block, entry, sources[0], scope)
        prefix = f"{namespace.prefix}{group.name}."
        inner = Namespace(dict(zip(block.inputs, sources, strict=bool(block.layers))), scope, group, prefix)
        namespace.namespaces[group.name] = inner
        if len(prefix) > MAX_ID:
            self.bounds.stop(entry, f"the names of nested blocks are longer than {MAX_ID:,} characters in all")
        self.bounds.count_edges(entry, len(sources))
        begin, position = len(self.nodes), len(self.tied_blocks)
        output = self.sequence(block.layers, inner, depth + 1)
        if entry.weights_of:
            # Before those of blocks inside, which decide for their own layers.
            self.tied_blocks.insert(position, TiedBlock(range(begin, len(self.nodes)), prefix, entry, namespace))
        return output


def _first_and_others(entry: ParsedEntry) -> str:
    """How a repeated entry is written whose copies use the weights of the first one."""
    if entry.counted is not None:
        (prefix, first), last = entry.counted, entry.id.rpartition("..")[2]
        name, others = entry.copy_name(1), f"id: {prefix}{first + 1}..{last}, op: {entry.op}, …"
    else:
        rest = f"{entry.repeat - 1}" if isinstance(entry.repeat, int) else f"{entry.repeat} - 1"
        name, others = "first", f"op: {entry.op}, …, repeat: {rest}"
    return f"- {{id: {name}, op: {entry.op}, …}}, then - {{{others}, weights_of: {name}}}"

"""Expands blocks and repeats into a flat list of layers. What the layers read is resolved afterwards, by name."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from archcalc.description.document import REQUIRED, Document, ParsedBlock, ParsedEntry
from archcalc.description.model import Entry
from archcalc.description.operators import ExpressionError, fixed, value_text
from archcalc.description.values import Word, evaluated, has_expression, is_word
from archcalc.errors import Detail, Mark, Problems
from archcalc.graph.namespace import Namespace
from archcalc.graph.nodes import Group, Limits, Node
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.scope import Deferred, Scope, misplaced, report_no_value
from archcalc.layers._base import field_metadata
from archcalc.layers._fields import LayerReference
from archcalc.suggestions import clear_match, resembles, suggest

MAX_ID = 1_000
"""Characters in the names of the blocks around a layer, together."""


class Reference(NamedTuple):
    """A name in an entry's `key` that stands for an output; the layer with that name may be defined further down."""

    output_ref: OutputRef
    name: str
    entry: ParsedEntry
    key: str
    namespace: Namespace


class NodeSources(NamedTuple):
    """What one layer reads, as references that are not resolved yet."""

    sources: tuple[OutputRef, ...]
    shape_sources: list[tuple[OutputRef, str]]
    tied_to: OutputRef | None


class TiedBlock(NamedTuple):
    """A use of a block with `weights_of`: the layers inside, the prefix of their ids, and where the name is looked up."""

    layers: range
    prefix: str
    entry: ParsedEntry
    namespace: Namespace


class Expansion:
    """The expansion of a document: its nodes, each with its unresolved sources, and the problems."""

    def __init__(self, document: Document, variables: dict[str, Any], limits: Limits, problems: Problems) -> None:
        self.document = document
        self.variables = variables
        self.limits = limits
        self.problems = problems
        self.nodes: list[Node] = []
        self.node_sources: list[NodeSources] = []
        """For each node what it reads."""
        self.references: list[Reference] = []
        self.dropped: dict[OutputRef, ParsedEntry] = {}
        self.tied_blocks: list[TiedBlock] = []
        self._scopes: dict[tuple[int, int], tuple[Scope, Scope]] = {}
        """The scopes inside blocks, by the entry and the scope around it, which is stored too, so that its id is not reused."""
        self._edges = 0
        self._visited = 0
        self._stopped = False

    def run(self) -> None:
        """Expand the document; nothing happens if it has no inputs or no layers, which the reader has reported."""
        inputs = {name: OutputRef(-1 - index) for index, name in enumerate(self.document.inputs)}
        if inputs and self.document.layers:
            self.sequence(self.document.layers, Namespace(inputs, Scope(self.variables), None, ""), 0)

    # -- entries ----------------------------------------------------------------------------------------------------

    def sequence(self, entries: list[ParsedEntry], namespace: Namespace, depth: int) -> OutputRef:
        """Expand the layers of one level; returns its output."""
        for entry in entries:
            if not self.visit(entry):
                break
            self.refuse_own_weights(entry)
            own = namespace.names.setdefault(entry.id, OutputRef())
            sources = self.sources(entry, namespace)
            repeat_count = self.repeat_count(entry, namespace.scope)
            if repeat_count == 0:
                self.drop(entry, own, sources)
                continue
            count = len(self.nodes)
            for copy in range(1, repeat_count + 1):
                name = entry.id if entry.repeat is None else f"{entry.id}.{copy}"
                output = self.expand_entry(entry, name, copy if entry.repeat is not None else 0, sources, namespace, depth)
                if entry.repeat is not None:
                    namespace.names[name] = output
                sources = (output, *sources[1:])
                own.target = output
                if copy == 1 and (len(self.nodes) - count) * repeat_count > self.limits.layers - count:
                    # All copies have as many layers: what is wrong with one is reported without making the others.
                    self.stop(entry, f"the network has more than {self.limits.layers:,} layers", "--max-layers")
                if self._stopped:
                    break
            if len(self.nodes) == count:  # a block in which every layer is dropped
                self.dropped.setdefault(own, entry)
            namespace.previous = own
        return namespace.previous

    def visit(self, entry: ParsedEntry) -> bool:
        """Count an entry; returns False where too many of them, used or dropped, have stopped the expansion."""
        self._visited += 1
        if self._visited > 2 * self.limits.layers:
            message = f"the expansion has more than {2 * self.limits.layers:,} layers and blocks, used or dropped"
            self.stop(entry, message, "--max-layers")
        return not self._stopped

    def refuse_own_weights(self, entry: ParsedEntry) -> None:
        """Report a layer or block that shares weights with itself, or all its copies with one of them."""
        if entry.weights_of and entry.weights_of.partition(".")[0] == entry.id:
            rest = f"{entry.repeat - 1}" if isinstance(entry.repeat, int) else f"{entry.repeat} - 1"
            form = f"- {{id: first, op: {entry.op}, …}}, then - {{op: {entry.op}, …, repeat: {rest}, weights_of: first}}"
            out = "drop weights_of" if entry.repeat is None else f"write the first one by itself: {form}"
            self.problem(entry, "ARC204", "weights_of", f"weights_of: {entry.weights_of} is {entry.id} itself", out)
            entry.weights_of = None

    def drop(self, entry: ParsedEntry, own: OutputRef, sources: tuple[OutputRef, ...]) -> None:
        """A dropped layer is left out: the next one reads what precedes it, a layer that names it reads its input."""
        self.dropped[own] = entry
        if len(sources) == 1:
            own.target = sources[0]

    def sources(self, entry: ParsedEntry, namespace: Namespace) -> tuple[OutputRef, ...]:
        """What an entry reads: its `inputs`, or without them the output before it."""
        if not entry.inputs:
            return (namespace.previous,)
        return tuple(self.reference(name, entry, "inputs", namespace) for name in entry.inputs)

    def reference(self, name: str, entry: ParsedEntry, key: str, namespace: Namespace) -> OutputRef:
        """The output that a name stands for, to be resolved once all names are defined."""
        output_ref = OutputRef()
        self.references.append(Reference(output_ref, name, entry, key, namespace))
        return output_ref

    def repeat_count(self, entry: ParsedEntry, scope: Scope) -> int:
        """How often an entry is used: `repeat` times, or not at all if `when` is false."""
        if entry.when is True and entry.repeat is None:
            return 1
        when = self.structure(entry, "when", entry.when, scope)
        if not isinstance(when, bool):
            self.no_structure(entry, "when", when, "is true or false", "write a comparison")
            return 1
        repeat = 1 if entry.repeat is None else self.structure(entry, "repeat", entry.repeat, scope)
        if not isinstance(repeat, int) or isinstance(repeat, bool) or repeat < 0:
            self.no_structure(entry, "repeat", repeat, "is an integer ≥ 0")
            repeat = 1
        return repeat if when else 0

    def structure(self, entry: ParsedEntry, key: str, value: Any, scope: Scope) -> Any:
        """The value of `when` or `repeat`; None, with a problem, if it has none."""
        try:
            return fixed(evaluated(value, scope.lookup()))
        except ExpressionError as error:
            report_no_value(self.problems, key, entry.mark(key), error)
            return None

    def no_structure(self, entry: ParsedEntry, key: str, value: Any, needed: str, out: str = "") -> None:
        """Report a `when` or `repeat` with an unusable value; None is reported already."""
        sentence = f"{key} {needed}, not {value_text(value) if isinstance(value, list) else value}"
        if isinstance(value, Word):
            self.problems.add(*misplaced(value, f"{entry.op}: {sentence}"), once=(value.mark, value.key))
        elif value is not None:
            self.problem(entry, "ARC130", key, sentence, out)

    def problem(self, entry: ParsedEntry, code: str, key: str, message: str, *details: Detail) -> None:
        """Report a problem of an entry's key, or of the entry. A block that is used often repeats it: it is reported once."""
        self.problems.add(code, entry.mark(key), message, *details, once=(id(entry), code, key, message))

    def expand_entry(
        self, entry: ParsedEntry, name: str, copy: int, sources: tuple[OutputRef, ...], namespace: Namespace, depth: int
    ) -> OutputRef:
        """Add one use of a layer or of a block; returns its output."""
        block = self.document.blocks.get(entry.op) if entry.kind is None else None
        if block is not None:
            if not self.visit(entry):
                return sources[0]
            return self.block(block, entry, Group(name, block.name, namespace.group, entry, copy), sources, namespace, depth)
        if len(self.nodes) >= self.limits.layers:
            self.stop(entry, f"the network has more than {self.limits.layers:,} layers", "--max-layers")
        self.count_edges(entry, len(sources))
        shape_sources = [
            (self.reference(entry.fields[key], entry, key, namespace), reference.volume)
            for key, reference in (field_metadata(entry.kind, LayerReference).items() if entry.kind is not None else ())
            if isinstance(entry.fields.get(key), str)
        ]
        tied_to = self.reference(entry.weights_of, entry, "weights_of", namespace) if entry.weights_of else None
        self.nodes.append(Node(entry, namespace.prefix + name, name, namespace.group, namespace.scope))
        self.node_sources.append(NodeSources(sources, shape_sources, tied_to))
        return OutputRef(len(self.nodes) - 1)

    def count_edges(self, entry: ParsedEntry, count: int) -> None:
        """Count connections between layers; too many of them stop the expansion."""
        self._edges += count
        if self._edges > self.limits.edges:
            self.stop(entry, f"the network has more than {self.limits.edges:,} connections between layers")

    def stop(self, entry: ParsedEntry, message: str, option: str = "") -> None:
        """Stop the expansion at a limit, which is reported once; `option` is the command's option that raises it."""
        if not self._stopped:
            self.problems.add("ARC132", entry.mark(), message, f"if that is meant, raise {option}" if option else "")
        self._stopped = True

    # -- blocks -----------------------------------------------------------------------------------------------------

    def block(
        self,
        block: ParsedBlock,
        entry: ParsedEntry,
        group: Group,
        sources: tuple[OutputRef, ...],
        namespace: Namespace,
        depth: int,
    ) -> OutputRef:
        """Expand one use of a block; returns its output."""
        outer_blocks = [outer.op for outer in group.ancestors]
        if block.name in outer_blocks:
            cycle = " → ".join([*outer_blocks[outer_blocks.index(block.name) :], block.name])
            self.stop(entry, f"block {block.name} contains itself: {cycle}")
        elif depth >= self.limits.nesting:
            self.stop(entry, f"blocks nest more than {self.limits.nesting} deep", "--max-nesting")
        if self._stopped:
            return sources[0]
        if len(sources) != len(block.inputs):
            message = f"block {block.name} reads {len(block.inputs)} ({', '.join(block.inputs)}), not {len(sources)}"
            self.problem(entry, "ARC133", "inputs", message)
            return sources[0]
        scope = self.arguments(block, entry, sources[0], namespace.scope)
        prefix = f"{namespace.prefix}{group.name}."
        inner = Namespace(dict(zip(block.inputs, sources, strict=True)), scope, group, prefix)
        namespace.namespaces[group.name] = inner
        if len(prefix) > MAX_ID:
            self.stop(entry, f"the names of nested blocks are longer than {MAX_ID:,} characters in all")
        self.count_edges(entry, len(sources))
        begin, position = len(self.nodes), len(self.tied_blocks)
        output = self.sequence(block.layers, inner, depth + 1)
        if entry.weights_of:
            # Before those of blocks inside, which decide for their own layers.
            self.tied_blocks.insert(position, TiedBlock(range(begin, len(self.nodes)), prefix, entry, namespace))
        return output

    def arguments(self, block: ParsedBlock, entry: ParsedEntry, output_ref: OutputRef, outer: Scope) -> Scope:
        """The names inside a block: the variables, hidden by its arguments. Equal copies have one scope."""
        key = id(entry), id(outer)
        if key in self._scopes:
            return self._scopes[key][1]
        values: dict[str, Any] = {}
        keys = self.argument_keys(block, entry)
        unknown = [name for name in entry.fields if name not in block.arguments]
        for name, default in block.arguments.items():
            if name in keys:
                value = entry.fields[keys[name]]
                values[name] = self.argument(name, value, entry.mark(keys[name]), outer, output_ref)
            elif default is REQUIRED:
                if not resembles(name, unknown):  # a misspelt argument is not reported as missing too
                    self.problem(entry, "ARC134", "", f"block {block.name} needs {name}", f"write {name}: …")
                values[name] = None
            else:
                inner = Scope(dict(values), self.variables)
                values[name] = self.argument(name, default, block.marks[name], inner, output_ref)
        scope = Scope(values, self.variables)
        if not any(isinstance(value, Deferred) for value in values.values()):
            self._scopes[key] = outer, scope
        return scope

    def argument_keys(self, block: ParsedBlock, entry: ParsedEntry) -> dict[str, str]:
        """The key of each argument that is given; an unknown key is reported, and is that of the one it clearly stands for."""
        keys = {name: name for name in entry.fields if name in block.arguments}
        for name in entry.fields:
            if name not in block.arguments:
                out = partial(suggest, name, (*block.arguments, *Entry.model_fields))
                self.problem(entry, "ARC119", name, f"block {block.name} has no argument {name}", out)
                free = [] if self.problems.is_full else [other for other in block.arguments if other not in keys]
                if meant := clear_match(name, free):
                    keys[meant] = name
        return keys

    def argument(self, name: str, value: Any, mark: Mark, scope: Scope, output_ref: OutputRef) -> Any:
        """The value of an argument: evaluated now, or deferred if it depends on a size."""
        if not has_expression(value):
            return value
        if is_word(value, scope.defines):
            return Word(value.text, name, mark, scope.names)
        if not scope.is_fixed(value):
            return Deferred(value, scope, output_ref)
        try:
            return evaluated(value, scope.lookup())
        except ExpressionError as error:
            report_no_value(self.problems, name, mark, error)
            return None

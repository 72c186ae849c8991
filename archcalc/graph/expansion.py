"""Blocks unfolded into layers, and the names by which layers read each other resolved."""

from __future__ import annotations

from typing import Any

from archcalc.description.document import REQUIRED, Document, PlacedBlock, PlacedEntry
from archcalc.description.expressions import ExpressionError, fixed
from archcalc.description.model import Entry
from archcalc.description.values import evaluated, has_expression, is_word
from archcalc.errors import Problems, suggest
from archcalc.graph.nodes import Group, Limits, Node
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.references import reference_problems
from archcalc.graph.scope import Deferred, Scope
from archcalc.layers._base import marked
from archcalc.layers._fields import LayerReference

MAX_ID = 1_000
"""Characters in the names of the blocks around a layer, together."""


class Namespace:
    """One level while unfolding: the names that can be read there."""

    def __init__(self, inputs: dict[str, OutputRef], scope: Scope, group: Group | None, prefix: str) -> None:
        self.names: dict[str, OutputRef] = dict(inputs)
        self.namespaces: dict[str, Namespace] = {}
        self.previous = next(iter(inputs.values()))
        self.scope = scope
        self.group = group
        self.prefix = prefix

    def inside(self, name: str) -> Namespace | None:
        """The level inside the block with a name, or with a path."""
        namespace: Namespace | None = self
        while namespace is not None and name not in namespace.namespaces:
            cut = next((at for at, sign in enumerate(name) if sign == "." and name[:at] in namespace.namespaces), None)
            namespace, name = (None, name) if cut is None else (namespace.namespaces[name[:cut]], name[cut + 1 :])
        return namespace.namespaces[name] if namespace is not None else None

    def find(self, name: str) -> OutputRef | None:
        """The place with a name; `a.b` is b inside the block a."""
        namespace: Namespace = self
        while name not in namespace.names:
            cuts = [at for at, character in enumerate(name) if character == "."]
            inner = next((at for at in reversed(cuts) if name[:at] in namespace.namespaces), None)
            if inner is None:
                return None
            namespace, name = namespace.namespaces[name[:inner]], name[inner + 1 :]
        return namespace.names[name]


class Expansion:
    """The work of unfolding a document, with what it finds: nodes, and problems."""

    def __init__(self, document: Document, limits: Limits) -> None:
        self.document = document
        self.limits = limits
        self.problems = Problems()
        self.nodes: list[Node] = []
        self.edges = 0
        self.dropped: dict[OutputRef, PlacedEntry] = {}
        self.sharing: list[tuple[str, PlacedEntry, Namespace]] = []
        self.visited = 0
        self.unresolved: list[tuple[OutputRef, str, PlacedEntry, str, Namespace]] = []
        self.full = False

    def sequence(self, entries: list[PlacedEntry], namespace: Namespace, depth: int) -> OutputRef:
        """Unfold the layers of one level; the place where its output can be read."""
        for entry in entries:
            if not self.visit(entry):
                break
            own = namespace.names.setdefault(entry.id, OutputRef())
            sources = self.sources(entry, namespace)
            repeat_count = self.repeat_count(entry, namespace.scope)
            if repeat_count == 0:
                self.drop(entry, own, sources)
                continue
            for copy in range(1, repeat_count + 1):
                name = entry.id if entry.repeat is None else f"{entry.id}.{copy}"
                out = self.expand_entry(entry, name, copy if entry.repeat is not None else 0, sources, namespace, depth)
                if entry.repeat is not None:
                    namespace.names[name] = out
                sources = (out, *sources[1:])
                own.target = out
                if self.full:
                    break
            namespace.previous = own
        return namespace.previous

    def visit(self, entry: PlacedEntry) -> bool:
        """Count the layers and blocks that are met; too many, kept or dropped, end the work."""
        self.visited += 1
        if self.visited > 2 * self.limits.layers:
            what = f"unfolding meets more than {2 * self.limits.layers:,} layers and blocks, kept or dropped"
            self.stop(entry, what, "--max-layers")
        return not self.full

    def drop(self, entry: PlacedEntry, own: OutputRef, sources: tuple[OutputRef, ...]) -> None:
        """A dropped layer is not there: who follows it reads what stands before it, who names it reads its input."""
        self.dropped[own] = entry
        if len(sources) == 1:
            own.target = sources[0]

    def sources(self, entry: PlacedEntry, namespace: Namespace) -> tuple[OutputRef, ...]:
        if not entry.inputs:
            return (namespace.previous,)
        return tuple(self.reference(name, entry, "inputs", namespace) for name in entry.inputs)

    def reference(self, name: str, entry: PlacedEntry, key: str, namespace: Namespace) -> OutputRef:
        """The place a name stands for; it may be defined further down, so it is resolved at the end."""
        output_ref = OutputRef()
        self.unresolved.append((output_ref, name, entry, key, namespace))
        return output_ref

    def repeat_count(self, entry: PlacedEntry, scope: Scope) -> int:
        """How often an entry is used: `repeat`, or not at all if `when` says so."""
        if entry.when is True and entry.repeat is None:
            return 1
        when = self.structure(entry, "when", entry.when, scope)
        if not isinstance(when, bool):
            if when is not None:
                self.problems.add("ARC130", entry.at("when"), f"when is true or false, not {when}", "write a comparison")
            return 1
        repeat = 1 if entry.repeat is None else self.structure(entry, "repeat", entry.repeat, scope)
        if repeat is not None and (not isinstance(repeat, int) or isinstance(repeat, bool) or repeat < 0):
            self.problems.add("ARC130", entry.at("repeat"), f"repeat is an integer ≥ 0, not {repeat}")
            repeat = None
        return (1 if repeat is None else repeat) if when else 0

    def structure(self, entry: PlacedEntry, key: str, value: Any, scope: Scope) -> Any:
        try:
            return fixed(evaluated(value, scope.lookup()))
        except ExpressionError as error:
            self.problems.add("ARC131", entry.at(key), f"{key}: {error}")
            return None

    def expand_entry(
        self, entry: PlacedEntry, name: str, copy: int, sources: tuple[OutputRef, ...], namespace: Namespace, depth: int
    ) -> OutputRef:
        block = self.document.blocks.get(entry.op) if entry.kind is None else None
        if block is not None:
            if not self.visit(entry):
                return sources[0]
            return self.block(block, entry, name, copy, sources, namespace, depth)
        if len(self.nodes) >= self.limits.layers:
            self.stop(entry, f"the network has more than {self.limits.layers:,} layers", "--max-layers")
        self.connect(entry, len(sources))
        node = Node(entry, namespace.prefix + name, name, namespace.group, namespace.scope)
        shape_sources = [
            (self.reference(entry.fields[key], entry, key, namespace), reference.gives)
            for key, reference in (marked(entry.kind, LayerReference).items() if entry.kind is not None else ())
            if key in entry.fields
        ]
        tied_to = self.reference(entry.weights_of, entry, "weights_of", namespace) if entry.weights_of else None
        node._ports = (sources, shape_sources, tied_to)
        self.nodes.append(node)
        return OutputRef(len(self.nodes) - 1)

    def connect(self, entry: PlacedEntry, count: int) -> None:
        """Count the connections between layers."""
        self.edges += count
        if self.edges > self.limits.edges:
            self.stop(entry, f"the network has more than {self.limits.edges:,} connections between layers")

    def stop(self, entry: PlacedEntry, message: str, option: str = "") -> None:
        if not self.full:
            self.problems.add("ARC132", entry.at(), message, f"if that is meant, raise {option}" if option else "")
        self.full = True

    def block(
        self,
        block: PlacedBlock,
        entry: PlacedEntry,
        name: str,
        copy: int,
        sources: tuple[OutputRef, ...],
        namespace: Namespace,
        depth: int,
    ) -> OutputRef:
        around = [] if namespace.group is None else [group.op for group in (*namespace.group.ancestors, namespace.group)]
        if block.name in around:
            circle = " → ".join([*around[around.index(block.name) :], block.name])
            self.stop(entry, f"block {block.name} contains itself: {circle}")
        elif depth >= self.limits.nesting:
            self.stop(entry, f"blocks nest more than {self.limits.nesting} deep", "--max-nesting")
        if self.full:
            return sources[0]
        if len(sources) != len(block.inputs):
            wants = ", ".join(block.inputs)
            self.problems.add(
                "ARC133", entry.at("inputs"), f"block {block.name} reads {len(block.inputs)} ({wants}), not {len(sources)}"
            )
            return sources[0]
        group = Group(name, block.name, namespace.group, copy)
        scope = self.arguments(block, entry, sources[0], namespace.scope)
        inner = Namespace(dict(zip(block.inputs, sources, strict=True)), scope, group, f"{namespace.prefix}{name}.")
        namespace.namespaces[name] = inner
        if entry.weights_of:
            self.sharing.append((inner.prefix, entry, namespace))
        if len(inner.prefix) > MAX_ID:
            self.stop(entry, f"the names of nested blocks are longer than {MAX_ID:,} characters in all")
        self.connect(entry, len(sources))
        return self.sequence(block.layers, inner, depth + 1)

    def arguments(self, block: PlacedBlock, entry: PlacedEntry, output_ref: OutputRef, outer: Scope) -> Scope:
        """The names inside a block: the variables, hidden by its arguments."""
        values: dict[str, Any] = {}
        for name, default in block.arguments.items():
            if name in entry.fields:
                values[name] = self.argument(entry, name, entry.fields[name], outer, output_ref)
            elif default is REQUIRED:
                self.problems.add("ARC134", entry.at(), f"block {block.name} needs {name}", f"write {name}: …")
                values[name] = 1
            else:
                inner = Scope(dict(values), output_ref, self.variables)
                values[name] = self.argument(entry, name, default, inner, output_ref)
        for name in entry.fields:
            if name not in block.arguments:
                self.problems.add(
                    "ARC119",
                    entry.at(name),
                    f"block {block.name} has no argument {name}",
                    suggest(name, (*block.arguments, *Entry.model_fields)),
                )
        return Scope(values, output_ref, self.variables)

    def argument(self, entry: PlacedEntry, name: str, value: Any, scope: Scope, output_ref: OutputRef) -> Any:
        if not has_expression(value):
            return value
        if is_word(value) and not scope.knows(value.text) and value.text != "in_channels":
            return value.text
        if not scope.fixed(value):
            return Deferred(value, scope, output_ref)
        try:
            return evaluated(value, scope.lookup())
        except ExpressionError as error:
            self.problems.add("ARC131", entry.at(name), f"{name}: {error}")
            return 1

    def leads_nowhere(self, output_ref: OutputRef, name: str, entry: PlacedEntry, key: str) -> None:
        """Who names a dropped layer reads its input, if it has one."""
        end = output_ref.end()
        dropped = self.dropped.get(end) if end is not None else None
        if dropped is None:
            self.problems.add("ARC139", entry.at(key), f"{name} is dropped, and its input chain is a cycle")
        elif dropped.inputs:
            reads = ", ".join(dropped.inputs)
            self.problems.add(
                "ARC142",
                entry.at(key),
                f"{name} is dropped here, and had several inputs: {reads}",
                "name the one that is meant",
            )

    def share_blocks(self) -> None:
        """A block that uses the weights of another: layer by layer, by their names inside it."""
        places = {node.id: at for at, node in enumerate(self.nodes)} if self.sharing else {}
        for prefix, entry, namespace in self.sharing:
            owner = namespace.inside(entry.weights_of or "")
            if owner is None:
                self.problems.add(
                    "ARC135",
                    entry.at("weights_of"),
                    f"there is no block {entry.weights_of} to share with",
                    suggest(entry.weights_of or "", namespace.namespaces),
                )
                continue
            for node in self.nodes:
                if node.id.startswith(prefix):
                    node.tied_to = places.get(owner.prefix + node.id.removeprefix(prefix))
                    if node.tied_to is None:
                        self.problems.add(
                            "ARC204",
                            entry.at("weights_of"),
                            f"{entry.weights_of} has no layer {node.id.removeprefix(prefix)} to share with",
                        )

    # -- the whole --------------------------------------------------------------------------------------------------

    def run(self, variables: dict[str, Any]) -> None:
        self.variables = variables
        inputs = {name: OutputRef(-1 - index) for index, name in enumerate(self.document.inputs)}
        if not inputs or not self.document.layers:
            return
        self.sequence(self.document.layers, Namespace(inputs, Scope(variables), None, ""), 0)
        for output_ref, name, entry, key, namespace in self.unresolved:
            output_ref.target = namespace.find(name)
            if output_ref.target is None:
                self.problems.add(
                    "ARC135",
                    entry.at(key),
                    f"there is no layer {name} to read here",
                    suggest(name, (*namespace.names, *namespace.namespaces)),
                )
            elif key == "weights_of" and output_ref.target in self.dropped:
                self.problems.add("ARC142", entry.at(key), f"{name} is dropped here", "name a layer that is there")
                output_ref.target = None
        for output_ref, name, entry, key, _ in self.unresolved:
            if output_ref.target is not None and output_ref.resolve() is None:
                self.leads_nowhere(output_ref, name, entry, key)
        named = []
        for node in self.nodes:
            sources, shape_sources, tied_to = node._ports
            found = tuple(output_ref.resolve() for output_ref in sources)
            node.shape_sources = tuple(
                (at, gives) for output_ref, gives in shape_sources if (at := output_ref.resolve()) is not None
            )
            # What reads something that is not there cannot be worked out, and says nothing more.
            whole = None not in found and len(node.shape_sources) == len(shape_sources)
            node.sources = tuple(source for source in found if source is not None) if whole else ()
            node.tied_to = tied_to.resolve() if tied_to is not None else None
            named.append([output_ref.resolve() for output_ref, _ in shape_sources])
            node._ports = ((), [], None)
        self.share_blocks()
        if not self.nodes and not self.problems:
            mark = self.document.text.mark(self.document.nodes["layers"])
            self.problems.add("ARC111", mark, "every layer is dropped, so that nothing is left")
        self.problems += reference_problems(self.nodes, named)

"""Blocks unfolded into layers, and the names by which layers read each other resolved."""

from __future__ import annotations

from typing import Any

from archcalc.errors import Mark, Problem, suggest
from archcalc.graph.naming import naming_problems
from archcalc.graph.nodes import Group, Limits, Node, Port
from archcalc.graph.scope import Deferred, Scope
from archcalc.layers._base import declaration
from archcalc.spec.document import REQUIRED, Block, Document, Entry
from archcalc.spec.expressions import ExpressionError, fixed
from archcalc.spec.values import evaluated, has_expression, is_word

MAX_ID = 1_000
"""Characters in the names of the blocks around a layer, together."""


class Frame:
    """One level while unfolding: the names that can be read there."""

    def __init__(self, inputs: dict[str, Port], scope: Scope, group: Group | None, prefix: str) -> None:
        self.names: dict[str, Port] = dict(inputs)
        self.frames: dict[str, Frame] = {}
        self.previous = next(iter(inputs.values()))
        self.scope = scope
        self.group = group
        self.prefix = prefix

    def inside(self, name: str) -> Frame | None:
        """The level inside the block with a name, or with a path."""
        frame: Frame | None = self
        while frame is not None and name not in frame.frames:
            cut = next((at for at, sign in enumerate(name) if sign == "." and name[:at] in frame.frames), None)
            frame, name = (None, name) if cut is None else (frame.frames[name[:cut]], name[cut + 1 :])
        return frame.frames[name] if frame is not None else None

    def find(self, name: str) -> Port | None:
        """The place with a name; `a.b` is b inside the block a."""
        frame: Frame = self
        while name not in frame.names:
            cuts = [at for at, character in enumerate(name) if character == "."]
            inner = next((at for at in reversed(cuts) if name[:at] in frame.frames), None)
            if inner is None:
                return None
            frame, name = frame.frames[name[:inner]], name[inner + 1 :]
        return frame.names[name]


class Unfolding:
    """The work of unfolding a document, with what it finds: nodes, and problems."""

    def __init__(self, document: Document, limits: Limits) -> None:
        self.document = document
        self.limits = limits
        self.problems: list[Problem] = []
        self.nodes: list[Node] = []
        self.edges = 0
        self.dropped: dict[Port, Entry] = {}
        self.sharing: list[tuple[str, Entry, Frame]] = []
        self.visited = 0
        self.wanted: list[tuple[Port, str, Entry, str, Frame]] = []
        self.full = False

    def problem(self, code: str, mark: Mark, message: str, *details: str) -> None:
        self.problems.append(Problem(code, message, mark, tuple(detail for detail in details if detail)))

    def sequence(self, entries: list[Entry], frame: Frame, depth: int) -> Port:
        """Unfold the layers of one level; the place where its output can be read."""
        for entry in entries:
            if not self.visit(entry):
                break
            own = frame.names.setdefault(entry.id, Port())
            sources = self.sources(entry, frame)
            times = self.times(entry, frame.scope)
            if times == 0:
                self.drop(entry, own, sources)
                continue
            for copy in range(1, times + 1):
                name = entry.id if entry.repeat is None else f"{entry.id}.{copy}"
                out = self.one(entry, name, copy if entry.repeat is not None else 0, sources, frame, depth)
                if entry.repeat is not None:
                    frame.names[name] = out
                sources = (out, *sources[1:])
                own.target = out
                if self.full:
                    break
            frame.previous = own
        return frame.previous

    def visit(self, entry: Entry) -> bool:
        """Count the layers and blocks that are met; too many, kept or dropped, end the work."""
        self.visited += 1
        if self.visited > 2 * self.limits.layers:
            what = f"unfolding meets more than {2 * self.limits.layers:,} layers and blocks, kept or dropped"
            self.stop(entry, what, "--max-layers")
        return not self.full

    def drop(self, entry: Entry, own: Port, sources: tuple[Port, ...]) -> None:
        """A dropped layer is not there: who follows it reads what stands before it, who names it reads its input."""
        self.dropped[own] = entry
        if len(sources) == 1:
            own.target = sources[0]

    def sources(self, entry: Entry, frame: Frame) -> tuple[Port, ...]:
        if not entry.inputs:
            return (frame.previous,)
        return tuple(self.want(name, entry, "inputs", frame) for name in entry.inputs)

    def want(self, name: str, entry: Entry, key: str, frame: Frame) -> Port:
        """The place a name stands for; it may be defined further down, so it is resolved at the end."""
        port = Port()
        self.wanted.append((port, name, entry, key, frame))
        return port

    def times(self, entry: Entry, scope: Scope) -> int:
        """How often an entry is used: `repeat`, or not at all if `when` says so."""
        if entry.when is True and entry.repeat is None:
            return 1
        when = self.structure(entry, "when", entry.when, scope)
        if not isinstance(when, bool):
            if when is not None:
                self.problem("ARC130", entry.at("when"), f"when is true or false, not {when}", "write a comparison")
            return 1
        repeat = 1 if entry.repeat is None else self.structure(entry, "repeat", entry.repeat, scope)
        if repeat is not None and (not isinstance(repeat, int) or isinstance(repeat, bool) or repeat < 0):
            self.problem("ARC130", entry.at("repeat"), f"repeat is a whole number ≥ 0, not {repeat}")
            repeat = None
        return (1 if repeat is None else repeat) if when else 0

    def structure(self, entry: Entry, key: str, value: Any, scope: Scope) -> Any:
        try:
            return fixed(evaluated(value, scope.lookup()))
        except ExpressionError as error:
            self.problem("ARC131", entry.at(key), f"{key}: {error}")
            return None

    def one(
        self, entry: Entry, name: str, copy: int, sources: tuple[Port, ...], frame: Frame, depth: int
    ) -> Port:
        block = self.document.blocks.get(entry.op) if entry.kind is None else None
        if block is not None:
            if not self.visit(entry):
                return sources[0]
            return self.block(block, entry, name, copy, sources, frame, depth)
        if len(self.nodes) >= self.limits.layers:
            self.stop(entry, f"the network has more than {self.limits.layers:,} layers", "--max-layers")
        self.connect(entry, len(sources))
        node = Node(entry, frame.prefix + name, name, frame.group, frame.scope)
        models = [
            (self.want(entry.fields[key], entry, key, frame), holds.gives)
            for key, holds in (declaration(entry.kind).names.items() if entry.kind is not None else ())
            if key in entry.fields
        ]
        shares = self.want(entry.weights_of, entry, "weights_of", frame) if entry.weights_of else None
        node._ports = (sources, models, shares)
        self.nodes.append(node)
        return Port(len(self.nodes) - 1)

    def connect(self, entry: Entry, count: int) -> None:
        """Count the connections between layers."""
        self.edges += count
        if self.edges > self.limits.edges:
            self.stop(entry, f"the network has more than {self.limits.edges:,} connections between layers")

    def stop(self, entry: Entry, message: str, option: str = "") -> None:
        if not self.full:
            self.problem("ARC132", entry.at(), message, f"if that is meant, raise {option}" if option else "")
        self.full = True

    def block(
        self, block: Block, entry: Entry, name: str, copy: int, sources: tuple[Port, ...], frame: Frame, depth: int
    ) -> Port:
        around = [] if frame.group is None else frame.group.blocks
        if block.name in around:
            circle = " → ".join([*around[around.index(block.name) :], block.name])
            self.stop(entry, f"block {block.name} contains itself: {circle}")
        elif depth >= self.limits.nesting:
            self.stop(entry, f"blocks nest more than {self.limits.nesting} deep", "--max-nesting")
        if self.full:
            return sources[0]
        if len(sources) != len(block.inputs):
            wants = ", ".join(block.inputs)
            self.problem("ARC133", entry.at("inputs"),
                         f"block {block.name} reads {len(block.inputs)} ({wants}), not {len(sources)}")
            return sources[0]
        group = Group(name, block.name, frame.group, copy)
        scope = self.arguments(block, entry, sources[0], frame.scope)
        inner = Frame(dict(zip(block.inputs, sources, strict=True)), scope, group, f"{frame.prefix}{name}.")
        frame.frames[name] = inner
        if entry.weights_of:
            self.sharing.append((inner.prefix, entry, frame))
        if len(inner.prefix) > MAX_ID:
            self.stop(entry, f"the names of nested blocks are longer than {MAX_ID:,} characters in all")
        self.connect(entry, len(sources))
        return self.sequence(block.layers, inner, depth + 1)

    def arguments(self, block: Block, entry: Entry, port: Port, outer: Scope) -> Scope:
        """The names inside a block: the variables, hidden by its arguments."""
        values: dict[str, Any] = {}
        for name, default in block.arguments.items():
            if name in entry.fields:
                values[name] = self.argument(entry, name, entry.fields[name], outer, port)
            elif default is REQUIRED:
                self.problem("ARC134", entry.at(), f"block {block.name} needs {name}", f"write {name}: …")
                values[name] = 1
            else:
                inner = Scope(dict(values), port, self.variables)
                values[name] = self.argument(entry, name, default, inner, port)
        for name in entry.fields:
            if name not in block.arguments:
                self.problem("ARC119", entry.at(name), f"block {block.name} has no argument {name}",
                             suggest(name, (*block.arguments, "id", "op", "inputs", "repeat", "when")))
        return Scope(values, port, self.variables)

    def argument(self, entry: Entry, name: str, value: Any, scope: Scope, port: Port) -> Any:
        if not has_expression(value):
            return value
        if is_word(value) and not scope.knows(value.text) and value.text != "in_channels":
            return value.text
        if not scope.fixed(value):
            return Deferred(value, scope, port)
        try:
            return evaluated(value, scope.lookup())
        except ExpressionError as error:
            self.problem("ARC131", entry.at(name), f"{name}: {error}")
            return 1

    def leads_nowhere(self, port: Port, name: str, entry: Entry, key: str) -> None:
        """Who names a dropped layer reads its input, if it has one."""
        end = port.end()
        dropped = self.dropped.get(end) if end is not None else None
        if dropped is None:
            self.problem("ARC139", entry.at(key), f"{name} is dropped and leads nowhere but back to itself")
        elif dropped.inputs:
            reads = ", ".join(dropped.inputs)
            self.problem("ARC142", entry.at(key), f"{name} is dropped here, and had several inputs: {reads}",
                         "name the one that is meant")

    def share_blocks(self) -> None:
        """A block that uses the weights of another: layer by layer, by their names inside it."""
        places = {node.id: at for at, node in enumerate(self.nodes)} if self.sharing else {}
        for prefix, entry, frame in self.sharing:
            giver = frame.inside(entry.weights_of or "")
            if giver is None:
                self.problem("ARC135", entry.at("weights_of"), f"there is no block {entry.weights_of} to share with",
                             suggest(entry.weights_of or "", frame.frames))
                continue
            for node in self.nodes:
                if node.id.startswith(prefix):
                    node.shares = places.get(giver.prefix + node.id.removeprefix(prefix))
                    if node.shares is None:
                        self.problem("ARC204", entry.at("weights_of"),
                                     f"{entry.weights_of} has no layer {node.id.removeprefix(prefix)} to share with")

    # -- the whole --------------------------------------------------------------------------------------------------

    def run(self, variables: dict[str, Any]) -> None:
        self.variables = variables
        inputs = {name: Port(-1 - index) for index, name in enumerate(self.document.inputs)}
        if not inputs or not self.document.layers:
            return
        self.sequence(self.document.layers, Frame(inputs, Scope(variables), None, ""), 0)
        for port, name, entry, key, frame in self.wanted:
            port.target = frame.find(name)
            if port.target is None:
                self.problem("ARC135", entry.at(key), f"there is no layer {name} to read here",
                             suggest(name, (*frame.names, *frame.frames)))
            elif key == "weights_of" and port.target in self.dropped:
                self.problem("ARC142", entry.at(key), f"{name} is dropped here", "name a layer that is there")
                port.target = None
        for port, name, entry, key, _ in self.wanted:
            if port.target is not None and port.resolve() is None:
                self.leads_nowhere(port, name, entry, key)
        named = []
        for node in self.nodes:
            sources, models, shares = node._ports
            found = tuple(port.resolve() for port in sources)
            node.models = tuple((at, gives) for port, gives in models if (at := port.resolve()) is not None)
            # What reads something that is not there cannot be worked out, and says nothing more.
            whole = None not in found and len(node.models) == len(models)
            node.sources = tuple(source for source in found if source is not None) if whole else ()
            node.shares = shares.resolve() if shares is not None else None
            named.append([port.resolve() for port, _ in models])
            node._ports = ((), [], None)
        self.share_blocks()
        if not self.nodes and not self.problems:
            mark = self.document.text.mark(self.document.nodes["layers"])
            self.problem("ARC111", mark, "every layer is dropped, so that nothing is left")
        self.problems += naming_problems(self.nodes, named)

"""Document to graph: blocks unfolded, names resolved, layers in an order in which each stands after what it reads.

Fields stay unresolved where they need the volume that arrives (`in_channels`); the walk binds them. The only home of
networkx, which is asked only to name a cycle.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from fnmatch import fnmatchcase
from typing import Any

from archcalc.errors import Mark, Problem, call_error, suggest
from archcalc.layers._base import Layer, declared
from archcalc.layers._fields import LayerName
from archcalc.spec.document import REQUIRED, Block, Document, Entry
from archcalc.spec.expressions import Expression, ExpressionError, fixed
from archcalc.spec.values import evaluated, has_expression, is_word


@dataclass(frozen=True)
class Limits:
    """Bounds that keep a hostile file from eating time and memory; each is an option of the command line."""

    layers: int = 200_000
    nesting: int = 64
    edges: int = 2_000_000


class Port:
    """A place where a volume can be read: a layer's output, a network input (−1 − i), or another place."""

    __slots__ = ("target",)

    def __init__(self, target: int | Port | None = None) -> None:
        self.target = target

    def resolve(self) -> int | None:
        """The layer or input behind any chain of places, None if it leads nowhere; shortened on the way."""
        port: Port = self
        seen: list[Port] = []
        while isinstance(port.target, Port):
            if seen and port is seen[len(seen) // 2]:
                return None  # dropped layers that name each other
            seen.append(port)
            port = port.target
        for passed in seen:
            passed.target = port.target
        return port.target


@dataclass(frozen=True, eq=False)
class Group:
    """A node of the tree that tables fold: the use of a block, or one copy of a repeated one."""

    name: str
    op: str
    parent: Group | None
    copy: int = 0
    """Which copy of `repeat` it is, from 1; 0 if it is not repeated."""

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the outermost group inwards."""
        names, group = [self.name], self.parent
        while group is not None:
            names.append(group.name)
            group = group.parent
        return tuple(reversed(names))


class Node:
    """One layer of the flat graph. `sources` are the layers it reads (network inputs: −1 − i)."""

    __slots__ = ("entry", "group", "id", "layer", "models", "name", "scope", "shares", "sources", "_ports")

    def __init__(self, entry: Entry, identity: str, name: str, group: Group | None, scope: Scope) -> None:
        self.entry = entry
        self.id = identity
        self.name = name
        self.group = group
        self.scope = scope
        self.layer: Layer | None = entry.layer
        self.sources: tuple[int, ...] = ()
        self.models: tuple[tuple[int, str], ...] = ()
        """Layers that give a volume only, and which one of theirs: `input` or `output`."""
        self.shares: int | None = None
        """The layer whose weights it uses."""
        self._ports: tuple[tuple[Port, ...], list[tuple[Port, str]], Port | None] = ((), [], None)

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands in the tree of groups, its own name last."""
        return (*(self.group.path if self.group else ()), self.name)


@dataclass(frozen=True)
class Deferred:
    """A block's argument that mentions `in_channels`: worked out when the block's input has a volume."""

    value: Any
    scope: Scope
    port: Port


class Scope:
    """What the names in an expression stand for."""

    __slots__ = ("port", "values")

    def __init__(self, values: dict[str, Any], port: Port | None = None) -> None:
        self.values = values
        self.port = port

    def lookup(self, channels: Callable[[Port], Any] | None = None, own: Any = None) -> Callable[[str], Any]:
        """Name to value. `channels` gives the channels at a place, `own` those of the layer itself."""

        def look(name: str) -> Any:
            if name == "in_channels":
                if channels is None:
                    raise ExpressionError("in_channels is a size: structure (when, repeat) cannot depend on it")
                return own
            if name not in self.values:
                raise ExpressionError(f"there is no variable or argument {name}; {suggest(name, self.values)}")
            value = self.values[name]
            if isinstance(value, Deferred):
                if channels is None:
                    raise ExpressionError(f"{name} depends on a size (in_channels); structure cannot depend on it")
                return evaluated(value.value, value.scope.lookup(channels, channels(value.port)))
            return value

        return look

    def fixed(self, value: Any) -> bool:
        """No expression in the value depends on a size."""
        names = _names(value)
        return "in_channels" not in names and not any(isinstance(self.values.get(n), Deferred) for n in names)


def _names(value: Any) -> frozenset[str]:
    if isinstance(value, Expression):
        return value.names
    return frozenset().union(*map(_names, value)) if isinstance(value, list) else frozenset()


@dataclass
class Graph:
    """The layers of a network, each after what it reads; `inputs` are the volumes that arrive from outside."""

    document: Document
    nodes: list[Node]
    inputs: dict[str, list[Any]]
    variables: dict[str, Any]
    frozen: frozenset[int]
    problems: list[Problem]

    @property
    def name(self) -> str:
        return self.document.name or os.path.basename(self.document.text.path).removesuffix(".yaml")


class _Frame:
    """One level while unfolding: the names that can be read there."""

    def __init__(self, inputs: dict[str, Port], scope: Scope, group: Group | None, prefix: str) -> None:
        self.names: dict[str, Port] = dict(inputs)
        self.frames: dict[str, _Frame] = {}
        self.previous = next(iter(inputs.values()))
        self.scope = scope
        self.group = group
        self.prefix = prefix

    def find(self, name: str) -> Port | None:
        """The place with a name; `a.b` is b inside the block a."""
        frame: _Frame = self
        while name not in frame.names:
            cuts = [at for at, character in enumerate(name) if character == "."]
            inner = next((at for at in reversed(cuts) if name[:at] in frame.frames), None)
            if inner is None:
                return None
            frame, name = frame.frames[name[:inner]], name[inner + 1 :]
        return frame.names[name]


class _Unfold:
    def __init__(self, document: Document, limits: Limits) -> None:
        self.document = document
        self.limits = limits
        self.problems: list[Problem] = []
        self.nodes: list[Node] = []
        self.edges = 0
        self.visited = 0
        self.wanted: list[tuple[Port, str, Entry, str, _Frame]] = []
        self.full = False

    def problem(self, code: str, mark: Mark, message: str, *details: str) -> None:
        self.problems.append(Problem(code, message, mark, tuple(detail for detail in details if detail)))

    def sequence(self, entries: list[Entry], frame: _Frame, depth: int) -> Port:
        """Unfold the layers of one level; the place where its output can be read."""
        for entry in entries:
            self.visited += 1
            if self.visited > 10 * self.limits.layers:
                self.stop(entry, f"unfolding visits more than {10 * self.limits.layers:,} layers, kept or dropped")
            if self.full:
                break
            own = frame.names.setdefault(entry.id, Port())
            sources = self.sources(entry, frame)
            times = self.times(entry, frame.scope)
            if times == 0:
                own.target = sources[0]
            for copy in range(1, times + 1):
                name = entry.id if entry.repeat is None else f"{entry.id}.{copy}"
                out = self.one(entry, name, copy if entry.repeat is not None else 0, sources, frame, depth)
                if entry.repeat is not None:
                    frame.names[name] = out
                sources = (out, *sources[1:])
                own.target = out
                if self.full or self.visited > 10 * self.limits.layers:
                    break
            frame.previous = own
        return frame.previous

    def sources(self, entry: Entry, frame: _Frame) -> tuple[Port, ...]:
        if entry.inputs is None:
            return (frame.previous,)
        ports = tuple(self.want(name, entry, "inputs", frame) for name in entry.inputs)
        return ports or (frame.previous,)

    def want(self, name: str, entry: Entry, key: str, frame: _Frame) -> Port:
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
        self, entry: Entry, name: str, copy: int, sources: tuple[Port, ...], frame: _Frame, depth: int
    ) -> Port:
        block = self.document.blocks.get(entry.op) if entry.kind is None else None
        if block is not None:
            self.visited += 1
            return self.block(block, entry, name, copy, sources, frame, depth)
        if len(self.nodes) >= self.limits.layers:
            self.stop(entry, f"the network has more than {self.limits.layers:,} layers", "--max-layers")
        self.edges += len(sources)
        if self.edges > self.limits.edges:
            self.stop(entry, f"the network has more than {self.limits.edges:,} connections between layers")
        node = Node(entry, frame.prefix + name, name, frame.group, frame.scope)
        models = [
            (self.want(entry.fields[key], entry, key, frame), holds.gives)
            for key, holds in _layer_names(entry)
            if key in entry.fields
        ]
        shares = self.want(entry.weights_of, entry, "weights_of", frame) if entry.weights_of else None
        node._ports = (sources, models, shares)
        self.nodes.append(node)
        return Port(len(self.nodes) - 1)

    def stop(self, entry: Entry, message: str, option: str = "") -> None:
        if not self.full:
            self.problem("ARC132", entry.at(), message, f"if that is meant, raise {option}" if option else "")
        self.full = True

    def block(
        self, block: Block, entry: Entry, name: str, copy: int, sources: tuple[Port, ...], frame: _Frame, depth: int
    ) -> Port:
        if depth >= self.limits.nesting:
            self.stop(entry, f"blocks nest more than {self.limits.nesting} deep, or contain themselves", "--max-nesting")
            return sources[0]
        if len(sources) != len(block.inputs):
            wants = ", ".join(block.inputs)
            self.problem("ARC133", entry.at("inputs"),
                         f"block {block.name} reads {len(block.inputs)} ({wants}), not {len(sources)}")
            return sources[0]
        group = Group(name, block.name, frame.group, copy)
        scope = self.arguments(block, entry, sources[0], frame.scope)
        inner = _Frame(dict(zip(block.inputs, sources, strict=True)), scope, group, f"{frame.prefix}{name}.")
        frame.frames[name] = inner
        return self.sequence(block.layers, inner, depth + 1)

    def arguments(self, block: Block, entry: Entry, port: Port, outer: Scope) -> Scope:
        """The names inside a block: the variables, hidden by its arguments."""
        values = dict(self.variables)
        for name, default in block.arguments.items():
            if name in entry.fields:
                values[name] = self.argument(entry, name, entry.fields[name], outer, port)
            elif default is REQUIRED:
                self.problem("ARC134", entry.at(), f"block {block.name} needs {name}", f"write {name}: …")
                values[name] = 1
            else:
                inner = Scope(values, port)
                values[name] = self.argument(entry, name, default, inner, port)
        for name in entry.fields:
            if name not in block.arguments:
                self.problem("ARC119", entry.at(name), f"block {block.name} has no argument {name}",
                             suggest(name, (*block.arguments, "id", "op", "inputs", "repeat", "when")))
        return Scope(values, port)

    def argument(self, entry: Entry, name: str, value: Any, scope: Scope, port: Port) -> Any:
        if not has_expression(value):
            return value
        if is_word(value) and value.text not in scope.values and value.text != "in_channels":
            return value.text
        if not scope.fixed(value):
            return Deferred(value, scope, port)
        try:
            return evaluated(value, scope.lookup())
        except ExpressionError as error:
            self.problem("ARC131", entry.at(name), f"{name}: {error}")
            return 1

    # -- the whole --------------------------------------------------------------------------------------------------

    def run(self, variables: dict[str, Any]) -> None:
        self.variables = variables
        inputs = {name: Port(-1 - index) for index, name in enumerate(self.document.inputs)}
        if not inputs or not self.document.layers:
            return
        self.sequence(self.document.layers, _Frame(inputs, Scope(variables), None, ""), 0)
        for port, name, entry, key, frame in self.wanted:
            port.target = frame.find(name)
            if port.target is None:
                self.problem("ARC135", entry.at(key), f"there is no layer {name} to read here",
                             suggest(name, (*frame.names, *frame.frames)))
        for port, name, entry, key, _ in self.wanted:
            if port.target is not None and port.resolve() is None:
                self.problem("ARC139", entry.at(key), f"{name} is dropped and leads nowhere but back to itself")
        for node in self.nodes:
            sources, models, shares = node._ports
            found = tuple(port.resolve() for port in sources)
            node.sources = tuple(source for source in found if source is not None)
            node.models = tuple((at, gives) for port, gives in models if (at := port.resolve()) is not None)
            node.shares = shares.resolve() if shares is not None else None
            node._ports = ((), [], None)


def _layer_names(entry: Entry) -> list[tuple[str, LayerName]]:
    """The fields of an entry that name another layer."""
    return [] if entry.kind is None else _named_by(entry.kind)


@cache
def _named_by(kind: type[Layer]) -> list[tuple[str, LayerName]]:
    return [(key, holds) for key, holds in declared(kind).items() if isinstance(holds, LayerName)]


def unfold(
    document: Document,
    variables: dict[str, Any] | None = None,
    shape: list[Any] | None = None,
    freeze: tuple[str, ...] = (),
    limits: Limits = Limits(),
) -> Graph:
    """The graph of a document; `variables` and `shape` set from outside win over what it says itself."""
    work = _Unfold(document, limits)
    inputs = dict(document.inputs)
    values = _variables(document, dict(variables or {}), shape, work)
    if shape is not None and inputs:
        inputs[next(iter(inputs))] = list(shape)
    work.run(values)
    nodes = _ordered(work)
    sizes = {name: _shape(document, name, shape, values, work) for name, shape in inputs.items()}
    frozen = _frozen(document, nodes, freeze, work)
    return Graph(document, nodes, sizes, values, frozen, work.problems)


def _variables(document: Document, given: dict[str, Any], shape: list[Any] | None, work: _Unfold) -> dict[str, Any]:
    """The variables' values. An input set from outside also sets a variable that alone forms an axis."""
    if shape is not None and document.inputs:
        own = next(iter(document.inputs.values()))
        if len(own) != len(shape):
            raise call_error("ARC136", f"--input has {len(shape)} sizes, the network's input {len(own)}",
                             f"its shape is {'×'.join(map(str, own))}")
        for written, size in zip(own, shape, strict=True):
            if isinstance(written, Expression) and written.text in document.variables:
                given.setdefault(written.text, size)
    for name in given:
        if name not in document.variables:
            raise call_error("ARC137", f"the network has no variable {name}", suggest(name, document.variables))
    values: dict[str, Any] = {}
    for name, written in (document.variables | given).items():
        if is_word(written) and written.text not in document.variables:
            values[name] = written.text
            continue
        try:
            values[name] = evaluated(written, Scope(values).lookup())
        except ExpressionError as error:
            mark = document.text.mark(document.nodes["variables"])
            work.problem("ARC131", mark, f"variable {name}: {error}")
            values[name] = 1
    return values


def _shape(document: Document, name: str, shape: list[Any], values: dict[str, Any], work: _Unfold) -> list[Any]:
    """The sizes of a network input, as whole numbers."""
    mark = document.text.mark(document.nodes[f"input {name}"])
    try:
        sizes = evaluated(shape, Scope(values).lookup())
    except ExpressionError as error:
        work.problem("ARC131", mark, f"input {name}: {error}")
        return []
    for size in sizes:
        whole = isinstance(size, int) and not isinstance(size, bool)
        if not hasattr(size, "axes") and (not whole or size < 1):
            work.problem("ARC138", mark, f"input {name} has a size {size}, which is no whole number ≥ 1")
            return []
    return list(sizes)


def _ordered(work: _Unfold) -> list[Node]:
    """The nodes, each after all it reads, otherwise as written; what lies on a cycle is reported and left out."""
    nodes = work.nodes
    if all(source < at for at, node in enumerate(nodes) for source in _reads(node)):
        return nodes
    readers: dict[int, list[int]] = {}
    waiting = []
    for at, node in enumerate(nodes):
        needs = {source for source in _reads(node) if source >= 0}
        waiting.append(len(needs))
        for source in needs:
            readers.setdefault(source, []).append(at)
    ready = [at for at, count in enumerate(waiting) if count == 0]
    order: list[int] = []
    while ready:
        at = heapq.heappop(ready)
        order.append(at)
        for reader in readers.get(at, ()):
            waiting[reader] -= 1
            if waiting[reader] == 0:
                heapq.heappush(ready, reader)
    if len(order) < len(nodes):
        _report_cycle(nodes, set(order), work)
    position = {old: new for new, old in enumerate(order)}
    for old in order:
        node = nodes[old]
        node.sources = tuple(position.get(source, source) for source in node.sources)
        node.models = tuple((position.get(at, at), gives) for at, gives in node.models)
        node.shares = position.get(node.shares, node.shares) if node.shares is not None else None
    return [nodes[old] for old in order]


def _reads(node: Node) -> Iterator[int]:
    yield from node.sources
    yield from (at for at, _ in node.models)


def _report_cycle(nodes: list[Node], sorted_out: set[int], work: _Unfold) -> None:
    import networkx

    graph = networkx.DiGraph(
        (source, at) for at, node in enumerate(nodes) if at not in sorted_out for source in _reads(node)
        if source not in sorted_out
    )
    cycle = [source for source, _ in networkx.find_cycle(graph)]
    names = " → ".join(nodes[at].id for at in [*cycle, cycle[0]])
    work.problem("ARC139", nodes[cycle[0]].entry.at("inputs"), f"the layers read each other in a circle: {names}")


def _frozen(document: Document, nodes: list[Node], freeze: tuple[str, ...], work: _Unfold) -> frozenset[int]:
    """The layers whose id, or that of a block around them, matches a pattern."""
    patterns = [*document.frozen, *freeze]
    if not patterns:
        return frozenset()
    found: set[int] = set()
    for pattern in patterns:
        hits = {
            at
            for at, node in enumerate(nodes)
            if any(fnmatchcase(node.id[:cut], pattern) for cut in _cuts(node.id))
        }
        if not hits:
            known = (node.id for node in nodes)
            at = document.nodes.get("frozen")
            mark = document.text.mark(at) if pattern in document.frozen and at is not None else Mark("archcalc")
            work.problem("ARC140", mark, f"no layer matches {pattern!r}, so nothing is frozen", suggest(pattern, known))
        found |= hits
    return frozenset(found)


def _cuts(identity: str) -> Iterator[int]:
    """Where the names of the blocks around a layer end in its id, and where its own does."""
    yield from (at for at, character in enumerate(identity) if character == ".")
    yield len(identity)


def number_or_word(value: Any) -> Any:
    """A value for output: fractions as text, so that nothing is rounded."""
    return str(value) if isinstance(value, Fraction) else value


__all__ = ["Graph", "Group", "Limits", "Node", "Port", "Scope", "number_or_word", "unfold"]

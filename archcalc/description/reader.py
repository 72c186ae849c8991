"""YAML nodes to a document: every key and value is checked, all problems are collected with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archcalc.description.binding import BindError, bind
from archcalc.description.document import REQUIRED, Block, Document, Entry
from archcalc.description.expressions import FUNCTIONS
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source, compose
from archcalc.description.values import ReadingError, has_expression, row
from archcalc.errors import Problem, resembles, suggest
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, declared, required
from archcalc.layers._fields import Truth

VERSION = 1
COMMON = ("id", "op", "inputs", "repeat", "when", "weights_of")
"""What every layer may say, whatever its kind."""
TOP = ("archcalc", "name", "source", "variables", "input", "inputs", "blocks", "layers", "frozen", "claims", "figure")
_TRUTH = Truth()
FOLLOWS = dict.fromkeys(("in_channels", "in_features", "num_features"), "it follows from the input: leave it out")
"""Fields that PyTorch needs and a description does not."""
MAX_TEXT = 2_000
"""Characters of a name or another text: 64 nested blocks with names of 30 characters."""
MAX_LISTS = 3
"""Lists in lists that a value may be: padding per side has two."""
RESERVED = {"in_channels", "input", *FUNCTIONS}


def read_document(source: Source) -> tuple[Document, list[Problem]]:
    """The document in a text, and all that is malformed in it. What could not be read is left out of the document."""
    reader = _Reader(source)
    root = compose(source)
    reader.document(root)
    return reader.result, reader.problems


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.result = Document(source)
        self._values: dict[tuple[int, str], Any] = {}
        self._layers: dict[Any, Layer | BindError] = {}

    def problem(self, code: str, node: Node, message: str, *details: str) -> None:
        details = tuple(detail for detail in details if detail)
        self.problems.append(Problem(code, message, self.source.mark(node), details))

    # -- the parts of a document ------------------------------------------------------------------------------------

    def document(self, root: Node) -> None:
        if not isinstance(root, MappingNode):
            self.problem("ARC115", root, "a description is a mapping of names to values", "begin it with `archcalc: 1`")
            return
        top = self.mapping(root, "a description", TOP)
        self.result.nodes = top
        if "archcalc" not in top:
            self.problem("ARC110", root, "the format version is missing", "begin the file with `archcalc: 1`")
        elif top["archcalc"].value != str(VERSION):
            self.problem("ARC110", top["archcalc"], "this format version is not known", f"write `archcalc: {VERSION}`")
        self.result.name = self.text(top.get("name"))
        self.result.source = self.text(top.get("source"))
        self.result.opaque = {key: top[key] for key in ("claims", "figure") if key in top}
        self.variables(top.get("variables"))
        self.inputs(root, top)
        self.blocks(top.get("blocks"))
        if "layers" not in top:
            self.problem("ARC111", root, "has no layers", "list them under `layers:`")
        else:
            self.result.layers = self.sequence(top["layers"], "the description", taken=self.result.inputs)
        if "frozen" in top:
            self.result.frozen = self.texts(top["frozen"])

    def variables(self, node: Node | None) -> None:
        for name, value in self.names(node, "variables"):
            self.result.variables[name] = self.value(value)
            self.result.nodes[f"variable {name}"] = value

    def inputs(self, root: Node, top: dict[str, Node]) -> None:
        given = [key for key in ("input", "inputs") if key in top]
        if len(given) != 1:
            self.problem(
                "ARC112",
                root,
                f"has {len(given)} of `input` and `inputs`, exactly one is needed",
                "write `input: {shape: [3, 224, 224]}`: channels, then the spatial axes",
            )
            return
        node = top[given[0]]
        several = self.mapping(node, "inputs") if given[0] == "inputs" else {"input": node}
        if not several:
            self.problem("ARC112", node, "names no input", "write `inputs: {image: {shape: [3, 224, 224]}}`")
        for name, one in several.items():
            shape = self.mapping(one, "an input", ("shape",)).get("shape")
            sizes = self.value(shape) if shape is not None else None
            if not isinstance(sizes, list) or not 1 <= len(sizes) <= 4 or any(isinstance(s, list) for s in sizes):
                self.problem(
                    "ARC112", one, "an input has a shape of 1 to 4 sizes, channels first", "write {shape: [3, 224, 224]}"
                )
            else:
                self.result.inputs[name] = sizes
                self.result.nodes[f"input {name}"] = shape

    def blocks(self, node: Node | None) -> None:
        found = dict(self.names(node, "blocks"))
        self.result.blocks = {name: Block(name) for name in found}
        for name, body in found.items():
            if name in kinds():
                self.problem("ARC114", body, f"block {name} has the name of a layer kind", "give it another name")
            keys = self.mapping(body, f"block {name}", ("arguments", "inputs", "layers"))
            block = self.result.blocks[name]
            for argument, value in self.names(keys.get("arguments"), "arguments"):
                required = isinstance(value, ScalarNode) and value.value == "required"
                block.arguments[argument] = REQUIRED if required else self.value(value)
            if "inputs" in keys:
                block.inputs = self.texts(keys["inputs"]) or block.inputs
                if len(set(block.inputs)) < len(block.inputs):
                    self.problem("ARC116", keys["inputs"], "an input is named twice", "give each a name of its own")
            if "layers" not in keys:
                self.problem("ARC111", body, f"block {name} has no layers", "list them under `layers:`")
            else:
                block.layers = self.sequence(keys["layers"], f"block {name}", taken=block.inputs)

    # -- layers -----------------------------------------------------------------------------------------------------

    def sequence(self, node: Node, what: str, taken: Iterable[str] = ()) -> list[Entry]:
        """The layers of a description or a block: at least one."""
        before = len(self.problems)
        entries = self.entries(node, taken)
        if not entries and len(self.problems) == before:
            self.problem("ARC111", node, f"{what} has no layers", "list at least one")
        return entries

    def entries(self, node: Node, taken: Iterable[str] = ()) -> list[Entry]:
        if not isinstance(node, SequenceNode):
            self.problem("ARC115", node, "layers are a list", "begin each with `- {op: …}`")
            return []
        entries = [self.entry(item) for item in node.value]
        ids = set(taken)
        for entry in entries:
            if entry.id in ids and entry.id:
                what = "is the name of an input" if entry.id in taken else "is there twice"
                self.problem("ARC116", entry.nodes["id"], f"id {entry.id} {what}", "give each layer an id of its own")
                entry.id = ""
            ids.add(entry.id)
        counters: dict[str, int] = {}
        for entry in entries:
            while not entry.id:
                counters[entry.op] = count = counters.get(entry.op, 0) + 1
                if (name := f"{entry.op}{count}") not in ids:
                    entry.id = name
        return entries

    def entry(self, node: Node) -> Entry:
        entry = Entry(self.source, node)
        before = len(self.problems)
        entry.nodes = keys = self.mapping(node, "a layer")
        if "op" in keys:
            entry.op = self.text(keys["op"])
        if not entry.op and len(self.problems) == before:
            self.problem("ARC117", keys.get("op", node), "the layer has no op", "say its kind: {op: conv, …}")
        self.common(entry, keys)
        entry.kind = find(entry.op)
        if entry.kind is not None:
            self.fields(entry, declared(entry.kind))
            self.finish(entry, sound=len(self.problems) == before)
        elif entry.op in self.result.blocks:
            # Blocks may be defined in any order, so their arguments are checked when they are used.
            entry.fields = {key: self.value(keys[key]) for key in keys if key not in COMMON}
        elif entry.op:
            known = (*kinds(), *self.result.blocks)
            self.problem("ARC118", keys["op"], f"there is no layer kind or block {entry.op}", suggest(entry.op, known))
        entry.broken = len(self.problems) > before
        return entry

    def common(self, entry: Entry, keys: dict[str, Node]) -> None:
        if "id" in keys:
            entry.id = self.text(keys["id"])
            if not 0 < len(entry.id) <= 200 or "." in entry.id or entry.id == "input":
                self.problem(
                    "ARC116",
                    keys["id"],
                    f"id {entry.id!r} is not usable",
                    "an id has 1 to 200 characters, no dot, and is not `input`",
                )
        if "inputs" in keys:
            entry.inputs = self.texts(keys["inputs"])
            if not all(entry.inputs) or not entry.inputs:
                self.problem("ARC125", keys["inputs"], "inputs names no layer", "name one, or leave the key out")
        if "repeat" in keys:
            entry.repeat = self.value(keys["repeat"])
        if "when" in keys:
            entry.when = self.value(keys["when"], _TRUTH)
        if "weights_of" in keys:
            entry.weights_of = self.text(keys["weights_of"])

    def key(self, mapping: Node, name: str) -> Node:
        """The node of a key, to point at it rather than at its value."""
        return next(key for key, _ in mapping.value if key.value == name)

    def fields(self, entry: Entry, known: dict[str, Any]) -> None:
        unknown: list[str] = []
        for key, node in entry.nodes.items():
            if key in known:
                entry.fields[key] = self.value(node, known[key])
            elif key not in COMMON:
                unknown.append(key)
                out = FOLLOWS.get(key) or suggest(key, (*known, *COMMON))
                self.problem("ARC119", self.key(entry.node, key), f"{entry.op} has no field {key}", out)
        assert entry.kind is not None
        for name in required(entry.kind):
            # A misspelt field is not missing too.
            if name not in entry.nodes and not resembles(name, unknown):
                self.problem("ARC120", entry.node, f"{entry.op} needs {name}", f"{name}: {known[name].wants}")

    def finish(self, entry: Entry, sound: bool) -> None:
        """Make the layer now if no expression stands in the way; else check what is plain. Equal layers are one."""
        assert entry.kind is not None
        plain = {name: value for name, value in entry.fields.items() if value is not None and not has_expression(value)}
        key = entry.op, repr(plain)
        if key not in self._layers:
            try:
                self._layers[key] = bind(entry.kind, plain)
            except BindError as error:
                self._layers[key] = error
        made = self._layers[key]
        if isinstance(made, BindError):
            for name, sentence in made.refused:
                if name in plain:
                    self.problem("ARC121", entry.nodes[name], f"{name} {sentence}")
        elif sound and len(plain) == len(entry.fields):
            entry.layer = made

    # -- nodes ------------------------------------------------------------------------------------------------------

    def mapping(self, node: Node, what: str, known: Iterable[str] | None = None) -> dict[str, Node]:
        """The keys of a mapping, each once and, if `known` is given, each known."""
        if not isinstance(node, MappingNode):
            self.problem("ARC115", node, f"{what} is a mapping of names to values", "write {name: value, …}")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value
            if not isinstance(name, str) or key.tag == "tag:yaml.org,2002:merge":
                self.problem("ARC115", key, "a key is a plain name")
            elif name in found:
                self.problem("ARC122", key, f"{name} is there twice", "keep one of them")
            elif known is not None and name not in known:
                self.problem("ARC119", key, f"{what} has no key {name}", suggest(name, known))
            else:
                found[name] = value
        return found

    def names(self, node: Node | None, what: str) -> Iterator[tuple[str, Node]]:
        """The names that a mapping defines, usable in expressions."""
        if node is None or (isinstance(node, ScalarNode) and not node.value):
            return
        for name, value in self.mapping(node, what).items():
            if not name.isidentifier() or name in RESERVED:
                why = "is reserved" if name in RESERVED else "is not a name: letters, digits and _"
                self.problem("ARC123", value, f"{name!r} in {what} {why}", "choose another name")
            else:
                yield name, value

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if isinstance(node, ScalarNode) and len(node.value) > MAX_TEXT:
            self.problem("ARC126", node, f"a text has at most {MAX_TEXT:,} characters, this one {len(node.value):,}")
            return ""
        if isinstance(node, ScalarNode):
            return node.value
        self.problem("ARC115", node, "this is a single text")
        return ""

    def texts(self, node: Node) -> list[str]:
        if isinstance(node, SequenceNode):
            return [self.text(item) for item in node.value]
        return [self.text(node)]

    def value(self, node: Node, holds: Any = None, depth: int = 0) -> Any:
        """A number, truth value, word, expression, or a list of such; None where it cannot be read."""
        if isinstance(node, SequenceNode) and depth < MAX_LISTS:
            return [self.value(item, holds, depth + 1) for item in node.value]
        if not isinstance(node, ScalarNode):
            self.problem("ARC115", node, "a value is a number, a word, an expression or a list")
            return None
        key = id(holds), node.value
        if key not in self._values:
            try:
                self._values[key] = row(node.value, holds)
            except ReadingError as error:
                self.problem("ARC124", node, str(error), error.out)
                return None
        return self._values[key]

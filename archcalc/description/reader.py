"""Reads YAML nodes into a document: every key and value is checked, all problems are collected with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from archcalc.description.binding import BindError, bind, loc_text
from archcalc.description.document import REQUIRED, Document, ParsedBlock, ParsedEntry
from archcalc.description.model import (
    MAX_AXES,
    MAX_TEXT,
    VERSION,
    Block,
    Description,
    Entry,
    Input,
    KeySyntax,
    Part,
    is_shape,
    key_syntaxes,
)
from archcalc.description.nodes import NodeReader
from archcalc.description.operators import FUNCTIONS, parts
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source, part_node
from archcalc.description.values import ANY, MAX_LISTS, MAX_WITH_EXPRESSIONS, has_expression, is_name
from archcalc.errors import Problems, resembles, suggest
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, field_syntaxes, field_types, required_fields
from archcalc.layers._types import FieldSyntax, expects

_KEYS: dict[type[Part], dict[str, KeySyntax | None]] = {part: key_syntaxes(part) for part in (Description, Input, Block, Entry)}
_TRUTH = FieldSyntax(is_truth=True)
FROM_INPUT = dict.fromkeys(("in_channels", "in_features", "num_features"), "it follows from the input: leave it out")
"""Fields of PyTorch that a description does not have, each with the way out."""
RESERVED = {"in_channels", "input", *FUNCTIONS}


def read_document(source: Source) -> tuple[Document, Problems]:
    """The document in a source, and all its problems. What could not be read is left out of the document.

    Raises `DescriptionError` where the text is not YAML.
    """
    reader = _Reader(source)
    reader.document(source.root())
    return reader.result, reader.problems


class _Reader(NodeReader):
    malformed, repeated, unknown, unreadable, too_long = "ARC115", "ARC122", "ARC119", "ARC124", "ARC126"
    max_text, max_lists = MAX_TEXT, MAX_LISTS

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.result = Document(source)
        self._layers: dict[Any, Layer | BindError] = {}

    def read(self, part: type[Part], key: str, node: Node) -> Any:
        """The value of a key of a part, in the syntax that the model declares."""
        syntax = _KEYS[part][key]
        if syntax is KeySyntax.text:
            return self.text(node)
        return self.texts(node) if syntax is KeySyntax.texts else self.value(node, _TRUTH if syntax is KeySyntax.truth else ANY)

    def value(self, node: Node, syntax: FieldSyntax = ANY, depth: int = 0) -> Any:
        """As that of any reader; a list with a part that cannot be read has no value either."""
        value = super().value(node, syntax, depth)
        if not isinstance(value, list):
            return value
        if depth == 0 and has_expression(value) and sum(1 for _ in parts(value)) > MAX_WITH_EXPRESSIONS:
            sentence = f"a list with an expression in it has at most {MAX_WITH_EXPRESSIONS} values"
            self.problem("ARC124", node, sentence)
            return None
        return None if None in value else value

    # -- the parts of a document ------------------------------------------------------------------------------------

    def document(self, root: Node) -> None:
        if not isinstance(root, MappingNode):
            self.problem("ARC115", root, "a description is a mapping of names to values", "begin it with `archcalc: 1`")
            return
        top = self.mapping(root, "a description", _KEYS[Description])
        self.result.nodes = top
        if "archcalc" not in top:
            self.problem("ARC110", root, "the format version is missing", "begin the file with `archcalc: 1`")
        elif top["archcalc"].value != str(VERSION):
            self.problem("ARC110", top["archcalc"], "this format version is not known", f"write `archcalc: {VERSION}`")
        for key in ("name", "source", "frozen"):
            if key in top:
                setattr(self.result, key, self.read(Description, key, top[key]))
        self.result.opaque = {key: top[key] for key in ("claims", "figure") if key in top}
        self.variables(top.get("variables"))
        self.inputs(root, top)
        self.blocks(top.get("blocks"))
        if "layers" not in top:
            self.problem("ARC111", root, "has no layers", "list them under `layers:`")
        else:
            self.result.layers = self.sequence(top["layers"], "the description", taken=self.result.inputs)

    def variables(self, node: Node | None) -> None:
        for name, value in self.names(node, "variables"):
            self.result.variables[name] = self.value(value)
            self.result.nodes[f"variable {name}"] = value

    def inputs(self, root: Node, top: dict[str, Node]) -> None:
        keys = [key for key in ("input", "inputs") if key in top]
        if len(keys) != 1:
            self.problem(
                "ARC112",
                root,
                f"has {len(keys)} of `input` and `inputs`, exactly one is needed",
                "write `input: {shape: [3, 224, 224]}`: channels, then the spatial axes",
            )
            return
        node = top[keys[0]]
        several = self.mapping(node, "inputs") if keys[0] == "inputs" else {"input": node}
        if not several:
            self.problem("ARC112", node, "names no input", "write `inputs: {image: {shape: [3, 224, 224]}}`")
        for name, body in several.items():
            shape = self.mapping(body, "an input", _KEYS[Input]).get("shape")
            sizes = self.read(Input, "shape", shape) if shape is not None else None
            if not is_shape(sizes):
                self.problem(
                    "ARC112",
                    body,
                    f"an input has a shape of 1 to {MAX_AXES} sizes, channels first",
                    "write {shape: [3, 224, 224]}",
                )
            else:
                self.result.inputs[name] = sizes
                self.result.nodes[f"input {name}"] = shape

    def blocks(self, node: Node | None) -> None:
        bodies = dict(self.names(node, "blocks", is_usable=str.isidentifier))
        self.result.blocks = {name: ParsedBlock(name) for name in bodies}
        for name, body in bodies.items():
            if name in kinds():
                self.problem("ARC114", body, f"block {name} has the name of a layer kind", "give it another name")
            keys = self.mapping(body, f"block {name}", _KEYS[Block])
            block = self.result.blocks[name]
            for argument, value in self.names(keys.get("arguments"), "arguments", _KEYS[Entry]):
                block.marks[argument] = self.source.mark(value)
                required = isinstance(value, ScalarNode) and value.value == "required"
                block.arguments[argument] = REQUIRED if required else self.value(value)
            if "inputs" in keys:
                block.inputs = self.read(Block, "inputs", keys["inputs"]) or block.inputs
                if len(set(block.inputs)) < len(block.inputs):
                    self.problem("ARC116", keys["inputs"], "an input is named twice", "give each a name of its own")
            if "layers" not in keys:
                self.problem("ARC111", body, f"block {name} has no layers", "list them under `layers:`")
            else:
                block.layers = self.sequence(keys["layers"], f"block {name}", taken=block.inputs)

    # -- layers -----------------------------------------------------------------------------------------------------

    def sequence(self, node: Node, what: str, taken: Iterable[str] = ()) -> list[ParsedEntry]:
        """The layers of a description or a block: at least one."""
        before = len(self.problems)
        entries = self.entries(node, taken)
        if not entries and len(self.problems) == before:
            self.problem("ARC111", node, f"{what} has no layers", "list at least one")
        return entries

    def entries(self, node: Node, taken: Iterable[str] = ()) -> list[ParsedEntry]:
        if not isinstance(node, SequenceNode):
            self.problem("ARC115", node, "layers are a list", "begin each with `- {op: …}`")
            return []
        entries = [self.entry(item) for item in node.value]
        ids = set(taken)
        for entry in entries:
            if entry.id in ids and entry.id:
                conflict = "is the name of an input" if entry.id in taken else "is there twice"
                self.problem("ARC116", entry.nodes["id"], f"id {entry.id} {conflict}", "give each layer an id of its own")
                entry.id = ""
            ids.add(entry.id)
        counters: dict[str, int] = {}
        for entry in entries:
            while not entry.id:
                counters[entry.op] = count = counters.get(entry.op, 0) + 1
                if (name := f"{entry.op}{count}") not in ids:
                    entry.id = name
        return entries

    def entry(self, node: Node) -> ParsedEntry:
        entry = ParsedEntry(self.source, node)
        before = len(self.problems)
        entry.nodes = keys = self.mapping(node, "a layer")
        if "op" in keys:
            entry.op = self.read(Entry, "op", keys["op"])
        if not entry.op and len(self.problems) == before:
            self.problem("ARC117", keys.get("op", node), "the layer has no op", "write its kind: {op: conv, …}")
        self.common(entry, keys)
        entry.kind = find(entry.op)
        if entry.kind is not None:
            self.fields(entry, field_syntaxes(entry.kind))
            self.finish(entry, sound=len(self.problems) == before)
        elif entry.op in self.result.blocks:
            # Blocks may be defined in any order, so their arguments are checked when they are used.
            entry.fields = {key: self.value(keys[key]) for key in keys if key not in _KEYS[Entry]}
        elif entry.op:
            known = (*kinds(), *self.result.blocks)
            self.problem("ARC118", keys["op"], f"there is no layer kind or block {entry.op}", suggest(entry.op, known))
        entry.broken = len(self.problems) > before
        return entry

    def common(self, entry: ParsedEntry, keys: dict[str, Node]) -> None:
        """Read and check the keys that every layer may have."""
        for key in _KEYS[Entry]:
            if key in keys and key != "op":
                setattr(entry, key, self.read(Entry, key, keys[key]))
        if "id" in keys and (not 0 < len(entry.id) <= 200 or "." in entry.id or entry.id == "input"):
            self.problem(
                "ARC116",
                keys["id"],
                f"id {entry.id!r} is not usable",
                "an id has 1 to 200 characters, no dot, and is not `input`",
            )
        if entry.inputs is not None and (not all(entry.inputs) or not entry.inputs):
            self.problem("ARC125", keys["inputs"], "inputs names no layer", "name one, or leave the key out")

    def key(self, mapping: Node, name: str) -> Node:
        """The node of a key, to point at it rather than at its value."""
        return next(key for key, _ in mapping.value if key.value == name)

    def fields(self, entry: ParsedEntry, known: Mapping[str, FieldSyntax]) -> None:
        unknown: list[str] = []
        for key, node in entry.nodes.items():
            if key in known:
                entry.fields[key] = self.value(node, known[key])
            elif key not in _KEYS[Entry]:
                unknown.append(key)
                out = FROM_INPUT.get(key) or suggest(key, (*known, *_KEYS[Entry]))
                self.problem("ARC119", self.key(entry.node, key), f"{entry.op} has no field {key}", out)
        assert entry.kind is not None
        for name in required_fields(entry.kind):
            # A misspelt field is not reported as missing too.
            if name not in entry.nodes and not resembles(name, unknown):
                out = f"{name}: {expects(field_types(entry.kind)[name])}"
                self.problem("ARC120", entry.node, f"{entry.op} needs {name}", out)

    def finish(self, entry: ParsedEntry, sound: bool) -> None:
        """Make the layer if no field is an expression, else check the plain fields. Equal layers are one object."""
        assert entry.kind is not None
        plain = {name: value for name, value in entry.fields.items() if value is not None and not has_expression(value)}
        key = entry.op, repr(plain)
        if key not in self._layers:
            try:
                self._layers[key] = bind(entry.kind, plain)
            except BindError as error:
                self._layers[key] = error
        layer = self._layers[key]
        if isinstance(layer, BindError):
            for loc, sentence in layer.refused:
                if loc[0] in plain:  # what is missing, or could not be read, is reported already
                    node = part_node(entry.nodes[str(loc[0])], loc[1:])
                    self.problem("ARC121", node, f"{loc_text(loc)} {sentence}")
        elif sound and len(plain) == len(entry.fields):
            entry.layer = layer

    def names(
        self, node: Node | None, what: str, taken: Iterable[str] = (), is_usable: Callable[[str], bool] = is_name
    ) -> Iterator[tuple[str, Node]]:
        """The names that a mapping defines, usable in expressions; those in `taken` have a meaning of their own there."""
        if node is None or (isinstance(node, ScalarNode) and not node.value):
            return
        for name, value in self.mapping(node, what).items():
            reason = "is not a name: letters, digits and _"
            if name in taken:
                reason = "is a key that every layer may have, so that it cannot be given"
            elif name in RESERVED:
                reason = "is reserved"
            elif is_usable(name):
                self.names_defined.add(name)
                yield name, value
                continue
            elif name.isidentifier():
                reason = "is not read as a name: expressions have another meaning for it"
            self.problem("ARC123", value, f"{name!r} in {what} {reason}", "choose another name")

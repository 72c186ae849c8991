"""Reads YAML nodes into a document: every key and value is checked, all problems are collected with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from archcalc.description.document import REQUIRED, Document, ParsedBlock
from archcalc.description.input_reader import InputReader
from archcalc.description.layer_reader import KEYS
from archcalc.description.model import MAX_AXES, VERSION, Block, Description, Entry, Input, Part, is_shape
from archcalc.description.networks import NetworkError, Networks
from archcalc.description.source import MappingNode, Node, ScalarNode, Source, refuse_foreign_json
from archcalc.description.values import RESERVED, is_name
from archcalc.errors import DescriptionError, Problems
from archcalc.suggestions import suggest

_OF_NETWORKS = ("network", "until", "set")
"""The keys of a block that is a network."""
OWN = ("archcalc", "name", "claims", "extends")
"""Keys that a network does not have from the one that it extends."""


def read_document(source: Source) -> tuple[Document, Problems]:
    """The document in a source, and all its problems. What could not be read is left out of the document.

    Raises `DescriptionError` where the text is not YAML.
    """
    return _read(source, Networks(), ())


def _read(source: Source, networks: Networks, chain: tuple[Source, ...]) -> tuple[Document, Problems]:
    """The document in a source that the last of a chain of files names."""
    refuse_foreign_json(source)
    reader = _Reader(source, networks, chain)
    reader.document(source.root())
    return reader.result, reader.problems


class _Level(NamedTuple):
    """One file of a family: its keys, and where they are."""

    source: Source
    chain: tuple[Source, ...]
    """The files that have led to it by naming each other, and itself."""
    keys: dict[str, Node]


class _Reader(InputReader):
    def __init__(self, source: Source, networks: Networks, chain: tuple[Source, ...]) -> None:
        super().__init__(source)
        self.networks = networks
        self.chain = (*chain, source)
        """The files that have led to what is being read by naming each other."""
        self.result.texts = networks.texts
        self.refused: set[str] = set()
        """Names whose declaration is reported."""

    # -- the parts of a document ------------------------------------------------------------------------------------

    def document(self, root: Node) -> None:
        levels = self.levels(root)
        if not levels or "extends" in levels[-1].keys:  # the network that is extended cannot be read, which is reported
            return
        top: dict[str, Node] = {}
        for level in reversed(levels):  # the own file last: its keys replace those of the network that it extends
            if {"input", "inputs"} & {*level.keys}:
                top = {key: node for key, node in top.items() if key not in ("input", "inputs")}
            for key, node in level.keys.items():
                if level is levels[0] or key not in OWN:
                    top[key] = node
                    self.result.sources[key] = level.source
        self.result.nodes = top
        for key in ("name", "source", "positions", "frozen", "ignore"):
            if key in top:
                setattr(self.result, key, self.read_at(key, Description, top[key]))
        if self.result.positions and not self.result.positions.isalpha():
            sentence = f"positions: {self.result.positions!r} is not a word"
            self.problem("ARC123", self.result.mark("positions"), sentence, "write tokens")
        self.result.opaque = {key: top[key] for key in ("claims", "figure") if key in top}
        for level in reversed(levels):
            self.source = level.source
            self.variables(level.keys.get("variables"), is_new=level is levels[-1])
        self.inputs(root, top)
        self.blocks([level for level in reversed(levels) if "blocks" in level.keys])
        self.source = self.result.source_of("layers")
        if "layers" not in top:
            self.problem("ARC111", root, "has no layers", "list them under `layers:`")
        else:
            self.arguments = self.result.variables
            self.result.layers = self.sequence(top["layers"], "the description", taken=self.result.inputs)
        self.source = self.result.origin

    def levels(self, root: Node | None) -> list[_Level]:
        """The files of the family: the own one, that which it extends, and so on."""
        levels: list[_Level] = []
        while root is not None:
            if not isinstance(root, MappingNode):
                out = "begin it with `archcalc: 1`"
                self.problem("ARC115", root, "a description is a mapping of names to values", out)
                break
            keys = self.mapping(root, "a description", KEYS[Description])
            levels.append(_Level(self.source, self.chain, keys))
            if "archcalc" not in keys:
                self.problem("ARC110", root, "the format version is missing", "begin the file with `archcalc: 1`")
            elif keys["archcalc"].value != str(VERSION):
                self.problem("ARC110", keys["archcalc"], "this format version is not known", f"write `archcalc: {VERSION}`")
            source = self.other("extends", keys["extends"]) if "extends" in keys else None
            root = None
            if source is not None:
                self.chain = (*self.chain, source)
                self.source, root = source, self.root_of(source)
        self.source = self.result.origin
        return levels

    def other(self, key: str, node: Node) -> Source | None:
        """The source of a network that is named; None, with a problem, if it cannot be used."""
        name = self.readable_text(node)
        if name is None:
            return None
        if not name.strip():
            out = "write a .yaml file, or a network of the zoo such as resnet50"
            self.problem("ARC148", node, f"{key}: names no network", out)
            return None
        try:
            return self.networks.source(name, self.chain)
        except NetworkError as error:
            self.problem("ARC148", node, f"{key}: {error}", error.out)
            return None

    def root_of(self, source: Source) -> Node | None:
        """The node of another file; None, with its problems, if it is not YAML."""
        try:
            return source.root()
        except DescriptionError as error:
            self.problems.merge(error.problems)
            return None

    def read_at(self, key: str, part: type[Part], node: Node) -> Any:
        """The value of a key at the top, which may be in the file of the network that is extended."""
        self.source = self.result.source_of(key)
        value = self.read(part, key, node)
        self.source = self.result.origin
        return value

    def variables(self, node: Node | None, is_new: bool) -> None:
        """Read variables; those of a network that extends another one replace the other's."""
        for name, value in self.names(node, "variables"):
            if not is_new and name not in self.result.variables:
                message = f"the network that is extended has no variable {name}"
                self.problem("ARC149", value, message, partial(suggest, name, [*self.result.variables]))
                continue
            self.result.variables[name] = None if name in self.refused else self.value(value)
            self.result.nodes[f"variable {name}"] = value
            self.result.sources[f"variable {name}"] = self.source

    def inputs(self, root: Node, top: dict[str, Node]) -> None:
        keys = [key for key in ("input", "inputs") if key in top]
        self.source = self.result.source_of(keys[0] if keys else "")
        if len(keys) != 1:
            self.problem(
                "ARC112",
                root,
                f"has {len(keys)} of `input` and `inputs`, exactly one is needed",
                "write `input: {shape: [3, 224, 224]}`: channels, then the spatial axes",
            )
            return
        for name, body in self.input_bodies(keys[0], top[keys[0]]).items():
            shape_node = self.without_batch(self.input_shape(body))
            sizes = self.read(Input, "shape", shape_node) if shape_node is not None else None
            if shape_node is not None and sizes is None:
                continue  # it is reported already
            if not is_shape(sizes):
                out = f"write {{shape: [{sizes if isinstance(sizes, int) else '3, 224, 224'}]}}"
                if isinstance(sizes, list) and len(sizes) == MAX_AXES + 1:
                    out = "leave the batch out, if it is the first size"
                self.problem("ARC112", body, f"an input has a shape of 1 to {MAX_AXES} sizes, channels first", out)
            else:
                self.result.inputs[name] = sizes
                self.result.nodes[f"input {name}"] = shape_node
                self.result.sources[f"input {name}"] = self.source

    def blocks(self, levels: list[_Level]) -> None:
        """Read the blocks of the files of a family; one with the name of another one replaces it."""
        bodies: dict[str, tuple[_Level, Node]] = {}
        for level in levels:
            self.source = level.source
            section = self.names(level.keys["blocks"], "blocks", is_usable=str.isidentifier)
            bodies |= {name: (level, body) for name, body in section}
        self.result.blocks |= {name: ParsedBlock(name, level.source.mark(body)) for name, (level, body) in bodies.items()}
        for name, (level, body) in bodies.items():
            self.source, self.chain = level.source, level.chain
            is_network = isinstance(body, MappingNode) and any(key.value == "network" for key, _ in body.value)
            if is_network:
                self.network(self.result.blocks[name], body)
            else:
                self.block(self.result.blocks[name], body)

    def block(self, block: ParsedBlock, body: Node) -> None:
        """Read a block of layers."""
        keys = self.mapping(body, f"block {block.name}", [key for key in KEYS[Block] if key not in _OF_NETWORKS])
        for argument, value in self.names(keys.get("arguments"), "arguments", KEYS[Entry]):
            block.marks[argument] = self.source.mark(value)
            required = isinstance(value, ScalarNode) and value.value == "required"
            is_refused = argument in self.refused
            block.arguments[argument] = None if is_refused else REQUIRED if required else self.value(value)
        if "inputs" in keys:
            block.inputs = self.read(Block, "inputs", keys["inputs"]) or block.inputs
            if len(set(block.inputs)) < len(block.inputs):
                self.problem("ARC116", keys["inputs"], "an input is named twice", "give each a name of its own")
        if "layers" not in keys:
            self.problem("ARC111", body, f"block {block.name} has no layers", "list them under `layers:`")
        else:
            self.arguments = {*self.result.variables, *block.arguments}
            block.layers = self.sequence(keys["layers"], f"block {block.name}", taken=block.inputs)

    def network(self, block: ParsedBlock, body: Node) -> None:
        """Read a block that is a network: its layers, to the one that is named last, with its variables as arguments."""
        keys = self.mapping(body, f"block {block.name}, a network,", _OF_NETWORKS)
        source = self.other("network", keys["network"])
        if source is None:
            return
        read = partial(_read, source, self.networks, self.chain)
        try:
            document = self.networks.document(source, read, self.problems)
        except DescriptionError as error:
            self.problems.merge(error.problems)
            return
        block.network = self.text(keys["network"]) if source.label else source.path
        block.arguments, block.inputs, block.layers = document.variables, list(document.inputs), document.layers
        block.marks = {name: document.mark(f"variable {name}") for name in document.variables}
        for name, value in self.names(keys.get("set"), "set"):
            if name in document.variables:
                block.given[name], block.given_marks[name] = self.value(value), self.source.mark(value)
            else:
                out = partial(suggest, name, [*document.variables])
                self.problem("ARC149", value, f"network {block.network} has no variable {name}", out)
        if "until" in keys:
            block.until = self.text(keys["until"])
            ids = [entry.id for entry in document.layers]
            if block.until in ids:
                block.layers = document.layers[: ids.index(block.until) + 1]
            elif block.until:
                message = f"network {block.network} has no layer or block {block.until}, outside of its blocks"
                self.problem("ARC149", keys["until"], message, partial(suggest, block.until, ids))

    def names(
        self, node: Node | None, what: str, taken: Iterable[str] = (), is_usable: Callable[[str], bool] = is_name
    ) -> Iterator[tuple[str, Node]]:
        """The names that a mapping defines, usable in expressions; those in `taken` have a meaning of their own there.

        One that is refused is reported here, and has no value, so that its uses are no further problems.
        """
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
            self.refused.add(name)
            if not is_name(name):  # else the scopes know that it has no value
                self.words_refused.add(name)
            yield name, value

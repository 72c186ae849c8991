"""Reads the layers of a description or a block: ids, kinds and fields, each with its problems at its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping
from typing import Any

from archcalc.description.binding import BindError, bind, loc_text
from archcalc.description.document import Document, ParsedEntry
from archcalc.description.expressions import Expression
from archcalc.description.model import MAX_TEXT, Block, Description, Entry, Input, KeySyntax, Part, key_syntaxes
from archcalc.description.nodes import NodeReader
from archcalc.description.operators import ExpressionError, parts
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source, part_node
from archcalc.description.values import ANY, MAX_LISTS, MAX_WITH_EXPRESSIONS, ReadingError, has_expression, scalar
from archcalc.description.words import Guess, field_guess, is_field_word, key_guess, kind_guess
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, field_syntaxes, field_types, required_fields
from archcalc.layers._types import FieldSyntax, expects
from archcalc.suggestions import clear_match, resembles

KEYS: dict[type[Part], dict[str, KeySyntax | None]] = {part: key_syntaxes(part) for part in (Description, Input, Block, Entry)}
"""The keys of each part of a description."""
MAX_ID = 200
"""Characters of an id."""
_COUNTED = re.compile(r"(?P<prefix>(?:[^.]*[^.0-9])?)(?P<first>0|[1-9][0-9]{0,8})\.\.(?P<last>.+)", re.DOTALL)
_TRUTH = FieldSyntax(is_truth=True)


class LayerReader(NodeReader):
    """Reads lists of layers. What is clearly misspelt is reported, and read as what it stands for."""

    malformed, repeated, unknown, unreadable, too_long = "ARC115", "ARC122", "ARC119", "ARC124", "ARC126"
    max_text, max_lists = MAX_TEXT, MAX_LISTS

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.result = Document(source)
        self.arguments: Container[str] = ()
        """The names of the arguments and variables that the layers being read can name in `op`."""
        self._layers: dict[Any, Layer | BindError] = {}
        self._guesses: dict[Any, Guess] = {}

    def read(self, part: type[Part], key: str, node: Node) -> Any:
        """The value of a key of a part, in the syntax that the model declares."""
        syntax = KEYS[part][key]
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

    def sequence(self, node: Node, what: str, taken: Iterable[str] = ()) -> list[ParsedEntry]:
        """The layers of a description or a block: at least one."""
        before = self.problems.total
        entries = self.entries(node, taken)
        if not entries and self.problems.total == before:
            self.problem("ARC111", node, f"{what} has no layers", "list at least one")
        return entries

    def entries(self, node: Node, taken: Iterable[str] = ()) -> list[ParsedEntry]:
        """The entries of a list of layers, each with an id; those in `taken` are not free."""
        if not isinstance(node, SequenceNode):
            is_tight = isinstance(node, MappingNode) and any(str(key.value).startswith("-") for key, _ in node.value)
            out = "write a space after each -" if is_tight else "begin each with `- {op: …}`"
            self.problem("ARC115", node, "layers are a list", out)
            return []
        entries = [self.entry(item) for item in node.value]
        ids = set(taken)
        first: dict[str, ParsedEntry] = {}
        for entry in entries:
            if entry.id in ids and entry.id:
                where = f"the first is {first[entry.id].mark('id').in_file}" if entry.id in first else ""
                conflict = "is there twice" if where else "is the name of an input"
                out = "give each layer an id of its own"
                self.problem("ARC116", entry.nodes["id"], f"id {entry.id} {conflict}", where, out)
                entry.id = ""
            first.setdefault(entry.id, entry)
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
        entry.blocks = self.result.blocks
        before = self.faults
        entry.nodes = keys = self.layer_keys(node)
        if "op" in keys:
            entry.op = self.read(Entry, "op", keys["op"])
        if not entry.op and self.faults == before:
            self.problem("ARC117", keys.get("op", node), "the layer has no op", "write its kind: {op: conv, …}")
        self.common(entry, keys)
        if entry.op and entry.op in self.arguments:  # a refused variable may have the name ''
            entry.is_open = True
            entry.fields = {key: self.loose_value(keys[key]) for key in keys if key not in KEYS[Entry]}
        else:
            self.contents(entry, before)
        entry.broken = entry.broken or self.faults > before
        return entry

    def contents(self, entry: ParsedEntry, before: int) -> None:
        """Read the fields of a kind or the arguments of a block; `before` is how many faults there were before the entry."""
        if entry.op not in self.result.blocks:  # a block goes before a kind of its name, so that a new kind breaks no file
            entry.kind = find(entry.op)
        if entry.kind is None and entry.op and entry.op not in self.result.blocks:
            self.unknown_kind(entry)
        if entry.kind is not None:
            self.fields(entry, field_syntaxes(entry.kind))
            is_whole = all(name in entry.nodes for name in required_fields(entry.kind))
            entry.broken = self.faults > before or not is_whole
            self.finish(entry, sound=not entry.broken)
        elif entry.op in self.result.blocks:
            # Blocks may be defined in any order, so their arguments are checked when they are used.
            entry.fields = {key: self.value(node) for key, node in entry.nodes.items() if key not in KEYS[Entry]}

    def loose_value(self, node: Node, depth: int = 0) -> Any:
        """The value of a field whose syntax is not known yet: what cannot be read is its text."""
        if isinstance(node, SequenceNode) and depth < MAX_LISTS:
            return [self.loose_value(item, depth + 1) for item in node.value]
        if not isinstance(node, ScalarNode):
            return None
        try:
            return scalar(node.value, ANY, self.names_defined)
        except ReadingError:
            return node.value

    def layer_keys(self, node: Node) -> dict[str, Node]:
        """The keys of a layer, with those that are spelled as in other frameworks under their own names."""
        if isinstance(node, ScalarNode) and not self.problems.is_full:
            op = node.value if node.value in (*kinds(), *self.result.blocks) else self.meant(node.value).name
            if op:
                self.slip("ARC115", node, "a layer is a mapping", f"write {{op: {op}}}")
                return {"op": ScalarNode(node.tag, op, node.start_mark, node.end_mark)}
        keys = self.mapping(node, "a layer", out="write {op: conv, …}")
        if keys and "op" not in keys and not self.problems.is_full:
            key = next((key for key in keys if is_field_word(key, "op")), None) or next(
                (key for key, value in keys.items() if clear_match(key, ["op"]) and value.value in kinds()), None
            )
            if key is not None:
                self.slip("ARC119", self.key(node, key), f"{key} is spelled op here", f"write op: {keys[key].value}")
                return {"op" if name == key else name: value for name, value in keys.items()}
            if op := next((key for key in keys if key in (*kinds(), *self.result.blocks)), None):
                self.problem("ARC117", self.key(node, op), "the layer has no op", f"write its kind as {{op: {op}, …}}")
                return {}
        return keys

    def meant_key(self, word: str, free: Collection[str]) -> str | None:
        """As that of any reader, with the words of other frameworks."""
        return key_guess(word, free)

    def meant(self, op: str) -> Guess:
        """The kind or block that a word stands for."""
        if op not in self._guesses:
            self._guesses[op] = kind_guess(op, (*kinds(), *self.result.blocks))
        return self._guesses[op]

    def unknown_kind(self, entry: ParsedEntry) -> None:
        """Report an op that is neither a kind nor a block; where it is clear what is meant, reading goes on with that."""
        written = entry.op
        message = f"there is no layer kind or block {written}"
        if self.problems.is_full:
            self.problem("ARC118", entry.nodes["op"], message)
            return
        guess = self.meant(written)
        report = self.slip if guess.name else self.problem
        report("ARC118", entry.nodes["op"], message, guess.out)
        if guess.name:
            entry.op, entry.kind = guess.name, find(guess.name)

    def common(self, entry: ParsedEntry, keys: dict[str, Node]) -> None:
        """Read and check the keys that every layer may have; what cannot be read is reported already."""
        sound = set()
        for key in KEYS[Entry]:
            if key in keys and key != "op":
                before = self.faults
                setattr(entry, key, self.read(Entry, key, keys[key]))
                sound |= {key} if self.faults == before else set()
        if "id" in sound and (match := _COUNTED.fullmatch(entry.id)) and len(entry.id) <= MAX_ID:
            self.counted(entry, keys["id"], match)
        elif "id" in sound and (not 0 < len(entry.id) <= MAX_ID or "." in entry.id or entry.id == "input"):
            self.problem(
                "ARC116",
                keys["id"],
                f"id {entry.id!r} is not usable",
                f"an id has 1 to {MAX_ID} characters, no dot, and is not `input`",
            )
        if "inputs" not in sound:
            entry.inputs = entry.inputs or None
        elif entry.inputs is not None and not (entry.inputs and all(entry.inputs)):
            self.problem("ARC125", keys["inputs"], "inputs names no layer", "name one, or leave the key out")

    def counted(self, entry: ParsedEntry, node: Node, match: re.Match[str]) -> None:
        """Read an id that counts as the source does: `layer1..4` is a repeat of four, named layer1 to layer4."""
        first = int(match["first"])
        entry.counted = match["prefix"], first
        if entry.repeat is not None:
            self.problem("ARC116", node, f"id {entry.id} is the repeat already", "leave repeat out")
            return
        try:
            last = scalar(match["last"])
            entry.repeat = last - first + 1 if type(last) is int else Expression(f"({last}) - {first} + 1")
        except (ReadingError, ExpressionError, TypeError):
            self.problem("ARC116", node, f"id {entry.id} does not say where it ends", "write the first and the last: 1..3")
            return
        if type(entry.repeat) is int and entry.repeat < 0:
            self.problem("ARC116", node, f"id {entry.id} counts down", f"write {match['prefix']}{last}..{first}")
            entry.repeat = 1

    def key(self, mapping: Node, name: str) -> Node:
        """The node of a key, to point at it rather than at its value."""
        keys = mapping.value if isinstance(mapping, MappingNode) else ()
        return next((key for key, _ in keys if key.value == name), mapping)

    def fields(self, entry: ParsedEntry, known: Mapping[str, FieldSyntax]) -> None:
        """Read the fields of a kind; an unknown one is read as the field that it clearly stands for."""
        assert entry.kind is not None
        unknown = [key for key in entry.nodes if key not in known and key not in KEYS[Entry]]
        keys = {key.value: key for key, _ in entry.node.value if isinstance(key.value, str)} if unknown else {}
        unclear = [key for key in unknown if not self.unknown_field(entry, keys.get(key, entry.node), key, known)]
        for key, node in entry.nodes.items():
            if key in known:
                entry.fields[key] = self.value(node, known[key])
        for name in required_fields(entry.kind):
            # A misspelt field is not reported as missing too, nor one of a kind that is guessed.
            if name not in entry.nodes and entry.op == entry.nodes["op"].value and not resembles(name, unclear):
                out = f"{name}: {expects(field_types(entry.kind)[name])}"
                self.problem("ARC120", entry.node, f"{entry.op} needs {name}", out)

    def unknown_field(self, entry: ParsedEntry, place: Node, key: str, known: Mapping[str, FieldSyntax]) -> bool:
        """Report an unknown field; returns whether it is clear what it means."""
        message = f"{entry.op} has no field {key}"
        if self.problems.is_full:
            self.problem("ARC119", place, message)
            return False
        value = getattr(entry.nodes[key], "value", "")
        guess = field_guess(key, value if isinstance(value, str) else "", (*known, *KEYS[Entry]), kinds())
        is_clear = guess.is_harmless or guess.name is not None
        (self.slip if is_clear else self.problem)("ARC119", place, message, guess.out)
        if guess.name is not None and guess.name not in entry.nodes:
            entry.nodes[guess.name] = entry.nodes[key]
            if guess.name in KEYS[Entry]:
                self.common(entry, {guess.name: entry.nodes[key]})
        return is_clear

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

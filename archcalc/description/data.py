"""Descriptions as Python values: a mapping or a model is read like a file, and a file is read into a model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias, cast

from archcalc.arithmetic.term import NUMBER_LIMIT
from archcalc.description.composer import MAX_NODES
from archcalc.description.document import REQUIRED, Document, ParsedBlock, ParsedEntry
from archcalc.description.expressions import Expression
from archcalc.description.model import Block, Description, Entry, Input, Part
from archcalc.description.operators import ExpressionError, number
from archcalc.description.reader import read_document
from archcalc.description.source import (
    MAX_NESTING,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    decode,
    read,
)
from archcalc.errors import DescriptionError, Mark, Problem

NAME = "<description>"
"""The name of a description without a file in messages."""

DescriptionLike: TypeAlias = str | os.PathLike[str] | Mapping[str, Any] | Description
"""A path, the name of a network in the zoo, `-`, a YAML text of several lines, a mapping, or a model."""


def source_of(description: DescriptionLike) -> Source:
    """The source of a description.

    Text with a line break is YAML; other text is a path or the name of a zoo network. Raises `DescriptionError` if neither a
    file nor a network has the name, `TypeError` for another type.
    """
    if isinstance(description, (Mapping, Description)):
        return Data(NAME, "", values=description)
    if isinstance(description, str) and "\n" in description:
        return Source(NAME, decode(description.encode("utf-8", "surrogatepass"), NAME))
    return read(os.fspath(description))


def read_description(description: DescriptionLike) -> Description:
    """The model of a description: a file, text, a mapping or a model. Raises `DescriptionError` with all its problems."""
    document, problems = read_document(source_of(description))
    if problems:
        raise document.error(problems)
    return model_of(document)


# -- values as nodes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Data(Source):
    """Python values as a source. A position is the path to a value: `<description>: layers[3].kernel_size`."""

    values: Any = None

    def root(self) -> Node:
        """The values as nodes. Raises `DescriptionError` if they are nested too deep, or too many."""
        return _Nodes().node(self.values, Mark(self.path))

    def mark(self, node: Node) -> Mark:
        """The path to the value of a node."""
        return cast(Mark, node.start_mark)


class _Nodes:
    """Converts values to the nodes of a file with the same text.

    Each node has the `Mark` of its value in place of PyYAML's.
    """

    def __init__(self) -> None:
        self.count = 0

    def node(self, value: Any, mark: Any) -> Node:
        text = _text(value)
        if text is not None:
            return ScalarNode("", text, mark)
        self.count += 1
        if len(mark.loc) > MAX_NESTING:  # also a list that contains itself
            raise DescriptionError([Problem("ARC108", f"nests more than {MAX_NESTING} deep", Mark(mark.path))])
        if self.count > MAX_NODES:
            raise DescriptionError([Problem("ARC109", f"contains more than {MAX_NODES:,} mappings and lists", Mark(mark.path))])
        if isinstance(value, Part):
            value = _written_keys(value)
        elif hasattr(value, "tolist"):  # of NumPy
            return self.node(value.tolist(), mark)
        if isinstance(value, Mapping):
            return MappingNode("", [self.pair(str(key), item, mark) for key, item in value.items()], mark)
        if isinstance(value, (list, tuple)):
            return SequenceNode("", [self.node(item, _inside(mark, index)) for index, item in enumerate(value)], mark)
        return Node("", type(value).__name__, mark, None)

    def pair(self, key: str, value: Any, mark: Any) -> tuple[Node, Node]:
        inside = _inside(mark, key)
        return ScalarNode("", key, inside), self.node(value, inside)


def _written_keys(part: Part) -> dict[str, Any]:
    """The keys that are set in a part of a model, with their values as they are now, whether or not they are valid."""
    keys = [*type(part).model_fields, *(part.model_extra or {})]
    values = {key: getattr(part, key) for key in keys if key in part.model_fields_set}
    return {key: value for key, value in values.items() if value is not None}


def _inside(mark: Any, step: str | int) -> Any:
    return Mark(mark.path, loc=(*mark.loc, step))


def _text(value: Any) -> str | None:
    """The text of a value in a file; None if no text stands for it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Fraction)) and max(abs(value.numerator), value.denominator) < NUMBER_LIMIT:
        return str(_plain(value))
    if isinstance(value, float):
        return repr(float(value)) if isfinite(value) else None
    return "" if value is None else None


# -- a document as a model ---------------------------------------------------------------------------------------------


def model_of(document: Document) -> Description:
    """The model of a document without problems. Keys that are not written are not set."""
    own = ("name", "source", "positions", "frozen", "ignore")
    values: dict[str, Any] = {key: getattr(document, key) for key in own if key in document.nodes}
    if "variables" in document.nodes:
        values["variables"] = _plain(document.variables)
    inputs = {name: Input(shape=_plain(shape)) for name, shape in document.inputs.items()}
    values |= {"inputs": inputs} if "inputs" in document.nodes else inputs
    if "blocks" in document.nodes:
        values["blocks"] = {name: _block(block) for name, block in document.blocks.items()}
    values |= {key: _opaque(node) for key, node in document.opaque.items()}
    return Description(archcalc=1, layers=list(map(_entry, document.layers)), **values)


def _block(block: ParsedBlock) -> Block:
    if block.network:
        keys = {"network": block.network, "until": block.until, "set": _plain(block.given)}
        return Block.model_validate({key: value for key, value in keys.items() if value})
    layers = list(map(_entry, block.layers))
    return Block.model_validate({"arguments": _plain(block.arguments), "inputs": block.inputs, "layers": layers})


def _entry(entry: ParsedEntry) -> Entry:
    own = {key: _plain(getattr(entry, key)) for key in Entry.model_fields if key in entry.nodes}
    if entry.counted is not None:  # its id is the repeat
        own.pop("repeat", None)
    return Entry.model_validate(own | _plain(entry.fields))


def _plain(value: Any) -> Any:
    """A value of a document as a Python value: a decimal as a float, an expression as its text."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Expression):
        return value.text
    if value is REQUIRED:
        return "required"
    return _decimal(value) if isinstance(value, Fraction) else value


def _decimal(value: Fraction) -> float | Fraction:
    """The float whose shortest decimal is the fraction; the fraction itself if there is none."""
    try:
        return float(value) if number(repr(float(value))) == value else value
    except (OverflowError, ExpressionError):
        return value


def _opaque(node: Node) -> Any:
    """A section that other packages read: its texts as they are written."""
    if isinstance(node, MappingNode):
        return {str(key.value): _opaque(value) for key, value in node.value}
    return list(map(_opaque, node.value)) if isinstance(node, SequenceNode) else node.value

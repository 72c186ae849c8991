"""Descriptions as Python values: a mapping or a model read as if it were a file, and a file as a model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias, cast

from archcalc.arithmetic.term import NUMBER_LIMIT
from archcalc.description.document import REQUIRED, Document, ParsedEntry
from archcalc.description.expressions import Expression, ExpressionError, number
from archcalc.description.model import Block, Description, Entry, Input, Part
from archcalc.description.reader import read_document
from archcalc.description.source import (
    MAX_NESTING,
    MAX_NODES,
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
"""What a description without a file is called in messages."""

Described: TypeAlias = str | os.PathLike[str] | Mapping[str, Any] | Description
"""A path, a name of the zoo, `-`, a YAML text of several lines, a mapping, or a model."""


def source_of(description: Described) -> Source:
    """The text or the values of a description, whatever it is given as.

    Text with a line break is YAML; other text is a path or a name of the zoo. Raises SpecError where neither a file nor
    a network has the name, and TypeError where it is none of these things.
    """
    if isinstance(description, (Mapping, Description)):
        return Data(NAME, "", description)
    if isinstance(description, str) and "\n" in description:
        return Source(NAME, decode(description.encode("utf-8", "surrogatepass"), NAME))
    return read(os.fspath(description))


def read_description(description: Described) -> Description:
    """The model of a description that is given in any way. Raises SpecError with all that is malformed in it."""
    document, problems = read_document(source_of(description))
    if problems:
        raise DescriptionError(problems)
    return model_of(document)


# -- values as nodes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Data(Source):
    """Python values. A place in them is the path that leads there: `<description>: layers[3].kernel_size`."""

    values: Any = None

    def root(self) -> Node:
        """The values as nodes. Raises SpecError where they nest too deep."""
        return _Nodes().node(self.values, Mark(self.path))

    def mark(self, node: Node) -> Mark:
        """The path to a node."""
        return cast(Mark, node.start_mark)


class _Nodes:
    """Makes the nodes that a file would have: what a value is, its text says.

    `at` is the `Mark` of a value, which the node carries in place of PyYAML's.
    """

    def __init__(self) -> None:
        self.count = 0

    def node(self, value: Any, at: Any) -> Node:
        text = _text(value)
        if text is not None:
            return ScalarNode("", text, at)
        self.count += 1
        if len(at.loc) > MAX_NESTING:  # also a list that contains itself
            raise DescriptionError([Problem("ARC108", f"nests more than {MAX_NESTING} deep", Mark(at.path))])
        if self.count > MAX_NODES:
            raise DescriptionError([Problem("ARC109", f"holds more than {MAX_NODES:,} mappings and lists", Mark(at.path))])
        if isinstance(value, Part):
            value = value.model_dump(exclude_defaults=True)
        elif hasattr(value, "tolist"):  # of NumPy
            return self.node(value.tolist(), at)
        if isinstance(value, Mapping):
            return MappingNode("", [self.pair(str(key), one, at) for key, one in value.items()], at)
        if isinstance(value, (list, tuple)):
            return SequenceNode("", [self.node(one, _inside(at, index)) for index, one in enumerate(value)], at)
        return Node("", type(value).__name__, at, None)

    def pair(self, key: str, value: Any, at: Any) -> tuple[Node, Node]:
        inside = _inside(at, key)
        return ScalarNode("", key, inside), self.node(value, inside)


def _inside(at: Any, step: str | int) -> Any:
    return Mark(at.path, loc=(*at.loc, step))


def _text(value: Any) -> str | None:
    """What a file would say for one value; None for what is no value of a file."""
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
    """The model of a document that was read without problems. Keys that are not written are left out."""
    values: dict[str, Any] = {key: getattr(document, key) for key in ("name", "source", "frozen") if key in document.nodes}
    if "variables" in document.nodes:
        values["variables"] = _plain(document.variables)
    inputs = {name: Input(shape=_plain(shape)) for name, shape in document.inputs.items()}
    values |= {"inputs": inputs} if "inputs" in document.nodes else inputs
    if "blocks" in document.nodes:
        values["blocks"] = {
            name: Block(arguments=_plain(block.arguments), inputs=block.inputs, layers=list(map(_entry, block.layers)))
            for name, block in document.blocks.items()
        }
    values |= {key: _opaque(node) for key, node in document.opaque.items()}
    return Description(archcalc=1, layers=list(map(_entry, document.layers)), **values)


def _entry(entry: ParsedEntry) -> Entry:
    own = {key: _plain(getattr(entry, key)) for key in Entry.model_fields if key in entry.nodes}
    return Entry.model_validate(own | _plain(entry.fields))


def _plain(value: Any) -> Any:
    """A value that was read, as Python writes it: a decimal as a float, an expression as its text."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Expression):
        return value.text
    if value is REQUIRED:
        return "required"
    return _decimal(value) if isinstance(value, Fraction) else value


def _decimal(value: Fraction) -> float | Fraction:
    """The float whose shortest decimal is the fraction, if there is one."""
    try:
        return float(value) if number(repr(float(value))) == value else value
    except (OverflowError, ExpressionError):
        return value


def _opaque(node: Node) -> Any:
    """A section that is kept for others: its texts as they are written."""
    if isinstance(node, MappingNode):
        return {str(key.value): _opaque(value) for key, value in node.value}
    return list(map(_opaque, node.value)) if isinstance(node, SequenceNode) else node.value

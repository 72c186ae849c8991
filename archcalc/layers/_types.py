"""What follows from the declared type of a field: its words in messages and on pages, its bounds, its syntax."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from pydantic import Tag
from pydantic.fields import FieldInfo

from archcalc.layers._fields import Expects, LayerReference, PlainNumbers, PlainText, Symbol

Metadata = TypeVar("Metadata")
_NOUNS = {int: "an integer", float: "a number", bool: "true or false", str: "a text"}


class FieldSyntax(NamedTuple):
    """How a description writes a field: the words it allows, and whether it is a truth value, a text or plain numbers."""

    words: tuple[str, ...] = ()
    is_truth: bool = False
    is_id: bool = False
    is_plain: bool = False
    is_text: bool = False


def field_syntax(field_type: Any) -> FieldSyntax:
    """The syntax of the values of a type."""
    parts = list(_inside(field_type))
    words = tuple(word for part in parts if get_origin(part) is Literal for word in get_args(part))
    marks = (LayerReference, PlainNumbers, PlainText)
    return FieldSyntax(words, bool in parts, *(any(isinstance(part, mark) for part in parts) for mark in marks))


def minimum(field_type: Any) -> int:
    """The smallest integer of a type that is made of integers with a lower bound."""
    return int(next(part.ge for part in _inside(field_type) if hasattr(part, "ge")))


def alternatives(field_type: Any) -> set[str]:
    """The ways in which a value of a type may be given: for `all axes`, `per axis`, `per side` or as a `word`."""
    return {part.tag for part in _inside(field_type) if isinstance(part, Tag)}


def metadata(field_type: Any, kind: type[Metadata]) -> Iterator[Metadata]:
    """The metadata of one class in a type."""
    return (part for part in _inside(field_type) if isinstance(part, kind))


def expects(field_type: Any) -> str:
    """What a value of a type must be, in words that complete «must be …»."""
    if get_origin(field_type) is Annotated:
        inner, *around = get_args(field_type)
        bounds = [
            f"{sign} {getattr(entry, name):g}"
            for entry in _constraints(around)
            for name, sign in (("ge", "≥"), ("le", "≤"))
            if hasattr(entry, name)
        ]
        template = next((entry.template for entry in around if isinstance(entry, Expects)), "{}")
        return template.format(" ".join([expects(inner), " and ".join(bounds)]).strip())
    if get_origin(field_type) is Literal:
        return " or ".join(get_args(field_type))
    return _NOUNS.get(field_type) or expects(_alternatives(field_type)[0])


def expects_with_unit(field_type: Any) -> str:
    """The same with the unit of what is counted."""
    unit = next((symbol.unit for symbol in metadata(field_type, Symbol)), "")
    return f"{expects(field_type)} ({unit})" if unit else expects(field_type)


def part_type(field_type: Any, loc: tuple[int | str, ...]) -> Any:
    """The type of a part of a value, by the `loc` of one of Pydantic's errors: tags of alternatives and indices."""
    for step in loc:
        while get_origin(field_type) is Annotated or NoneType in get_args(field_type):
            field_type = _alternatives(field_type)[0]
        members = get_args(field_type)
        if isinstance(step, int):
            field_type = members[0]
        else:
            field_type = next(member for member in members if Tag(step) in get_args(member))
    return field_type


def _alternatives(field_type: Any) -> list[Any]:
    """The types that a type is made of: itself without its metadata, the members of a union, the element of a list."""
    members = get_args(field_type)
    return [members[0]] if get_origin(field_type) is Annotated else [member for member in members if member is not NoneType]


def _constraints(around: list[Any]) -> Iterator[Any]:
    """Metadata, with the bounds of each `Field(…)` in its place."""
    for entry in around:
        yield from entry.metadata if isinstance(entry, FieldInfo) else (entry,)


def _inside(field_type: Any) -> Iterator[Any]:
    """All types and metadata in a type, from the outside inwards."""
    if get_origin(field_type) is Annotated:
        inner, *around = get_args(field_type)
        yield from _constraints(around)
        yield from _inside(inner)
        return
    yield field_type
    if get_origin(field_type) is not Literal:
        for member in get_args(field_type):
            yield from _inside(member)

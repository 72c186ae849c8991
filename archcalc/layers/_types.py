"""What follows from the declared type of a field: its words in messages and on pages, its bounds, how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from pydantic import Tag
from pydantic.fields import FieldInfo

from archcalc.layers._fields import Expects, LayerReference, PlainNumbers, Symbol

Mark = TypeVar("Mark")
_NOUNS = {int: "an integer", float: "a number", bool: "true or false", str: "a text"}


class Form(NamedTuple):
    """How a description writes a field: the words it knows, and whether it is a truth value, an id or plain numbers."""

    words: tuple[str, ...] = ()
    is_truth: bool = False
    is_id: bool = False
    is_plain: bool = False


def form(declared: Any) -> Form:
    """How values of a declared type are written."""
    inside = list(_inside(declared))
    words = tuple(word for part in inside if get_origin(part) is Literal for word in get_args(part))
    is_id, is_plain = (any(isinstance(part, mark) for part in inside) for mark in (LayerReference, PlainNumbers))
    return Form(words, bool in inside, is_id, is_plain)


def minimum(declared: Any) -> int:
    """The smallest integer of a type that is made of integers with a lower bound."""
    return int(next(part.ge for part in _inside(declared) if hasattr(part, "ge")))


def alternatives(declared: Any) -> set[str]:
    """The ways in which a value of a type may be given: for `all axes`, `per axis`, `per side` or as a `word`."""
    return {part.tag for part in _inside(declared) if isinstance(part, Tag)}


def marks(declared: Any, kind: type[Mark]) -> Iterator[Mark]:
    """The marks of one class in a declared type."""
    return (part for part in _inside(declared) if isinstance(part, kind))


def expects(declared: Any) -> str:
    """What a value of a declared type must be, in words that complete «must be …»."""
    if get_origin(declared) is Annotated:
        inner, *around = get_args(declared)
        bounds = [
            f"{sign} {getattr(mark, name):g}"
            for mark in _constraints(around)
            for name, sign in (("ge", "≥"), ("le", "≤"))
            if hasattr(mark, name)
        ]
        template = next((mark.template for mark in around if isinstance(mark, Expects)), "{}")
        return template.format(" ".join([expects(inner), " and ".join(bounds)]).strip())
    if get_origin(declared) is Literal:
        return " or ".join(get_args(declared))
    return _NOUNS.get(declared) or expects(_alternatives(declared)[0])


def expects_with_unit(declared: Any) -> str:
    """The same with the unit of what is counted."""
    unit = next((symbol.unit for symbol in marks(declared, Symbol)), "")
    return f"{expects(declared)} ({unit})" if unit else expects(declared)


def element(declared: Any, place: tuple[int | str, ...]) -> Any:
    """The type of a part of a value, by its place in one of Pydantic's errors: tags of alternatives and indices."""
    for step in place:
        while get_origin(declared) is Annotated or NoneType in get_args(declared):
            declared = _alternatives(declared)[0]
        members = get_args(declared)
        declared = members[0] if isinstance(step, int) else next(member for member in members if Tag(step) in get_args(member))
    return declared


def _alternatives(declared: Any) -> list[Any]:
    """The types that a type is made of: itself without its marks, the members of a union, the element of a list."""
    members = get_args(declared)
    return [members[0]] if get_origin(declared) is Annotated else [one for one in members if one is not NoneType]


def _constraints(around: list[Any]) -> Iterator[Any]:
    """Marks, and the bounds in a `Field(…)` among them."""
    for mark in around:
        yield from mark.metadata if isinstance(mark, FieldInfo) else (mark,)


def _inside(declared: Any) -> Iterator[Any]:
    """All types and marks in a declared type, from the outside inwards."""
    if get_origin(declared) is Annotated:
        inner, *around = get_args(declared)
        yield from _constraints(around)
        yield from _inside(inner)
        return
    yield declared
    if get_origin(declared) is not Literal:
        for member in get_args(declared):
            yield from _inside(member)

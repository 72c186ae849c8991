"""Binds values to a kind: the result is a finished layer, or the fields that refuse their value.

Plain values are checked by the kind itself. In the array arithmetic the same declarations yield a mask of
the variants in which a value is refused, so that the other variants are still computed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from archcalc.arithmetic.term import Varying
from archcalc.description.operators import decimal_text, first_varying, fixed, value_text
from archcalc.layers._base import Layer, field_metadata, field_types
from archcalc.layers._fields import Fractional, Symbol
from archcalc.layers._types import expects, minimum, part_type

Loc = tuple[str | int, ...]
"""Where a value is, as in Pydantic's errors: a field's name, then the indices in its list, counted from 0."""


class BindError(ValueError):
    """Values that their kind refuses: the place of each, and a sentence that completes «kernel_size[1] …»."""

    def __init__(self, refused: list[tuple[Loc, str]]) -> None:
        super().__init__("; ".join(f"{loc_text(loc)} {sentence}" for loc, sentence in refused))
        self.refused = refused


def loc_text(loc: Loc) -> str:
    """A place as Python writes it: kernel_size[1]."""
    return str(loc[0]) + "".join(f"[{index}]" for index in loc[1:])


def part_at(values: dict[str, Any], loc: Loc) -> Any:
    """The part of a value at a place: of a field, by the indices into its lists; None if there is none."""
    part: Any = values.get(str(loc[0]))
    for step in loc[1:]:
        part = part[step] if isinstance(part, (list, tuple)) and isinstance(step, int) and step < len(part) else None
    return part


def bind(kind: type[Layer], values: dict[str, Any]) -> Layer:
    """The layer of a kind with these values. Raises `BindError` with every value that the kind refuses."""
    try:
        return kind(**values)
    except ValidationError as error:
        raise BindError(_refused(kind, error)) from None


def refusals(kind: type[Layer], values: dict[str, Any]) -> list[tuple[Loc, str]]:
    """What the kind refuses among these values, whether or not they are all that it needs."""
    try:
        bind(kind, values)
    except BindError as error:
        return [(loc, sentence) for loc, sentence in error.refused if loc[0] in values]
    return []


def _refused(kind: type[Layer], error: ValidationError) -> list[tuple[Loc, str]]:
    details = error.errors(include_url=False)
    lists = {detail["loc"][:depth] for detail in details for depth in range(1, len(detail["loc"]))}
    return [
        (
            tuple(step for index, step in enumerate(detail["loc"]) if not index or isinstance(step, int)),
            _sentence(kind, detail),
        )
        for detail in details
        if detail["loc"] not in lists  # an error in an element comes first: the length of its list is not reported too
    ]


_OF_FIELDS = {"missing": "is missing", "extra_forbidden": "is not a field of this kind"}


def _sentence(kind: type[Layer], detail: Any) -> str:
    """One of Pydantic's errors in the words of the field, or of the part of its value that is refused."""
    if detail["type"] in _OF_FIELDS:
        return _OF_FIELDS[detail["type"]]
    name, *loc = detail["loc"]
    while loc and isinstance(loc[-1], str):  # the tag of an alternative that was checked as a whole
        loc.pop()
    expected, value = expects(part_type(field_types(kind)[name], tuple(loc))), detail["input"]
    if isinstance(value, Fraction) and expected.startswith("an integer"):
        return f"comes out as {decimal_text(value)}, which is not an integer; round it with floor() or round()"
    return f"must be {expected}, not {value_text(value)}"


def bind_variants(kind: type[Layer], values: dict[str, Any]) -> tuple[Layer, list[Any]]:
    """The layer over many variants, and the masks of the variants in which its fields are valid.

    Raises `BindError` where a plain value is refused, `VariesError` where a field varies that no count depends on.
    """
    masks: list[Any] = []
    plain: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for name, value in values.items():
        varying = first_varying(value)
        if varying is None:
            plain[name] = value
            continue
        is_fractional = name in field_metadata(kind, Fractional) and not varying.integers()[1].all()
        if name not in field_metadata(kind, Symbol) or is_fractional:  # a rate or a switch: the sweep is split, value by value
            fixed(varying)
        arrays[name] = _array_value(value, minimum(field_types(kind)[name]), masks)
    # The plain fields are checked by the kind, with a stand-in for each number that varies.
    stand_ins = {name: _stand_in(values[name], minimum(field_types(kind)[name])) for name in arrays}
    return bind(kind, plain | stand_ins).replace(**arrays), masks


def _array_value(value: Any, least: int, masks: list[Any]) -> Any:
    """A value over the variants as the layer stores it; adds masks of where it is an integer and large enough."""
    if isinstance(value, list):
        return tuple(_array_value(item, least, masks) for item in value)
    if not isinstance(value, Varying):
        return value
    number, exact = value.integers()
    masks += [exact, number.compare(">=", least)]
    return number


def _stand_in(value: Any, least: int) -> Any:
    if isinstance(value, list):
        return [_stand_in(item, least) for item in value]
    return _StandIn(max(1, least)) if isinstance(value, Varying) else value


class _StandIn(int):
    """A number in place of one that varies, which messages do not show."""

    def __str__(self) -> str:
        return "…"

"""Values meet a kind: a finished layer, or the fields that refuse their value.

Plain values are checked by the kind itself. In the array arithmetic the same declarations give a mask of
the variants in which a value is refused, so that the others go on.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from archcalc.arithmetic.term import Varying
from archcalc.description.expressions import fixed
from archcalc.layers._base import Layer, declared, marked
from archcalc.layers._fields import Symbol
from archcalc.layers._types import element, expects, minimum

Place = tuple[str | int, ...]
"""A field's name, then the indices in its list, counted from 0."""


class BindError(ValueError):
    """Values that their kind refuses: the place of each, and a sentence that completes «kernel_size[1] …»."""

    def __init__(self, refused: list[tuple[Place, str]]) -> None:
        super().__init__("; ".join(f"{symbolic(place)} {sentence}" for place, sentence in refused))
        self.refused = refused


def symbolic(place: Place) -> str:
    """A place as Python writes it: kernel_size[1]."""
    return str(place[0]) + "".join(f"[{index}]" for index in place[1:])


def bind(kind: type[Layer], values: dict[str, Any]) -> Layer:
    """The layer of a kind with these values; raises BindError."""
    try:
        return kind(**values)
    except ValidationError as error:
        raise BindError(_refused(kind, error)) from None


def refusals(kind: type[Layer], values: dict[str, Any]) -> list[tuple[Place, str]]:
    """What the kind refuses among these values, whether or not they are all that it needs."""
    try:
        bind(kind, values)
    except BindError as error:
        return [(place, sentence) for place, sentence in error.refused if place[0] in values]
    return []


def _refused(kind: type[Layer], error: ValidationError) -> list[tuple[Place, str]]:
    errors = error.errors(include_url=False)
    lists = {one["loc"][:depth] for one in errors for depth in range(1, len(one["loc"]))}
    return [
        (tuple(step for at, step in enumerate(one["loc"]) if not at or isinstance(step, int)), _sentence(kind, one))
        for one in errors
        if one["loc"] not in lists  # a list is not too short besides, for what was refused in it
    ]


_OF_FIELDS = {"missing": "is missing", "extra_forbidden": "is not a field of this kind"}


def _sentence(kind: type[Layer], error: Any) -> str:
    """One of Pydantic's errors in the words of the field, or of the part of its value that is refused."""
    if error["type"] in _OF_FIELDS:
        return _OF_FIELDS[error["type"]]
    name, *place = error["loc"]
    while place and isinstance(place[-1], str):  # the alternative was judged as a whole: it is about the value
        place.pop()
    wants, given = expects(element(declared(kind)[name], tuple(place))), error["input"]
    if isinstance(given, Fraction) and wants.startswith("an integer"):
        return f"comes out as {_decimal(given)}, which is not an integer; round it with floor() or round()"
    return f"must be {wants}, not {_show(given)}"


def _decimal(fraction: Fraction) -> str:
    """A fraction as a person writes it: exactly if its digits end, else as the fraction."""
    text = f"{float(fraction):.10g}" if fraction.denominator < 10**9 else ""
    return text if text and Fraction(text) == fraction else str(fraction)


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, (list, tuple)):
        text = f"[{', '.join(map(_show, value))}]"
    else:
        text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def bind_variants(kind: type[Layer], values: dict[str, Any]) -> tuple[Layer, list[Any]]:
    """The layer over many variants, and the masks of the variants in which its fields are as they must be."""
    masks: list[Any] = []
    plain: dict[str, Any] = {}
    many: dict[str, Any] = {}
    for name, value in values.items():
        varying = next((one for one in _parts(value) if isinstance(one, Varying)), None)
        if varying is None:
            plain[name] = value
            continue
        if name not in marked(kind, Symbol):  # a rate or a switch: told apart, value by value
            fixed(varying)
        many[name] = _whole(value, minimum(declared(kind)[name]), masks)
    # The plain fields are checked by the kind; a stand-in takes the place of the numbers that vary.
    checked = bind(kind, plain | {name: _stand_in(values[name], minimum(declared(kind)[name])) for name in many})
    return checked.replace(**many), masks


def _parts(value: Any) -> list[Any]:
    return [part for one in value for part in _parts(one)] if isinstance(value, list) else [value]


def _whole(value: Any, least: int, masks: list[Any]) -> Any:
    """A value over the variants as the layer keeps it; masks say where it is an integer and large enough."""
    if isinstance(value, list):
        return tuple(_whole(one, least, masks) for one in value)
    if not isinstance(value, Varying):
        return value
    number, exact = value.whole()
    masks += [exact, number.compare(">=", least)]
    return number


def _stand_in(value: Any, least: int) -> Any:
    if isinstance(value, list):
        return [_stand_in(one, least) for one in value]
    return max(1, least) if isinstance(value, Varying) else value

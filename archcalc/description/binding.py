"""Values meet a kind: a finished layer, or the fields that refuse their value.

Plain values are checked by the kind itself. In the array arithmetic the same declarations give a mask of
the variants in which a value is refused, so that the others go on.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from archcalc.description.expressions import fixed
from archcalc.layers._base import Layer, declared
from archcalc.layers._fields import FieldError, Whole


class BindError(ValueError):
    """Fields with a value that their kind refuses, each with a sentence that completes «kernel_size …»."""

    def __init__(self, refused: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name} {sentence}" for name, sentence in refused))
        self.refused = refused


def bind(kind: type[Layer], values: dict[str, Any]) -> Layer:
    """The layer of a kind with these values; raises BindError."""
    try:
        return kind(**values)
    except FieldError as error:
        raise BindError([(name, _sentence(value, wants)) for name, value, wants in error.refused]) from None


def refusals(kind: type[Layer], values: dict[str, Any]) -> list[tuple[str, str]]:
    """What the kind refuses among these values, whether or not they are all that it needs."""
    try:
        bind(kind, values)
    except BindError as error:
        return [(name, sentence) for name, sentence in error.refused if name in values]
    return []


def _sentence(given: Any, wants: str) -> str:
    if not wants.startswith("must be"):
        return wants
    fraction = next((one for one in _parts(given) if isinstance(one, Fraction)), None)
    if fraction is not None and "integer" in wants:
        return f"comes out as {_decimal(fraction)}, which is not an integer; round it with floor() or round()"
    return f"{wants}, not {_show(given)}"


def _parts(value: Any) -> list[Any]:
    return [part for one in value for part in _parts(one)] if isinstance(value, list) else [value]


def _decimal(fraction: Fraction) -> str:
    """A fraction as a person writes it: exactly if its digits end, else as the fraction."""
    text = f"{float(fraction):.10g}" if fraction.denominator < 10**9 else ""
    return text if text and Fraction(text) == fraction else str(fraction)


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return _decimal(value)
    text = repr(value) if isinstance(value, (str, list)) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def bind_variants(kind: type[Layer], values: dict[str, Any]) -> tuple[Layer, list[Any]]:
    """The layer over many variants, and the masks of the variants in which its fields are as they must be."""
    from archcalc.arithmetic.variants import VariantFraction

    masks: list[Any] = []
    plain: dict[str, Any] = {}
    many: dict[str, Any] = {}
    holds = declared(kind)
    for name, value in values.items():
        if not any(isinstance(one, VariantFraction) for one in _parts(value)):
            plain[name] = value
        else:
            field = holds[name]
            if not isinstance(field, Whole):  # a rate or a switch: told apart, value by value
                fixed(next(one for one in _parts(value) if isinstance(one, VariantFraction)))
            assert isinstance(field, Whole)
            many[name] = _whole(value, field.minimum, masks)
    # The plain fields are checked by the kind; a stand-in takes the place of the numbers that vary.
    checked = bind(kind, plain | {name: _stand_in(values[name], holds[name]) for name in many})
    return checked.replace(**many), masks


def _whole(value: Any, minimum: int, masks: list[Any]) -> Any:
    from archcalc.arithmetic.variants import VariantArray, VariantFraction

    if isinstance(value, list):
        return tuple(_whole(one, minimum, masks) for one in value)
    if not isinstance(value, VariantFraction):
        return value
    number, exact = value.whole()
    masks += [exact, VariantArray.of([minimum]).compare("<=", number)]
    return number


def _stand_in(value: Any, holds: Any) -> Any:
    if isinstance(value, list):
        return [_stand_in(one, holds) for one in value]
    return max(1, holds.minimum) if hasattr(value, "axes") else value

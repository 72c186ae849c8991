"""Why a printed figure is wrong: it must follow from its cause as strictly as a claim must hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc.claims.model import Claim
from archcalc.claims.printed_number import PrintedNumberError
from archcalc.claims.quantities import quantity, value_of
from archcalc.claims.selection import QuantityError, Selection, select
from archcalc.claims.verdicts import AGREES, Value, compare, shown
from archcalc.claims.what_if import changed_report, taken_for

if TYPE_CHECKING:
    from archcalc.claims.library import Library

ARROW = "→"
Way = Callable[[Claim, Any, Value, Any], tuple[Value, str]]


def explained(claim: Claim, value: Value, library: Library) -> tuple[Value, str]:
    """What the claim's cause makes of the figure, and how in words. Raises QuantityError."""
    assert claim.cause is not None
    way: Way = _WAYS[claim.cause.kind]
    return way(claim, claim.cause.data, value, library)


def _formula(claim: Claim, data: str, value: Value, library: Library) -> tuple[Value, str]:
    found = library.value(claim, data)
    return found, f"{data} = {shown(found)}"


def _setting(claim: Claim, data: dict[str, Any], value: Value, library: Library) -> tuple[Value, str]:
    """The same quantity with other variables or another input."""
    variables = dict(claim.setting.variables) | {name: one for name, one in data.items() if name != "input"}
    setting = replace(claim.setting, variables=tuple(sorted(variables.items())), input=data.get("input", claim.setting.input))
    found = library.value(replace(claim, setting=setting), claim.quantity)
    said = ", ".join(f"{name} = {shown(one) if isinstance(one, tuple) else one}" for name, one in data.items())
    return found, f"with {said} it is {shown(found)}"


def _changed(claim: Claim, data: dict[str, Any], value: Value, library: Library) -> tuple[Value, str]:
    """Other fields in some layers, and everything behind them worked out anew."""
    _want_mapping(data, "{layer: {field: value}}")
    report = changed_report(library.report(claim), data)
    found = value_of(claim.quantity, select(report, claim.of), library.elsewhere(claim))
    said = "; ".join(f"{layer} with {_fields(fields)}" for layer, fields in data.items())
    return found, f"{said} gives {shown(found)}"


def _counted_as(claim: Claim, data: dict[str, Any], value: Value, library: Library) -> tuple[Value, str]:
    """One layer counted by the rules of another; nothing behind it changes."""
    report = library.report(claim)
    name = str(data.get("layer", claim.of))
    layers = select(report, name).layers
    if len(layers) != 1 or isinstance(value, tuple):
        raise QuantityError(f"counted_as is about a number of one layer: name it, {{layer: {layers[0].id}, op: …}}")
    fields = {key: one for key, one in data.items() if key != "layer"}
    other = Selection(report, (taken_for(layers[0], fields),), layers[0].id)
    new, old = quantity(claim.quantity, other), quantity(claim.quantity, select(report, name))
    return value - old + new, f"{name} as {_fields(fields)} counts {shown(new)}, not {shown(old)}"


def _misprint(claim: Claim, data: str, value: Value, library: Library) -> tuple[Value, str]:
    """One digit changed, or two swapped: put right, the figure must agree with what is computed."""
    meant, arrow, said = (part.strip() for part in data.partition(ARROW))
    one = len(meant) == len(said) == 1
    two = len(meant) == 2 and meant == said[::-1]
    if not arrow or not (meant + said).isdigit() or meant == said or not (one or two):
        raise QuantityError(f"a misprint is one digit changed or two swapped, such as 8 {ARROW} 2 or 91 {ARROW} 19")
    for digits in with_misprint(claim.printed.digits, said, meant):
        try:
            right = claim.printed.with_digits(digits)
        except PrintedNumberError:
            continue
        if compare(right, value, claim.tolerance) in AGREES:
            what = f"{meant} printed as {said}" if one else f"{meant} printed the other way round"
            # The misprint explains the very digits on the page, whatever their precision.
            return _as_printed(claim), f"{what}: {digits} is right"
    return value, f"no {said} in {claim.printed.digits}, read as {meant}, gives {shown(value)}"


def with_misprint(digits: str, said: str, meant: str) -> list[str]:
    """The text with one occurrence of `said` replaced by `meant`, where digits may have separators between them."""
    places = [at for at, character in enumerate(digits) if character.isdigit()]
    found = []
    for first in range(len(places) - len(said) + 1):
        run = places[first : first + len(said)]
        if "".join(digits[at] for at in run) == said:
            new = list(digits)
            for at, digit in zip(run, meant, strict=True):
                new[at] = digit
            found.append("".join(new))
    # A map is as high as it is wide: both sizes then carry the misprint.
    sizes = re.findall(r"\d+", digits)
    twice = {size for size in sizes if sizes.count(size) > 1 and said in size}
    found += [re.sub(rf"\b{size}\b", size.replace(said, meant, 1), digits) for size in sorted(twice)]
    return found


def _as_printed(claim: Claim) -> Value:
    return claim.printed.volume or Fraction(claim.printed.value)


def _fields(fields: Any) -> str:
    _want_mapping(fields, "{field: value}")
    op = [str(fields["op"])] if "op" in fields else []
    other = [f"{name} {shown(one) if isinstance(one, tuple) else one}" for name, one in fields.items() if name != "op"]
    return ", ".join(op + other)


def _want_mapping(data: Any, form: str) -> None:
    if not isinstance(data, dict):
        raise QuantityError(f"this cause is a mapping: {form}")


_WAYS: dict[str, Way] = {
    "formula": _formula,
    "where": _setting,
    "changed": _changed,
    "counted_as": _counted_as,
    "misprint": _misprint,
}

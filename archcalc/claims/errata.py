"""Errata: whether the printed figure follows from the cause that is entered, as strictly as a claim must hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from archcalc.claims.evaluation import evaluate
from archcalc.claims.library import Library
from archcalc.claims.model import Claim, variable_text
from archcalc.claims.printed_number import PrintedNumberError
from archcalc.claims.quantities import quantity, value_of
from archcalc.claims.selection import QuantityError, Selection, select
from archcalc.claims.verdicts import AGREES, Value, compare, value_text
from archcalc.claims.what_if import changed_report, counted_as

ARROW = "→"
Way = Callable[[Claim, Any, Value, Library], tuple[Value, str]]
"""From a claim, the data of its cause and the computed value to the value under that cause, and a sentence."""


def explain(claim: Claim, value: Value, library: Library) -> tuple[Value, str]:
    """The value that the cause of an erratum leads to, and how, in words. Raises `QuantityError`."""
    assert claim.cause is not None
    return _WAYS[claim.cause.kind](claim, claim.cause.data, value, library)


def _formula(claim: Claim, data: str, value: Value, library: Library) -> tuple[Value, str]:
    result = evaluate(claim, library, data)
    return result, f"{data} = {value_text(result)}"


def _where(claim: Claim, data: dict[str, Any], value: Value, library: Library) -> tuple[Value, str]:
    """The same quantity with other variables or another input."""
    variables = dict(claim.setting.variables) | {name: value for name, value in data.items() if name != "input"}
    setting = replace(claim.setting, variables=tuple(sorted(variables.items())), input=data.get("input", claim.setting.input))
    result = evaluate(replace(claim, setting=setting), library)
    settings = ", ".join(
        f"{name} = {value_text(setting) if name == 'input' else variable_text(setting)}" for name, setting in data.items()
    )
    return result, f"with {settings} it is {value_text(result)}"


def _changed(claim: Claim, data: dict[str, Any], value: Value, library: Library) -> tuple[Value, str]:
    """Other fields in some layers; everything after them is computed anew."""
    report = changed_report(library.reports.of(claim), data)
    result = value_of(claim.quantity, select(report, claim.of), partial(library.reports.of_other, claim=claim))
    changes = "; ".join(f"{layer} with {_fields_text(fields)}" for layer, fields in data.items())
    return result, f"{changes}: {value_text(result)}"


def _counted_as(claim: Claim, data: dict[str, Any], value: Value, library: Library) -> tuple[Value, str]:
    """One layer counted by the rules of another; nothing after it changes."""
    report = library.reports.of(claim)
    name = str(data.get("layer", claim.of))
    layers = select(report, name).layers
    if len(layers) != 1 or isinstance(value, tuple):
        raise QuantityError(f"counted_as is about a number of one layer: name it, {{layer: {layers[0].id}, op: …}}")
    fields = {key: field for key, field in data.items() if key != "layer"}
    other = Selection(report, (counted_as(report, layers[0], fields),), layers[0].id)
    new, old = quantity(claim.quantity, other), quantity(claim.quantity, select(report, name))
    return value - old + new, f"{name} as {_fields_text(fields)} counts {value_text(new)}, not {value_text(old)}"


def _misprint(claim: Claim, data: str, value: Value, library: Library) -> tuple[Value, str]:
    """One digit changed, or two swapped: without the misprint, the figure must agree with the computed value."""
    correct, arrow, misprinted = (part.strip() for part in data.partition(ARROW))
    changed = len(correct) == len(misprinted) == 1
    swapped = len(correct) == 2 and correct == misprinted[::-1]
    if not arrow or not (correct + misprinted).isdigit() or correct == misprinted or not (changed or swapped):
        raise QuantityError(f"a misprint is one digit changed or two swapped, such as 8 {ARROW} 2 or 91 {ARROW} 19")
    for digits in with_replaced(claim.printed.digits, misprinted, correct):
        try:
            right = claim.printed.with_digits(digits)
        except PrintedNumberError:
            continue
        if compare(right, value, claim.tolerance) in AGREES:
            how = f"{correct} printed as {misprinted}" if changed else f"{correct} printed the other way round"
            # The misprint explains the very digits on the page, whatever their precision.
            return _printed_value(claim), f"{how}: {digits} is right"
    return value, f"no {misprinted} in {claim.printed.digits}, read as {correct}, is {value_text(value)}"


def with_replaced(digits: str, old: str, new: str) -> list[str]:
    """The texts with one occurrence of `old` replaced by `new`, where digits may have separators between them."""
    indices = [index for index, character in enumerate(digits) if character.isdigit()]
    texts = []
    for first in range(len(indices) - len(old) + 1):
        run = indices[first : first + len(old)]
        if "".join(digits[index] for index in run) == old:
            characters = list(digits)
            for index, digit in zip(run, new, strict=True):
                characters[index] = digit
            texts.append("".join(characters))
    # A map is as high as it is wide: both sizes then have the misprint.
    sizes = re.findall(r"\d+", digits)
    twice = {size for size in sizes if sizes.count(size) > 1 and old in size}
    return texts + [re.sub(rf"\b{size}\b", size.replace(old, new, 1), digits) for size in sorted(twice)]


def _printed_value(claim: Claim) -> Value:
    return claim.printed.volume or Fraction(claim.printed.value)


def _fields_text(fields: dict[str, Any]) -> str:
    op = [str(fields["op"])] if "op" in fields else []
    return ", ".join(op + [f"{name} {_setting_text(value)}" for name, value in fields.items() if name != "op"])


def _setting_text(value: Any) -> str:
    return value_text(value) if isinstance(value, tuple) else str(value)


_WAYS: dict[str, Way] = {
    "formula": _formula,
    "where": _where,
    "changed": _changed,
    "counted_as": _counted_as,
    "misprint": _misprint,
}

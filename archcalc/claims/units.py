"""Words after a printed number: scales such as million, M or Ki, and the units of what is counted."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

BYTES, OPERATIONS, MULTIPLY_ADDS, PARAMETERS, SHARE = "bytes", "operations", "multiply-adds", "parameters", "percent"

_SCALES = {
    **dict.fromkeys(("k", "thousand"), 1),
    **dict.fromkeys(("m", "mln", "mio", "million", "millions"), 2),
    **dict.fromkeys(("g", "b", "bn", "billion", "billions"), 3),
    **dict.fromkeys(("t", "trillion"), 4),
}
"""Powers of 1000 by word."""
_NOUNS = {
    **dict.fromkeys(("params", "parameters", "param", "weights", "biases"), PARAMETERS),
    **dict.fromkeys(
        ("macs", "mac", "maccs", "mult-adds", "multi-adds", "multiply-adds", "multiply-accumulates"), MULTIPLY_ADDS
    ),
    **dict.fromkeys(("flops", "flop", "operations", "ops"), OPERATIONS),
    **dict.fromkeys(("bytes", "byte"), BYTES),
    **dict.fromkeys(("neurons", "units", "connections", "activations", "values", "layers"), ""),
}
"""What a word counts."""
_PREFIXED = re.compile(r"([kmgt])(i?)(b|bytes?|flops?|macc?s?|ops|params?)?")
_PREFIX_NOUNS = {"b": BYTES, "bytes": BYTES, "byte": BYTES, None: ""}
_PERCENT = {"%", "percent"}
_LETTERS = ("k", "m", "g", "t")
_FOREIGN = (
    r"hundreds?|dozens?|lakhs?|crores?|tsd|tausend|milliards?|milliarden?|mrd|kilo|mega|giga|tera|peta|quadrillions?"
    r"|mill?|mn|bill?|bln"
)
"""Words for powers of ten that are not read: of other languages and customs, and short ones."""
_NOT_READ = re.compile(rf"(?i:{_FOREIGN}|million(?:en|i))|[kMGTPE]i?[A-Z][a-z]?|[PE]i?B?")
"""Words and letters that belong to a number as well, and are not read."""
_OTHER_SCALES = re.compile(
    rf"(?i:{_FOREIGN}|thousands"
    r"|(?:m|b|tr)ill?i[oóõ]n\w*|[mb]ilh(?:ão|ões)|тыс\w*|млн|млрд|миллион\w*|миллиард\w*|[pe]i?(?:b|bytes?|flops?|macs?|ops))"
    r"|[‰万萬亿億兆만억]"
)
"""Words that scale the number beside them, of which the factor need not be known."""
_COUNTED = {
    **dict.fromkeys(("bytes", "weight_bytes", "activation_bytes"), (BYTES,)),
    **dict.fromkeys(("params", "active_params", "weights", "biases", "trainable", "frozen", "fixed", "buffers"), (PARAMETERS,)),
    **dict.fromkeys(("mult_adds", "macs", "multiply_adds"), (MULTIPLY_ADDS, OPERATIONS)),
    "flops": (OPERATIONS,),
    "operations": (OPERATIONS, MULTIPLY_ADDS),
    **dict.fromkeys(("neurons", "connections", "activations", "layers", "depth", "input_elements", "output", "input"), ()),
}
"""What the unit of a printed quantity may count; the first is its own. A quantity with none is a plain number."""
_ANY = ("", OPERATIONS, MULTIPLY_ADDS, PARAMETERS, SHARE)
"""The same for every other name: a tally, a field or a variable."""


class Unit(NamedTuple):
    """The factor of a unit, and what it counts: one of the words above, empty where it could be anything."""

    factor: Fraction = Fraction(1)
    counts: str = ""


def unit_of(words: list[str], binary: bool, quantity: str = "") -> Unit | str:
    """The unit that words name together, or the first word that is out of place.

    With `binary`, K, M and G are powers of 1024. A lone B is a byte after a figure of a quantity in bytes, else a billion.
    """
    factor, counts, scaled = Fraction(1), "", False
    for word in words:
        low = word.lower().rstrip(".").replace("–", "-")
        prefixed = _PREFIXED.fullmatch(low)
        is_byte = low == "b" and (scaled or _COUNTED.get(quantity.removeprefix("total_")) == (BYTES,))
        if is_byte or low in _NOUNS:
            counts = counts or _NOUNS.get(low, BYTES)
        elif scaled:
            return word
        elif low in _PERCENT:
            factor, scaled, counts = Fraction(1, 100), True, counts or SHARE
        elif low in _SCALES:
            factor, scaled = Fraction(1024 if binary and low in _LETTERS else 1000) ** _SCALES[low], True
        elif prefixed:
            noun = prefixed[3]
            factor, scaled = Fraction(1024 if binary or prefixed[2] else 1000) ** _SCALES[prefixed[1]], True
            counts = counts or _PREFIX_NOUNS.get(noun) or _NOUNS.get(noun or "", "") or _NOUNS.get(f"{noun}s", "")
        else:
            return word
    return Unit(factor, counts)


def is_unit(word: str) -> bool:
    """Whether a word after a number belongs to it."""
    low = word.lower().rstrip(".").replace("–", "-")
    known = low in _NOUNS or low in _SCALES or low in _PERCENT or bool(_PREFIXED.fullmatch(low))
    return known or bool(_NOT_READ.fullmatch(word.rstrip(".")))


def is_printed_name(word: str) -> bool:
    """Whether a word names a quantity that publications print."""
    return word.removeprefix("total_") in _COUNTED or word == "receptive_field"


def is_count(quantity: str) -> bool:
    """Whether a quantity is a whole number in every network."""
    name = quantity.removeprefix("total_")
    return name in _COUNTED and name not in ("output", "input")


def is_scale(word: str, quantity: str = "") -> bool:
    """Whether a word beside a number multiplies it: million, M, GFLOPs, %, or the first part of M-parameter."""
    first, _, noun = word.replace("–", "-").partition("-")
    if noun and unit_of([word], False) == word:
        return is_scale(first) and is_noun(noun.split("-")[0])
    unit = unit_of([word], False, quantity)
    return unit.factor != 1 if isinstance(unit, Unit) else bool(_OTHER_SCALES.fullmatch(word.rstrip(".")))


def is_noun(word: str) -> bool:
    """Whether a word says what is counted, and scales nothing."""
    low = word.lower().rstrip(".").replace("–", "-")
    return low in _NOUNS or f"{low}s" in _NOUNS


def contradiction(counts: str, quantity: str) -> str:
    """Why a figure in a unit cannot be of a quantity, as a sentence; empty if it can, or if `quantity` is an expression."""
    name = quantity.removeprefix("total_")
    allowed = _COUNTED.get(name, _ANY) if name.isidentifier() else (counts,)
    if not counts or counts in allowed:
        return ""
    if counts == MULTIPLY_ADDS and OPERATIONS in allowed:
        return f"the figure is in multiply-adds, and {quantity} counts two operations for each"
    own = f"counts {allowed[0]}" if allowed and allowed[0] else "has no unit"
    return f"the figure is in {counts}, and {quantity} {own}"


def convention_note(counts: str, quantity: str, convention: str) -> str:
    """What a reader should know of a figure that prints multiply-adds as operations."""
    name = quantity.removeprefix("total_")
    are_multiply_adds = _COUNTED.get(name, ("",))[:1] == (MULTIPLY_ADDS,) or (
        name == "operations" and convention == "mult-adds"
    )
    return "printed as operations: each multiply-add is counted as one" if counts == OPERATIONS and are_multiply_adds else ""

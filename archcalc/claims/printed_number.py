"""A figure as it is printed: "138,423,208", "4.2 million", "3.8×10⁹", "93MB", "94.86%", "27×27×256".

The result keeps the printed precision: the value, and the place value of its last significant digit. Both are exact
fractions; a float would already have lost what was printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

MAX_LENGTH = 80
"""Characters of one printed figure."""

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_TEX = (
    ("\\times", "×"),
    ("\\cdot", "×"),
    ("\\approx", "≈"),
    ("\\sim", "~"),
    ("{,}", ","),
    ("\\,", ""),
    ("\\%", "%"),
    ("\\", " "),
    ("$", " "),
    ("{", ""),
    ("}", ""),
    ("·", "×"),
    ("✕", "×"),
)
_ABOUT = re.compile(r"\A\s*(≈|~|∼|≃|about|approximately|approx\.?|around|roughly|ca\.?|some|circa)\s*", re.I)
_DIGITS = r"(?:\d{1,3}(?:[,_'  \u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(rf"(?P<sign>[-−]?)(?P<digits>{_DIGITS})(?:\s*(?:×\s*10\s*\^?|[eE]\+?)(?P<exponent>[-−]?\d{{1,2}}(?!\d)))?")
_POWER = re.compile(r"10\s*[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_SIZES = r"\s*\d{1,12}(?:\s*[×xX*]\s*\d{1,12})+\s*"
_VOLUME = re.compile(rf"{_SIZES}\Z|[\[(]{_SIZES}[\])]\Z|[\[(]\s*\d{{1,12}}(?:\s*,\s*\d{{1,12}})+\s*[\])]\Z")
_SCALES = {
    "k": 1,
    "thousand": 1,
    "m": 2,
    "mln": 2,
    "mio": 2,
    "million": 2,
    "millions": 2,
    "g": 3,
    "b": 3,
    "bn": 3,
    "billion": 3,
    "billions": 3,
    "t": 4,
    "trillion": 4,
}
_NOUNS = {
    "params",
    "parameters",
    "param",
    "weights",
    "biases",
    "neurons",
    "units",
    "connections",
    "macs",
    "mac",
    "flops",
    "flop",
    "mult-adds",
    "multi-adds",
    "multiply-adds",
    "operations",
    "ops",
    "bytes",
    "byte",
    "b",
    "activations",
    "values",
    "layers",
}


class PrintedNumberError(ValueError):
    """The text is not a figure; the message says why."""


@dataclass(frozen=True)
class PrintedNumber:
    """A figure in print: its `value`, and as `step` the place value of its last significant digit.

    `volume` contains the sizes of a figure such as 27×27×256; its `value` is then their product.
    """

    text: str
    value: Fraction
    step: Fraction
    volume: tuple[int, ...] = ()
    digits: str = ""
    """The number without its unit, as it is written in the text."""
    scale: Fraction = Fraction(1)
    """The factor of the unit."""
    unit: str = ""
    """A unit that the source prints elsewhere."""

    @property
    def with_unit(self) -> str:
        """The figure with its unit."""
        return f"{self.text.strip()} {self.unit}".strip()

    def with_digits(self, digits: str) -> PrintedNumber:
        """The same figure with other digits, such as those without a misprint. Raises `PrintedNumberError`."""
        # The text of a volume in TeX does not contain `digits`, from which its markup is removed.
        text = self.text.replace(self.digits, digits, 1) if self.digits in self.text else digits
        return read_printed_number(text, unit=self.unit)


def read_printed_number(
    text: str, significant_digits: int | None = None, binary: bool = False, unit: str = ""
) -> PrintedNumber:
    """The figure in a text. Raises `PrintedNumberError` if the text is not a figure.

    Without `significant_digits`, those of an integer end at its last digit other than 0. `binary` reads K, M and G as
    powers of 1024, as Ki, Mi and Gi are anyway. `unit` is a unit that the source prints elsewhere, for example in the
    head of a column.
    """
    if len(text) > MAX_LENGTH:
        raise PrintedNumberError(f"a figure has at most {MAX_LENGTH} characters")
    plain = _plain(text)
    if _VOLUME.match(plain):
        return _volume(text, plain)
    match = _NUMBER.match(plain)
    if match is None:
        raise PrintedNumberError(
            f"{text!r} is not a figure: write it as printed, such as 4.2 million, 138,357,544 or 27×27×256"
        )
    scale = _scale(text, plain[match.end() :], binary) * _scale(unit, unit, binary)
    return _scaled(text, match, scale, significant_digits, unit)


def _plain(text: str) -> str:
    for tex, sign in _TEX:
        text = text.replace(tex, sign)
    text = _POWER.sub(lambda match: "10^" + match.group()[2:].translate(_SUPERSCRIPTS).strip(), text)
    return _ABOUT.sub("", text, count=1).strip()


def _volume(text: str, plain: str) -> PrintedNumber:
    sizes = tuple(int(size) for size in re.findall(r"\d+", plain))
    value = Fraction(1)
    for size in sizes:
        value *= size
    return PrintedNumber(text, value, Fraction(1), sizes, digits=plain)


def _scaled(text: str, match: re.Match[str], scale: Fraction, significant_digits: int | None, unit: str) -> PrintedNumber:
    digits = re.sub(r"[^\d.]", "", match["digits"])
    value = Fraction(digits if digits[0] != "." else f"0{digits}")
    power = Fraction(10) ** int((match["exponent"] or "0").replace("−", "-"))
    step = _step(digits, significant_digits) * power * scale
    sign = -1 if match["sign"] else 1
    return PrintedNumber(text, sign * value * power * scale, step, digits=match["digits"], scale=power * scale, unit=unit)


def _step(digits: str, significant_digits: int | None) -> Fraction:
    """The place value of the last significant digit."""
    whole, _, decimals = digits.partition(".")
    if significant_digits is not None:
        if significant_digits < 1:
            raise PrintedNumberError("a figure has at least one significant digit")
        significant = (whole + decimals).lstrip("0")
        leading = len(significant) - len(decimals)
        return Fraction(10) ** (leading - significant_digits)
    if decimals:
        return Fraction(1, 10 ** len(decimals))
    zeros = len(whole) - len(whole.rstrip("0"))
    return Fraction(10) ** zeros if whole.strip("0") else Fraction(1)


def _scale(text: str, rest: str, binary: bool) -> Fraction:
    """The factor of the words after a number."""
    rest = rest.strip()
    if rest == "%":
        return Fraction(1, 100)
    words = rest.replace("–", "-").split()
    power, base = 0, 1024 if binary else 1000
    for index, word in enumerate(words):
        low = word.lower().rstrip(".")
        prefixed = re.fullmatch(r"([kmgtb]|)(i?)b?|([kmgt])(?:flops?|macs?|ops)", low)
        if low in _NOUNS and (index or low != "b"):
            continue
        if low in _SCALES and not power:
            power = _SCALES[low]
        elif prefixed and not power:
            power = _SCALES.get((prefixed[1] or prefixed[3] or "").strip(), 0)
            base = 1024 if prefixed[2] else base
        else:
            raise PrintedNumberError(f"{text!r} is not a figure: {word!r} is not a known unit")
    return Fraction(base) ** power

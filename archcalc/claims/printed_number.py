r"""A figure as it is printed: "138,423,208", "4.2 million", "3.8×10⁹", "93MB", "94.86%", "27×27×256", `\num{1.38e8}`.

The result keeps the printed precision: the value, and the place value of its last significant digit. Both are exact
fractions; a float would already have lost what was printed. One grammar reads the figures of claims files and of texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from archcalc.claims.printed_text import NUMBER_COMMAND, UNKNOWN, PrintedText, shown
from archcalc.claims.units import Unit, contradiction, is_unit, unit_of

MAX_LENGTH = 120
"""Characters of one printed figure, its markup included."""

_ABOUT = re.compile(r"[\s~]*(?:(?:≈|~|about|approximately|approx\.?|around|roughly|ca\.?|some|circa)[\s~]*)?", re.I)
_SPACE = r"[ \n~]*"
_DIGITS = r"(?P<digits>(?:\d{1,3}(?P<separator>[,_'~ ])\d{3}(?:(?P=separator)\d{3})*(?!\d)|\d+)(?:\.\d+)?|\.\d+)"
_EXPONENT = rf"(?:{_SPACE}×{_SPACE}10{_SPACE}\^{_SPACE}|[eE]\+?)(?P<exponent>-?\d{{1,2}}(?!\d))"
_SCIENTIFIC = re.compile(rf"(?P<number>-?{_DIGITS}){_EXPONENT}")
_IN_COMMAND = re.compile(rf"(?P<number>-?{_DIGITS})[ ]*[eEdD][ ]*\+?(?P<exponent>-?\d{{1,2}}(?!\d))")
"""An exponent as \\num reads it."""
_NUMBER = re.compile(rf"(?P<number>-?{_DIGITS})")
_SIZES = rf"\d{{1,12}}(?:{_SPACE}[×xX*]{_SPACE}\d{{1,12}})+"
VOLUME = re.compile(
    rf"(?P<bracket>[\[(]){_SPACE}(?P<inner>{_SIZES}|\d{{1,12}}(?:{_SPACE},{_SPACE}\d{{1,12}})+){_SPACE}[\])]|(?P<sizes>{_SIZES})"
)
_WORD = re.compile(r"(?P<space>[ \n~]*)(?P<word>%|[A-Za-zµ]+(?:[-–][A-Za-z]+)*\.?)")
_CONTINUED = re.compile(
    rf"{_SPACE}[×^±√{UNKNOWN}]|[,.'_:]\d|{_SPACE}[-–+]+{_SPACE}\d|[ ~]\d{{3}}(?!\d)|[+/\d]|\(\d|[*xX]\d|\\|-[A-Za-z]"
)
"""What belongs to a number, and is not read: further digits, a factor, an exponent, a tolerance, a range, a fraction."""


_DECIMAL_COMMA = re.compile(r"\d+,(?:\d{1,2}|\d{4,})(?![\d,.])")


class PrintedNumberError(ValueError):
    """The text is not a figure, or not one of the quantity; the message says why, `out` is a way out."""

    def __init__(self, message: str, out: str = "", code: str = "") -> None:
        super().__init__(message)
        self.out = out
        self.code = code


class Reading(NamedTuple):
    """How a figure is read: its significant digits if they are known, and K, M and G as powers of 1024 if `binary`.

    `unit` is a unit that the source prints elsewhere, for example in the head of a column; `quantity` is what the figure is of.
    """

    significant_digits: int | None = None
    binary: bool = False
    unit: str = ""
    quantity: str = ""


PLAINLY = Reading()
"""The usual way."""


@dataclass(frozen=True)
class PrintedNumber:
    """A figure in print: its `value`, and as `step` the place value of its last significant digit.

    `volume` contains the sizes of a figure such as 27×27×256; its `value` is then their product.
    """

    text: str
    value: Fraction
    step: Fraction
    volume: tuple[int, ...] = ()
    spans: tuple[tuple[int, int], ...] = ((0, 0),)
    """Where in `text` its number is, with a minus, or where each of its sizes is."""
    scale: Fraction = Fraction(1)
    """The factor of the unit."""
    counts: str = ""
    """What its unit counts, such as bytes; empty where the figure has none."""
    separator: str = ""
    """What separates groups of three digits, as the source writes it."""
    rewritable: bool = True
    """Whether other digits can take the place of its own: they are plain digits, with no markup between them."""
    reading: Reading = PLAINLY

    @property
    def digits(self) -> str:
        """The number without sign and unit, or the sizes, as it is written in the text."""
        return self.text[self.spans[0][0] : self.spans[-1][1]].lstrip("-−")

    @property
    def unit(self) -> str:
        """A unit that the source prints elsewhere."""
        return self.reading.unit

    @property
    def with_unit(self) -> str:
        """The figure with its unit."""
        return f"{self.text.strip()} {self.unit}".strip()

    def with_digits(self, digits: str) -> PrintedNumber:
        """The same figure with other digits, such as those without a misprint. Raises `PrintedNumberError`."""
        end = self.spans[-1][1]
        start = end - len(self.digits)
        return read_printed_number(self.text[:start] + digits + self.text[end:], *self.reading)


def read_printed_number(
    text: str,
    significant_digits: int | None = None,
    binary: bool = False,
    unit: str = "",
    quantity: str = "",
) -> PrintedNumber:
    """The figure that a text is. Raises `PrintedNumberError` if it is none, or not one of the quantity.

    Without `significant_digits`, those of an integer end at its last digit other than 0. The others: see `Reading`.
    """
    _refuse_long(text)
    printed = PrintedText(text)
    about = _ABOUT.match(printed.signs)
    start = about.end() if about else 0
    start += printed.signs.startswith(NUMBER_COMMAND, start)  # its sign
    reading = Reading(significant_digits, binary, unit, quantity)
    number, end = number_at(printed, start, reading, whole=True)
    rest = printed.signs[end:].strip(" \n~.")
    if rest:
        raise PrintedNumberError(f"{text!r} is not a figure: {rest.split()[0]!r} is not a known unit")
    return number


def _refuse_long(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise PrintedNumberError(f"a figure has at most {MAX_LENGTH} characters, this one {len(text):,}")


def read_tolerance(text: str) -> Fraction:
    """The relative tolerance in a text, such as 4 % or 0.04. Raises `PrintedNumberError` if it is none below 100 %."""
    value = read_printed_number(text).value
    if value >= 1:
        percent = f"{float(value):.4g}"
        out = f"write {percent} % or {float(value) / 100:.4g}" if "%" not in text and value < 100 else "write 4 % or 0.04"
        raise PrintedNumberError(f"a tolerance of {text.strip()} is {float(100 * value):.6g} %", out, "ARC424")
    if value < 0:
        raise PrintedNumberError(f"a tolerance of {text.strip()} is below 0", "write 4 % or 0.04", "ARC424")
    return value


def number_at(printed: PrintedText, start: int, reading: Reading, whole: bool = False) -> tuple[PrintedNumber, int]:
    """The figure that begins at a sign of a text, with all that belongs to it, and where it ends.

    With `whole`, the text is to be nothing else. Raises `PrintedNumberError` if it is no figure, not understood, or not one
    of the quantity.
    """
    signs = printed.signs
    explicit = start > 0 and signs[start - 1] == NUMBER_COMMAND
    patterns = (_SCIENTIFIC, *((_IN_COMMAND,) if explicit else ()), VOLUME, _NUMBER)
    match = next(filter(None, (pattern.match(signs, start) for pattern in patterns)), None)
    text = shown(signs, start)
    if match is None:
        example = "write it as printed, such as 4.2 million, 138,357,544 or 27×27×256"
        raise PrintedNumberError(f"{text!r} is not a figure: {example}")
    _refuse_long(match.group())
    words, end = _words(signs, match.end())
    is_cut = _is_cut(signs, end) or (explicit and not (_is_closed(printed, match.end()) or _is_closed(printed, end)))
    if _CONTINUED.match(signs, match.end()) or _CONTINUED.match(signs, end) or is_cut:
        if comma := _DECIMAL_COMMA.match(signs, match.start()):
            digits = comma.group()
            sentence = f"{digits} is no English figure: a comma separates three digits"
            raise PrintedNumberError(sentence, f"write a decimal point, {digits.replace(',', '.')}")
        sentence = f"{text!r} is not a figure: what follows {match.group().strip()} is not understood"
        raise PrintedNumberError(sentence, "write the figure alone, such as 4.2 million or 138,357,544")
    if explicit and "," in match.group():
        sentence = f"{text!r} is not a figure: in a command such as \\num a comma is a decimal point"
        raise PrintedNumberError(sentence, "write the digits without commas")
    unit = _unit(text, words, reading)
    first = 0 if whole else printed.starts[start - explicit]
    last = len(printed.source) if whole else _closed(printed, first, printed.ends[end - 1])
    build = _scaled if "number" in match.groupdict() else _volume
    return build(printed, match, unit, reading, (first, last)), end


def _words(signs: str, end: int) -> tuple[list[str], int]:
    """The words behind a number that belong to it, and where they end."""
    words: list[str] = []
    while (word := _WORD.match(signs, end)) and is_unit(word["word"]):
        words.append(word["word"])
        end = word.end() - word["word"].endswith(".")
    return words, end


def _is_cut(signs: str, end: int) -> bool:
    """Whether a unit follows that is part of a longer word, as in "138 M-parameter network"."""
    word = _WORD.match(signs, end)
    return word is not None and re.split("[-–]", word["word"])[0] != word["word"] and is_unit(re.split("[-–]", word["word"])[0])


def _is_closed(printed: PrintedText, end: int) -> bool:
    """Whether the argument of a command ends behind the signs up to `end`."""
    source, index = printed.source, printed.ends[end - 1]
    while source.startswith(" ", index):
        index += 1
    return source.startswith("}", index)


def _unit(text: str, words: list[str], reading: Reading) -> Unit:
    """The unit of a figure with that of the column's head. Raises `PrintedNumberError` if it is not one of the quantity."""
    own = unit_of(words, reading.binary, reading.quantity)
    head = unit_of(reading.unit.split(), reading.binary, reading.quantity)
    for unit, shown_text in ((own, text), (head, reading.unit)):
        if isinstance(unit, str):
            raise PrintedNumberError(f"{shown_text!r} is not a figure: {unit!r} is not a known unit")
    assert isinstance(own, Unit)
    assert isinstance(head, Unit)
    both = Unit(own.factor * head.factor, own.counts or head.counts)
    if why := contradiction(both.counts, reading.quantity):
        sentence = f"{text!r} is no figure of {reading.quantity}: {why}"
        raise PrintedNumberError(sentence, "correct the unit, or name the quantity that is printed", "ARC423")
    return both


def _closed(printed: PrintedText, first: int, last: int) -> int:
    """The end of a figure in the source, with the braces that close those opened in it."""
    opened = printed.source.count("{", first, last) - printed.source.count("}", first, last)
    while opened > 0 and printed.source.startswith("}", last):
        opened, last = opened - 1, last + 1
    return last


def _volume(printed: PrintedText, match: re.Match[str], unit: Unit, reading: Reading, place: tuple[int, int]) -> PrintedNumber:
    if unit.factor != 1:
        raise PrintedNumberError(f"{shown(match.group())!r} is not a figure: sizes have no unit")
    group = "inner" if match["inner"] else "sizes"
    found = [one.span() for one in re.finditer(r"\d+", match[group])]
    spans = [(match.start(group) + start, match.start(group) + end) for start, end in found]
    sizes = tuple(int(printed.signs[start:end]) for start, end in spans)
    value = Fraction(1)
    for size in sizes:
        value *= size
    text, places, plain = _placed(printed, spans, place)
    return PrintedNumber(text, value, Fraction(1), sizes, places, counts=unit.counts, rewritable=plain, reading=reading)


def _scaled(printed: PrintedText, match: re.Match[str], unit: Unit, reading: Reading, place: tuple[int, int]) -> PrintedNumber:
    digits = re.sub(r"[^\d.]", "", match["digits"])
    value = Fraction(digits if digits[0] != "." else f"0{digits}")
    exponent = match["exponent"] if "exponent" in match.groupdict() else "0"
    scale = Fraction(10) ** int(exponent) * unit.factor
    step = _step(digits, reading.significant_digits) * scale
    value *= -scale if match["number"].startswith("-") else scale
    text, places, plain = _placed(printed, [match.span("number")], place)
    separator = printed.source[slice(*printed.span(*match.span("separator")))] if match["separator"] else ""
    return PrintedNumber(text, value, step, (), places, scale, unit.counts, separator, plain, reading)


def _placed(
    printed: PrintedText, spans: list[tuple[int, int]], place: tuple[int, int]
) -> tuple[str, tuple[tuple[int, int], ...], bool]:
    """The text of a figure, the places in it of the signs in `spans`, and whether these can be replaced."""
    first, last = place
    places = tuple((start - first, end - first) for start, end in (printed.span(*span) for span in spans))
    # A decimal sign other than the point, such as that of Arabic, is not written again.
    points = all(
        printed.source[printed.starts[index]] == "." for span in spans for index in range(*span) if printed.signs[index] == "."
    )
    plain = points and all(printed.unbroken(*span) for span in spans)
    return printed.source[first:last], places, plain


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

"""A reader of printed sums: the numbers and names in them are put together again, by rules of its own.

It knows nothing of how archcalc writes a sum, only how a textbook reads one: · and / before + and −, ⌊ ⌋ rounds down,
⌈ ⌉ rounds up. Everything is an exact fraction; what is left over is not lost.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

_TOKEN = re.compile(r"\s*(\d+|min|max|gcd|mod|[A-Za-zα-ωΑ-Ω]\w*|[-+−·/(),⌊⌋⌈⌉])")
_LATEX_NAME = re.compile(r"([A-Za-z]+)_(?:\{\\mathrm\{(\w+)\}\}|(\w))")


class UnreadableError(ValueError):
    """What is printed is no sum that a reader could work out."""


def value(text: str, names: dict[str, int] | None = None) -> Fraction:
    """What a printed sum comes to; `names` gives the symbols their values."""
    reader = _Reader(text, names or {})
    result = reader.sum()
    if reader.at != len(reader.tokens):
        raise UnreadableError(f"{text!r}: nothing should stand behind {reader.tokens[reader.at - 1]!r}")
    return result


def latex_value(text: str, names: dict[str, int] | None = None) -> Fraction:
    """The same of a sum in LaTeX."""
    return value(_plain(text), names)


class _Reader:
    def __init__(self, text: str, names: dict[str, int]) -> None:
        self.text, self.names, self.at = text, names, 0
        self.tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            match = _TOKEN.match(text, place)
            if not match:
                raise UnreadableError(f"{text!r}: {text[place]!r} is no part of a sum")
            self.tokens.append(match[1])
            place = match.end()

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise UnreadableError(f"{self.text!r}: {wanted or 'more'} should stand where {token or 'the end'!r} is")
        self.at += 1
        return token

    def sum(self) -> Fraction:
        result = -self.product() if self.peek() in "−-" and self.take() else self.product()
        while self.peek() and self.peek() in "+−-":
            sign = self.take()
            part = self.product()
            result = result + part if sign == "+" else result - part
        return result

    def product(self) -> Fraction:
        result = self.atom()
        while self.peek() in ("·", "/", "mod"):
            sign = self.take()
            part = self.atom()
            result = {"·": lambda a, b: a * b, "/": lambda a, b: a / b, "mod": lambda a, b: a - b * (a // b)}[sign](
                result, part
            )
        return result

    def atom(self) -> Fraction:
        token = self.take()
        if token.isdigit():
            return Fraction(int(token))
        if token in ("min", "max", "gcd"):
            return self.call(token)
        if token in "(⌊⌈":
            inner = self.sum()
            self.take({"(": ")", "⌊": "⌋", "⌈": "⌉"}[token])
            return inner if token == "(" else Fraction(math.floor(inner) if token == "⌊" else math.ceil(inner))
        if token in self.names:
            return Fraction(self.names[token])
        raise UnreadableError(f"{self.text!r}: {token!r} has no value here; known are {self.names}")

    def call(self, name: str) -> Fraction:
        self.take("(")
        left = self.sum()
        self.take(",")
        right = self.sum()
        self.take(")")
        if name != "gcd":
            return min(left, right) if name == "min" else max(left, right)
        if left.denominator != 1 or right.denominator != 1:
            raise UnreadableError(f"{self.text!r}: gcd of fractions")
        return Fraction(math.gcd(int(left), int(right)))


def _plain(text: str) -> str:
    """LaTeX of a sum in the signs of a plain one."""
    text = _LATEX_NAME.sub(lambda match: f"{match[1]}_{match[2] or match[3]}", text)
    while (at := text.rfind(r"\frac")) >= 0:  # the last one holds no other
        top, rest = _group(text[at + 5 :])
        bottom, rest = _group(rest)
        text = f"{text[:at]}(({top}) / ({bottom})){rest}"
    for word, sign in (
        (r"\left", ""),
        (r"\right", ""),
        (r"\lfloor", "⌊"),
        (r"\rfloor", "⌋"),
        (r"\lceil", "⌈"),
        (r"\rceil", "⌉"),
        (r"\cdot", "·"),
        (r"\bmod", "mod"),
        (r"\min", "min"),
        (r"\max", "max"),
        (r"\gcd", "gcd"),
        ("{,}", ""),
        (r"\,", ""),
    ):
        text = text.replace(word, sign)
    return text


def _group(text: str) -> tuple[str, str]:
    """What stands in the braces at the beginning, and what follows them."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return text[1:at], text[at + 1 :]
    raise UnreadableError(f"{text!r}: a brace is not closed")

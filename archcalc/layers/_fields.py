"""What a field of a layer may hold, with its textbook symbol and its unit.

A field is declared once, in its layer's file. From the declaration follow the check of a plain value, the JSON schema,
the symbol in a derivation and, in the array arithmetic, the mask of the variants in which the value is refused.
Pydantic makes the JSON schema from these declarations (`archcalc.description.schema`) but does not check layers: loading it
costs more than everything else that `archcalc params` does (docs/design.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from archcalc.arithmetic.term import Implicit, Number, Term

PerAxis: TypeAlias = Any
"""One integer for all spatial axes, or a list with one for each, in the order of the volume (D, H, W)."""

AXES = {0: (), 1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
"""The textbook's letters of the spatial axes, by their number."""


class FieldError(ValueError):
    """Fields with a value that their kind refuses: their names, the values, and what each must be."""

    def __init__(self, refused: list[tuple[str, Any, str]]) -> None:
        super().__init__("; ".join(f"{name} {wants}" for name, _, wants in refused))
        self.refused = refused


@dataclass(frozen=True)
class Holds:
    """What a field may hold. `check` returns the value as the layer keeps it, or raises ValueError."""

    @property
    def wants(self) -> str:
        """What the field holds, in words that complete «must be …»."""
        raise NotImplementedError

    def check(self, value: Any) -> Any:
        raise NotImplementedError

    def json(self) -> dict[str, Any]:
        """The JSON schema of a written value."""
        raise NotImplementedError

    def refuse(self) -> ValueError:
        return ValueError(f"must be {self.wants}")


@dataclass(frozen=True)
class Truth(Holds):
    """true or false."""

    @property
    def wants(self) -> str:
        return "true or false"

    def check(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self.refuse()

    def json(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "boolean"}, {"type": "string"}]}


@dataclass(frozen=True)
class Words(Holds):
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def wants(self) -> str:
        return " or ".join(self.words)

    def check(self, value: Any) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        raise self.refuse()

    def json(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Whole(Holds):
    """An integer, or with `per_axis` one for each spatial axis.

    `neutral` is the value at which the textbook leaves the symbol away (a dilation of 1).
    """

    symbol: str
    unit: str
    minimum: int = 1
    per_axis: bool = False
    neutral: int | None = None

    def json(self) -> dict[str, Any]:
        return {"anyOf": [self.one(), {"type": "array", "items": self.one()}]} if self.per_axis else self.one()

    def one(self) -> dict[str, Any]:
        """The JSON schema of one value: a number or an expression."""
        return {"anyOf": [{"type": "integer", "minimum": self.minimum}, {"type": "string"}]}

    @property
    def wants(self) -> str:
        number = f"an integer ≥ {self.minimum}"
        return f"{number}, or a list of them, one for each spatial axis" if self.per_axis else number

    def check(self, value: Any) -> Any:
        if value.__class__ is int and value >= self.minimum:
            return value
        if self.per_axis and isinstance(value, list) and 1 <= len(value) <= 3:
            if all(one.__class__ is int and one >= self.minimum for one in value):
                return tuple(value)
        raise self.refuse()

    def as_symbols(self, value: Any, axes: int) -> Any:
        """`value` as symbols that remember their name."""
        if isinstance(value, tuple):
            letters = AXES[len(value)] if len(value) == axes else range(1, len(value) + 1)
            return tuple(Term(one, f"{self.symbol}_{str(letter).lower()}") for one, letter in zip(value, letters, strict=True))
        if value is None:
            return value
        return Implicit(value) if value == self.neutral else Term(value, self.symbol)

    def parts(self, value: Any) -> tuple[Any, ...]:
        """The numbers of a value that is one or several."""
        return value if isinstance(value, tuple) else () if value is None else (value,)


@dataclass(frozen=True)
class Padding(Whole):
    """Positions added around the map: one number, one per axis, a pair `[before, after]` per axis, or a word."""

    minimum: int = 0
    words: tuple[str, ...] = ()
    per_axis: bool = True

    def json(self) -> dict[str, Any]:
        pairs = {"type": "array", "items": self.one()}
        return {"anyOf": [self.one(), {"type": "array", "items": {"anyOf": [self.one(), pairs]}}]}

    @property
    def wants(self) -> str:
        words = "".join(f", or {word}" for word in self.words)
        return f"an integer ≥ {self.minimum}, one for each axis, or a pair [before, after] for each{words}"

    def check(self, value: Any) -> Any:
        if value in self.words and isinstance(value, str):
            return value
        if isinstance(value, list) and 1 <= len(value) <= 3 and all(isinstance(one, list) for one in value):
            if all(len(pair) == 2 and all(p.__class__ is int and p >= self.minimum for p in pair) for pair in value):
                return tuple(map(tuple, value))
        elif not isinstance(value, str):
            return super().check(value)
        raise self.refuse()

    def as_symbols(self, value: Any, axes: int) -> Any:
        if isinstance(value, str):
            return value
        if isinstance(value, tuple) and isinstance(value[0], tuple):
            letters = AXES[len(value)]
            return tuple(
                (Term(before, f"{self.symbol}_{letter.lower()}1"), Term(after, f"{self.symbol}_{letter.lower()}2"))
                for (before, after), letter in zip(value, letters, strict=True)
            )
        return super().as_symbols(value, axes)

    def parts(self, value: Any) -> tuple[Any, ...]:
        if isinstance(value, str):
            return ()
        parts = super().parts(value)
        return tuple(n for part in parts for n in part) if parts and isinstance(parts[0], tuple) else parts


def each(value: Any, axes: int) -> tuple[Any, ...]:
    """`value` for each of `axes` spatial axes."""
    return value if isinstance(value, tuple) else (value,) * axes


def sides(padding: Any, axes: int) -> list[tuple[Number, Number]]:
    """Of a padding in numbers, along each axis: how much stands before the map, and how much in all."""
    pairs = each(padding, axes)
    return [(p[0], p[0] + p[1]) if isinstance(p, tuple) else (p, 2 * p) for p in pairs]


@dataclass(frozen=True)
class LayerName(Holds):
    """The name of another layer, which gives a volume and nothing else: its `input` or its `output`.

    `which` is a property that the named layer's kind must declare, such as `returns_indices`.
    """

    gives: str
    which: str = ""

    @property
    def wants(self) -> str:
        return "the id of another layer"

    def check(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        raise self.refuse()

    def json(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True)
class Rows(Holds):
    """Rows of positions counted from 0, such as a table of which maps feed which."""

    def json(self) -> dict[str, Any]:
        row = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1}
        return {"type": "array", "items": row, "minItems": 1}

    @property
    def wants(self) -> str:
        return "a list of rows, each a list of different integers ≥ 0"

    def check(self, value: Any) -> Any:
        if isinstance(value, list) and value and all(isinstance(row, list) and row for row in value):
            if all(one.__class__ is int and one >= 0 for row in value for one in row):
                if all(len(set(row)) == len(row) for row in value):
                    return tuple(map(tuple, value))
        raise self.refuse()


@dataclass(frozen=True)
class Real(Holds):
    """A number that no count depends on (a slope, a rate), kept for the execution and the page."""

    symbol: str
    minimum: float | None = None
    maximum: float | None = None

    def json(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, {"type": "string"}]}

    @property
    def wants(self) -> str:
        limits = [f"≥ {self.minimum:g}"] if self.minimum is not None else []
        limits += [f"≤ {self.maximum:g}"] if self.maximum is not None else []
        return " ".join(["a number", " and ".join(limits)]).strip()

    def check(self, value: Any) -> Any:
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise self.refuse() from None
        too_small = self.minimum is not None and number < self.minimum
        too_large = self.maximum is not None and number > self.maximum
        if isinstance(value, (bool, str)) or too_small or too_large or number != number:
            raise self.refuse()
        return number

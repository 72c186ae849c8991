"""The fields of layers: types that define valid values, and metadata such as the textbook's symbol.

A field is declared once, in its layer's file: `Annotated[PerAxis[Count], Symbol("k", "positions")]`. From this
are derived the check of a value, the message of an error (`archcalc.layers._types`), the JSON schema, the symbol in a
derivation and, in the array arithmetic, the mask of the variants in which the value is invalid.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, PlainValidator, Strict, Tag, WithJsonSchema

from archcalc.arithmetic.term import Implicit, Number, Term

AXIS_LETTERS: dict[int, tuple[str, ...]] = {0: (), 1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
"""The textbook's letters of the spatial axes, by how many there are."""
AXIS_NAMES: dict[int, tuple[str, ...]] = {0: (), 1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""The names of the spatial axes, by how many there are."""


# -- metadata ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Letter:
    """The textbook's letter of a field that no count depends on, such as a slope or a rate."""

    letter: str


@dataclass(frozen=True)
class Symbol(Letter):
    """The textbook's letter of a field that counts depend on, and its unit; formulas leave out the value `implicit`."""

    unit: str
    implicit: int | None = None


@dataclass(frozen=True)
class LayerReference:
    """The field is the id of another layer, of which only a volume is used: its `input` or its `output`.

    `requires` is a property that the named layer's kind must declare, such as `returns_indices`.
    """

    volume: Literal["input", "output"]
    requires: str = ""


@dataclass(frozen=True)
class Expects:
    """The words for a type in messages and on pages, which complete «must be …»; `{}` are those of its first part."""

    template: str


@dataclass(frozen=True)
class Fractional:
    """The number may be a fraction; if it is an integer, it is at least `ge`."""

    ge: int = 1


@dataclass(frozen=True)
class PlainNumbers:
    """The value is written in plain numbers, without expressions, so that a large table is read fast."""


@dataclass(frozen=True)
class PlainText:
    """The value is text, read as it is written: no number, word or expression."""


@dataclass(frozen=True)
class LabelFormat:
    """How labels in tables and figures write the field: `/{}`; they leave out the value `unless`, and a missing value.

    Where the value is 1, `{s}` is empty: `{} head{s}`.
    """

    template: str
    unless: int | None = None
    every_axis: bool = False
    """Whether one number for all axes is written once for each: 3×3."""

    def text(self, value: Any, axes: int) -> str:
        """The text for a value in a layer with `axes` spatial axes; empty if it is left out."""
        if value is None or value == self.unless:
            return ""
        parts = each(value, axes) if self.every_axis else numbers(value)
        return self.template.format("×".join(map(str, parts)), s="" if value == 1 else "s")


@dataclass(frozen=True)
class DefaultsTo:
    """The name of another field of the kind, whose value is the default."""

    field: str


@dataclass(frozen=True)
class Rewrite:
    """Another value of the field that is a common mistake, and the words for a network that has it.

    Diagnosis tries it in all layers at once or, with `per_layer`, in one layer; `equivalents` are values with the same
    effect.
    """

    text: str
    value: Any
    equivalents: tuple[Any, ...] = ()
    per_layer: bool = False

    def changes(self, value: Any) -> bool:
        """Whether the rewrite changes a field with this value."""
        is_equal = isinstance(value, tuple) and all(number == self.value for number in numbers(value))
        return not is_equal and value not in (None, self.value, *self.equivalents)


class Role(Enum):
    """The meaning of a field, for code that does not know the kind."""

    WINDOW = "the size of the window"
    GROUPS = "groups of channels"
    CONNECTIONS = "the table of which input channels each output channel reads"


# -- types ----------------------------------------------------------------------------------------------------------


def _alternative(value: Any) -> str:
    """The alternative by which a value is checked, so that an error is about the form that is written."""
    if isinstance(value, (list, tuple)):
        return "per side" if any(isinstance(part, (list, tuple)) for part in value) else "per axis"
    return "word" if isinstance(value, str) else "all axes"


def _number_or_list(value: Any) -> str:
    return "per axis" if isinstance(value, (list, tuple)) else "all axes"


def _float(value: Any) -> Any:
    """A fraction, the type in which a description's decimals are read, as the nearest float."""
    try:
        return float(value) if isinstance(value, Fraction) else value
    except OverflowError:
        return value


def _factor(value: Any) -> int | Fraction:
    """A number above 0, exactly: a float is the decimal it is written as."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise ValueError("a number is needed")
    number = Fraction(str(value) if isinstance(value, float) else value)
    if number <= 0:
        raise ValueError("it must be above 0")
    return value if isinstance(value, int) else number.numerator if number.denominator == 1 else number


def _distinct(row: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(row)) < len(row):
        raise ValueError("the integers must differ")
    return row


T = TypeVar("T")
Count = Annotated[int, Field(ge=1)]
Amount = Annotated[int, Field(ge=0)]
Factor = Annotated[
    float,
    PlainValidator(_factor),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
    Fractional(),
    Expects("a number above 0"),
]
"""An integer, or an exact fraction."""
_AXES = Field(min_length=1, max_length=3, strict=False)
PerAxis = Annotated[
    Annotated[T, Tag("all axes")] | Annotated[tuple[T, ...], _AXES, Tag("per axis")],
    Discriminator(_number_or_list),
    Expects("{}, or a list of them, one for each spatial axis"),
]
"""One value for all spatial axes, or one for each, in the order of the volume (D, H, W)."""

_Pair = Annotated[tuple[Amount, ...], Field(min_length=2, max_length=2, strict=False), Expects("a pair [before, after]")]
_AllAxes = Annotated[Amount, Tag("all axes")]
_EachAxis = Annotated[tuple[Amount, ...], _AXES, Tag("per axis")]
_EachSide = Annotated[tuple[_Pair, ...], _AXES, Tag("per side")]
Margins = Annotated[
    _AllAxes | _EachAxis | _EachSide,
    Discriminator(_alternative),
    Expects("{}, one for each axis, or a pair [before, after] for each"),
]
"""Positions around a map: one number, one per axis, or a pair `[before, after]` per axis."""
Padding = Annotated[
    _AllAxes | _EachAxis | _EachSide | Annotated[Literal["same", "valid"], Tag("word")],
    Discriminator(_alternative),
    Expects("{}, one for each axis, or a pair [before, after] for each, or same, or valid"),
]
"""Margins, or a word from which the padding follows."""

Dim = Annotated[int, Field(ge=1, le=4), Expects("an axis as PyTorch counts them: 1 for the channels, 2 to 4 for positions")]
"""One axis of a volume, where the batch is 0. It is structure: no formula computes with it."""
Sizes = Annotated[
    tuple[Count, ...],
    Field(min_length=1, max_length=4, strict=False),
    Expects("a list of 1 to 4 sizes ≥ 1, channels first"),
]
"""The shape of a volume."""
ChannelGroups = Annotated[Count, Symbol("g", "groups", implicit=1), LabelFormat(", {} groups", unless=1)]
"""Groups of channels that a layer treats alike."""
Words = Annotated[str, Field(min_length=1, max_length=2_000), PlainText(), Expects("a text of 1 to 2,000 characters")]
"""Text for readers, which no rule depends on."""

LayerName = Annotated[str, Expects("the id of another layer")]
_Row = Annotated[
    tuple[Amount, ...],
    Field(min_length=1, strict=False),
    AfterValidator(_distinct),
    Expects("a list of different integers ≥ 0"),
]
ConnectionTable = Annotated[
    tuple[_Row, ...],
    Field(min_length=1),
    Strict(False),
    PlainNumbers(),
    Expects("a list of rows, each a list of different integers ≥ 0"),
]
"""For each output channel the input channels that it reads, counted from 0."""

_EXACT = BeforeValidator(_float)
Real = Annotated[float, Field(allow_inf_nan=False), _EXACT]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False), _EXACT]
UnitInterval = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), _EXACT]
"""A number from 0 to 1, such as a probability."""


# -- values ---------------------------------------------------------------------------------------------------------


def each(value: Any, axes: int) -> tuple[Any, ...]:
    """`value` for each of `axes` spatial axes."""
    return value if isinstance(value, tuple) else (value,) * axes


def sides(padding: Any, axes: int) -> list[tuple[Number, Number]]:
    """Along each axis the padding before the map, and in total."""
    pairs = each(padding, axes)
    return [(p[0], p[0] + p[1]) if isinstance(p, tuple) else (p, 2 * p) for p in pairs]


def numbers(value: Any) -> tuple[Any, ...]:
    """The numbers of a field's value: one, one per axis, or two per axis; none of a word or of nothing."""
    if isinstance(value, tuple):
        return tuple(number for part in value for number in numbers(part))
    return () if value is None or isinstance(value, str) else (value,)


def symbolic(value: Any, symbol: Symbol, axes: int) -> Any:
    """A field's value as symbols, for volumes with `axes` spatial axes."""
    if value is None or isinstance(value, (str, Fraction)):
        return value
    if not isinstance(value, tuple):
        return Implicit(value) if value == symbol.implicit else Term(value, symbol.letter)
    indices = AXIS_LETTERS[len(value)] if len(value) == axes else range(1, len(value) + 1)
    return tuple(_indexed(part, f"{symbol.letter}_{str(index).lower()}") for part, index in zip(value, indices, strict=True))


def _indexed(value: Any, letter: str) -> Any:
    if isinstance(value, tuple):
        return tuple(Term(part, f"{letter}{side}") for side, part in enumerate(value, 1))
    if isinstance(value, Fraction):  # it is written with its numbers: ⌊H·3 / 2⌋
        return value
    return Term(value, letter)

"""The shape of a layer's input or output, and conditions on it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from archcalc.arithmetic.term import Number, Term, product
from archcalc.layers._fields import AXIS_LETTERS


class Volume(tuple[Number, ...]):
    """The shape of a layer's input or output, channels first: C, C×L, C×H×W or C×D×H×W."""

    __slots__ = ()

    @property
    def channels(self) -> Number:
        """The number of channels C, the first size."""
        return self[0]

    @property
    def spatial(self) -> tuple[Number, ...]:
        """The sizes after the channels, such as (H, W); empty for a vector."""
        return self[1:]

    @property
    def elements(self) -> Number:
        """The number of values, C·H·W."""
        return product(self)

    def __str__(self) -> str:
        return "×".join(map(str, self))

    def symbolic(self, index: str = "") -> Volume:
        """The same sizes as symbols: C, H, W, with an index if several volumes occur in one formula."""
        letters = ("C", *AXIS_LETTERS.get(len(self) - 1, ()))
        return Volume(Term(size, f"{letter}_{index}" if index else letter) for size, letter in zip(self, letters))


_OUT_OF_VECTOR = "leave out a flatten before it, or put reshape before it"


class Requirement(NamedTuple):
    """A condition that the fields and inputs of a layer must satisfy. Rules state it and never raise; the walk checks it.

    `relation` is one of `==`, `<=`, `divides` (left divides right) and `repeats` (equal, or one of both is 1); `sentence`
    is the message if it is violated.
    """

    left: Number
    relation: Literal["==", "<=", "divides", "repeats"]
    right: Number
    sentence: str


def vector_requirement(x: Volume) -> Requirement:
    """The input must be a vector C, not a map."""
    return Requirement(len(x.spatial), "==", 0, "the input must be a vector: put flatten before it")


def spatial_requirement(x: Volume) -> Requirement:
    """The input must be a map with at least one spatial axis."""
    sentence = f"the input must have 1 to 3 spatial axes, such as C×H×W: {_OUT_OF_VECTOR}"
    return Requirement(1, "<=", len(x.spatial), sentence)


def sequence_requirement(x: Volume, sentence: str) -> Requirement:
    """The input must be a sequence C×L, as the sentence says, to which it adds how to make one."""
    out = "put flatten with start_dim: 2 before it" if len(x.spatial) > 1 else _OUT_OF_VECTOR
    return Requirement(len(x.spatial), "==", 1, f"{sentence}: {out}")

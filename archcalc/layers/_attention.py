"""The base class of kinds in which each query reads the values of all keys: scaled dot-product attention.

Source: Vaswani et al. 2017, "Attention is all you need", §3.2.1, equation 1: softmax(Q·Kᵀ/√d)·V in each head.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import Count, LabelFormat, Symbol
from archcalc.layers._miscount import Miscount

CAUSAL = "causal: up to its own position"
"""What else there is to say of a field that is the whole input, where each position reads those up to its own."""


class Attention(Layer):
    """Queries that read values by their scores with keys, in `num_heads` groups of channels."""

    family: ClassVar[str] = "attending"
    min_inputs: ClassVar[int] = 1
    max_inputs: ClassVar[int | None] = 3
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs", "workspace")

    num_heads: Annotated[Count, Symbol("h", "heads"), LabelFormat(", {} head{s}")]
    is_causal: bool = False

    @property
    def is_global(self) -> bool:
        return True

    @property
    def global_reason(self) -> str:
        return CAUSAL if self.is_causal else ""

    def core_multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        """Multiply-adds of the scores and of the weighted values. Raises `NotImplementedError` here; subclasses define it."""
        raise NotImplementedError

    def miscounts(self, y: Volume, *inputs: Volume) -> Iterable[Miscount]:
        whole, core = self.multiply_adds(y, *inputs), self.core_multiply_adds(y, *inputs)
        yield Miscount("attention products left out", {"mult_adds": whole - core})
        if self.is_causal:
            yield Miscount("causal attention counted by half", {"mult_adds": whole - core + core // 2})


def arity(inputs: tuple[Any, ...], one: str) -> Requirement:
    """One volume from which all three come, or three."""
    return Requirement(len(inputs) in (1, 3), "==", True, f"reads {one}, or three: inputs: [q, k, v]")


def lengths(queries: Number, keys: Number, values: Number, is_causal: bool) -> Iterable[Requirement]:
    """Each key has a value; a causal mask needs a key for each query."""
    yield Requirement(keys, "==", values, "keys and values must have equal lengths")
    if is_causal:
        yield Requirement(queries, "==", keys, "a causal mask needs as many keys as queries")


def softmax_steps(heads: Number, queries: Number, keys: Number) -> Tallies:
    """The scores of each head, scaled, and their softmax over the keys."""
    scores = heads * queries * keys
    return {
        "multiplications": scores,
        "exponentials": scores,
        "additions": heads * queries * (keys - 1),
        "divisions": scores,
    }

"""A trained tensor that reads nothing."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number, product
from archcalc.layers._base import Layer, Volume
from archcalc.layers._fields import LabelFormat, Sizes, Symbol


class Parameter(Layer):
    """A trained tensor, which other layers read by its id: a class token, positions, a factor per channel, queries.

    It reads nothing, so that it takes no `inputs`, and the layer after it reads the one before it: name it where it is
    used, as in `- {op: add, inputs: [tokens, positions]}`. `shape` is that of one example, channels first: `[768]`,
    `[768, 197]`.

    Counts
        Its values are its parameters; nothing is computed. Its output is its weights and takes no memory of its own. It
        sees nothing of the network's input, and is left out where receptive fields meet.

    Sources
        Dosovitskiy et al. 2021, "An image is worth 16×16 words", §3.1 (class token and position embeddings).
        PyTorch documentation, `Parameter`.
    """

    summary: ClassVar[str] = "trained tensor without an input, read by its id"
    example: ClassVar[dict[str, Any]] = {"inputs": [], "fields": {"shape": [768, 197]}}
    min_inputs: ClassVar[int] = 0
    max_inputs: ClassVar[int | None] = 0
    in_place: ClassVar[bool] = True
    is_view: ClassVar[bool] = True

    shape: Annotated[Sizes, Symbol("n", "values"), LabelFormat(" {}")]

    def output(self) -> Volume:
        return Volume(self.shape)

    def weights(self) -> Number:
        return product(self.shape)

    def weight_shapes(self) -> tuple[tuple[Number, ...], ...]:
        return (tuple(self.shape),)

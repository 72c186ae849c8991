"""A table of vectors, looked up by index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Count, LabelFormat, Symbol
from archcalc.layers._miscount import Miscount
from archcalc.layers._volume import sequence_requirement


class Embedding(Layer):
    """Replace each index by its row of a trained table: 1×L indices become `embedding_dim`×L.

    The indices, from 0 to `num_embeddings` − 1, are a volume of one channel, such as `input: {shape: [1, tokens]}`.

    Counts
        V·d weights for V rows of d values. A look-up computes nothing: no multiply-adds. (As a product with a one-hot vector
        it would be V·d·L.)

    Sources
        Bengio, Ducharme, Vincent & Jauvin 2003, "A neural probabilistic language model", §2. PyTorch documentation,
        `Embedding`.
    """

    summary: ClassVar[str] = "look-up of a vector for each index"
    family: ClassVar[str] = "dense"
    example: ClassVar[dict[str, Any]] = {"inputs": [[1, 128]], "fields": {"num_embeddings": 30522, "embedding_dim": 768}}
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("input_indices",)

    num_embeddings: Annotated[Count, Symbol("V", "rows"), LabelFormat(" {}")]
    embedding_dim: Annotated[Count, Symbol("d", "values")]

    def output(self, x: Volume) -> Volume:
        return Volume((self.embedding_dim, *x.spatial))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield sequence_requirement(x, "the input must be indices, 1×L")
        yield Requirement(x.channels, "==", 1, "the input must be indices, of one channel")

    def weights(self, x: Volume) -> Number:
        return self.num_embeddings * self.embedding_dim

    def weight_shapes(self, x: Volume) -> tuple[tuple[Number, ...], ...]:
        return ((self.num_embeddings, self.embedding_dim),)

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        yield Miscount("look-up counted as a matrix product", {"mult_adds": self.num_embeddings * y.elements})

"""Long short-term memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Requirement, Tallies, Volume
from archcalc.layers._fields import Count, Symbol
from archcalc.layers._recurrence import Recurrence, added, sigmoids, tanhs


class Lstm(Recurrence):
    """Carry a state h and a cell c of `hidden_size` H units along the L positions of C×L: one step for each position.

    A unit has four gates, each with weights to the input and to the state of the step before: i, f and o through a
    sigmoid, g through tanh; then c ← f·c + i·g and h = o·tanh(c). The output is the state of each step, H×L;
    `bidirectional` reads the steps in both ways, each with weights of its own, and puts out 2·H×L. A further layer of
    `num_layers` reads the output of the one before. `proj_size` P multiplies the state by a further matrix, from H to P
    values, which are carried and put out in its place. The first state and cell are 0. For the last step alone put
    `narrow` after it.

    `num_biases` is how many biases a gate has: 2 as in PyTorch, one beside each of its matrices, or 1 as in Keras.

    Counts
        Weights of a layer and way: 4·H·(C + H), with `proj_size` 4·H·(C + P) + P·H; a further layer reads H (or P) values of
        each way in place of C. Biases: 4·H for each of `num_biases`. Mult-adds: L times the weights; the first step is
        counted as the others, though its state is 0. Per unit, way, layer and step: 3 sigmoids and 2 tanhs, as counted on
        their pages, 3 multiplications, 1 addition, and 4 additions for each bias. A gate is one sum over input and
        state.

    Sources
        Hochreiter & Schmidhuber 1997, "Long short-term memory". Gers, Schmidhuber & Cummins 2000 (forget gate). Sak,
        Senior & Beaufays 2014, arXiv 1402.1128, §2 (projection). PyTorch documentation, `LSTM`.
    """

    summary: ClassVar[str] = "long short-term memory; layers, both ways, projection"
    gates: ClassVar[int] = 4
    values_per_unit: ClassVar[int] = 5

    proj_size: Annotated[Count | None, Symbol("P", "values")] = None

    @property
    def state(self) -> Number:
        return self.hidden_size if self.proj_size is None else self.proj_size

    @property
    def projection_weights(self) -> Number:
        return 0 if self.proj_size is None else self.proj_size * self.hidden_size

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield from super().requirements(x)
        if self.proj_size is not None:
            yield Requirement(self.proj_size + 1, "<=", self.hidden_size, "proj_size must be smaller than hidden_size")

    def cell_tallies(self, units: Number) -> Tallies:
        return added(sigmoids(3 * units), tanhs(2 * units), {"multiplications": 3 * units, "additions": units})

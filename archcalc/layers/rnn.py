"""The simple recurrent layer."""

from __future__ import annotations

from typing import ClassVar, Literal

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Tallies
from archcalc.layers._recurrence import Recurrence, tanhs


class Rnn(Recurrence):
    """Carry a state of `hidden_size` H units along the L positions of C×L: h ← tanh(W·x + U·h + b), or ReLU.

    One step for each position. The output is the state of each step, H×L; `bidirectional` reads the steps in both ways,
    each with weights of its own, and puts out 2·H×L. A further layer of `num_layers` reads the output of the one before.
    The first state is 0. For the last step alone put `narrow` after it.

    `num_biases` is how many biases a unit has: 2 as in PyTorch, one beside each of its matrices, or 1 as in Keras.

    Counts
        Weights of a layer and way: H·(C + H); a further layer reads H values of each way in place of C. Biases: H for each of
        `num_biases`. Mult-adds: L times the weights; the first step is counted as the others, though its state is 0. Per
        unit, way, layer and step: 1 tanh as counted on its page, or 1 comparison for ReLU, and 1 addition for each bias.

    Sources
        Elman 1990, "Finding structure in time". PyTorch documentation, `RNN`.
    """

    summary: ClassVar[str] = "simple recurrent layer with tanh or ReLU; layers, both ways"
    gates: ClassVar[int] = 1
    values_per_unit: ClassVar[int] = 0

    nonlinearity: Literal["tanh", "relu"] = "tanh"

    def cell_tallies(self, units: Number) -> Tallies:
        return tanhs(units) if self.nonlinearity == "tanh" else {"comparisons": units}

"""The gated recurrent unit."""

from __future__ import annotations

from typing import ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Tallies
from archcalc.layers._recurrence import Recurrence, added, sigmoids, tanhs


class Gru(Recurrence):
    """Carry a state h of `hidden_size` H units along the L positions of C×L: one step for each position.

    A unit has three gates, each with weights to the input and to the state of the step before: r and z through a sigmoid,
    n through tanh; then h ← (1 − z)·n + z·h. The output is the state of each step, H×L; `bidirectional` reads the steps in
    both ways, each with weights of its own, and puts out 2·H×L. A further layer of `num_layers` reads the output of the
    one before. The first state is 0. For the last step alone put `narrow` after it.

    `num_biases` is how many biases a gate has, and where r acts. With 2, as in PyTorch and in Keras with
    `reset_after: true`, r multiplies the state's part of n, with its bias. With 1, as Cho et al. have it and Keras with
    `reset_after: false`, r multiplies the state before its matrix.

    Counts
        Weights of a layer and way: 3·H·(C + H); a further layer reads H values of each way in place of C. Biases: 3·H for each
        of `num_biases`. Mult-adds: L times the weights; the first step is counted as the others, though its state is 0.
        Per unit, way, layer and step: 2 sigmoids and 1 tanh, as counted on their pages, 3 multiplications, 2 additions,
        and 3 additions for each bias. A gate is one sum over input and state; only n with 2 biases is the sum of two, 1
        addition more.

    Sources
        Cho et al. 2014, arXiv 1406.1078, §2.3. PyTorch documentation, `GRU`. Keras documentation, `GRU`.
    """

    summary: ClassVar[str] = "gated recurrent unit; layers, both ways"
    gates: ClassVar[int] = 3
    values_per_unit: ClassVar[int] = 4

    @property
    def products_within_first_step(self) -> Number:
        return (2 - self.num_biases) * (self.hidden_size * self.hidden_size)

    def cell_tallies(self, units: Number) -> Tallies:
        blend = {"multiplications": 3 * units, "additions": 2 * units + (self.num_biases - 1) * units}
        return added(sigmoids(2 * units), tanhs(units), blend)

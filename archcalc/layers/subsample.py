"""LeNet's subsampling, with a trainable coefficient and bias per map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Tallies, Volume
from archcalc.layers._miscount import Miscount
from archcalc.layers._pool import Pool
from archcalc.layers._window import area


class Subsample(Pool):
    """Add up each window, multiply by the map's trainable coefficient and add the map's trainable bias.

    The squashing function after it is a separate layer (`tanh`).

    Counts
        Two parameters per map. Per output k·k − 1 additions for the sum and one for the bias, and one multiplication;
        no multiply-adds. Connections: the k·k inputs and the bias of each unit.

    Sources
        LeCun, Bottou, Bengio & Haffner 1998, §II.B (layers S2 and S4).
    """

    summary: ClassVar[str] = "LeNet's sum pooling with a coefficient and a bias per map"
    family: ClassVar[str] = "pooling"
    example: ClassVar[dict[str, Any]] = {"inputs": [[6, 28, 28]], "fields": {"kernel_size": 2}}
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)
    has_neurons: ClassVar[bool] = True
    counts_in_depth: ClassVar[bool] = True

    def weights(self, x: Volume) -> Number:
        return x.channels

    def biases(self, x: Volume) -> Number:
        return x.channels

    def connection_count(self, y: Volume, x: Volume) -> Number:
        return y.elements * (area(self.windows(x)) + 1)

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        yield Miscount("taken for plain pooling", {"weights": 0, "biases": 0, "connections": 0})
        yield Miscount("bias left out", {"biases": 0, "connections": y.elements * area(self.windows(x))})
        yield from super().miscounts(y, x)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        sums = y.elements * (area(self.windows(x)) - 1)
        return {"additions": sums + y.elements, "multiplications": y.elements}

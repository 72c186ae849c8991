"""Layer normalisation."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Tallies, Volume
from archcalc.layers._fields import Letter, NonNegative
from archcalc.layers._norm import PositionNorm


class LayerNorm(PositionNorm):
    """Normalise the channels of each position to mean 0 and variance 1, then scale by γ and shift by β.

    A token of a C×L is normalised by itself, as is a pixel of a C×H×W (ConvNeXt's channels-first norm): C is PyTorch's
    `normalized_shape`. `over: all` normalises all channels and positions together, with a γ and a β for each of them:
    PyTorch's `LayerNorm([C, H, W])`. `bias: false` leaves out the shift, `elementwise_affine: false` both.

    Counts
        Parameters: γ and β, one each per channel; over all, one each per value. Of E values in n sets (the positions; over
        all, one): 4E − n additions, 2E multiplications, E + 2n divisions and n square roots for mean, variance, ε, the
        quotient, scale and shift. Without the shift E additions less, without the scale E multiplications less. No
        multiply-adds.

    Sources
        Ba, Kiros & Hinton 2016, "Layer normalization", §3. PyTorch documentation, `LayerNorm`.
    """

    summary: ClassVar[str] = "normalisation of the channels of each position"
    example: ClassVar[dict[str, Any]] = {"inputs": [[768, 197]], "fields": {}}

    bias: bool = True
    eps: Annotated[NonNegative, Letter("ε")] = 1e-5

    @property
    def has_shift(self) -> bool:
        return self.elementwise_affine and self.bias

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return self.by_own_statistics(y, self.sets(x))

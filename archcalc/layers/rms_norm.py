"""Root mean square normalisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Tallies, Volume, per_value
from archcalc.layers._fields import Letter, NonNegative
from archcalc.layers._miscount import Miscount
from archcalc.layers._norm import PositionNorm


class RmsNorm(PositionNorm):
    """Divide the channels of each position by the root of their mean square, then scale by γ. No mean, no shift.

    With `over: all` all channels and positions are normalised together, with a γ for each of them. `eps` is by default the
    rounding unit of the data type, as in PyTorch.

    Counts
        Parameters: one γ per channel; over all, one per value. Of E values in n sets (the positions; over all, one): E
        additions (ε with them), 2E multiplications (the squares and γ), E + n divisions and n square roots. Without the
        scale E multiplications less. No multiply-adds.

    Sources
        Zhang & Sennrich 2019, "Root mean square layer normalization", equation 4. Touvron et al. 2023, "LLaMA", §2.2.
    """

    summary: ClassVar[str] = "root mean square normalisation of the channels of each position"
    example: ClassVar[dict[str, Any]] = {"inputs": [[4096, 2048]], "fields": {}}

    eps: Annotated[NonNegative | None, Letter("ε")] = None

    @property
    def has_shift(self) -> bool:
        return False

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        yield Miscount("taken for layer normalisation, with a shift", {"biases": self.factors(x)})
        if self.has_scale:
            yield Miscount("scale left out", {"weights": 0})

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        sets = self.sets(x)
        steps = per_value(y, additions=1, multiplications=1 + self.has_scale)
        return steps | {"divisions": y.elements + sets, "square_roots": sets}

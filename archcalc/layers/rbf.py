"""LeNet's output layer of radial basis functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Tallies, Volume
from archcalc.layers._dense import Dense
from archcalc.layers._miscount import Miscount


class Rbf(Dense):
    """Compute for each of `out_features` units the squared distance of the input to its weights: y_i = Σ_j (x_j − w_ij)².

    In LeNet-5 the weights are drawn by hand, a 7×12 image of each character: they are fixed, not trained.

    Counts
        Weights are counted as fixed. Per weight one subtraction (an addition), one multiplication, and one addition
        to the sum except for the first. No multiply-adds.

    Sources
        LeCun, Bottou, Bengio & Haffner 1998, §II.B, equation 7 and figure 3.
    """

    summary: ClassVar[str] = "LeNet's output units, squared distance to fixed weights"
    example: ClassVar[dict[str, Any]] = {"inputs": [[84]], "fields": {"out_features": 10}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    has_fixed_weights: ClassVar[bool] = True

    def connection_count(self, y: Volume, x: Volume) -> Number:
        return self.weights(x)

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        biased = self.weights(x) + self.out_features
        yield Miscount("fixed weights counted as trained", {"trainable": self.weights(x)})
        yield Miscount(
            "taken for a dense layer",
            {"biases": self.out_features, "trainable": biased, "connections": biased, "mult_adds": self.weights(x)},
        )

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"additions": self.out_features * (2 * x.channels - 1), "multiplications": self.weights(x)}

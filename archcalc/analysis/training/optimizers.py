"""Update rules: the operations of each on one parameter, and the values that it stores for it."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.errors import call_error
from archcalc.suggestions import suggest


@dataclass(frozen=True)
class Optimizer:
    """An update rule with `state` values per parameter; `steps` are its operations per parameter and iteration."""

    name: str
    rule: str
    state: int
    steps: dict[str, int]
    source: str

    @property
    def operations(self) -> int:
        """All operations per parameter and iteration."""
        return sum(self.steps.values())


OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer(
            "sgd",
            "w ← w − ε·g",
            0,
            {"multiplications": 1, "additions": 1},
            "Robbins & Monro 1951; the lecture, training the weights and biases",
        ),
        # ε·0.0005 is one constant: three products, two sums for v and one for w.
        Optimizer(
            "sgd_momentum",
            "v ← 0.9·v − 0.0005·ε·w − ε·g; w ← w + v",
            1,
            {"multiplications": 3, "additions": 3},
            "Krizhevsky, Sutskever & Hinton 2012, §5",
        ),
        # Two products and a sum for m, three and a sum for v, two divisions for the corrected means, a root, a sum with
        # the small constant, a division, a product with the rate and a sum for w.
        Optimizer(
            "adam",
            "m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − ε·m̂ / (√v̂ + δ)",
            2,
            {"multiplications": 6, "additions": 4, "divisions": 3, "square_roots": 1},
            "Kingma & Ba 2014, algorithm 1",
        ),
    )
}


def optimizer(name: str) -> Optimizer:
    """The update rule with a name. Raises `DescriptionError`, with a suggestion, if there is none."""
    if name not in OPTIMIZERS:
        raise call_error("ARC510", f"there is no optimizer {name}", suggest(name, OPTIMIZERS))
    return OPTIMIZERS[name]

"""Equal layers side by side on one input, of which each position uses some: the layers of experts.

The copies have weights of their own, so that parameters are counted for all of them; whatever a forward pass computes is
counted for those that a position uses. A layer that stands for them is one of a subclass of its kind, so that every rule
applies in every arithmetic, and a derivation shows the factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import Count, LabelFormat, Symbol
from archcalc.layers._miscount import Miscount


class _SideBySide(Layer):
    """The rules of `all_copies` layers of a kind, of which `active_copies` are used: those of one of them, times a factor."""

    kind: ClassVar[type[Layer]] = Layer

    active_copies: Annotated[Count, Symbol("A", "copies that a position uses"), LabelFormat(", {} of")]
    all_copies: Annotated[Count, Symbol("E", "copies side by side"), LabelFormat(" {}")]

    @property
    def single(self) -> Layer:
        """One of the copies."""
        layer = self.kind.model_construct()
        layer.__dict__.update({name: getattr(self, name) for name in self.kind.model_fields})
        return layer

    def values(self, y: Volume) -> Number:
        return self.active_copies * self.single.values(y)

    def neurons(self, y: Volume) -> Number:
        return self.active_copies * self.single.neurons(y)

    def weights(self, *inputs: Volume) -> Number:
        return self.all_copies * self.single.weights(*inputs)

    def biases(self, *inputs: Volume) -> Number:
        return self.all_copies * self.single.biases(*inputs)

    def params(self, *inputs: Volume) -> Number:
        return self.all_copies * self.single.params(*inputs)

    def active_params(self, *inputs: Volume) -> Number:
        return self.active_copies * self.single.params(*inputs)

    def active_biases(self, *inputs: Volume) -> Number:
        return self.active_copies * self.single.biases(*inputs)

    def buffers(self, *inputs: Volume) -> Number:
        return self.all_copies * self.single.buffers(*inputs)

    def weight_shapes(self, *inputs: Volume) -> tuple[tuple[Number, ...], ...]:
        return tuple((self.all_copies, *shape) for shape in self.single.weight_shapes(*inputs))

    def connection_count(self, y: Volume, *inputs: Volume) -> Number:
        return self.active_copies * self.single.connection_count(y, *inputs)

    def taps(self, y: Volume, *inputs: Volume) -> Number:
        return self.active_copies * self.single.taps(y, *inputs)

    def multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        return self.active_copies * self.single.multiply_adds(y, *inputs)

    def gradient_multiply_adds(
        self, inputs_need: tuple[bool, ...], weights_need: bool, y: Volume, *inputs: Volume
    ) -> tuple[Number, Number]:
        to_inputs, to_weights = self.single.gradient_multiply_adds(inputs_need, weights_need, y, *inputs)
        return self.active_copies * to_inputs, self.active_copies * to_weights

    def workspace(self, y: Volume, *inputs: Volume) -> Number:
        return self.active_copies * self.single.workspace(y, *inputs)

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        return {name: self.active_copies * count for name, count in self.single.tallies(y, *inputs).items()}

    def miscounts(self, y: Volume, *inputs: Volume) -> Iterable[Miscount]:
        factors = {"weights": self.all_copies, "biases": self.all_copies}
        for miscount in self.single.miscounts(y, *inputs):
            counts = {name: factors.get(name, self.active_copies) * count for name, count in miscount.counts.items()}
            yield Miscount(miscount.name, counts)
        if self.active_copies != self.all_copies:
            yield Miscount(
                "only the active copies counted",
                {
                    "weights": self.active_copies * self.single.weights(*inputs),
                    "biases": self.active_copies * self.single.biases(*inputs),
                },
            )
            yield Miscount("all copies computed", {"mult_adds": self.all_copies * self.single.multiply_adds(y, *inputs)})


@cache
def _kind(kind: type[Layer]) -> type[_SideBySide]:
    return type(kind.__name__, (_SideBySide, kind), {"__module__": __name__, "__doc__": kind.__doc__, "kind": kind})


def side_by_side(layer: Layer, copies: int, active: int) -> Layer:
    """So many copies of a layer, of which each position uses `active`."""
    stand_in = _kind(type(layer)).model_construct(all_copies=copies, active_copies=active)
    stand_in.__dict__.update({name: getattr(layer, name) for name in type(layer).model_fields})
    return stand_in


class Sum(Layer):
    """The sum of the outputs of copies side by side. It is made for each use of a block with `parallel`.

    The volume that it reads stands for those of the `active` copies.

    Counts
        One addition for each output and further active copy.

    Sources
        As `add`.
    """

    family: ClassVar[str] = "merge"
    merge_sign: ClassVar[str] = "+"

    active: Annotated[Count, Symbol("a", "copies that are added up"), LabelFormat(" {} of")]
    copies: Annotated[Count, Symbol("e", "copies side by side"), LabelFormat(" {}")]

    def tallies(self, y: Volume, x: Volume, *router: Volume) -> Tallies:
        return {"additions": y.elements * (self.active - 1)}


class WeightedSum(Sum):
    """The sum of the outputs of copies, each times what the router's layer, the second input, says of it.

    Counts
        As the plain sum, and one multiplication for each output and active copy. No multiply-adds: a product is with a value
        that is computed, as in a gate. Its gradients need the factors of the products.

    Sources
        Shazeer et al. 2017, "Outrageously large neural networks", equation 1.
    """

    min_inputs: ClassVar[int] = 2
    max_inputs: ClassVar[int | None] = 2
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)

    def requirements(self, x: Volume, *router: Volume) -> Iterable[Requirement]:
        for weights in router:
            yield Requirement(weights.channels, "==", self.copies, "the router must have one output for each copy")
            yield Requirement(len(weights), "==", len(x), "the router must have as many axes as the copies")
            for size, other in zip(weights.spatial, x.spatial, strict=False):
                yield Requirement(size, "==", other, "the router must have the positions of the copies")

    def tallies(self, y: Volume, x: Volume, *router: Volume) -> Tallies:
        return super().tallies(y, x) | {"multiplications": y.elements * self.active}

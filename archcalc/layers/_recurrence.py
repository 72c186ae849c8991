"""The base class of recurrent layers: a state that is carried from step to step along the positions of C×L."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Implicit, Number
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import Count, Symbol
from archcalc.layers._miscount import Miscount
from archcalc.layers._receptive_window import CAUSAL
from archcalc.layers._volume import sequence_requirement
from archcalc.layers.sigmoid import Sigmoid
from archcalc.layers.tanh import Tanh

EXAMPLE: dict[str, Any] = {"inputs": [[200, 35]], "fields": {"hidden_size": 200, "num_layers": 2}}


class Recurrence(Layer):
    """`num_layers` layers of `hidden_size` units that read C×L step by step, each in one way or in both."""

    family: ClassVar[str] = "dense"
    example: ClassVar[dict[str, Any]] = EXAMPLE
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output", "workspace")
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)
    has_neurons: ClassVar[bool] = True
    counts_in_depth: ClassVar[bool] = True

    gates: ClassVar[int]
    """Sums of each unit in a step, with weights of their own."""
    values_per_unit: ClassVar[int]
    """Values of each unit in a step besides its output: gates, cells."""

    hidden_size: Annotated[Count, Symbol("H", "units")]
    num_layers: Annotated[Count, Symbol("N", "layers", implicit=1)] = 1
    bias: bool = True
    num_biases: Annotated[Count, Symbol("b", "biases")] = 2
    bidirectional: bool = False

    @property
    def is_global(self) -> bool:
        return True

    @property
    def global_reason(self) -> str:
        """Why its receptive field is the whole input."""
        return "" if self.bidirectional else CAUSAL

    @property
    def layers_in_depth(self) -> int:
        return self.num_layers

    # -- sizes ------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> Number:
        """The values that one way of one layer carries from step to step, and puts out."""
        return self.hidden_size

    @property
    def projection_weights(self) -> Number:
        """Weights between the units of a layer and its state."""
        return 0

    @property
    def products_within_first_step(self) -> Number:
        """Multiply-adds from the sums of the first step to its state, which is 0 and has no gradient, in a layer and way."""
        return 0

    @property
    def ways(self) -> int:
        """Ways in which the steps are read."""
        return 2 if self.bidirectional else Implicit(1)

    def output(self, x: Volume) -> Volume:
        return Volume((self.ways * self.state, *x.spatial))

    def neurons(self, y: Volume) -> Number:
        return self.num_layers * y.elements

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield sequence_requirement(x, "the input must be C×L, one position for each step")
        yield Requirement(self.num_biases, "<=", 2, "num_biases must be 1 or 2")

    def _over_layers(self, first: Number, further: Number) -> Number:
        """The sum over the ways of all layers, of a number of the first one and of each further one."""
        one_layer = isinstance(self.num_layers, Implicit)  # only formulas leave the further ones out
        return self.ways * (first if one_layer else first + (self.num_layers - 1) * further)

    # -- parameters -------------------------------------------------------------------------------------------------

    def _weights_from(self, size: Number) -> Number:
        """Weights of the gates of a layer and way to an input of this size."""
        return self.gates * (self.hidden_size * size)

    def weights(self, x: Volume) -> Number:
        further = self.ways * self.state
        parts = (self._weights_from(size + self.state) + self.projection_weights for size in (x.channels, further))
        return self._over_layers(*parts)

    def weight_shapes(self, x: Volume) -> tuple[tuple[Number, ...], ...]:
        sums, all_ways = self.gates * self.hidden_size, self.ways * self.num_layers
        return (
            (self.ways, sums, x.channels),
            (self.ways * (self.num_layers - 1), sums, self.ways * self.state),
            (all_ways, sums, self.state),
            (all_ways, self.projection_weights),
        )

    def biases(self, x: Volume) -> Number:
        return self.num_biases * (self.gates * self._all_units) if self.bias else 0

    # -- operations -------------------------------------------------------------------------------------------------

    @property
    def _all_units(self) -> Number:
        """Units of all layers and ways."""
        return self.hidden_size * self.num_layers * self.ways

    def connection_count(self, y: Volume, x: Volume) -> Number:
        return x.spatial[0] * self.params(x)

    def multiply_adds(self, y: Volume, x: Volume) -> Number:
        return x.spatial[0] * self.weights(x)

    def gradient_multiply_adds(
        self, inputs_need: tuple[bool, ...], weights_need: bool, y: Volume, x: Volume
    ) -> tuple[Number, Number]:
        """δ goes from step to step and from layer to layer for the inputs and the weights, once; not to the first state, 0."""
        length = x.spatial[0]
        between_steps = (length - 1) * self._weights_from(self.state) + length * self.projection_weights
        through = between_steps + self.products_within_first_step
        within = self._over_layers(through, through + length * self._weights_from(self.ways * self.state))
        products = self.multiply_adds(y, x) if weights_need else 0
        if any(inputs_need):
            return within + self.ways * (length * self._weights_from(x.channels)), products
        return 0, within + products if weights_need else 0

    def workspace(self, y: Volume, x: Volume) -> Number:
        """The gates and cells of all steps, and the states between layers."""
        between = self._over_layers(0, self.state)
        return x.spatial[0] * (self.values_per_unit * self._all_units + between)

    def cell_tallies(self, units: Number) -> Tallies:
        """Operations between the sums of the gates and the outputs, for so many units over all steps.

        Raises `NotImplementedError` here; every kind has its own.
        """
        raise NotImplementedError

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        units = x.spatial[0] * self._all_units
        biases = {"additions": self.num_biases * (self.gates * units)} if self.bias else {}
        return {"multiply_adds": self.multiply_adds(y, x)} | added(self.cell_tallies(units), biases)

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        if self.bias:
            other = {1: "two biases for each gate", 2: "one bias for each gate"}
            yield self.miscounted_as(other[self.num_biases], y, x, num_biases=3 - self.num_biases)
        yield self.miscounted_as("bias left out" if self.bias else "bias added", y, x, bias=not self.bias)
        if self.bidirectional:
            yield self.miscounted_as("one way of two", y, x, bidirectional=False)
        yield Miscount("one step counted", {"mult_adds": self.weights(x), "connections": self.params(x)})
        yield Miscount("recurrence left out of the mult-adds", {"mult_adds": 0})


def added(*parts: Tallies) -> Tallies:
    """The sum of tallies."""
    sums: Tallies = {}
    for part in parts:
        for name, count in part.items():
            sums[name] = sums[name] + count if name in sums else count
    return sums


def sigmoids(count: Number) -> Tallies:
    """Operations of so many sigmoids."""
    return Sigmoid().tallies(Volume((count,)), Volume((count,)))


def tanhs(count: Number) -> Tallies:
    """Operations of so many hyperbolic tangents."""
    return Tanh().tallies(Volume((count,)), Volume((count,)))

"""One layer at one input: the volume that leaves it and every count, each worked out when it is asked for."""

from __future__ import annotations

from functools import cached_property

from archcalc.arithmetic.term import Number, product
from archcalc.layers._base import Layer, Tallies, Volume


class LayerCounts:
    """One layer at one input: the volume that leaves it and every count, in the arithmetic of its input.

    Equal layers at equal inputs have one and the same object (the walk ensures it): figures are equal by identity.
    """

    def __init__(self, layer: Layer, inputs: tuple[Volume, ...], output: Volume) -> None:
        self.layer = layer
        self.inputs = inputs
        self.output = output

    @cached_property
    def elements(self) -> Number:
        return product(self.output)

    @cached_property
    def params(self) -> Number:
        return self.layer.params(*self.inputs)

    @cached_property
    def weights(self) -> Number:
        return self.layer.weights(*self.inputs)

    @cached_property
    def biases(self) -> Number:
        return self.layer.biases(*self.inputs)

    @cached_property
    def buffers(self) -> Number:
        return self.layer.buffers(*self.inputs)

    @cached_property
    def neurons(self) -> Number:
        return self.elements if self.layer.has_neurons else 0

    @cached_property
    def connections(self) -> Number:
        return self.layer.connection_count(self.output, *self.inputs)

    @cached_property
    def taps(self) -> Number:
        return self.layer.taps(self.output, *self.inputs)

    @cached_property
    def tallies(self) -> Tallies:
        counts = self.layer.tallies(self.output, *self.inputs)
        return {name: count for name, count in counts.items() if not (isinstance(count, int) and count == 0)}

    @cached_property
    def mult_adds(self) -> Number:
        return self.layer.multiply_adds(self.output, *self.inputs)

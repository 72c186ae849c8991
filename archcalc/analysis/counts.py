"""One layer with its input: the output volume and every count, each computed when it is first read."""

from __future__ import annotations

from functools import cached_property

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Tallies, Volume


class LayerCounts:
    """One layer with its input: the output volume and every count for one example, in the arithmetic of the input.

    Equal layers with equal inputs share one object (the walk ensures it), so that counts are compared by identity.
    """

    def __init__(self, layer: Layer, inputs: tuple[Volume, ...], output: Volume) -> None:
        self.layer = layer
        self.inputs = inputs
        self.output = output

    @property
    def first_input(self) -> Volume:
        """The first input volume; of a layer without inputs a vector of 0 channels."""
        return self.inputs[0] if self.inputs else Volume((0,))

    @cached_property
    def gates(self) -> tuple[int, ...]:
        """Which inputs scale the first one: they contain a factor per channel (C, C×1×1) or per position (1×H×W) of it.

        Two maps of one size, such as 3×1×16 and 3×1×16, scale each other, so that neither is a gate.
        """
        if not self.layer.scales_first_input:
            return ()
        return tuple(
            slot
            for slot, volume in enumerate(self.inputs)
            if slot and (all(size == 1 for size in volume.spatial) or (volume != self.first_input and 1 in volume))
        )

    @cached_property
    def elements(self) -> Number:
        """Values of the output volume, C·H·W; of copies side by side those of the active ones."""
        return self.layer.values(self.output)

    @cached_property
    def params(self) -> Number:
        """Weights and biases."""
        return self.layer.params(*self.inputs)

    @cached_property
    def active_params(self) -> Number:
        """The parameters that one position uses."""
        return self.layer.active_params(*self.inputs)

    @cached_property
    def active_biases(self) -> Number:
        """The biases that one position uses."""
        return self.layer.active_biases(*self.inputs)

    @cached_property
    def weights(self) -> Number:
        """Weights, without biases."""
        return self.layer.weights(*self.inputs)

    @cached_property
    def biases(self) -> Number:
        """Biases, one per output channel or unit."""
        return self.layer.biases(*self.inputs)

    @cached_property
    def buffers(self) -> Number:
        """Numbers stored with the layer that are not parameters, such as moving statistics."""
        return self.layer.buffers(*self.inputs)

    @cached_property
    def neurons(self) -> Number:
        """Output units of the kinds that papers count as neurons, else 0."""
        return self.layer.neurons(self.output)

    @cached_property
    def connections(self) -> Number:
        """Inputs read by each unit, padding and the bias included, over all units."""
        return self.layer.connection_count(self.output, *self.inputs)

    @cached_property
    def taps(self) -> Number:
        """Window positions over all outputs."""
        return self.layer.taps(self.output, *self.inputs)

    @cached_property
    def tallies(self) -> Tallies:
        """Operations of one forward pass by name, without those that do not occur."""
        counts = self.layer.tallies(self.output, *self.inputs)
        return {name: count for name, count in counts.items() if not (isinstance(count, int) and count == 0)}

    @cached_property
    def mult_adds(self) -> Number:
        """Multiply-adds of one forward pass."""
        return self.layer.multiply_adds(self.output, *self.inputs)

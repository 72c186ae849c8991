"""Memory at inference: weights, activations layer by layer, and the peak, from the lifetimes of tensors.

A tensor is alive from the layer that computes it until the last layer that reads it; a skip connection keeps it alive.
A kind that may overwrite its input has no tensor of its own where no layer reads the input later; a view of its input never
has one.
What PyTorch allocates besides (workspace of its convolutions, its own code, fragmentation) is not computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from archcalc.analysis.memory.liveness import Tensors, shared_storage
from archcalc.analysis.report import Report

INDEX_BYTES = 8
"""Bytes of an index, a 64-bit integer, as in PyTorch."""


@dataclass(frozen=True)
class MemoryAtLayer:
    """The bytes of tensors alive while a layer, by its id, runs."""

    layer: str
    bytes: int


class Memory:
    """The memory of one inference over a batch, in bytes of the report's data type.

    `overwrites` returns for a layer (by its index) the tensor whose storage it uses, or None; without it a layer overwrites
    what its kind allows, if the report's `inplace` option is set. `saved` are tensors saved for a backward pass.
    """

    def __init__(
        self,
        report: Report,
        batch: int = 1,
        overwrites: Callable[[Tensors, int], int | None] | None = None,
        saved: Iterable[int] = (),
    ) -> None:
        self.report = report
        self.batch = batch
        self.tensors = Tensors(report.graph, saved)
        choose = overwrites or (shared_storage(report) if report.options.inplace else lambda tensors, index: None)
        for index in range(len(report.layers)):
            self.tensors.place(index, choose(self.tensors, index))

    @property
    def value_bytes(self) -> int:
        """Bytes of one value."""
        return self.report.options.bytes

    @cached_property
    def weight_bytes(self) -> int:
        """Bytes of all parameters."""
        return self.report.totals.weight_bytes

    @cached_property
    def buffer_bytes(self) -> int:
        """Bytes of moving statistics, stored in the data type of the weights."""
        return self.report.totals.buffers * self.value_bytes

    @cached_property
    def activation_values(self) -> int:
        """Values of the inputs and all activations, over the batch; an activation without a tensor of its own counts 0."""
        return self.batch * (self.report.input_elements + self.report.totals.activations)

    @property
    def activation_bytes(self) -> int:
        """Bytes of the inputs and all activations, over the batch."""
        return self.activation_values * self.value_bytes

    def tensor_bytes(self, index: int) -> int:
        """Bytes of a layer's output, or of network input i (−1 − i), over the batch; 0 for a layer that is its own weights."""
        return self._tensor_values(index) * self.value_bytes

    def index_bytes(self, index: int) -> int:
        """Bytes of the same tensor as indices."""
        return self._tensor_values(index) * INDEX_BYTES

    def _tensor_values(self, index: int) -> int:
        if index >= 0 and self.report.layers[index].counts.layer.is_view and not self.report.graph.nodes[index].sources:
            return 0
        values = self.report.input_volumes[-1 - index].elements if index < 0 else self.report.layers[index].counts.elements
        return self.batch * int(values)

    def workspace_bytes(self, index: int) -> int:
        """Bytes of what a layer computes on the way, such as the probabilities of an attention, over the batch."""
        counts = self.report.layers[index].counts
        return self.batch * int(counts.layer.workspace(counts.output, *counts.inputs)) * self.value_bytes

    @cached_property
    def per_layer(self) -> list[MemoryAtLayer]:
        """For each layer the bytes alive while it runs: inputs, output, its workspace, and what later layers read."""
        last_uses: dict[int, list[int]] = {}
        for storage, end in self.tensors.last_uses().items():
            last_uses.setdefault(end, []).append(storage)
        alive = sum(self.tensor_bytes(-1 - i) for i in range(len(self.report.input_volumes)))
        per_layer = []
        for index, layer in enumerate(self.report.layers):
            if self.tensors.storage[index] == index:
                alive += self.tensor_bytes(index)
            per_layer.append(MemoryAtLayer(layer.id, alive + self.workspace_bytes(index)))
            alive -= sum(self.tensor_bytes(storage) for storage in last_uses.get(index, ()))
        return per_layer

    @cached_property
    def peak(self) -> MemoryAtLayer:
        """The largest number of bytes alive at once, and the first layer at which it is reached."""
        return max(self.per_layer, key=lambda memory: memory.bytes)

    @property
    def inference_bytes(self) -> int:
        """Bytes of weights, statistics and the peak of the tensors."""
        return self.weight_bytes + self.buffer_bytes + self.peak.bytes

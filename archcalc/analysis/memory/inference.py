"""Memory on paper: weights, activations layer by layer, and the peak at inference by who is read until when.

A tensor lives from the layer that gives it until the last layer that reads it; a skip connection keeps it alive. A
kind that may overwrite its input, or is a view of it, gets no tensor of its own where nobody needs the input later.
What PyTorch needs besides (workspace of its convolutions, its own code, fragmentation) is not on paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from archcalc.analysis.memory.liveness import Tensors, shared_storage
from archcalc.analysis.report import Report


@dataclass(frozen=True)
class MemoryAtLayer:
    """The bytes of tensors alive while a layer runs."""

    layer: str
    bytes: int


class Memory:
    """The memory of one inference over a batch. Bytes follow the report's data type and its in-place setting.

    `overwrites` says for a layer (by its place) which tensor it writes into; without it, what the kinds allow.
    """

    def __init__(self, report: Report, batch: int = 1, overwrites: Callable[[Tensors, int], int | None] | None = None) -> None:
        self.report = report
        self.batch = batch
        self.tensors = Tensors(report.graph)
        choose = overwrites or (shared_storage(report) if report.options.inplace else lambda tensors, at: None)
        for at in range(len(report.layers)):
            self.tensors.place(at, choose(self.tensors, at))

    @property
    def value_bytes(self) -> int:
        return self.report.options.bytes

    @cached_property
    def weight_bytes(self) -> int:
        return self.report.totals.weight_bytes

    @cached_property
    def buffer_bytes(self) -> int:
        """Moving statistics, kept in the data type of the weights."""
        return self.report.totals.buffers * self.value_bytes

    @cached_property
    def activation_values(self) -> int:
        """Values of all activations and the input, over the batch; what needs no tensor of its own counts 0."""
        return self.batch * (self.report.input_elements + self.report.totals.activations)

    @property
    def activation_bytes(self) -> int:
        return self.activation_values * self.value_bytes

    def tensor_bytes(self, at: int) -> int:
        """Bytes of a layer's output, or of a network input (−1 − i), over the batch."""
        volume = self.report.input_volumes[-1 - at] if at < 0 else self.report.layers[at].output
        return self.batch * int(volume.elements) * self.value_bytes

    @cached_property
    def moments(self) -> list[MemoryAtLayer]:
        """For each layer the bytes alive while it runs: what it reads and gives, and what waits for later layers."""
        last_uses: dict[int, list[int]] = {}
        for storage, end in self.tensors.last_uses().items():
            last_uses.setdefault(end, []).append(storage)
        alive = sum(self.tensor_bytes(-1 - at) for at in range(len(self.report.input_volumes)))
        found = []
        for at, layer in enumerate(self.report.layers):
            if self.tensors.storage[at] == at:
                alive += self.tensor_bytes(at)
            found.append(MemoryAtLayer(layer.id, alive))
            alive -= sum(self.tensor_bytes(storage) for storage in last_uses.get(at, ()))
        return found

    @cached_property
    def peak(self) -> MemoryAtLayer:
        """The most bytes of tensors alive at once, and the first layer where that is so."""
        return max(self.moments, key=lambda moment: moment.bytes)

    @property
    def inference_bytes(self) -> int:
        """Weights, statistics and the peak of the tensors."""
        return self.weight_bytes + self.buffer_bytes + self.peak.bytes

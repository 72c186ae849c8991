"""Memory of a training step on paper: what the backward pass needs of the forward pass, gradients, optimizer state.

What a layer's gradients need is declared by its kind (`saved_for_backward`, `saved_for_weight_gradient`); a tensor that
several layers need is saved once. Nothing is saved below the lowest trained layer.
"""

from __future__ import annotations

from functools import cached_property

from archcalc.analysis.memory.inference import Memory, MemoryAtLayer
from archcalc.analysis.memory.liveness import Tensors, shared_storage
from archcalc.analysis.report import Report
from archcalc.analysis.training.backward import backward_pass

BYTES_PER_ELEMENT = {"indices": 8, "mask": 1}
"""Bytes for each output of what is kept besides tensors: places as 64-bit integers, a mask as bytes, as in PyTorch."""


class TrainingMemory:
    """The memory of one training step over a batch; `state` values per trained parameter belong to the optimizer."""

    def __init__(self, report: Report, batch: int = 1, state: int = 1) -> None:
        self.report = report
        self.backward = backward_pass(report)
        self.wants = [self._wants(at) for at in range(len(report.layers))]
        overwrites = self._overwrites if report.options.inplace else lambda tensors, at: None
        self._allowed = shared_storage(report)
        self.memory = Memory(report, batch, overwrites)
        self.state = state

    def _wants(self, at: int) -> frozenset[str]:
        """What is kept for the gradients of a layer."""
        kind, needs = self.report.layers[at].counts.layer, self.backward[at]
        return frozenset(
            (
                *(kind.saved_for_backward if needs.output_needs else ()),
                *(kind.saved_for_weight_gradient if needs.weights_need else ()),
            )
        )

    def _overwrites(self, tensors: Tensors, at: int) -> int | None:
        """As at inference, but nothing is overwritten that another layer's gradients need."""
        source = self._allowed(tensors, at)
        if source is None:
            return None
        storage = tensors.storage[source]
        read = any("inputs" in self.wants[reader] for reader in tensors.readers[storage])
        writers = [one for one, lies in tensors.storage.items() if lies == storage and one >= 0]
        given = any("output" in self.wants[one] for one in writers)
        moves = self.report.layers[at].counts.layer.saved_for_backward
        return None if (read or given) and moves else source

    @cached_property
    def saved(self) -> dict[int, int]:
        """The memories kept for the backward pass: each with the first layer whose gradients need it."""
        found: dict[int, int] = {}
        for at, node in enumerate(self.report.graph.nodes):
            read = node.sources if "inputs" in self.wants[at] else ()
            for one in (*read, *([at] if "output" in self.wants[at] else ())):
                found.setdefault(self.memory.tensors.storage[one], at)
        return found

    @cached_property
    def index_and_mask_bytes(self) -> list[int]:
        """For each layer the bytes of places and masks it keeps."""
        elements = (self.memory.batch * int(layer.counts.elements) for layer in self.report.layers)
        return [
            count * sum(BYTES_PER_ELEMENT.get(what, 0) for what in wants)
            for count, wants in zip(elements, self.wants, strict=True)
        ]

    @cached_property
    def saved_bytes(self) -> int:
        """Tensors, places and masks that wait for the backward pass."""
        return sum(map(self.memory.tensor_bytes, self.saved)) + sum(self.index_and_mask_bytes)

    @cached_property
    def gradient_bytes(self) -> int:
        """One gradient for each trained parameter."""
        return self.report.totals.trainable * self.memory.value_bytes

    @cached_property
    def state_bytes(self) -> int:
        """What the optimizer remembers for each trained parameter."""
        return self.state * self.gradient_bytes

    @cached_property
    def moments(self) -> list[MemoryAtLayer]:
        """For each layer on the way back: what is still kept, and the gradients to outputs that are alive."""
        readers = [max(self.memory.tensors.readers.get(at, ()), default=at) for at in range(len(self.report.layers))]
        saved = sorted((first, self.memory.tensor_bytes(storage)) for storage, first in self.saved.items())
        waiting, alive, found = sum(size for _, size in saved) + sum(self.index_and_mask_bytes), 0, []
        begins: dict[int, list[int]] = {}
        for at, last in enumerate(readers):
            if self.backward[at].output_needs:
                begins.setdefault(last, []).append(at)
        for at in reversed(range(len(readers))):
            # A layer's gradient appears when its last reader is worked out; a network output has its own from the loss.
            alive += sum(self.memory.tensor_bytes(one) for one in begins.get(at, ()))
            found.append(MemoryAtLayer(self.report.layers[at].id, waiting + alive))
            if self.backward[at].output_needs:
                alive -= self.memory.tensor_bytes(at)
            waiting -= self.index_and_mask_bytes[at]
            while saved and saved[-1][0] >= at:
                waiting -= saved.pop()[1]
        return found

    @cached_property
    def peak(self) -> MemoryAtLayer:
        """The most that is alive at once on the way back, and the layer where; or the peak of the forward pass."""
        return max((*self.moments, self.memory.peak), key=lambda moment: moment.bytes)

    @property
    def training_bytes(self) -> int:
        """Weights, statistics, gradients, optimizer state and the peak of tensors."""
        memory = self.memory
        return memory.weight_bytes + memory.buffer_bytes + self.gradient_bytes + self.state_bytes + self.peak.bytes

"""Memory of a training step: what is saved of the forward pass for the backward pass, gradients, optimizer state.

What a layer's gradients need is declared by its kind (`saved_for_backward`, `saved_for_weight_gradient`); a tensor that
several layers need is saved once. Nothing is saved below the lowest trained layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from archcalc.analysis.memory.inference import INDEX_BYTES, Memory, MemoryAtLayer
from archcalc.analysis.memory.liveness import Tensors, shared_storage
from archcalc.analysis.report import Report
from archcalc.analysis.training.backward import backward_pass

BYTES_PER_ELEMENT = {"indices": INDEX_BYTES, "mask": 1}
"""Bytes per output value of what is saved besides tensors; a mask is bytes, as in PyTorch."""
SAVES_INPUTS = {"inputs": False, "input_indices": True}
"""What saves the inputs of a layer, and whether as indices."""


class TrainingMemory:
    """The memory of one training step over a batch, with `state` optimizer values per trained parameter."""

    def __init__(self, report: Report, batch: int = 1, state: int = 1) -> None:
        self.report = report
        self.backward = backward_pass(report)
        self._saved_kinds = [self._saved_by(index) for index in range(len(report.layers))]
        overwrites = self._overwrites if report.options.inplace else lambda tensors, index: None
        self._allowed = shared_storage(report, is_training=True)
        self.memory = Memory(report, batch, overwrites, self._saved_tensors())
        self.state = state

    def _saved_by(self, index: int) -> frozenset[str]:
        """What a layer saves for its gradients: `inputs`, `input_indices`, `output`, `indices`, `mask`, `workspace`."""
        kind, needs = self.report.layers[index].counts.layer, self.backward[index]
        return frozenset(
            (
                *(kind.saved_for_backward if needs.output_needs else ()),
                *(kind.saved_for_weight_gradient if needs.weights_need else ()),
            )
        )

    def _overwrites(self, tensors: Tensors, index: int) -> int | None:
        """As at inference, but no tensor is overwritten that another layer's gradients need."""
        source = self._allowed(tensors, index)
        if source is None:
            return None
        changes_values = self.report.layers[index].counts.layer.saved_for_backward
        return None if tensors.storage[source] in tensors.saved and changes_values else source

    def _saved_tensors(self) -> Iterator[int]:
        """The tensors whose values a layer saves: its inputs, its output."""
        for index, node in enumerate(self.report.graph.nodes):
            yield from () if self._saved_kinds[index].isdisjoint(SAVES_INPUTS) else node.sources
            if "output" in self._saved_kinds[index]:
                yield index

    @cached_property
    def _saved(self) -> dict[tuple[int, bool], int]:
        """The storages saved for the backward pass, as values or as indices, each with the first layer that needs it."""
        saved: dict[tuple[int, bool], int] = {}
        for index, node in enumerate(self.report.graph.nodes):
            kinds = self._saved_kinds[index]
            tensors = [(source, SAVES_INPUTS[kind]) for kind in kinds & {*SAVES_INPUTS} for source in node.sources]
            tensors += [(index, False)] if "output" in kinds else []
            for tensor, as_indices in tensors:
                saved.setdefault((self.memory.tensors.storage[tensor], as_indices), index)
        return saved

    @cached_property
    def tensors_saved(self) -> list[tuple[int, int]]:
        """The tensors saved for the backward pass: the first layer whose gradients need each, and its bytes."""
        sizes = self.memory.tensor_bytes, self.memory.index_bytes
        return [(first, sizes[as_indices](storage)) for (storage, as_indices), first in self._saved.items()]

    @cached_property
    def index_and_mask_bytes(self) -> list[int]:
        """For each layer the bytes of indices and masks it saves, and of its workspace where that is saved."""
        elements = (self.memory.batch * int(layer.counts.elements) for layer in self.report.layers)
        return [
            count * sum(BYTES_PER_ELEMENT.get(what, 0) for what in saved)
            + (self.memory.workspace_bytes(index) if "workspace" in saved else 0)
            for index, (count, saved) in enumerate(zip(elements, self._saved_kinds, strict=True))
        ]

    @cached_property
    def saved_bytes_per_layer(self) -> list[int]:
        """For each layer the bytes it saves: tensors that no layer before it needs, its indices and masks, its workspace."""
        saved = list(self.index_and_mask_bytes)
        for first, size in self.tensors_saved:
            saved[first] += size
        return saved

    @cached_property
    def saved_bytes(self) -> int:
        """Bytes of tensors, indices and masks that are saved for the backward pass."""
        return sum(self.saved_bytes_per_layer)

    @cached_property
    def gradient_bytes(self) -> int:
        """Bytes of one gradient for each trained parameter."""
        return self.report.totals.trainable * self.memory.value_bytes

    @cached_property
    def state_bytes(self) -> int:
        """Bytes of the optimizer's values for each trained parameter."""
        return self.state * self.gradient_bytes

    @cached_property
    def per_layer(self) -> list[MemoryAtLayer]:
        """For each layer of the backward pass: what is still saved, and the gradients to outputs that are alive."""
        readers = self.memory.tensors.last_readers
        last_readers = [readers.get(index, index) for index in range(len(self.report.layers))]
        waiting, alive, per_layer = self.saved_bytes, 0, []
        first_gradients: dict[int, list[int]] = {}
        for index, last in enumerate(last_readers):
            if self.backward[index].output_needs:
                first_gradients.setdefault(last, []).append(index)
        for index in reversed(range(len(last_readers))):
            # The gradient to an output exists from its last reader on; that of a network output comes from the loss.
            alive += sum(self.memory.tensor_bytes(tensor) for tensor in first_gradients.get(index, ()))
            per_layer.append(MemoryAtLayer(self.report.layers[index].id, waiting + alive))
            if self.backward[index].output_needs:
                alive -= self.memory.tensor_bytes(index)
            waiting -= self.saved_bytes_per_layer[index]
        return per_layer

    @cached_property
    def peak(self) -> MemoryAtLayer:
        """The largest number of bytes alive at once, in the backward or the forward pass, and the layer at which it is."""
        return max((*self.per_layer, self.memory.peak), key=lambda memory: memory.bytes)

    @property
    def training_bytes(self) -> int:
        """Bytes of weights, statistics, gradients, optimizer state and the peak of the tensors."""
        memory = self.memory
        return memory.weight_bytes + memory.buffer_bytes + self.gradient_bytes + self.state_bytes + self.peak.bytes

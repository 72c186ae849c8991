"""Liveness: which tensors of a network share a storage, and the last layer that reads each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from archcalc.graph import Graph

if TYPE_CHECKING:
    from archcalc.analysis.report import Report


class Tensors:
    """The outputs of all layers by their indices, and the network inputs, −1 − i.

    `storage` is for each tensor the tensor whose storage it uses: itself, or an earlier one. `saved` are tensors whose values
    are saved for a backward pass.
    """

    def __init__(self, graph: Graph, saved: Iterable[int] = ()) -> None:
        self.nodes = graph.nodes
        self.last_readers = {tensor: readers[-1] for tensor, readers in graph.readers.items()}
        """For each tensor the last layer that reads it; for a storage, the last that reads any tensor in it."""
        self.storage: dict[int, int] = {index: index for index in graph.readers if index < 0}
        self.outputs = {index for index in range(len(self.nodes)) if index not in graph.readers}
        """The network's outputs, needed until the end, and the storages of such."""
        self.saved = set(saved)
        """The saved tensors, and the storages of such."""

    def place(self, index: int, source: int | None) -> None:
        """Store the output of a layer in a storage of its own, or in that of the tensor `source`."""
        storage = index if source is None else self.storage[source]
        self.storage[index] = storage
        if storage != index:
            if index in self.last_readers:
                self.last_readers[storage] = max(self.last_readers.get(storage, -1), self.last_readers[index])
            for tensors in (self.outputs, self.saved):
                if index in tensors:
                    tensors.add(storage)

    def last_read(self, storage: int) -> int:
        """The last layer that reads a storage; the last layer of all for that of a network output."""
        return len(self.nodes) - 1 if storage in self.outputs else self.last_readers.get(storage, -1)

    def last_uses(self) -> dict[int, int]:
        """For each storage the layer after which it is free."""
        return {storage: max(self.last_read(storage), storage, 0) for storage in dict.fromkeys(self.storage.values())}


def shared_storage(report: Report, is_training: bool = False) -> Callable[[Tensors, int], int | None]:
    """The rule that an in-place layer overwrites its input unless a later layer reads it too; a view never copies it.

    It returns for the tensors placed so far and a layer, by its index, the tensor whose storage the layer uses, or None.
    """

    def choose(tensors: Tensors, index: int) -> int | None:
        sources, kind = report.graph.nodes[index].sources, report.layers[index].counts.layer
        if not kind.in_place or len(sources) != 1:
            return None
        # In training, what saves a mask changes the values.
        if kind.is_view and not (is_training and kind.saved_for_backward):
            return sources[0]
        storage = tensors.storage[sources[0]]
        return sources[0] if tensors.last_read(storage) == index and storage not in tensors.outputs else None

    return choose

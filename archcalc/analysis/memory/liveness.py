"""Liveness: which tensors of a network share a storage, and the last layer that reads each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archcalc.graph import Graph

if TYPE_CHECKING:
    from archcalc.analysis.report import Report


class Tensors:
    """The outputs of all layers by their indices, and the network inputs, −1 − i.

    `storage` is for each tensor the tensor whose storage it uses: itself, or an earlier one.
    """

    def __init__(self, graph: Graph) -> None:
        self.nodes = graph.nodes
        self.readers = dict(graph.readers)
        """For each storage the layers that read a tensor in it, in order."""
        self.storage: dict[int, int] = {index: index for index in self.readers if index < 0}
        self.outputs = {index for index in range(len(self.nodes)) if index not in self.readers}
        """The network's outputs: needed until the end."""

    def place(self, index: int, source: int | None) -> None:
        """Store the output of a layer in a storage of its own, or in that of the tensor `source`."""
        storage = index if source is None else self.storage[source]
        self.storage[index] = storage
        if storage != index:
            self.readers[storage] = sorted({*self.readers.get(storage, ()), *self.readers.get(index, ())})
            if index in self.outputs:
                self.outputs.add(storage)

    def last_read(self, storage: int) -> int:
        """The last layer that reads a storage; the last layer of all for that of a network output."""
        return len(self.nodes) - 1 if storage in self.outputs else max(self.readers.get(storage, ()), default=-1)

    def last_uses(self) -> dict[int, int]:
        """For each storage the layer after which it is free."""
        return {storage: max(self.last_read(storage), storage, 0) for storage in dict.fromkeys(self.storage.values())}


def shared_storage(report: Report) -> Callable[[Tensors, int], int | None]:
    """The rule that an in-place layer overwrites its input unless a later layer reads it too.

    It returns for the tensors placed so far and a layer, by its index, the tensor that the layer overwrites, or None.
    """

    def choose(tensors: Tensors, index: int) -> int | None:
        sources = report.graph.nodes[index].sources
        if not report.layers[index].counts.layer.in_place or len(sources) != 1:
            return None
        storage = tensors.storage[sources[0]]
        return sources[0] if tensors.last_read(storage) == index and storage not in tensors.outputs else None

    return choose

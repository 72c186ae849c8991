"""Which tensors of a network lie in which memory, and until when each is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archcalc.graph import Graph

if TYPE_CHECKING:
    from archcalc.analysis.report import Report


class Tensors:
    """The outputs of all layers, by their place, and the network inputs, −1 − i.

    `storage` says for each tensor the one whose memory it lies in: itself, or that of an earlier one.
    """

    def __init__(self, graph: Graph) -> None:
        self.nodes = graph.nodes
        self.readers = dict(graph.readers)
        """For each memory the layers that read a tensor in it, in order."""
        self.storage: dict[int, int] = {at: at for at in self.readers if at < 0}
        self.outputs = {at for at in range(len(self.nodes)) if at not in self.readers}
        """The network's outputs: needed until the end."""

    def place(self, at: int, source: int | None) -> None:
        """The output of a layer lies in memory of its own, or in that of the tensor `source`."""
        storage = at if source is None else self.storage[source]
        self.storage[at] = storage
        if storage != at:
            self.readers[storage] = sorted({*self.readers.get(storage, ()), *self.readers.get(at, ())})
            if at in self.outputs:
                self.outputs.add(storage)

    def last_read(self, storage: int) -> int:
        """The last layer that reads a memory; that of a network output is needed to the end."""
        return len(self.nodes) - 1 if storage in self.outputs else max(self.readers.get(storage, ()), default=-1)

    def last_uses(self) -> dict[int, int]:
        """For each memory the layer after which it is free."""
        return {storage: max(self.last_read(storage), storage, 0) for storage in dict.fromkeys(self.storage.values())}


def shared_storage(report: Report) -> Callable[[Tensors, int], int | None]:
    """What a layer that may overwrite its input does: it overwrites it unless a later layer reads it too."""

    def choose(tensors: Tensors, at: int) -> int | None:
        sources = report.graph.nodes[at].sources
        if not report.layers[at].counts.layer.in_place or len(sources) != 1:
            return None
        storage = tensors.storage[sources[0]]
        return sources[0] if tensors.last_read(storage) == at and storage not in tensors.outputs else None

    return choose

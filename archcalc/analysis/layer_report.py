"""The numbers of one layer, and their sums over several."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple

from archcalc.analysis.conventions import Convention, convention
from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.receptive_field.fields import ReceptiveField
from archcalc.graph import Node
from archcalc.layers._base import Volume

BYTES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
"""Bytes of one value."""


class ReportOptions(NamedTuple):
    """What is counted how: the convention of `operations`, the data type, and whether in-place kinds take no memory."""

    convention: Convention
    dtype: str = "float32"
    inplace: bool = True

    @property
    def bytes(self) -> int:
        return BYTES[self.dtype]


class LayerReport:
    """The numbers of one layer. Parameters that it shares with another layer are counted there, not here."""

    __slots__ = ("_options", "counts", "frozen_by_pattern", "node", "receptive_field", "tied_to")

    def __init__(
        self, node: Node, counts: LayerCounts, field: ReceptiveField, frozen: bool, tied_to: str | None, options: ReportOptions
    ) -> None:
        self.node = node
        self.counts = counts
        self.receptive_field = field
        self.frozen_by_pattern = frozen
        self.tied_to = tied_to
        self._options = options

    @property
    def id(self) -> str:
        return self.node.id

    @property
    def op(self) -> str:
        return self.node.entry.op

    @property
    def path(self) -> tuple[str, ...]:
        return self.node.path

    @property
    def signature(self) -> Hashable:
        """What all its numbers but its receptive field follow from: layers with equal signatures are equal."""
        return self.counts, self.frozen_by_pattern, self.tied_to

    @property
    def inputs(self) -> tuple[Volume, ...]:
        """The volumes it reads, without those that only give a size."""
        return self.counts.inputs[: len(self.node.sources)]

    @property
    def output(self) -> Volume:
        return self.counts.output

    @property
    def weights(self) -> int:
        return 0 if self.tied_to else int(self.counts.weights)

    @property
    def biases(self) -> int:
        return 0 if self.tied_to else int(self.counts.biases)

    @property
    def params(self) -> int:
        return 0 if self.tied_to else int(self.counts.params)

    @property
    def buffers(self) -> int:
        return 0 if self.tied_to else int(self.counts.buffers)

    @property
    def fixed(self) -> int:
        """Parameters that are set by design, never trained."""
        return self.params if self.counts.layer.has_fixed_weights else 0

    @property
    def frozen(self) -> int:
        """Parameters that could be trained but are held (transfer learning)."""
        return self.params - self.fixed if self.frozen_by_pattern else 0

    @property
    def trainable(self) -> int:
        return self.params - self.fixed - self.frozen

    @property
    def neurons(self) -> int:
        return int(self.counts.neurons)

    @property
    def connections(self) -> int:
        return int(self.counts.connections)

    @property
    def mult_adds(self) -> int:
        return int(self.counts.mult_adds)

    @property
    def tallies(self) -> dict[str, int]:
        return {name: int(count) for name, count in self.counts.tallies.items()}

    @property
    def flops(self) -> int:
        """2·multiply_adds + every other tally."""
        return int(convention("flops").count(self.op, self.counts))

    @property
    def operations(self) -> int:
        """Operations under the report's convention."""
        return int(self._options.convention.count(self.op, self.counts))

    @property
    def activations(self) -> int:
        """Elements of its output; 0 where the layer may overwrite its input or is a view of it."""
        return 0 if self._options.inplace and self.counts.layer.in_place else int(self.counts.elements)

    @property
    def weight_bytes(self) -> int:
        """Bytes of its parameters."""
        return self.params * self._options.bytes

    @property
    def activation_bytes(self) -> int:
        """Bytes of its output, for one example; 0 where it takes no memory of its own."""
        return self.activations * self._options.bytes

    def to_dict(self, names: Callable[[int], str]) -> dict[str, Any]:
        """The layer in the JSON contract; `names` returns the id of a layer or network input (−1 − i) by its index."""
        return {
            "id": self.id,
            "op": self.op,
            "path": list(self.path),
            "reads": [names(at) for at in self.node.sources],
            "inputs": [list(volume) for volume in self.inputs],
            "output": list(self.output),
            **{name: getattr(self, name) for name in SUMMED},
            "tallies": self.tallies,
            "weights_of": self.tied_to,
            "receptive_field": self.receptive_field.to_dict(),
        }


SUMMED = (
    "params",
    "weights",
    "biases",
    "trainable",
    "frozen",
    "fixed",
    "buffers",
    "neurons",
    "connections",
    "mult_adds",
    "flops",
    "operations",
    "activations",
    "weight_bytes",
    "activation_bytes",
)
"""The numbers of a layer that add up to a total."""


class Totals:
    """Sums over the layers of a report, each computed when it is asked for."""

    def __init__(self, layers: Iterable[LayerReport]) -> None:
        self._layers = tuple(layers)
        self._known: dict[str, int] = {}

    def __getattr__(self, name: str) -> int:
        if name not in SUMMED:
            raise AttributeError(name)
        if name not in self._known:
            self._known[name] = sum(getattr(layer, name) for layer in self._layers)
        return self._known[name]

    @property
    def tallies(self) -> dict[str, int]:
        """Operations by name."""
        found: dict[str, int] = {}
        for layer in self._layers:
            for name, count in layer.tallies.items():
                found[name] = found.get(name, 0) + count
        return found

"""The numbers of one layer, and their sums over several."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from archcalc.analysis.conventions import Convention, convention
from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.named_volume import named
from archcalc.analysis.receptive_field.fields import ReceptiveField
from archcalc.graph import Graph, Node
from archcalc.layers._base import Volume
from archcalc.layers._grades import Grade

BYTES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
"""Bytes of one value."""


class ReportOptions(NamedTuple):
    """How counts are made: the convention of `operations`, the data type, and whether in-place kinds take no memory."""

    convention: Convention
    dtype: str = "float32"
    inplace: bool = True
    positions: str = ""
    """The description's word for the positions of a sequence, such as tokens."""

    @property
    def bytes(self) -> int:
        """Bytes of one value in the data type."""
        return BYTES[self.dtype]


class LayerReport:
    """The numbers of one layer for one example. Parameters that it shares with another layer are counted there, not here."""

    __slots__ = ("counts", "exchanged", "frozen_parts", "node", "options", "receptive_field", "shares_biases", "tied_to")

    def __init__(
        self,
        node: Node,
        counts: LayerCounts,
        receptive_field: ReceptiveField,
        frozen_parts: frozenset[str],
        tied_to: str | None,
        shares_biases: bool,
        options: ReportOptions,
        exchanged: tuple[bool, bool] = (False, False),
    ) -> None:
        """`exchanged`: whether the positions of what it reads, and of its output, are not those of the description."""
        self.node = node
        self.counts = counts
        self.receptive_field = receptive_field
        self.frozen_parts = frozen_parts
        self.tied_to = tied_to
        self.shares_biases = shares_biases
        self.options = options
        self.exchanged = exchanged

    @property
    def id(self) -> str:
        """Its id in the network, with the names of the blocks around it: `stage2.1.conv`."""
        return self.node.id

    @property
    def op(self) -> str:
        """The name of its kind."""
        return self.node.entry.op

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the blocks around it and its own name, last."""
        return self.node.path

    @property
    def signature(self) -> Hashable:
        """What all its numbers but its receptive field depend on: layers with equal signatures have equal numbers."""
        return self.counts, self.frozen_parts, self.tied_to, self.shares_biases

    @property
    def inputs(self) -> tuple[Volume, ...]:
        """The volumes it reads, channels first, without those of layers that it names only for a size."""
        return tuple(map(self.input, range(len(self.node.sources))))

    def input(self, slot: int) -> Volume:
        """One of the volumes of which it reads the values or, behind these, only indices or a size."""
        return named(self.counts.inputs[slot], "" if self.exchanged[0] else self.options.positions)

    @property
    def output(self) -> Volume:
        """The output volume, channels first (C×H×W)."""
        return named(self.counts.output, "" if self.exchanged[1] else self.options.positions)

    @property
    def weights(self) -> int:
        """Weights, without biases; 0 where they are shared."""
        return 0 if self.tied_to else int(self.counts.weights)

    @property
    def biases(self) -> int:
        """Biases; 0 where they are shared."""
        return 0 if self.shares_biases else int(self.counts.biases)

    @property
    def params(self) -> int:
        """Weights and biases; 0 where they are shared."""
        return self.biases if self.tied_to else int(self.counts.params)

    @property
    def active_params(self) -> int:
        """The parameters that one position uses: of copies side by side those of the active ones; 0 where they are shared."""
        if self.tied_to:
            return 0 if self.shares_biases else int(self.counts.active_biases)
        return int(self.counts.active_params)

    @property
    def buffers(self) -> int:
        """Numbers stored with the layer that are not parameters; 0 where they are shared."""
        return 0 if self.shares_biases else int(self.counts.buffers)

    @property
    def fixed(self) -> int:
        """Parameters that are set by design, never trained."""
        return self.params if self.counts.layer.has_fixed_weights else 0

    @property
    def frozen(self) -> int:
        """Parameters that could be trained but are frozen by a pattern (transfer learning)."""
        return 0 if self.fixed else sum(getattr(self, part) for part in self.frozen_parts)

    @property
    def trainable(self) -> int:
        """Parameters that are trained: neither fixed nor frozen."""
        return self.params - self.fixed - self.frozen

    def trains(self, part: str) -> bool:
        """Whether it has `weights`, or `biases`, of its own that are trained."""
        return not self.fixed and part not in self.frozen_parts and getattr(self, part) > 0

    @property
    def neurons(self) -> int:
        """Output units of the kinds that papers count as neurons, else 0."""
        return int(self.counts.neurons)

    @property
    def connections(self) -> int:
        """Inputs read by each unit, padding and the bias included, over all units."""
        return int(self.counts.connections)

    @property
    def mult_adds(self) -> int:
        """Multiply-adds of one forward pass."""
        return int(self.counts.mult_adds)

    @property
    def tallies(self) -> dict[str, int]:
        """Operations of one forward pass by name, such as `multiply_adds` and `additions`."""
        return {name: int(count) for name, count in self.counts.tallies.items()}

    @property
    def flops(self) -> int:
        """2·multiply_adds + every other tally."""
        return int(convention("flops").count(self.op, self.counts))

    @property
    def operations(self) -> int:
        """Operations under the report's convention."""
        return int(self.options.convention.count(self.op, self.counts))

    @property
    def activations(self) -> int:
        """Values of its output; 0 where the layer may overwrite its input or is a view of it."""
        return 0 if self.options.inplace and self.counts.layer.in_place else int(self.counts.elements)

    @property
    def weight_bytes(self) -> int:
        """Bytes of its parameters."""
        return self.params * self.options.bytes

    @property
    def activation_bytes(self) -> int:
        """Bytes of its output, for one example; 0 where it takes no memory of its own."""
        return self.activations * self.options.bytes

    @property
    def stands_for(self) -> str:
        """What it was in its source, if that is not understood; else empty."""
        return self.counts.layer.stands_for

    @property
    def is_measured(self) -> bool:
        """Whether it is known how the report's convention counts its kind."""
        return self.options.convention.is_known(self.op)

    @property
    def is_by_rule(self) -> bool:
        """Whether all its numbers are known by rule."""
        return self.is_measured and not self.stands_for

    def grade(self, quantity: str) -> Grade:
        """How a quantity is known. What is not counted is 0, or a lower bound, here and in totals."""
        if self.tied_to and quantity in SHARED:
            return Grade.BY_RULE  # 0: it is counted at the other layer
        if (quantity == "frozen" and not self.frozen_parts) or (quantity == "trainable" and len(self.frozen_parts) == 2):
            return Grade.BY_RULE  # 0: both parts are trained, or both frozen
        if quantity == "operations" and not self.is_measured:
            return Grade.NOT_COUNTED
        if quantity == "operations" and self.options.convention.name == "mult-adds":
            quantity = "mult_adds"
        return self.counts.layer.grade(_GRADED_AS.get(quantity, quantity))

    @property
    def grades(self) -> dict[str, Grade]:
        """The grades of those of its quantities that are not by rule."""
        if self.is_by_rule:
            return {}
        grades = {name: self.grade(name) for name in (*SUMMED, "tallies")}
        return {name: grade for name, grade in grades.items() if grade is not Grade.BY_RULE}

    def with_counts(self, node: Node, counts: LayerCounts) -> LayerReport:
        """The report of another layer in its place, with the same receptive field, freezing and options."""
        own = self.frozen_parts, self.tied_to, self.shares_biases
        return LayerReport(node, counts, self.receptive_field, *own, self.options, self.exchanged)

    def to_dict(self, names: Callable[[int], str]) -> dict[str, Any]:
        """The layer in the JSON contract; `names` returns the id of a layer or network input (−1 − i) by its index.

        A number that is not counted is null, or a lower bound where a part of it is stated.
        """
        grades = self.grades
        return {
            "id": self.id,
            "op": self.op,
            "path": list(self.path),
            "reads": [names(index) for index in self.node.sources],
            "inputs": [list(volume) for volume in self.inputs],
            "output": list(self.output),
            **{name: getattr(self, name) or (None if grades.get(name) is Grade.NOT_COUNTED else 0) for name in SUMMED},
            "tallies": self.tallies,
            "grades": {name: str(grade) for name, grade in grades.items()},
            "weights_of": self.tied_to,
            "receptive_field": self.receptive_field.to_dict(),
        }


def layer_report(graph: Graph, index: int, counts: LayerCounts, field: ReceptiveField, options: ReportOptions) -> LayerReport:
    """The numbers of a layer of a graph, by its index."""
    nodes = graph.nodes
    node = nodes[index]
    tied_to = None if node.tied_to is None else nodes[node.tied_to].id
    shares_biases = graph.owner_of(index, "biases") != index
    frozen_parts = graph.frozen.get(index, frozenset())
    exchanged = not graph.exchanged.isdisjoint(node.sources), index in graph.exchanged
    return LayerReport(node, counts, field, frozen_parts, tied_to, shares_biases, options, exchanged)


SUMMED = (
    "params",
    "active_params",
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

SHARED = ("params", "active_params", "weights", "biases", "trainable", "frozen", "fixed", "buffers", "weight_bytes")
"""Of these the numbers that are 0 where a layer uses the weights of another one."""
_GRADED_AS = {
    "active_params": "params",
    "trainable": "params",
    "frozen": "params",
    "weight_bytes": "params",
    "flops": "tallies",
    "operations": "tallies",
}
"""Quantities that are known as well as another one, from which they are computed."""

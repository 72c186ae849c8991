"""The Report: every number of a network, frozen. Views, claims and the reference executor read it and add nothing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property
from importlib import import_module
from typing import Any, NamedTuple

from archcalc.analysis.conventions import Convention, convention
from archcalc.analysis.depth import longest_path
from archcalc.analysis.diagnostics import Diagnostic, diagnostics
from archcalc.analysis.receptive_field.fields import ReceptiveField, receptive_fields
from archcalc.analysis.walk import LayerCounts, walk
from archcalc.errors import ShapeError, call_error, suggest
from archcalc.graph import Graph, Node
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
        return self.params * self._options.bytes

    @property
    def activation_bytes(self) -> int:
        return self.activations * self._options.bytes


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
    """Sums over the layers of a report, each worked out when it is asked for."""

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


class Report:
    """Every number of a network: `layers` in order, `totals`, and `diagnostics` beside them."""

    def __init__(self, graph: Graph, inputs: tuple[Volume, ...], layers: tuple[LayerReport, ...], options: ReportOptions):
        self.graph = graph
        self.input_volumes = inputs
        self.layers = layers
        self.options = options
        self.totals = Totals(layers)

    @property
    def name(self) -> str:
        return self.graph.name

    @property
    def source(self) -> str:
        """Where the network was published."""
        return self.graph.document.source

    @property
    def inputs(self) -> dict[str, Volume]:
        return dict(zip(self.graph.inputs, self.input_volumes, strict=True))

    @property
    def output(self) -> Volume:
        """The volume that leaves the last layer."""
        return self.layers[-1].output

    @property
    def input_elements(self) -> int:
        return sum(int(volume.elements) for volume in self.input_volumes)

    @cached_property
    def depth(self) -> int:
        """Layers on the longest path through the network, over those that papers count (`Layer.counts_in_depth`)."""
        return len(longest_path(self.layers))

    @cached_property
    def by_id(self) -> dict[str, LayerReport]:
        return {layer.id: layer for layer in self.layers}

    def layer(self, identity: str) -> LayerReport:
        """The layer with an id; raises SpecError with a suggestion."""
        if identity not in self.by_id:
            out = suggest(identity, {*self.by_id, *self.graph.blocks})
            raise call_error("ARC151", f"{self.name} has no layer {identity}", out)
        return self.by_id[identity]

    def block(self, identity: str) -> tuple[LayerReport, ...]:
        """The layers inside the block with an id, or inside all copies of a repeated one; none if there is no such block."""
        return tuple(self.layers[at] for at in self.graph.blocks.get(identity, ()))

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings and notes; none of them changes a number."""
        return tuple(diagnostics(self.graph, self.input_volumes, self.layers))

    def _repr_html_(self) -> str:
        return _shown(self, "html")

    def _repr_svg_(self) -> str:
        return _shown(self, "svg")

    def _repr_markdown_(self) -> str:
        return _shown(self, "markdown")

    def _repr_latex_(self) -> str:
        return _shown(self, "latex")

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data: the JSON contract."""
        from archcalc.analysis.contract import to_dict

        return to_dict(self)

    def to_networkx(self) -> Any:
        """The network as a `networkx.MultiDiGraph`: volumes, counts and blocks at its nodes, slots and volumes at its edges.

        Every attribute is a text or an integer, so that `networkx.write_graphml` and the other writers take it.
        """
        from archcalc.analysis.networkx_graph import as_networkx

        return as_networkx(self)


def _shown(report: Report, form: str) -> str:
    """What a notebook shows. A report knows no view: the room is looked up by name when a notebook asks."""
    return str(getattr(import_module("archcalc.views.notebook"), form)(report))


def analyze(graph: Graph, convention_name: str = "mult-adds", dtype: str = "float32", inplace: bool = True) -> Report:
    """Work out every number of a network, for one example (batch 1).

    `convention_name` says what `operations` counts, `dtype` the bytes of a value (float64, float32, float16, bfloat16,
    int8), `inplace` whether activations and views take no memory of their own. Raises `ShapeError` with every sum that
    does not work out, `DescriptionError` if there is no such convention or data type.
    """
    if dtype not in BYTES:
        raise call_error("ARC152", f"there is no data type {dtype}", suggest(dtype, BYTES))
    options = ReportOptions(convention(convention_name), dtype, inplace)
    work = walk(graph)
    if work.problems:
        raise ShapeError(work.problems)
    fields = receptive_fields(graph, work.inputs, work.counts)
    nodes = graph.nodes
    layers = tuple(
        LayerReport(node, counts, field, at in graph.frozen, _shared(nodes, node), options)
        for at, (node, counts, field) in enumerate(zip(nodes, work.counts, fields, strict=True))
        if counts is not None
    )
    return Report(graph, work.inputs, layers, options)


def _shared(nodes: list[Node], node: Node) -> str | None:
    return None if node.tied_to is None else nodes[node.tied_to].id

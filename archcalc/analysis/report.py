"""The Report: every number of a network. Views, claims and the reference executor read it and compute no others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import Any, ClassVar

from archcalc.analysis.conventions import convention as find_convention
from archcalc.analysis.depth import depth_of, longest_path
from archcalc.analysis.diagnostics import Diagnostic, diagnostics
from archcalc.analysis.input_shapes import shape_problems
from archcalc.analysis.layer_report import BYTES, SUMMED, LayerReport, ReportOptions, layer_report
from archcalc.analysis.named_volume import named
from archcalc.analysis.receptive_field.fields import receptive_fields
from archcalc.analysis.totals import Totals
from archcalc.analysis.walk import walk
from archcalc.errors import ShapeError, call_error
from archcalc.graph import Graph, name_of, number_or_word
from archcalc.layers._base import Volume
from archcalc.suggestions import nearest, suggest

SCHEMA = 1
"""Version of the JSON contract."""


class Report:
    """Every number of a network for one example: `layers` in order, `totals`, and `diagnostics`."""

    notebook_formatters: ClassVar[dict[str, Callable[[Report], str]]] = {}
    """How a notebook displays a report, by format (html, svg, …): `archcalc.views.notebook` registers its own."""

    def __init__(self, graph: Graph, inputs: tuple[Volume, ...], layers: tuple[LayerReport, ...], options: ReportOptions):
        self.graph = graph
        self.input_volumes = tuple(named(x, options.positions) for x in inputs)
        self.layers = layers
        self.options = options
        self.totals = Totals(layers)

    @property
    def name(self) -> str:
        """The network's name, or that of its file."""
        return self.graph.name

    @property
    def source(self) -> str:
        """Where the network was published."""
        return self.graph.document.source

    @property
    def inputs(self) -> dict[str, Volume]:
        """The input volumes by name, channels first (C×H×W)."""
        return dict(zip(self.graph.inputs, self.input_volumes, strict=True))

    @property
    def output(self) -> Volume:
        """The output volume of the last layer, channels first (C×H×W)."""
        return self.layers[-1].output

    @property
    def input_elements(self) -> int:
        """Values of all inputs together, for one example."""
        return sum(int(volume.elements) for volume in self.input_volumes)

    @cached_property
    def depth(self) -> int:
        """Layers on the longest path through the network, over those that papers count (`Layer.counts_in_depth`)."""
        return depth_of(longest_path(self.layers))

    @cached_property
    def by_id(self) -> dict[str, LayerReport]:
        """The layers by their ids."""
        return {layer.id: layer for layer in self.layers}

    def layer(self, identity: str, words: Iterable[str] = ()) -> LayerReport:
        """The layer with an id. Raises `DescriptionError` if there is none; the words may be suggested too."""
        if identity in self.by_id:
            return self.by_id[identity]
        if inside := self.block(identity):
            ids = ", ".join(layer.id for layer in (inside if len(inside) <= 6 else (*inside[:2], *inside[-2:])))
            raise call_error("ARC151", f"{identity} is a block of {self.name}, not a layer", f"name a layer in it: {ids}")
        known = {*self.by_id, *self.graph.blocks}
        out = suggest(identity, {*known, *words} if nearest(identity, sorted(words)) else known)
        raise call_error("ARC151", f"{self.name} has no layer {identity}", out)

    def block(self, identity: str) -> tuple[LayerReport, ...]:
        """The layers inside the block with an id, or inside all copies of a repeated one; none if there is no such block."""
        return tuple(self.layers[index] for index in self.graph.blocks.get(identity, ()))

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings and notes; none of them changes a number."""
        return tuple(diagnostics(self.graph, self.input_volumes, self.layers))

    def _formatted(self, format: str) -> str | None:
        """The report in a format; None, so that the notebook tries another one, if no formatter is registered for it."""
        formatter = self.notebook_formatters.get(format)
        return None if formatter is None else formatter(self)

    def _repr_html_(self) -> str | None:
        return self._formatted("html")

    def _repr_svg_(self) -> str | None:
        return self._formatted("svg")

    def _repr_markdown_(self) -> str | None:
        return self._formatted("markdown")

    def _repr_latex_(self) -> str | None:
        return self._formatted("latex")

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, version 1 of the JSON contract: shapes are lists, channels first; counts are integers."""
        names = partial(name_of, self.graph)
        totals = {name: getattr(self.totals, name) for name in SUMMED}
        totals |= {"tallies": self.totals.tallies, "input_elements": self.input_elements, "layers": len(self.layers)}
        totals["grades"] = {name: grade.to_dict() for name, grade in self.totals.grades.items()}
        return {
            "schema": SCHEMA,
            "name": self.name,
            "source": self.source,
            "input": {name: list(volume) for name, volume in self.inputs.items()},
            "variables": {name: number_or_word(value) for name, value in self.graph.variables.items()},
            "convention": {"name": self.options.convention.name, "unit": self.options.convention.unit},
            "dtype": self.options.dtype,
            "inplace": self.options.inplace,
            "positions": self.options.positions,
            "depth": self.depth,
            "layers": [layer.to_dict(names) for layer in self.layers],
            "totals": totals,
            "findings": [diagnostic.to_dict() for diagnostic in self.diagnostics],
        }

    def to_networkx(self) -> Any:
        """The network as a `networkx.MultiDiGraph`: volumes, counts and blocks at its nodes, slots and volumes at its edges.

        Every attribute is a text or an integer, so that `networkx.write_graphml` and the other writers take it.
        """
        from archcalc.analysis.networkx_graph import as_networkx

        return as_networkx(self.graph, self.inputs, self.layers, self.options)


def analyze(graph: Graph, convention: str = "mult-adds", dtype: str = "float32", inplace: bool = True) -> Report:
    """Compute every number of a network, for one example (batch 1).

    `convention` names what `operations` counts, `dtype` the bytes of a value (float64, float32, float16, bfloat16,
    int8), `inplace` whether activations and views take no memory of their own. Raises `ShapeError` with every layer that
    does not fit its input, `DescriptionError` if there is no such convention or data type.
    """
    if dtype not in BYTES:
        raise call_error("ARC152", f"there is no data type {dtype}", suggest(dtype, BYTES))
    options = ReportOptions(find_convention(convention), dtype, inplace, graph.document.positions)
    result = walk(graph)
    if result.problems:
        result.problems.merge(shape_problems(graph))
        raise graph.document.error(result.problems, ShapeError)
    fields = receptive_fields(graph, result.inputs, result.counts)
    layers = tuple(
        layer_report(graph, index, counts, field, options)
        for index, (counts, field) in enumerate(zip(result.counts, fields, strict=True))
        if counts is not None
    )
    return Report(graph, result.inputs, layers, options)

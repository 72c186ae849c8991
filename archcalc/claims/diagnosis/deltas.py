"""The difference that each confusion makes to a total: miscounts of kinds, and layers left out or counted twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from archcalc.analysis.layer_report import LayerReport, ReportOptions, layer_report
from archcalc.analysis.walk import walk
from archcalc.graph import Graph
from archcalc.layers._miscount import Miscount

WHOLE = "whole"
# The rank of a confusion: of several that make the same difference, the smaller rank is the more usual.
MISCOUNT, UNIT, CONVENTION, KIND, SETTING, LAYER, REWRITTEN, DIGITS = range(8)


@dataclass(frozen=True)
class Confusion:
    """One confusion, in words; `touches` are the (layer index, count) that it changes, so that two do not collide."""

    text: str
    rank: int
    touches: frozenset[tuple[int, str]] = frozenset()


@dataclass
class Deltas:
    """Confusions by the difference they make to a total; after `sort`, the most usual of a difference comes first."""

    confusions: dict[int, list[Confusion]] = field(default_factory=dict)

    def add(self, delta: int, confusion: Confusion) -> None:
        """Add a confusion, unless it makes no difference or a more usual one changes the same counts."""
        if delta:
            same = self.confusions.setdefault(delta, [])
            if all(confusion.touches != other.touches for other in same) or confusion.rank < min(other.rank for other in same):
                same.append(confusion)

    def sort(self) -> None:
        """Sort the confusions of each difference by rank."""
        for same in self.confusions.values():
            same.sort(key=lambda confusion: confusion.rank)


def layers_of(graph: Graph, options: ReportOptions) -> tuple[LayerReport, ...] | None:
    """The layers' numbers, without receptive fields; None if the shapes of the graph do not fit."""
    result = walk(graph)
    if result.problems:
        return None
    no_receptive_field: Any = None
    return tuple(
        layer_report(graph, index, counts, no_receptive_field, options)
        for index, counts in enumerate(result.counts)
        if counts is not None
    )


def deltas_of(layers: Sequence[LayerReport], quantity: str, values: Sequence[int], miscounts: bool = True) -> Deltas:
    """All confusions that make a difference to the total of a quantity, sorted.

    `values` are the layers' numbers under the convention in question. Without `miscounts`, those that the kinds declare
    are left out: they are about counts, not about what a convention makes of them.
    """
    deltas = Deltas()
    if miscounts:
        _add_miscounts(layers, quantity, values, deltas)
    _add_kinds(layers, values, deltas)
    for index, (layer, value) in enumerate(zip(layers, values, strict=True)):
        whole = frozenset({(index, WHOLE)})
        deltas.add(-value, Confusion(f"{layer.id} left out", LAYER, whole))
        deltas.add(value, Confusion(f"{layer.id} counted twice", LAYER, whole))
        if layer.tied_to:
            untied = _recounted(quantity, layer, {}, tied=False)
            weights = frozenset({(index, "weights")})
            deltas.add(untied - value, Confusion(f"{layer.id}: shared weights counted again", MISCOUNT, weights))
    _add_blocks(layers, values, deltas)
    deltas.sort()
    return deltas


def _add_miscounts(layers: Sequence[LayerReport], quantity: str, values: Sequence[int], deltas: Deltas) -> None:
    """The miscounts that kinds declare: at one layer, or at all layers that have it."""
    by_name: dict[str, list[tuple[int, int, frozenset[tuple[int, str]]]]] = {}
    known: dict[Hashable, list[tuple[Miscount, int]]] = {}
    for index, (layer, value) in enumerate(zip(layers, values, strict=True)):
        counts = layer.counts
        key = layer.signature
        if key not in known:
            known[key] = [
                (miscount, _recounted(quantity, layer, miscount.counts))
                for miscount in counts.layer.miscounts(counts.output, *counts.inputs)
            ]
        for miscount, miscounted in known[key]:
            if miscounted != value and not layer.tied_to:
                touches = frozenset((index, count) for count in _changed_counts(layer, miscount))
                by_name.setdefault(miscount.name, []).append((index, miscounted - value, touches))
    for name, cases in by_name.items():
        if len(cases) > 1:
            total = sum(delta for _, delta, _ in cases)
            text = _in_layers(name, [layers[index].id for index, _, _ in cases])
            deltas.add(total, Confusion(text, MISCOUNT, frozenset().union(*(touches for _, _, touches in cases))))
        for index, delta, touches in cases:
            deltas.add(delta, Confusion(f"{layers[index].id} ({layers[index].op}): {name}", MISCOUNT, touches))


def _in_layers(name: str, ids: list[str]) -> str:
    return f"{name} in {', '.join(ids)}" if len(ids) <= 5 else f"{name} in all {len(ids)} layers ({ids[0]} … {ids[-1]})"


def _changed_counts(layer: LayerReport, miscount: Miscount) -> Iterator[str]:
    """The names of the counts of a layer that a miscount changes."""
    correct = {
        "weights": layer.weights,
        "biases": layer.biases,
        "trainable": layer.trainable,
        "connections": layer.connections,
        "mult_adds": layer.mult_adds,
        "neurons": layer.neurons,
    }
    changed = [name for name, count in miscount.counts.items() if count != correct[name]]
    # Other counts follow from weights and biases: a miscount of those is identified by them alone.
    yield from [name for name in changed if name in {"weights", "biases"}] or changed


def _add_kinds(layers: Sequence[LayerReport], values: Sequence[int], deltas: Deltas) -> None:
    """The layers of one kind alone, or all but those of one kind."""
    by_kind: dict[str, list[int]] = {}
    for index, (layer, value) in enumerate(zip(layers, values, strict=True)):
        if value:
            by_kind.setdefault(layer.op, []).append(index)
    total = sum(values)
    for op, indices in by_kind.items():
        subtotal = sum(values[index] for index in indices)
        own = frozenset((index, WHOLE) for index in indices)
        others = frozenset((index, WHOLE) for index, value in enumerate(values) if value) - own
        deltas.add(subtotal - total, Confusion(f"only the {op} layers counted", KIND, others))
        if len(indices) > 1:
            deltas.add(-subtotal, Confusion(f"the {op} layers left out", KIND, own))


def _add_blocks(layers: Sequence[LayerReport], values: Sequence[int], deltas: Deltas) -> None:
    """The use of a block left out or counted twice."""
    blocks: dict[str, list[int]] = {}
    for index, layer in enumerate(layers):
        for block in reversed(layer.node.blocks):
            blocks.setdefault(block, []).append(index)
    for name, indices in blocks.items():
        subtotal = sum(values[index] for index in indices)
        whole = frozenset((index, WHOLE) for index in indices)
        deltas.add(-subtotal, Confusion(f"{name} left out", LAYER, whole))
        deltas.add(subtotal, Confusion(f"{name} counted twice", LAYER, whole))


def values_of(quantity: str, layers: Iterable[LayerReport]) -> list[int]:
    """The values of a quantity, layer by layer."""
    return [int(getattr(layer, quantity)) for layer in layers]


def _recounted(quantity: str, layer: LayerReport, counts: dict[str, Any], tied: bool = True) -> int:
    """A quantity of a layer with some of its counts replaced; without `tied`, shared weights are its own."""
    own = layer if tied else layer.counts
    correct: dict[str, Any] = {"weights": own.weights, "biases": own.biases}
    weights, biases = (int((correct | counts)[name]) for name in ("weights", "biases"))
    if quantity == "weights":
        return weights
    if quantity == "biases":
        return biases
    if quantity == "params":
        return weights + biases
    if quantity == "trainable":
        untrained = layer.fixed or layer.frozen
        return int(counts.get("trainable", layer.trainable if untrained else weights + biases))
    return int(counts.get(quantity, getattr(layer, quantity)))

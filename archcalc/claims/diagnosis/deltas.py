"""What each confusion adds to a total: from the layers' own lists, and from layers left out or counted twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from archcalc.analysis.layer_report import LayerReport, ReportOptions
from archcalc.analysis.walk import walk
from archcalc.graph import Graph
from archcalc.layers._miscount import Miscount

WHOLE = "whole"
# Which confusion is told first where several give the same number: the smaller, the more usual.
INVITED, UNIT, CONVENTION, KIND, SETTING, LAYER, REWRITTEN, DIGITS = range(8)


@dataclass(frozen=True)
class Change:
    """One confusion, in words; `touches` says which counts of which layers it changes, so that two do not collide."""

    text: str
    rank: int
    touches: frozenset[tuple[int, str]] = frozenset()


@dataclass
class Deltas:
    """Confusions by what they add to the total; those that add the same stand together, the most usual first."""

    changes: dict[int, list[Change]] = field(default_factory=dict)

    def add(self, amount: int, change: Change) -> None:
        if amount:
            same = self.changes.setdefault(amount, [])
            if all(change.touches != other.touches for other in same) or change.rank < min(o.rank for o in same):
                same.append(change)

    def finished(self) -> Deltas:
        for same in self.changes.values():
            same.sort(key=lambda change: change.rank)
        return self


def layers_of(graph: Graph, settings: ReportOptions) -> tuple[LayerReport, ...] | None:
    """The layers' numbers, without receptive fields; None if a sum does not work out."""
    work = walk(graph)
    if work.problems:
        return None
    nodes = graph.nodes
    unknown: Any = None
    return tuple(
        LayerReport(
            node, layer_counts, unknown, at in graph.frozen, None if node.tied_to is None else nodes[node.tied_to].id, settings
        )
        for at, (node, layer_counts) in enumerate(zip(nodes, work.counts, strict=True))
        if layer_counts is not None
    )


def deltas_of(layers: Sequence[LayerReport], quantity: str, values: Sequence[int], invited: bool = True) -> Deltas:
    """All confusions that add something to the total of a quantity.

    `values` are the layers' numbers under the convention in question. Without `invited`, the kinds' own lists are
    left out (they speak of counts, not of what a convention makes of them).
    """
    found = Deltas()
    if invited:
        _invited(layers, quantity, values, found)
    _kinds(layers, values, found)
    for at, (layer, value) in enumerate(zip(layers, values, strict=True)):
        whole = frozenset({(at, WHOLE)})
        found.add(-value, Change(f"{layer.id} left out", LAYER, whole))
        found.add(value, Change(f"{layer.id} counted twice", LAYER, whole))
        if layer.tied_to:
            again = _measure(quantity, layer, {}, shared=True)
            found.add(again - value, Change(f"{layer.id}: shared weights counted again", INVITED, frozenset({(at, "weights")})))
    _blocks(layers, values, found)
    return found.finished()


def _invited(layers: Sequence[LayerReport], quantity: str, values: Sequence[int], found: Deltas) -> None:
    together: dict[str, list[tuple[int, int, frozenset[tuple[int, str]]]]] = {}
    known: dict[Hashable, list[tuple[Miscount, int]]] = {}
    for at, (layer, value) in enumerate(zip(layers, values, strict=True)):
        layer_counts = layer.counts
        key = layer.signature
        if key not in known:
            known[key] = [
                (one, _measure(quantity, layer, one.counts))
                for one in layer_counts.layer.miscounts(layer_counts.output, *layer_counts.inputs)
            ]
        for miscount, counted in known[key]:
            if counted != value and not layer.tied_to:
                touches = frozenset((at, part) for part in _parts(layer, miscount))
                together.setdefault(miscount.name, []).append((at, counted - value, touches))
    for name, cases in together.items():
        if len(cases) > 1:
            every = frozenset().union(*(touches for _, _, touches in cases))
            found.add(
                sum(amount for _, amount, _ in cases),
                Change(_everywhere(name, [layers[at].id for at, _, _ in cases]), INVITED, every),
            )
        for at, amount, touches in cases:
            found.add(amount, Change(f"{layers[at].id} ({layers[at].op}): {name}", INVITED, touches))


def _everywhere(name: str, ids: list[str]) -> str:
    return f"{name} in {', '.join(ids)}" if len(ids) <= 5 else f"{name} in all {len(ids)} layers ({ids[0]} … {ids[-1]})"


def _parts(layer: LayerReport, miscount: Miscount) -> Iterator[str]:
    """Which counts of a layer a confusion changes."""
    now = {
        "weights": layer.weights,
        "biases": layer.biases,
        "trainable": layer.trainable,
        "connections": layer.connections,
        "mult_adds": layer.mult_adds,
        "neurons": layer.neurons,
    }
    changed = [name for name, count in miscount.counts.items() if count != now[name]]
    # Weights show in every other count too: what changes weights is told by them.
    yield from (changed if not {"weights", "biases"} & set(changed) else [c for c in changed if c in {"weights", "biases"}])


def _kinds(layers: Sequence[LayerReport], values: Sequence[int], found: Deltas) -> None:
    """Layers of one kind alone, or all but those of one kind."""
    by_kind: dict[str, list[int]] = {}
    for at, (layer, value) in enumerate(zip(layers, values, strict=True)):
        if value:
            by_kind.setdefault(layer.op, []).append(at)
    total = sum(values)
    for op, own in by_kind.items():
        part = sum(values[at] for at in own)
        others = frozenset((at, WHOLE) for at, value in enumerate(values) if value) - {(at, WHOLE) for at in own}
        found.add(part - total, Change(f"only the {op} layers counted", KIND, others))
        if len(own) > 1:
            found.add(-part, Change(f"the {op} layers left out", KIND, frozenset((at, WHOLE) for at in own)))


def _blocks(layers: Sequence[LayerReport], values: Sequence[int], found: Deltas) -> None:
    """The use of a block left out or counted twice."""
    blocks: dict[str, list[int]] = {}
    for at, layer in enumerate(layers):
        for block in reversed(layer.node.blocks):
            blocks.setdefault(block, []).append(at)
    for name, own in blocks.items():
        part = sum(values[at] for at in own)
        whole = frozenset((at, WHOLE) for at in own)
        found.add(-part, Change(f"{name} left out", LAYER, whole))
        found.add(part, Change(f"{name} counted twice", LAYER, whole))


def measure(quantity: str, layers: Iterable[LayerReport]) -> list[int]:
    """The layers' numbers."""
    return [int(getattr(layer, quantity)) for layer in layers]


def _measure(quantity: str, layer: LayerReport, counts: dict[str, Any], shared: bool = False) -> int:
    """A quantity of a layer with some of its counts replaced."""
    layer_counts = layer.counts
    own = layer_counts if shared else layer
    changed: dict[str, Any] = {"weights": own.weights, "biases": own.biases} | counts
    weights, biases = int(changed["weights"]), int(changed["biases"])
    if quantity == "weights":
        return weights
    if quantity == "biases":
        return biases
    if quantity == "params":
        return weights + biases
    if quantity == "trainable":
        held = layer.fixed or layer.frozen
        return int(counts.get("trainable", layer.trainable if held else weights + biases))
    return int(counts.get(quantity, getattr(layer, quantity)))

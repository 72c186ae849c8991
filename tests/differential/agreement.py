"""Where archcalc and PyTorch differ on a description. The oracle is PyTorch's own tensors, parameters and counter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from archcalc.analysis.loading import load_source
from archcalc.analysis.walk import WalkResult, walk
from archcalc.description.source import Source
from archcalc.errors import DescriptionError
from archcalc.reference.flop_count import counted_steps
from archcalc.reference.network import Network, RefusedError

STRICTER: dict[str, str] = {
    "padding must be at most half of kernel_size": "uneven padding is applied before PyTorch's module, which then cannot "
    "refuse it; and MaxPool1d, unlike 2d and 3d, counts a window with its holes",
    "all volumes must have the same number of axes": "PyTorch lines up the last axes of tensors of different depth",
    "the input must be a vector": "a forgotten flatten is found; for rbf PyTorch applies a dense layer along the last axis of a map, which is another layer",
    "queries, keys and values must be three equal parts": "PyTorch would cut off a rest, which no projection makes",
    "kv_channels is for one volume": "the channels of keys that are read say it already",
    "is_causal cannot be combined with a window": "a mask over all positions and windows would say twice what is read",
    "shift must be smaller than the window": "PyTorch rolls on and on; a greater shift is a slip",
    "a causal mask needs as many keys": "PyTorch repeats a mask for one key or query",
    "in windows queries and keys": "the builder rolls all three by the axes of the first",
    "one value for each spatial axis": "PyTorch spreads a list of one value over all axes; a list says each",
    "(conv_transpose): output": "PyTorch goes on with an empty tensor where padding takes all positions away",
    "out_channels must be the number of rows of connections": "the table says how many maps there are; another out_channels is a slip",
    "connections cannot be combined with groups": "PyTorch has no connection table; a table and groups would say twice what is read",
    "its window is not that of": "PyTorch writes the values to the indices of the pooling, whatever its own window; "
    "another window is a slip, and its receptive field would be wrong",
    "at least two values must be normalised together": "PyTorch counts the values of all examples of a batch, though each is "
    "normalised by itself; of one example it refuses such a layer too",
    "reads 1 volume, needs 2": "a merge of one volume is not a merge; an input is missing",
}
"""Refused on purpose where PyTorch goes on: a part of archcalc's message, and why."""

LENIENT: dict[str, str] = {
    "returns no indices": "a decoder described by itself has its indices from outside, with the input it names",
    "smaller than kernel size": "AvgPool3d wants a map no smaller than its window, padding or not; AvgPool2d does not",
}
"""Accepted though PyTorch refuses it: a part of PyTorch's message, and why."""


class MalformedError(Exception):
    """The description is refused before it has a graph that PyTorch could run."""


def disagreements(text: str) -> list[str]:
    """The differences, one sentence each. Raises `MalformedError`."""
    try:
        graph = load_source(Source("generated.yaml", text))
    except DescriptionError as error:
        raise MalformedError(str(error)) from None
    work = walk(graph)
    refused = next((at for at, layer_counts in enumerate(work.counts) if layer_counts is None), len(graph.nodes))
    sound = replace(graph, nodes=graph.nodes[:refused])
    found: list[str] = []
    try:
        network = Network(sound, batch=2)
        found += _counts(network, work)
        found += _volumes(network.place("cpu", torch.float32), work)
    except RefusedError as error:
        if not any(part in str(error) for part in LENIENT):
            found.append(f"archcalc accepts it, PyTorch does not: {error}")
        return found
    if refused < len(graph.nodes) and not any(part in str(one) for one in work.problems for part in STRICTER):
        try:
            Network(replace(graph, nodes=graph.nodes[: refused + 1]), batch=2).place("cpu", torch.float32).run()
            found.append(f"archcalc refuses {graph.nodes[refused].id}, PyTorch does not: {work.problems[0]}")
        except RefusedError:
            pass
    return found


def _volumes(network: Network, work: WalkResult) -> list[str]:
    """The shapes of tensors with values: those on the meta device may be wrong."""
    with torch.no_grad():
        found = [(step.index, tuple(step.output.shape[1:])) for step in network.steps(network.example())]
    ours: list[Any] = [tuple(work.counts[at].output) for at, _ in found]  # type: ignore[union-attr]
    return [
        f"{network.graph.nodes[at].id}: archcalc {mine}, PyTorch on cpu {theirs}"
        for mine, (at, theirs) in zip(ours, found, strict=True)
        if mine != theirs
    ]


def _counts(network: Network, work: WalkResult) -> list[str]:
    """Every number of every layer, by PyTorch's shapes, parameters and counter."""
    graph = network.graph
    found: list[str] = []
    for step, counts in counted_steps(network, network.example()):
        layer_counts: Any = work.counts[step.index]
        own = {part for part in ("weights", "biases") if graph.owner_of(step.index, part) == step.index}
        trained = set() if layer_counts.layer.has_fixed_weights else own - graph.frozen.get(step.index, frozenset())
        params = network.own_parameters(step.index)
        pairs: dict[str, tuple[Any, Any]] = {
            "volume": (tuple(layer_counts.output), tuple(step.output.shape[1:])),
            "params": (sum(getattr(layer_counts, part) for part in own), sum(one.numel() for one in params)),
            "trainable": (
                sum(getattr(layer_counts, part) for part in trained),
                sum(one.numel() for one in params if one.requires_grad),
            ),
            "buffers": (
                layer_counts.buffers if "biases" in own else 0,
                sum(one.numel() for one in network.own_buffers(step.index)),
            ),
            "mult_adds": (2 * layer_counts.mult_adds, counts.forward),
        }
        found += [
            f"{graph.nodes[step.index].id} {name}: archcalc {ours}, PyTorch {theirs}"
            for name, (ours, theirs) in pairs.items()
            if ours != theirs
        ]
    return found

"""Depth: the longest path through a network, over the layers that papers count.

A kind declares whether it is counted (`counts_in_depth`): convolutions, dense layers, recurrences and LeNet's subsampling
are; norms, activations and plain pooling are not. A gate scales the values of another path and does not lengthen it, as in
squeeze-and-excitation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.analysis.layer_report import LayerReport


def longest_path(layers: Sequence[LayerReport], within: Collection[LayerReport] | None = None) -> tuple[LayerReport, ...]:
    """The counted layers of the longest path from an input to an output; `layers` are all those of a network, in order.

    `within` are the layers that may be counted, such as those of a block; None counts all. Of several longest paths it
    is the one whose output is first and, where paths meet, the one through the input named first. Linear in layers and
    edges.
    """
    read = {source for layer in layers for source in layer.node.sources}
    lengths: dict[int, int] = {}
    previous: dict[int, int] = {}
    end = -1  # a network input: nothing is counted yet
    for index, layer in enumerate(layers):
        source = previous[index] = max(_path_sources(layer), key=lambda source: lengths.get(source, 0), default=-1)
        counted = layer.counts.layer.layers_in_depth if within is None or layer in within else 0
        lengths[index] = lengths.get(source, 0) + counted
        if index not in read and lengths[index] > lengths.get(end, 0):
            end = index
    path: list[LayerReport] = []
    while end >= 0:
        if lengths[end] > lengths.get(previous[end], 0):
            path.append(layers[end])
        end = previous[end]
    return tuple(reversed(path))


def depth_of(path: Sequence[LayerReport]) -> int:
    """The depth of a path: a recurrence of several layers is counted as so many."""
    return sum(layer.counts.layer.layers_in_depth for layer in path)


def _path_sources(layer: LayerReport) -> Iterator[int]:
    """What a layer reads, without its gates."""
    gates = layer.counts.gates
    return (source for slot, source in enumerate(layer.node.sources) if slot not in gates)

"""Depth: the longest path through a network, over the layers that papers count.

Which kinds are counted is the kind's own to say (`counts_in_depth`): convolutions, dense layers and LeNet's subsampling
are; norms, activations and plain pooling are not. A gate scales what passes through a layer and does not lengthen the
path, as in squeeze-and-excitation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from archcalc.layers._base import Volume

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
    for at, layer in enumerate(layers):
        source = previous[at] = max(_path_sources(layer), key=lambda one: lengths.get(one, 0))
        counted = layer.counts.layer.counts_in_depth and (within is None or layer in within)
        lengths[at] = lengths.get(source, 0) + counted
        if at not in read and lengths[at] > lengths.get(end, 0):
            end = at
    found: list[LayerReport] = []
    while end >= 0:
        if lengths[end] > lengths.get(previous[end], 0):
            found.append(layers[end])
        end = previous[end]
    return tuple(reversed(found))


def _path_sources(layer: LayerReport) -> Iterator[int]:
    """What a layer reads but for its gates."""
    scales = layer.counts.layer.scales_first_input
    for at, source in enumerate(layer.node.sources):
        if not (at and scales and _is_gate(layer.inputs[at])):
            yield source


def _is_gate(volume: Volume) -> bool:
    """The volume holds one factor per channel (C or C×1×1) or per position (1×H×W)."""
    return not volume.spatial or 1 in volume

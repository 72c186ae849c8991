"""Channels and positions exchanged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import exact_div
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import ChannelGroups
from archcalc.layers._requirements import groups_requirement
from archcalc.layers._volume import sequence_requirement


class Transpose(Layer):
    """Exchange channels and positions: C×L becomes L×C, so that a layer at each position mixes what were positions.

    With `groups` each group of channels is a matrix of its own: g·(C×L) becomes g·(L×C).

    Counts
        Nothing; it is a view of its input. Each of its positions is a channel of all positions before, so that its receptive
        field is the whole input.

    Sources
        Tolstikhin et al. 2021, "MLP-Mixer", equation 1. PyTorch documentation, `transpose`.
    """

    summary: ClassVar[str] = "channels and positions exchanged"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[768, 196]], "fields": {}}
    in_place: ClassVar[bool] = True
    is_view: ClassVar[bool] = True
    exchanges_positions: ClassVar[bool] = True

    groups: ChannelGroups = 1

    @property
    def is_global(self) -> bool:
        return True

    def output(self, x: Volume) -> Volume:
        return Volume((self.groups * x.spatial[0], exact_div(x.channels, self.groups)))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield sequence_requirement(x, "the input must be a matrix C×L")
        yield groups_requirement(self.groups, x)

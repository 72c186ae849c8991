"""Channels in another order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Count, LabelFormat, Symbol
from archcalc.layers._requirements import groups_requirement


class ChannelShuffle(Layer):
    """Take the channels of `groups` groups in turn: the first of each group, then the second of each, and so on.

    Counts
        Nothing is computed; the values are moved.

    Sources
        Zhang, Zhou, Lin & Sun 2017, "ShuffleNet", §3.1. PyTorch documentation, `ChannelShuffle`.
    """

    summary: ClassVar[str] = "the channels of all groups in turn"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[240, 28, 28]], "fields": {"groups": 3}}

    groups: Annotated[Count, Symbol("g", "groups"), LabelFormat(", {} group{s}")]

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield groups_requirement(self.groups, x)

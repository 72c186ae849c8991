"""Requirements that several kinds have: on an axis, on groups of channels, on volumes that meet."""

from __future__ import annotations

from collections.abc import Iterable

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Requirement, Volume


def dim_requirement(dim: int, x: Volume, name: str = "dim") -> Requirement:
    """A field that is an axis must be one of the volume's."""
    return Requirement(dim, "<=", len(x), f"{name} {dim} must be an axis of the input, which has {len(x)} without the batch")


def groups_requirement(groups: Number, x: Volume) -> Requirement:
    """The channels must be as many in each group."""
    return Requirement(groups, "divides", x.channels, "groups must divide the channels")


def equal_volumes(inputs: tuple[Volume, ...], joined: int) -> Iterable[Requirement]:
    """All volumes must be equal along all axes but one: 0 for the channels, 1 for the first spatial axis."""
    first = inputs[0]
    for other in inputs[1:]:
        yield Requirement(len(first), "==", len(other), "all volumes must have the same number of axes")
        for axis, (size, other_size) in enumerate(zip(first, other, strict=False)):
            if axis != joined:
                yield Requirement(size, "==", other_size, "the volumes must have equal sizes")

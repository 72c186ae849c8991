"""Weights that layers share: what must hold of the two layers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archcalc.layers._base import Requirement

if TYPE_CHECKING:
    from archcalc.analysis.shapes import Figures


def alike(mine: Figures, theirs: Figures) -> Iterable[Requirement]:
    """What must hold for one layer to use the weights of another."""
    wants, has = (one.layer.weight_shape(*one.inputs) for one in (mine, theirs))
    yield Requirement(int(type(mine.layer) is type(theirs.layer)), "==", 1, "the kinds are the same")
    yield Requirement(len(wants), "==", len(has), "the weights have as many axes")
    for a, b in (*zip(wants, has), (mine.biases, theirs.biases), (mine.buffers, theirs.buffers)):
        yield Requirement(a, "==", b, "the weights have the same axes")


def difference(mine: Figures, theirs: Figures) -> str:
    """Both layers' weights, for a message."""
    wants, has = ("×".join(map(str, one.layer.weight_shape(*one.inputs))) for one in (mine, theirs))
    return f"it needs {wants} weights and {mine.biases} biases; there are {has} and {theirs.biases}"

"""The size of a receptive field as text, and of the copies that one row of a table or one box of a figure shows."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.receptive_field.fields import ReceptiveField


def folded_field(copies: Sequence[ReceptiveField], brief: bool = False) -> str:
    """The field of a layer, or of equal copies of it in order, first…last: `9×9`, `132×132…196×196`.

    Copies grow with their depth, so that neither one stands for all. `brief` writes one number where all axes agree: `5…9`.
    A field without a size is its status: `whole input`.
    """
    first, last = (_sizes(field, brief) for field in (copies[0], copies[-1]))
    return first if first == last else f"{first}…{last}"


def _sizes(field: ReceptiveField, brief: bool) -> str:
    sizes = field.size
    if all(size is None for size in sizes):
        return field.status
    texts = ["–" if size is None else str(size) for size in sizes]
    return texts[0] if brief and len(set(texts)) == 1 else "×".join(texts)

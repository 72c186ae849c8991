"""How a number of a layer is known: by the rule of its kind, as the description states it, or not at all."""

from __future__ import annotations

from enum import StrEnum


class Grade(StrEnum):
    """How a number is known; `not counted` is the least."""

    BY_RULE = "by rule"
    STATED = "stated"
    NOT_COUNTED = "not counted"

"""Laws of scale: how long a size is drawn, up to a factor. The name of a law is the name of its function."""

from __future__ import annotations

import math


def linear(size: int) -> float:
    """Lengths in proportion to sizes."""
    return float(size)


def sqrt(size: int) -> float:
    """Areas, not lengths, in proportion to sizes."""
    return math.sqrt(size)


def log(size: int) -> float:
    """The logarithm of 1 + size."""
    return math.log1p(size)


SCALE_LAWS = {law.__name__: law for law in (linear, sqrt, log)}

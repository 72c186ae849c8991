"""The formats of figures: a file each, which defines `WRITER`; the name is the ending of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from archcalc.by_name import Folder

if TYPE_CHECKING:
    from archcalc.views.diagram.shapes.scene import Scene

WRITERS = Folder(__name__, __path__)


class Writer(NamedTuple):
    """How a figure becomes a file: `write` takes a scene and, where the format has pixels, their number per inch.

    `options` are figure options that the format brings with it; `fragment` writes what another document includes.
    """

    write: Callable[[Scene, float], bytes]
    has_pixels: bool = False
    options: dict[str, str] = {}
    fragment: Callable[[Scene], bytes] | None = None


def writer(format: str) -> Writer:
    """The writer of a format; raises KeyError if there is none."""
    found: Writer = WRITERS.load(format).WRITER
    return found

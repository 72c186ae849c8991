"""The formats of figures: a file each, which defines `WRITER`; the name is the ending of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from archcalc.by_name import Folder

if TYPE_CHECKING:
    from archcalc.views.diagram.shapes.scene import Scene

WRITERS = Folder(__name__, __path__)


class Writer(NamedTuple):
    """How a figure is written: `write` takes a scene and, if the format has pixels, their number per inch.

    `options` are figure options that the format requires; `fragment` writes a part for inclusion in another document; a
    format without a drawing needs no layout. `is_intact` is for formats whose bytes depend on the versions of libraries:
    whether a file has a stamp, and still is as it was written with it.
    """

    write: Callable[[Scene, float], bytes]
    has_pixels: bool = False
    options: dict[str, str] = {}
    fragment: Callable[[Scene], bytes] | None = None
    has_drawing: bool = True
    is_intact: Callable[[bytes, str], bool] | None = None


def writer(format: str) -> Writer:
    """The writer of a format. Raises KeyError if there is none."""
    loaded: Writer = WRITERS.load(format).WRITER
    return loaded

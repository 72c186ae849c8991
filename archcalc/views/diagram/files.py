"""Figures as files: the format from the ending, writing, and whether one is stale."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import astuple, replace

from archcalc import saving
from archcalc.description.source import find
from archcalc.errors import DescriptionError, call_error
from archcalc.suggestions import suggest
from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.scene import Scene
from archcalc.views.diagram.writers import WRITERS, svg, writer


def format_of(path: str) -> str:
    """The format of a file by its ending. Raises `DescriptionError` if no writer has it."""
    ending = os.path.splitext(path)[1][1:].lower()
    if ending not in WRITERS.names:
        raise call_error(
            "ARC479",
            f"{path}: figures are written as {', '.join(WRITERS.names)}",
            suggest(ending, WRITERS.names) if ending else "give the file an ending, such as .svg",
        )
    return ending


def stamped(scene: Scene, options: FigureOptions, format: str, dpi: float = 0, fragment: bool = False) -> Scene:
    """The scene with the hash of its content and of all options."""
    parts = (
        svg.document(replace(scene, stamp="")),
        scene.dot,
        *astuple(options),  # the values alone: a class that is renamed makes no figure stale
        format,
        dpi if writer(format).has_pixels else 0.0,
        fragment,
    )
    text = "\0".join(map(str, parts))
    return replace(scene, stamp=f"archcalc-figure:{hashlib.sha256(text.encode()).hexdigest()}")


def render(scene: Scene, format: str, dpi: float = 0, fragment: bool = False) -> bytes:
    """The figure in a format. Raises `DescriptionError` for an unknown one, or one without fragments."""
    if format not in WRITERS.names:
        raise call_error("ARC479", f"there is no format {format}", suggest(format, WRITERS.names))
    format_writer = writer(format)
    if not fragment:
        return format_writer.write(scene, dpi)
    if format_writer.fragment is None:
        raise call_error("ARC479", "only TikZ (.tex) has fragments for \\input")
    return format_writer.fragment(scene)


def refuse_input(path: str, specs: Iterable[str]) -> None:
    """Refuse to write at `path` what would replace a description that is read, by any name.

    Raises `DescriptionError` if it would, or if there is no such description.
    """
    if not os.path.isfile(path):
        return
    for spec in specs:
        if spec != "-" and os.path.samefile(find(spec), path):
            raise call_error("ARC480", f"{path} is the description itself, which would be lost", "name another file with -o")


def save(data: bytes, path: str) -> None:
    """Write a figure or report whole or not at all. Raises `DescriptionError` if it cannot."""
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.isdir(path):
        raise call_error("ARC480", f"{path} is a folder", "name a file with -o")
    if not os.path.exists(path) and not os.path.isdir(folder):
        raise call_error("ARC480", f"the folder {folder} does not exist", "make it first, or choose another -o")
    try:
        saving.save(data, path)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        raise
    except OSError as error:
        raise call_error("ARC480", f"{path} cannot be written: {error.strerror}") from None


def is_current(path: str, scene: Scene, format: str, dpi: float = 0, fragment: bool = False) -> bool:
    """Whether a file is what `render` writes of this scene. Raises `DescriptionError` if it cannot be read."""
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
        raise _unreadable(path, "it is no regular file")
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None
    is_intact = writer(format).is_intact
    if is_intact is not None:
        return is_intact(data, scene.stamp)
    # Version control may write other line ends.
    return data.replace(b"\r\n", b"\n") == render(scene, format, dpi, fragment)


def _unreadable(path: str, reason: str) -> DescriptionError:
    return call_error("ARC481", f"{path} cannot be checked: {reason}", "draw it first, without --check")

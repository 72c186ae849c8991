"""The two commonest mistakes in a network's input: channels last, and a batch in the shape. Each computes plausible numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archcalc.errors import Mark, Problem
from archcalc.graph import Graph
from archcalc.layers._base import field_types
from archcalc.layers._types import alternatives

_SMALLEST, _USUAL = 8, 28
"""The smallest side of a square image, and the smallest one of other images: those of MNIST."""
_MOST_CHANNELS = 4
"""The most channels that are taken for channels where they are last."""
_IMAGE_CHANNELS = (1, 3)
"""Grey, and red, green and blue."""


class ShapeWarning(NamedTuple):
    """What is probably wrong with the shape of an input: code, input, sentence with the likely shape."""

    code: str
    input: str
    message: str


def shape_warnings(graph: Graph) -> Iterator[ShapeWarning]:
    """The inputs whose shape is probably not what was meant."""
    axes = _written_axes(graph)
    for name, shape in graph.inputs.items():
        if all(isinstance(size, int) for size in shape):
            if found := _mistake(shape, axes):
                code, words, likely = found
                yield ShapeWarning(code, name, f"{words}; the shape is probably [{', '.join(map(str, likely))}]")


def shape_problems(graph: Graph) -> Iterator[Problem]:
    """The same as warnings beside the errors of a network that does not compute."""
    document = graph.document
    for code, name, message in shape_warnings(graph):
        if code not in document.ignore:
            yield Problem(code, f"{name}: {message}", place_of(graph, name), severity="warning")


def place_of(graph: Graph, name: str) -> Mark:
    """Where the shape of an input is written; the call, where it is another one than in the description."""
    document = graph.document
    written = document.inputs[name]
    if all(isinstance(size, int) for size in written) and written != graph.inputs[name]:
        return Mark("archcalc")
    return document.mark(f"input {name}")


def _mistake(shape: list[int], axes: set[int]) -> tuple[str, str, list[int]] | None:
    """Code, words and the likely shape; `axes` are the numbers of spatial axes that the layers' fields are written for."""
    text = "×".join(map(str, shape))
    if len(shape) == 4 and 3 not in axes:
        batch, *image = shape
        last = _channels_last(image)
        if _is_image(image) or last or 2 in axes:
            words = f"{text} has a batch of {batch} in front of C×H×W, and archcalc computes one example"
            return "ARC309", words, last or image
    if len(shape) in (3, 4) and (last := _channels_last(shape)):
        return "ARC308", f"{text} has {shape[0]} channels and a last axis of {shape[-1]}, and channels come first", last
    return None


def _channels_last(shape: list[int]) -> list[int] | None:
    """The shape with its channels first, if they are last: few of them, after axes of the sizes of an image."""
    *spatial, channels = shape
    height, width = spatial[-2:]
    is_small_image = channels in _IMAGE_CHANNELS and height == width >= _SMALLEST
    is_image = channels <= _MOST_CHANNELS and min(height, width) >= _USUAL and max(height, width) <= 4 * min(height, width)
    return [channels, *spatial] if channels < min(spatial) and (is_small_image or is_image) else None


def _is_image(shape: list[int]) -> bool:
    channels, *spatial = shape
    return channels in _IMAGE_CHANNELS and min(spatial) >= _SMALLEST


def _written_axes(graph: Graph) -> set[int]:
    """For how many spatial axes the fields of the layers are written, where one has a value for each axis."""
    axes: set[int] = set()
    for entry in {id(node.entry): node.entry for node in graph.nodes}.values():
        for name, value in entry.fields.items():
            if isinstance(value, list) and entry.kind is not None and "per axis" in alternatives(field_types(entry.kind)[name]):
                axes.add(len(value))
    return axes

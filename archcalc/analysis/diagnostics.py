"""Findings: what a careful reader would remark beside the numbers. None of them changes a number.

A warning says that something is probably not meant; a note, that something is worth knowing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archcalc.analysis.receptive_field.intervals import Undefined
from archcalc.analysis.walk import AXIS_NAMES
from archcalc.errors import Mark, Problem
from archcalc.graph import Graph
from archcalc.layers._base import Volume
from archcalc.layers._window import Window

if TYPE_CHECKING:
    from archcalc.analysis.report import LayerReport


@dataclass(frozen=True)
class Diagnostic:
    """A remark on one layer."""

    code: str
    severity: str
    layer: str
    message: str
    mark: Mark

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "layer": self.layer,
            "message": self.message,
            "path": self.mark.path,
            "line": self.mark.line,
            "column": self.mark.column,
        }

    def __str__(self) -> str:
        return str(Problem(self.code, f"{self.layer}: {self.message}", self.mark, severity=self.severity))


def diagnostics(graph: Graph, inputs: tuple[Volume, ...], layers: tuple[LayerReport, ...]) -> Iterator[Diagnostic]:
    """All findings of a network: what nobody reads, then layer by layer."""
    first_larger = False
    known: dict[int, list[tuple[str, str, str]]] = {}
    readers = _readers(graph)
    yield from _unread(graph, readers)
    for at, layer in enumerate(layers):
        mark = layer.node.entry.at()
        counts = layer.counts
        if id(counts) not in known:
            known[id(counts)] = [*_windows(layer)]
        for code, severity, message in known[id(counts)]:
            yield Diagnostic(code, severity, layer.id, message, mark)
        if counts.biases and (follow := readers.get(at)) and not counts.layer.normalizes:
            if all(layers[reader].counts.layer.normalizes for reader in follow):
                yield Diagnostic(
                    "ARC303",
                    "note",
                    layer.id,
                    "bias has no effect: the following normalisation cancels it",
                    mark,
                )
        if not first_larger and _exceeds(layer, inputs):
            first_larger = True
            size = "×".join(map(str, layer.receptive_field.size))
            yield Diagnostic("ARC304", "note", layer.id, f"receptive field {size} exceeds the input from here on", mark)


def _unread(graph: Graph, readers: dict[int, list[int]]) -> Iterator[Diagnostic]:
    """What nobody reads: inputs, which is hardly meant, and layers, which may be further outputs."""
    for at, name in enumerate(graph.inputs):
        if -1 - at not in readers:
            mark = graph.document.text.mark(graph.document.nodes[f"input {name}"])
            yield Diagnostic("ARC306", "warning", name, "no layer reads this input", mark)
    for at, node in enumerate(graph.nodes[:-1]):
        if at not in readers:
            yield Diagnostic(
                "ARC305", "note", node.id, "no layer reads it: an output of the network beside the last layer", node.entry.at()
            )


def _readers(graph: Graph) -> dict[int, list[int]]:
    """For each layer the layers that read it."""
    readers: dict[int, list[int]] = {}
    for at, node in enumerate(graph.nodes):
        for source in node.sources:
            readers.setdefault(source, []).append(at)
        for source, _ in node.shape_sources:
            readers.setdefault(source, [])
    return readers


def _exceeds(layer: LayerReport, inputs: tuple[Volume, ...]) -> bool:
    axes = layer.receptive_field.axes
    if not axes or any(axis.size is None for axis in axes):
        return False
    planes = [volume.spatial for volume in inputs]
    return all(not isinstance(axis, Undefined) and axis.size > planes[axis.input_index][at] for at, axis in enumerate(axes))


def _windows(layer: LayerReport) -> Iterator[tuple[str, str, str]]:
    counts = layer.counts
    receptive_window: Iterable[Any] = counts.layer.receptive_window(*counts.inputs) or ()
    x = counts.inputs[0]
    names = AXIS_NAMES.get(len(x.spatial), ())
    reported: set[str] = set()
    for window, size, out, name in zip(receptive_window, x.spatial, counts.output.spatial, names, strict=False):
        if isinstance(window, Window):
            for code, severity, message in _one_window(window, size, out, counts.layer.rounds_up):
                if message not in reported:
                    reported.add(message)
                    yield code, severity, f"along the {name} {message}"


def _one_window(window: Window, size: int, out: int, rounds_up: bool) -> Iterator[tuple[str, str, str]]:
    over = size + window.padding - window.last_tap - 1
    rest = over % window.stride
    if rest and not rounds_up:
        right = window.padding - window.before
        unread = rest - right
        derived = f"({size} + {window.padding} − {window.last_tap + 1}) / {window.stride} leaves {rest}"
        maps = [str(one) for one in (size - rest, size + window.stride - rest) if one > 0]
        fits = f"an input of {' or '.join(maps)} would fit exactly{_paddings(window, size)}"
        if unread > 0:
            what = (
                f"the last {unread} of {size} input positions stay unread"
                if unread > 1
                else (f"the last of {size} input positions stays unread")
            )
            yield "ARC301", "warning", f"the stride does not fit: {derived}; {what}; {fits}"
        else:
            yield "ARC301", "note", f"the stride does not fit, only padding stays unread: {derived}; {fits}"
    textbook = window.before == (window.kernel - 1) // 2 and window.padding == 2 * window.before
    if window.stride == 1 and window.before and textbook and out != size:
        keep = window.last_tap
        half = "(k − 1)/2" if window.kernel % 2 else "⌊(k − 1)/2⌋"
        yield (
            "ARC302",
            "note",
            f"padding {window.before} is {half} but does not keep the size: {size} becomes {out}; "
            f"that takes d·(k − 1) = {keep} in all",
        )


def _paddings(window: Window, size: int) -> str:
    """The nearest symmetrical padding with which the stride fits."""
    for padding in range(min(window.last_tap + 1, window.stride, 1000)):
        if (size + 2 * padding - window.last_tap - 1) % window.stride == 0:
            return f", as would padding {padding} on each side"
    return ""

"""Diagnostics: remarks on the layers of a network, as a linter makes them. None of them changes a number.

A warning says that something is probably a mistake; a note, that something is worth knowing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.input_shapes import place_of, shape_warnings
from archcalc.analysis.paths import path_text, since_divergence
from archcalc.analysis.receptive_field.intervals import Affine, Undefined, merge
from archcalc.errors import Mark, Problem
from archcalc.graph import Graph, Node, name_of
from archcalc.layers import kinds
from archcalc.layers._base import Volume
from archcalc.layers._fields import AXIS_NAMES
from archcalc.layers._grades import Grade
from archcalc.layers._window import Window

if TYPE_CHECKING:
    from archcalc.analysis.layer_report import LayerReport

MAX_PATH = 12
"""Layers of a path that a message names; of a longer path it names the two ends."""


class Diagnostic(NamedTuple):
    """A remark on one layer, or on a network input by its name."""

    code: str
    severity: str
    layer: str
    message: str
    mark: Mark

    def to_dict(self) -> dict[str, Any]:
        """The diagnostic in the JSON contract."""
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
    """All diagnostics of a network that its description does not ignore: inputs, unused outputs, then layer by layer."""
    ignored = {*graph.document.ignore}
    return (found for found in _diagnostics(graph, inputs, layers) if found.code not in ignored)


def _diagnostics(graph: Graph, inputs: tuple[Volume, ...], layers: tuple[LayerReport, ...]) -> Iterator[Diagnostic]:
    exceeded = first_unaligned = False
    known: dict[LayerCounts, list[tuple[str, str, str]]] = {}
    yield from _shapes(graph)
    yield from _unused(graph)
    yield from _blocks_before_kinds(graph)
    for index, layer in enumerate(layers):
        mark = layer.node.entry.mark()
        counts = layer.counts
        if counts not in known:
            known[counts] = [*_layer_remarks(layer)]
        for code, severity, message in known[counts]:
            yield Diagnostic(code, severity, layer.id, message, mark)
        if (before := _map_before(layers, index)) is not None:
            message = f"acts on each of {layer.inputs[0].spatial[0]} positions of {before.id} ({before.op}) by itself"
            yield Diagnostic("ARC314", "note", layer.id, f"{message}; if it is to read them all, put flatten before it", mark)
        for code, severity, message in _dropped_inputs(layer.node):
            yield Diagnostic(code, severity, layer.id, message, mark)
        if counts.biases and (readers := graph.readers.get(index)) and not counts.layer.normalizes:
            if all(layers[reader].counts.layer.normalizes for reader in readers):
                yield Diagnostic(
                    "ARC303",
                    "note",
                    layer.id,
                    "bias has no effect: the following normalisation cancels it",
                    mark,
                )
        if not first_unaligned and _is_unaligned(layers, index):
            first_unaligned = True
            yield Diagnostic("ARC307", "note", layer.id, _unaligned_paths(graph, layers, index), mark)
        if not exceeded and _exceeds(layer, inputs):
            exceeded = True
            size = "×".join(map(str, layer.receptive_field.size))
            yield Diagnostic("ARC304", "note", layer.id, f"receptive field {size} exceeds the input from here on", mark)


def _map_before(layers: tuple[LayerReport, ...], index: int) -> LayerReport | None:
    """The layer whose window slides over a 1-D map that this one reads position by position, directly or activated."""
    layer = layers[index]
    if not layer.counts.layer.acts_per_position or len(layer.counts.first_input.spatial) != 1:
        return None
    source = layer.node.sources[0]
    while source >= 0:
        before = layers[source]
        rule, windows = before.counts.layer, before.counts.layer.receptive_window(*before.counts.inputs) or ()
        if any(isinstance(window, Window) for window in windows):
            return before
        source = before.node.sources[0] if rule.in_place and not rule.is_view else -1
    return None


def _is_unaligned(layers: tuple[LayerReport, ...], index: int) -> bool:
    """Paths that meet in a layer are not aligned, while each by itself is."""
    sources = layers[index].node.sources
    return (
        len(sources) > 1
        and layers[index].receptive_field.status == "unaligned"
        and not any(source >= 0 and layers[source].receptive_field.status == "unaligned" for source in sources)
    )


def _unaligned_paths(graph: Graph, layers: tuple[LayerReport, ...], index: int) -> str:
    """Two paths that meet in a layer and are not aligned, from where they diverged."""
    field = layers[index].receptive_field
    read = {
        source: layers[source].receptive_field.axes if source >= 0 else tuple(Affine() for _ in field.axes)
        for source in layers[index].node.sources
    }
    first, *others = read
    # If all were aligned with the first one, they would be with each other.
    second = next(
        (
            source
            for source in others
            if any(merge([a, b]).status == "unaligned" for a, b in zip(read[first], read[source], strict=False))
        ),
        others[0],
    )
    texts = [
        path_text([name_of(graph, step) for step in [*path, index]], MAX_PATH)
        for path in since_divergence(graph, first, second)
    ]
    reason = field.reason or "paths meet whose fields are not centred on each other"
    return f"{reason}: {texts[0]}, and {texts[1]}"


def _shapes(graph: Graph) -> Iterator[Diagnostic]:
    """Shapes of inputs that are probably not meant."""
    for code, name, message in shape_warnings(graph):
        yield Diagnostic(code, "warning", name, message, place_of(graph, name))


def _blocks_before_kinds(graph: Graph) -> Iterator[Diagnostic]:
    """Blocks with the name of a kind: `op` means the block."""
    for name, block in graph.document.blocks.items():
        if name in kinds():
            yield Diagnostic("ARC316", "note", name, f"op: {name} is the block here, not the kind of that name", block.mark)


def _unused(graph: Graph) -> Iterator[Diagnostic]:
    """What no layer reads: inputs, probably a mistake, and layers, which may be further outputs of the network."""
    used = graph.readers.keys() | graph.named_by.keys()
    for index, name in enumerate(graph.inputs):
        if -1 - index not in used:
            mark = graph.document.mark(f"input {name}")
            yield Diagnostic("ARC306", "warning", name, "no layer reads this input", mark)
    for index, node in enumerate(graph.nodes[:-1]):
        if index not in used:
            yield Diagnostic(
                "ARC305",
                "note",
                node.id,
                "no layer reads it: an output of the network beside the last layer",
                node.entry.mark(),
            )


def _dropped_inputs(node: Node) -> Iterator[tuple[str, str, str]]:
    """What becomes of dropped layers among the inputs that a layer names."""
    if not node.dropped:
        return
    names = f"{', '.join(node.dropped)} {'is' if len(node.dropped) == 1 else 'are'} dropped"
    if node.layer is not None and node.layer.leaves_out_dropped:
        yield "ARC144", "note", f"{names}, and left out of its inputs"
        return
    written = node.entry.inputs or []
    if len(set(node.sources)) < len(node.sources) and len(set(written)) == len(written):
        yield "ARC145", "warning", f"{names}, so that it reads one volume twice"
    else:
        yield "ARC144", "note", f"{names}: what it would have read is read instead"


def _exceeds(layer: LayerReport, inputs: tuple[Volume, ...]) -> bool:
    axes = layer.receptive_field.axes
    if not axes or any(axis.size is None for axis in axes):
        return False
    sizes = [volume.spatial for volume in inputs]
    return all(not isinstance(axis, Undefined) and axis.size > sizes[axis.input_index][i] for i, axis in enumerate(axes))


def _layer_remarks(layer: LayerReport) -> Iterator[tuple[str, str, str]]:
    counts = layer.counts
    if was := layer.stands_for:
        missing = [name for name in ("params", "mult_adds") if layer.grade(name) is Grade.NOT_COUNTED]
        if missing:
            lacking = " and ".join(missing)
            yield "ARC312", "note", f"was {was}; without its {lacking}, totals of {lacking} are lower bounds"
    receptive_window: Iterable[Any] = counts.layer.receptive_window(*counts.inputs) or ()
    x = counts.first_input
    names = AXIS_NAMES.get(len(x.spatial), ())
    reported: set[str] = set()
    for window, size, out, name in zip(receptive_window, x.spatial, counts.output.spatial, names, strict=False):
        if isinstance(window, Window):
            for code, severity, message in _window_remarks(window, size, out, counts.layer.rounds_up):
                if message not in reported:
                    reported.add(message)
                    yield code, severity, f"along the {name} {message}"


def _window_remarks(window: Window, size: int, out: int, rounds_up: bool) -> Iterator[tuple[str, str, str]]:
    over = size + window.padding - window.last_tap - 1
    rest = over % window.stride
    if rest and not rounds_up:
        right = window.padding - window.before
        unread = rest - right
        derived = f"({size} + {window.padding} − {window.last_tap + 1}) / {window.stride} leaves {rest}"
        maps = [str(fitting) for fitting in (size - rest, size + window.stride - rest) if fitting > 0]
        fits = f"an input of {' or '.join(maps)} would fit exactly{_paddings(window, size)}"
        if unread > 0 and window.last_tap + 1 < window.stride:  # positions between the windows are skipped by design
            yield "ARC301", "note", f"the stride does not fit, as other positions are skipped: {derived}; {fits}"
        elif unread > 0:
            unread_text = (
                f"the last {unread} of {size} input positions stay unread"
                if unread > 1
                else (f"the last of {size} input positions stays unread")
            )
            yield "ARC301", "warning", f"the stride does not fit: {derived}; {unread_text}; {fits}"
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
    """The smallest symmetric padding with which the stride fits, as the end of a sentence."""
    for padding in range(min(window.last_tap + 1, window.stride, 1000)):
        if (size + 2 * padding - window.last_tap - 1) % window.stride == 0:
            return f", as would padding {padding} on each side"
    return ""

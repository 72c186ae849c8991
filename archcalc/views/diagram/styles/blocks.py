"""Blocks: compact rows for slides; residual blocks with arcs, branches side by side, encoder-decoders as a U."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from archcalc.analysis.report import Report
from archcalc.description.document import ParsedEntry
from archcalc.views.diagram.context import RenderContext, all_steps
from archcalc.views.diagram.layout.blocks import BlockLayout
from archcalc.views.diagram.layout.boxes import LABEL
from archcalc.views.diagram.layout.lane import GAP, Placed
from archcalc.views.diagram.shapes.font import shortened, text_width
from archcalc.views.diagram.shapes.labels import abbreviated
from archcalc.views.diagram.shapes.scene import Box, Drawing, Shape, Text, cropped
from archcalc.views.diagram.structure.folding import every
from archcalc.views.diagram.structure.series_parallel import Segment, Series, SideOutput, leaves
from archcalc.views.diagram.style import Style
from archcalc.views.diagram.styles import _ushape

SHOW = ("kernel", "shape")
ROW_GAP = 26.0
MARGIN = 10.0
PAD, HEAD = 6.0, 13.0


def layout(context: RenderContext) -> Callable[[float], Drawing]:
    """The network in rows, as a function of the longest row; a U is the same for any."""
    heat = context.heat_shares(all_steps(context))
    block_layout = BlockLayout(context.palette, context.labels(SHOW), heat, context.options.direction == "TB")
    u_shape = _ushape.draw(block_layout, context.segments)
    if u_shape is not None:
        return lambda row_length: u_shape
    parts = _parts(block_layout, _in_order(context.segments), _layers_of_blocks(context.step_graph.report))
    return lambda row_length: _rows(block_layout, parts, row_length)


def _in_order(segments: Series) -> list[Series]:
    """The paths that begin rows of their own: first those which others refer to, as the encoder, then the main line."""
    named = {leaf.step.refers_to.name for leaf in leaves(segments) if leaf.step.refers_to is not None}
    main = tuple(segment for segment in segments if not isinstance(segment, SideOutput))
    first: list[Series] = []
    last: list[Series] = []
    for segment in segments:
        if isinstance(segment, SideOutput):
            path = (segment,) if segment.source else segment.segments
            is_named = any(step.name in named for leaf in leaves(path) for step in every(leaf.step))
            (first if is_named else last).append(path)
    return [*first, main, *last]


class _Block(NamedTuple):
    """A block of the description: its name, and the number of its layers."""

    name: str
    layers: int


@dataclass(frozen=True)
class _Part:
    """Neighbouring segments of one block of the description, or a segment outside all blocks."""

    placed: tuple[Placed, ...]
    block: _Block | None
    begins_path: bool = False
    """It begins a row of its own, without a line from the row before."""

    @property
    def length(self) -> float:
        return sum(placed.length for placed in self.placed) + GAP * (len(self.placed) - 1) + 2 * self.pad

    @property
    def pad(self) -> float:
        return PAD if self.block else 0.0

    @property
    def title(self) -> str:
        """The name of the block; where another row or a gap has the rest of it, with a word that says so."""
        if self.block is None:
            return ""
        drawn = sum(len(copy.layers) for placed in self.placed for step in placed.steps for copy in every(step))
        suffix = " (part)" if drawn < self.block.layers else ""
        room = self.length - 2 * self.pad - text_width(suffix, LABEL, True)
        return shortened(self.block.name, LABEL, room, True) + suffix

    @property
    def up(self) -> float:
        return max(placed.up for placed in self.placed) + (self.pad + HEAD if self.block else 0.0)

    @property
    def down(self) -> float:
        return max(placed.down for placed in self.placed) + self.pad


def _rows(block_layout: BlockLayout, parts: list[_Part], row_length: float) -> Drawing:
    rows = _broken_into_rows(parts, row_length - 2 * MARGIN)
    shapes: list[Shape] = []
    widest = max(sum(part.length for part in row) + GAP * (len(row) - 1) for row in rows)
    across = 0.0
    before: tuple[float, float, Placed] | None = None
    for row in rows:
        up, down = max(part.up for part in row), max(part.down for part in row)
        across += up + (ROW_GAP if before else 0.0)
        placed, end = _row(block_layout, row, across)
        shapes += placed
        first = row[0].placed[0]
        if before is not None and not row[0].begins_path:
            end_before, across_before, last = before
            turn = (across - up) - ROW_GAP / 2
            points = [
                (end_before, across_before),
                (widest + MARGIN, across_before),
                (widest + MARGIN, turn),
                (-MARGIN, turn),
                (-MARGIN, across),
                (row[0].pad, across),
            ]
            shapes.append(block_layout.line(points, arrow=bool(first.first), ends=(last.last, first.first)))
        before = (end, across, row[-1].placed[-1])
        across += down
    return cropped(shapes)


def _row(block_layout: BlockLayout, row: list[_Part], across: float) -> tuple[list[Shape], float]:
    """The shapes of a row on its lane, and where its last segment ends."""
    panels: list[Shape] = []
    shapes: list[Shape] = []
    along, end, before = 0.0, 0.0, None
    for part in row:
        if part.block:
            panels += _panel(block_layout, part, along, across)
        inner = along + part.pad
        for placed in part.placed:
            if before is not None and not part.begins_path:
                link = block_layout.link(before, placed, end, inner)
                shapes.append(link.transformed(1.0, *block_layout.to_page(0.0, across)))
            shapes += block_layout.shapes_at(placed, inner, across)
            end = inner + placed.length
            inner, before = end + GAP, placed
        along += part.length + GAP
    return [*panels, *shapes], end


def _panel(block_layout: BlockLayout, part: _Part, along: float, across: float) -> list[Shape]:
    x, y = block_layout.to_page(along, across - part.up)
    width, height = block_layout.to_page(part.length, part.up + part.down)
    panel = Box(x, y, width, height, block_layout.palette.panel, None, 0.0, 6.0)
    if block_layout.vertical:
        return [panel, Text(x + HEAD - 3.0, y + PAD, part.title, LABEL, block_layout.palette.faint, True, "end", True)]
    return [panel, Text(x + PAD, y + HEAD - 3.0, part.title, LABEL, block_layout.palette.faint, True, "start")]


def _broken_into_rows(parts: list[_Part], row_length: float) -> list[list[_Part]]:
    """Parts in rows; neighbours of one block share a panel, and stay together where that costs little space."""
    rows: list[list[_Part]] = [[]]
    used = 0.0
    for part in parts:
        pieces = (
            [part]
            if part.length <= row_length / 2
            else [_Part((placed,), part.block, part.begins_path and not at) for at, placed in enumerate(part.placed)]
        )
        for piece in pieces:
            joins = bool(rows[-1]) and len(pieces) > 1 and piece is not pieces[0]
            length = piece.length + (GAP if rows[-1] else 0.0) - (2 * piece.pad if joins else 0.0)
            if rows[-1] and (used + length > row_length or piece.begins_path > rows[-1][-1].begins_path):
                rows.append([])
                used, joins, length = 0.0, False, piece.length
            if joins:
                rows[-1][-1] = _Part((*rows[-1][-1].placed, *piece.placed), piece.block, rows[-1][-1].begins_path)
            else:
                rows[-1].append(piece)
            used += length
    return [[_titled(part) for part in row] for row in rows]


def _layers_of_blocks(report: Report) -> Counter[str]:
    """For each name of a block at the outermost level how many layers it has; copies of one name count together."""
    return Counter(layer.node.groups[0].shared_name for layer in report.layers if layer.node.groups)


def _parts(block_layout: BlockLayout, paths: list[Series], layers: Counter[str]) -> list[_Part]:
    """Runs of segments of one block, copies of one name together, and single segments."""
    parts: list[_Part] = []
    for path in paths:
        for index, segment in enumerate(path):
            placed = block_layout.segment(segment)
            block = None if isinstance(segment, SideOutput) else _block(segment, layers)
            if index and block is not None and block == parts[-1].block:
                parts[-1] = _Part((*parts[-1].placed, placed), block, parts[-1].begins_path)
            else:
                parts.append(_Part((placed,), block, begins_path=not index and path is not paths[0]))
    return parts


def _titled(part: _Part) -> _Part:
    """The part without its panel if it is a single box: the panel would show nothing that the box does not."""
    return part if sum(len(placed.steps) for placed in part.placed) > 1 else _Part(part.placed, None, part.begins_path)


def _block(segment: Segment, layers: Counter[str]) -> _Block | None:
    """The outermost block of the description that contains all steps of a segment; of several names the first and the last."""
    entries: set[ParsedEntry | None] = set()
    names: dict[str, None] = {}
    for step in (step for leaf in leaves((segment,)) for step in every(leaf.step) if step.refers_to is None):
        groups = step.layers[0].node.groups if step.layers and not step.elided else ()
        entries.add(groups[0].entry if groups else None)
        names.update({group.shared_name: None for group in groups[:1]})
    if len(entries) != 1 or None in entries:
        return None
    first, last = next(iter(names)), next(reversed(names))
    return _Block(abbreviated(first if first == last else f"{first}…{last}"), sum(layers[name] for name in names))


STYLE = Style(layout=layout, drawn=all_steps, reads=("show", "heat", "expand", "depth", "only", "direction"), refers=True)

"""Stacks: LeNet's figure. Feature maps as stacks of planes with their name and size, vectors as slanted bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.layout.rows import (
    PLAIN,
    Piece,
    Slot,
    half_heights,
    place_in_rows,
    right_edge,
    row_connector,
    slot_shapes,
)
from archcalc.views.diagram.shapes.font import LINE, text_width
from archcalc.views.diagram.shapes.labels import count_of, counts, label_lines, label_texts, step_kind, tooltip
from archcalc.views.diagram.shapes.scale import Scale, scale_of, sides
from archcalc.views.diagram.shapes.scene import Box, Drawing, Path, Point, Shape, Text, cropped
from archcalc.views.diagram.structure.main_path import MainPath, Stage, main_path
from archcalc.views.diagram.style import Style, path_steps

GAP = 30.0
APART = 14.0
"""The least distance of two operations that are written on one line."""
TALL = 92.0
STEP = 4.0
MAX_PLANES = 10
"""Maps that a stack shows."""


def layout(context: RenderContext) -> Callable[[float], Drawing]:
    """The main path as stacks in rows, as a function of the longest row."""
    path = main_path(context.segments)
    scale = scale_of([stage.volume for stage in path.stages], context.options, TALL, TALL, TALL)
    heat = context.heat_shares(path_steps(context))
    pieces = [_piece(context, scale, stage, heat) for stage in path.stages]
    # The operation between two stacks is written below them, as in LeNet's figure: it must fit between their middles.
    below = [_operation(stage) for stage in path.stages]
    wide = [replace(piece, labels=(*piece.labels, *text)) for piece, text in zip(pieces, below, strict=True)]
    return lambda row_length: _drawn(context, path, scale, wide, below, row_length)


def _drawn(
    context: RenderContext, path: MainPath, scale: Scale, pieces: list[Piece], below: list[list[str]], row_length: float
) -> Drawing:
    slots = place_in_rows(pieces, GAP, row_length - 20.0, 26.0)
    halves = half_heights(slots)
    right = right_edge(slots)
    shapes: list[Shape] = []
    for index, slot in enumerate(slots):
        if index and slots[index - 1].row != slot.row:
            before = slots[index - 1]
            shapes.append(
                row_connector(
                    (before.x + before.piece.width + 2.0, before.y),
                    (slot.x - 2.0, slot.y),
                    right,
                    slot.y - halves[index] - 34.0,
                    context.palette,
                )
            )
        shapes += slot_shapes(slot)
        shapes += _heading(context, slot, slot.y - halves[index] - 6.0)
    for index, (slot, other) in enumerate(pairwise(slots)):
        if slot.row == other.row:
            shapes += _window(context, scale, path.stages[index], path.stages[index + 1], slot, other)
    for x, slot, low, text in zip(_middles(slots, below), slots, halves, below, strict=True):
        for line, word in enumerate(text, 1):
            shapes.append(Text(x, slot.y + low + 8.0 + line * PLAIN * LINE, word, PLAIN, context.palette.ink))
    return cropped(shapes)


def _middles(slots: list[Slot], below: list[list[str]]) -> list[float]:
    """Where operations are written: between two stacks as LeCun does, or below their own stack where they would touch."""
    own = [slot.x + slot.piece.width / 2 for slot in slots]
    between = [
        (own[index - 1] + x) / 2 if index and slots[index - 1].row == slots[index].row else x for index, x in enumerate(own)
    ]
    halves = [max((text_width(word, PLAIN) for word in text), default=0.0) / 2 for text in below]
    touching = {
        slots[index].row
        for index in range(1, len(slots))
        if slots[index].row == slots[index - 1].row
        and between[index] - halves[index] < between[index - 1] + halves[index - 1] + APART
    }
    return [x if slot.row in touching else y for slot, x, y in zip(slots, own, between, strict=True)]


def _operation(stage: Stage) -> list[str]:
    """The operation that computes the stack: kind and window, and whether its connections are partial."""
    if stage.step.input is not None:
        return []
    if stage.step.elided:
        return label_lines(stage.step, ())[1:]
    times = [f"×{stage.times}"] if stage.times > 1 else []
    if stage.step.hidden:
        beside = " on the skip" if stage.beside_skip else ""
        return [f"{count_of(stage.step.hidden)}{beside}", step_kind(stage.step), *times]
    partial = ["partly connected"] if stage.is_partial else []
    return [step_kind(stage.step), *partial, *times]


def _heading(context: RenderContext, slot: Slot, y: float) -> list[Shape]:
    """`C1: feature maps` over `6@28×28`, as LeCun writes."""
    x = slot.x + slot.piece.width / 2
    first, *rest = slot.piece.labels[:2]
    texts: list[Shape] = [Text(x, y - (10.0 if rest else 0.0), first, 8.5, context.palette.ink, True)]
    texts += [Text(x, y, word, PLAIN, context.palette.ink) for word in rest]
    return texts


def _labels(context: RenderContext, stage: Stage) -> tuple[str, str]:
    if stage.step.elided:
        return label_lines(stage.step, ())[0], str(stage.volume)
    title = stage.title
    channels = int(stage.volume.channels)
    more = "".join(f", {text}" for text in label_texts(stage.step, counts(context.options.show or ())))
    if _is_bar(stage):
        return (title if stage.step.input is not None else f"{title}: layer", f"{channels}{more}")
    plane = "×".join(map(str, stage.volume.spatial))
    if stage.step.input is not None:
        return title.upper() if title == "input" else title, f"{channels}@{plane}" if channels > 1 else plane
    return f"{title}: feature maps", f"{channels}@{plane}{more}"


def _is_bar(stage: Stage) -> bool:
    return all(int(size) == 1 for size in stage.volume.spatial)


def _piece(context: RenderContext, scale: Scale, stage: Stage, heat: dict[int, float] | None) -> Piece:
    channels, height, width = sides(stage.volume)
    palette = context.palette
    fill = palette.fill(stage.step.family) if heat is None else palette.heated(heat.get(stage.index, 0.0))
    if _is_bar(stage):
        tall = scale.units.length(channels) if not stage.volume.spatial else scale.channels.length(channels)
        tall = max(14.0, tall)
        lean, thick = tall * 0.22, 7.0
        corners = (0.0, -tall / 2), (thick, -tall / 2), (thick + lean, tall / 2), (lean, tall / 2)
        shape = Path(corners, palette.edge, 0.7, fill, True, title=tooltip(stage.step))
        return Piece((shape,), thick + lean, tall, _labels(context, stage))
    planes = min(channels, MAX_PLANES)
    w, h = scale.width.length(width), scale.height.length(height)
    offset = STEP * (planes - 1)
    total = h + offset
    shapes = [Box(index * STEP, -total / 2 + index * STEP, w, h, fill, palette.edge, 0.6) for index in range(planes)]
    shapes[-1] = replace(shapes[-1], title=tooltip(stage.step))
    return Piece(tuple(shapes), w + offset, total, _labels(context, stage))


def _window(context: RenderContext, scale: Scale, stage: Stage, after: Stage, slot: Slot, other: Slot) -> list[Shape]:
    """A window on the last map of a stack, with lines to the unit it feeds; to a bar from the whole stack."""
    ink, faint = context.palette.ink, context.palette.faint
    target = _target(after, other)
    if not after.windows or len(after.windows) > 2 or _is_bar(stage):
        right = slot.x + slot.piece.width
        top, bottom = slot.y - slot.piece.height / 2, slot.y + slot.piece.height / 2
        left = (other.x, other.y - other.piece.height / 2), (other.x, other.y + other.piece.height / 2)
        starts: tuple[Point, Point] = ((right, top), (right, bottom))
        if _is_bar(stage):
            lean = slot.piece.width - 7.0
            starts = ((right - lean, top), (right, bottom))
            left = left[0], (other.x + (other.piece.width - 7.0 if _is_bar(after) else 0.0), left[1][1])
        return [Path((a, b), faint, 0.5) for a, b in zip(starts, left, strict=True)]
    _, height, width = sides(stage.volume)
    w, h = scale.width.length(width), scale.height.length(height)
    tall = (after.windows[-2].last_tap + 1) / height if len(after.windows) > 1 else 1.0
    wide = (after.windows[-1].last_tap + 1) / width
    kw, kh = max(3.0, min(1.0, wide) * w), max(3.0, min(1.0, tall) * h)
    planes = min(int(stage.volume.channels), MAX_PLANES)
    edge, top = slot.x + STEP * (planes - 1), slot.y - slot.piece.height / 2 + STEP * (planes - 1)
    x, y = edge + (w - min(kw, w)) * 0.62, top + (h - min(kh, h)) * 0.30
    box = Box(x, y, min(kw, w), min(kh, h), context.palette.paper, ink, 0.7)
    ends = ((x + box.width, y), (x + box.width, y + box.height))
    return [box, *(Path((end, target), ink, 0.5) for end in ends)]


def _target(stage: Stage, slot: Slot) -> Point:
    """A unit of the stack: on its last map, or at a bar's side."""
    if _is_bar(stage):
        return slot.x + slot.piece.width * 0.35, slot.y
    planes = min(int(stage.volume.channels), MAX_PLANES)
    back = STEP * (planes - 1)
    w = slot.piece.width - back
    h = slot.piece.height - back
    return slot.x + back + w * 0.18, slot.y - slot.piece.height / 2 + back + h * 0.55


STYLE = Style(
    layout=layout,
    page=(1400.0, 2000.0),
    legend="heads",
    note="sides on the scale {scale}; a stack shows at most 10 maps",
    drawn=path_steps,
    reads=("show", "heat", "expand", "depth", "only", "scale"),
)

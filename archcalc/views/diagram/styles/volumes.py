"""Volumes: feature maps as boxes to a stated scale, in the way the papers of AlexNet and LeNet draw them.

Channels go to the right, the height upwards, the width into the page. Windows are projected from one volume to the next;
groups that no layer mixes are towers one above the other; vectors are bars.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.layout.rows import Piece, Slot, half_heights, place_in_rows, row_connector, slot_labels, slot_shapes
from archcalc.views.diagram.shapes.labels import count_of, counts, label_lines, label_texts, step_kind, step_name, tooltip
from archcalc.views.diagram.shapes.palettes import Palette, mixed
from archcalc.views.diagram.shapes.scale import Scale, scale_of, sides
from archcalc.views.diagram.shapes.scene import Box, Disc, Drawing, Path, Point, Shape, Text, cropped, union
from archcalc.views.diagram.shapes.strokes import elbow, hatch
from archcalc.views.diagram.structure.main_path import MainPath, Stage, main_path
from archcalc.views.diagram.style import Style, path_steps

SHOW = ("name", "kernel", "shape")
GAP = 16.0
SLANT = (0.42, -0.30)
"""The direction into the page, projected onto it."""
TALL, DEEP = 105.0, 40.0
BAR = 7.0
BETWEEN = 9.0
"""Between towers."""
MAX_TOWERS = 4


def layout(context: RenderContext) -> Callable[[float], Drawing]:
    """The main path as volumes in rows, as a function of the longest row."""
    path = main_path(context.segments)
    volume_layout = _VolumeLayout(context, scale_of([stage.volume for stage in path.stages], context.options, TALL, TALL, DEEP))
    towers = _towers(path.stages)
    pieces = [volume_layout.piece(stage, count) for stage, count in zip(path.stages, towers, strict=True)]
    return lambda row_length: _drawn(context, path, volume_layout, pieces, row_length)


def _drawn(
    context: RenderContext,
    path: MainPath,
    volume_layout: _VolumeLayout,
    pieces: list[tuple[Piece, list[_Face]]],
    row_length: float,
) -> Drawing:
    space = 8.0 + 8.0 * len(path.skips) if path.skips else 0.0
    slots = place_in_rows([piece for piece, _ in pieces], GAP, 1e9 if path.skips else row_length - 20.0, space)
    halves = half_heights(slots)
    right = max(slot.x + slot.piece.width for slot in slots)
    shapes: list[Shape] = []
    for index, slot in enumerate(slots):
        if index and slots[index - 1].row != slot.row:
            before = slots[index - 1]
            start = (before.x + before.piece.width + 2.0, before.y)
            shapes.append(row_connector(start, (slot.x - 2.0, slot.y), right, slot.y - halves[index] - 12.0, context.palette))
        shapes += slot_shapes(slot)
    for index, other in enumerate(path.stages[1:]):
        if slots[index].row == slots[index + 1].row:
            shapes += volume_layout.projection(
                other, (pieces[index][1], slots[index]), (pieces[index + 1][1], slots[index + 1])
            )
    shapes += [text for slot, below in zip(slots, halves, strict=True) for text in slot_labels(slot, context.palette, below)]
    shapes += _skips(context.palette, path.skips, slots)
    shapes += volume_layout.ruler(path.stages, max(shape.bounds[3] for shape in shapes) + 14.0)
    return cropped(shapes)


def _towers(stages: list[Stage]) -> list[int]:
    """For each volume its number of towers: the groups that compute or read it, as long as no layer mixes them."""
    count = [1] * len(stages)
    for index, stage in enumerate(stages):
        groups = stage.groups
        if 1 < groups <= MAX_TOWERS and stage.volume.spatial and index:
            count[index] = groups
            back = index - 1
            while back > 0 and stages[back].volume.spatial and int(stages[back].volume.channels) % groups == 0:
                count[back] = max(count[back], groups)
                if stages[back].mixes:
                    break
                back -= 1
    for index in range(1, len(stages)):
        same = stages[index].volume.channels == stages[index - 1].volume.channels
        if same and not stages[index].mixes and stages[index].volume.spatial:
            count[index] = max(count[index], count[index - 1])
    return count


@dataclass(frozen=True)
class _Face:
    """A box on the page: its front's lower left corner, its sides, and how far it goes into the page."""

    x: float
    y: float
    across: float
    height: float
    inward: Point
    bar: bool = False

    def right(self, over: float, up: float) -> Point:
        """A point on the right face, from 0 to 1 into the page and upwards."""
        return (self.x + self.across + over * self.inward[0], self.y - up * self.height + over * self.inward[1])

    @property
    def middle(self) -> Point:
        """The middle of the left face."""
        return self.x + self.inward[0] / 2, self.y - self.height / 2 + self.inward[1] / 2


class _VolumeLayout:
    """Draws volumes on one scale."""

    def __init__(self, context: RenderContext, scale: Scale) -> None:
        self.context = context
        self.palette = context.palette
        self.scale = scale
        self.heat = context.heat_shares(path_steps(context))

    def piece(self, stage: Stage, towers: int) -> tuple[Piece, list[_Face]]:
        """The volume in towers, and the faces from which windows are projected."""
        channels, height, width = sides(stage.volume)
        bar = not stage.volume.spatial
        across = BAR if bar else self.scale.channels.length(max(1, channels // towers))
        tall = self.scale.units.length(channels) if bar else self.scale.height.length(height)
        inward = self.scale.width.length(width) if not bar else 4.0
        slant = (SLANT[0] * inward, SLANT[1] * inward)
        whole = tall - slant[1]
        faces = []
        total = towers * whole + (towers - 1) * BETWEEN
        for tower in range(towers):
            bottom = -total / 2 + tower * (whole + BETWEEN) + whole
            faces.append(_Face(0.0, bottom, across, tall, slant, bar))
        shapes = tuple(shape for face in faces for shape in self.box(stage, face, face is faces[0]))
        text = self.labels(stage)
        if towers > 1:
            text.append(f"{towers} × {channels // towers} maps")
        if stage.times > 1:
            text[0] += f"  ×{stage.times}"
        return Piece(shapes, across + slant[0], total, tuple(text)), faces

    def labels(self, stage: Stage) -> list[str]:
        """The labels of a volume; where steps before it are not drawn, their number."""
        show = self.context.labels(SHOW)
        if stage.hidden:
            shape = label_texts(stage.step, tuple(label for label in show if label == "shape") + counts(show))
            return [stage.block or step_name(stage.step), f"{count_of(stage.step.hidden)}, {step_kind(stage.step)}", *shape]
        text = label_lines(stage.step, show)
        if stage.step.hidden:
            text.append(f"{count_of(stage.step.hidden)} on the skip")
        return text

    def box(self, stage: Stage, face: _Face, has_title: bool) -> list[Shape]:
        """Front, top and right side; dashed where a side is smaller than can be drawn."""
        title = tooltip(stage.step) if has_title else ""
        palette, family = self.palette, stage.step.family
        fill = palette.fill(family) if self.heat is None else palette.heated(self.heat.get(stage.index, 0.0))
        x, y, (dx, dy) = face.x, face.y, face.inward
        top, right = y - face.height, x + face.across
        channels, height, width = sides(stage.volume)
        axes = self.scale
        clamped = not face.bar and (
            axes.height.is_clamped(height) or axes.width.is_clamped(width) or axes.channels.is_clamped(channels)
        )
        front = ((x, y), (right, y), (right, top), (x, top))
        roof = ((x, top), (right, top), (right + dx, top + dy), (x + dx, top + dy))
        side = ((right, y), (right + dx, y + dy), (right + dx, top + dy), (right, top))
        shade = mixed(palette.color(family), fill, 0.30) if self.heat is None else fill
        shapes: list[Shape] = [
            Path(front, palette.edge, 0.6, fill, True, dashed=clamped, title=title),
            Path(roof, palette.edge, 0.6, mixed(palette.paper, fill, 0.35), True, dashed=clamped),
            Path(side, palette.edge, 0.6, shade, True, dashed=clamped),
        ]
        pattern = palette.hatch(family)
        if pattern and self.heat is None:
            shapes[1:1] = hatch((x, top, right, y), pattern, palette.ink, 4.0)
        return shapes

    def projection(self, stage: Stage, before: tuple[list[_Face], Slot], after: tuple[list[_Face], Slot]) -> list[Shape]:
        """The window on the volume before, projected to a point of this one; to a bar from the whole volume."""
        apart = len(before[0]) == len(after[0]) and (stage.groups == len(after[0]) or not stage.mixes)
        shapes: list[Shape] = []
        for index, source in enumerate(before[0]):
            for to, target in enumerate(after[0]):
                if not apart or index == to:
                    shapes += self.rays(stage, _in_slot(source, before[1]), _in_slot(target, after[1]))
        return shapes

    def rays(self, stage: Stage, source: _Face, target: _Face) -> list[Shape]:
        palette = self.palette
        if target.bar or not stage.windows or len(stage.windows) > 2:
            ends = ((target.x, target.y - target.height), (target.x, target.y))
            starts = (source.right(0.0 if source.bar else 1.0, 1.0), source.right(0.0, 0.0))
            both = zip(starts, ends, strict=True)
            return [Path((start, end), palette.faint, 0.5, opacity=0.8) for start, end in both]
        _, height, width = sides(stage.step.head.inputs[0])
        tall = stage.windows[-2] if len(stage.windows) > 1 else None
        share_h = min(1.0, (tall.last_tap + 1) / height) if tall else 1.0
        share_w = min(1.0, (stage.windows[-1].last_tap + 1) / width)
        up, over = (1 - share_h) * 0.5, (1 - share_w) * 0.5
        corners = [source.right(over + a * share_w, up + b * share_h) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))]
        color = palette.ink
        window = Path(tuple(corners), color, 0.6, mixed(palette.paper, palette.color(stage.step.family), 0.6), True)
        rays = [Path((corner, target.middle), color, 0.35, opacity=0.75) for corner in corners]
        x, y = target.middle
        return [window, *rays, Disc(x, y, 1.1, color)]

    def ruler(self, stages: list[Stage], y: float) -> list[Shape]:
        """The scale bar: the lengths of some sizes, and the scale law."""
        palette = self.palette
        maps = [sides(stage.volume) for stage in stages if stage.volume.spatial]
        if not maps:
            return []
        x = 0.0
        shapes: list[Shape] = []
        second = ("height", self.scale.height) if any(h > 1 for _, h, _ in maps) else ("width", self.scale.width)
        if any(len(stage.volume.spatial) > 2 for stage in stages):
            second = ("depth · height", self.scale.height)
        for name, axis in (("channels", self.scale.channels), second):
            for size in sorted({_round(axis.largest), _round(max(1, axis.largest // 8))}):
                length = axis.length(size)
                shapes += [
                    Box(x, y - 1.0, length, 2.0, palette.ink),
                    Box(x, y - 3.0, 0.5, 6.0, palette.ink),
                    Box(x + length - 0.5, y - 3.0, 0.5, 6.0, palette.ink),
                ]
                text = Text(x + length + 4.0, y + 2.8, f"{size} {name}", 8.0, palette.faint, anchor="start")
                shapes.append(text)
                x = text.bounds[2] + 14.0
        shapes.append(Text(x, y + 2.8, self.scale.law_text, 8.0, palette.faint, anchor="start"))
        return shapes


def _round(size: int) -> int:
    """The largest of 1, 2, 5 times a power of ten that is not above the size."""
    power = 10 ** (len(str(size)) - 1)
    return next(step * power for step in (5, 2, 1) if step * power <= size)


def _in_slot(face: _Face, slot: Slot) -> _Face:
    return _Face(face.x + slot.x, face.y + slot.y, face.across, face.height, face.inward, face.bar)


def _skips(palette: Palette, skips: list[tuple[int, int, bool]], slots: list[Slot]) -> list[Shape]:
    """Skips as arcs above the row, the outer ones higher."""
    shapes: list[Shape] = []
    if not skips:
        return shapes
    top = min(shape.bounds[1] for slot in slots for shape in slot_shapes(slot))
    for level, (start, end, carries_indices) in enumerate(sorted(skips, key=lambda skip: skip[1] - skip[0])):
        y = top - 8.0 - 8.0 * level
        first, last = (union(shape.bounds for shape in slot_shapes(slots[index])) for index in (start, end))
        x0, x1 = (first[0] + first[2]) / 2, (last[0] + last[2]) / 2
        shapes.append(
            elbow([(x0, first[1]), (x0, y), (x1, y), (x1, last[1])], palette.edge, 0.9, arrow=True, dashed=carries_indices)
        )
    return shapes


STYLE = Style(
    layout=layout,
    page=(2000.0, 2800.0),
    legend="heads",
    drawn=path_steps,
    reads=("show", "heat", "expand", "depth", "only", "scale"),
)

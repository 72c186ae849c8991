"""An encoder-decoder as a U: down the left side, across the bottom, up the right side, skips straight across."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.views.diagram.layout.blocks import BlockLayout
from archcalc.views.diagram.layout.lane import GAP, Placed
from archcalc.views.diagram.shapes.scene import Drawing, Shape, cropped
from archcalc.views.diagram.structure.main_path import is_encoder_decoder
from archcalc.views.diagram.structure.series_parallel import Leaf, Parallel, Repeat, Segment, Series, leaves

DROP = 7.0


@dataclass(frozen=True)
class _Level:
    """One height of the U: the left column ends at the source of the skip, the right one begins at the merge."""

    left: Series
    right: Series
    skip: Series
    carries_indices: bool


def draw(block_layout: BlockLayout, segments: Series) -> Drawing | None:
    """The network as a U, or None if it is not an encoder-decoder."""
    levels, bottom = _levels(segments)
    unpooled = frozenset(
        index for index, segment in enumerate(bottom) if isinstance(segment, Parallel) and not any(segment.branches)
    )
    bottom = tuple(
        segment.merge if isinstance(segment, Parallel) and not any(segment.branches) else segment for segment in bottom
    )
    if not levels or not _only_boxes([*bottom, *(segment for level in levels for segment in (*level.left, *level.right))]):
        return None
    return _drawn(BlockLayout(block_layout.palette, block_layout.show, block_layout.heat, False), levels, bottom, unpooled)


def _levels(segments: Series) -> tuple[list[_Level], Series]:
    levels: list[_Level] = []
    while True:
        descents = [
            index for index, segment in enumerate(segments) if isinstance(segment, Parallel) and _descends(segments, index)
        ]
        if len(descents) != 1:
            return (levels, segments) if not descents else ([], segments)
        parallel = segments[descents[0]]
        assert isinstance(parallel, Parallel)
        main, side = sorted(parallel.branches, key=len, reverse=True)
        after = segments[descents[0] + 1 :]
        levels.append(_Level(segments[: descents[0]], (parallel.merge, *after), side, bool(parallel.index_edges)))
        segments = main


def _descends(segments: Series, index: int) -> bool:
    """A branch goes down to smaller maps and up again."""
    parallel = segments[index]
    return (
        index > 0
        and isinstance(parallel, Parallel)
        and any(parallel.branches)
        and is_encoder_decoder(leaves(segments[:index])[-1].step.output, parallel)
    )


def _only_boxes(segments: list[Segment]) -> bool:
    """The columns contain only single boxes and repetitions of them."""
    return all(
        isinstance(segment, Leaf)
        or (isinstance(segment, Repeat) and len(segment.segments) == 1 and isinstance(segment.segments[0], Leaf))
        for segment in segments
    )


def _drawn(block_layout: BlockLayout, levels: list[_Level], bottom: Series, unpooled: frozenset[int]) -> Drawing:
    bottom_row = [block_layout.segment(segment) for segment in bottom]
    columns = [
        ([block_layout.segment(segment) for segment in level.left], [block_layout.segment(segment) for segment in level.right])
        for level in levels
    ]
    skips = [block_layout.segment(level.skip[0]) if level.skip else None for level in levels]
    half_left = max(box.length for left, _ in columns for box in [*left, bottom_row[0]]) / 2
    half_right = max(box.length for _, right in columns for box in [*right, bottom_row[-1]]) / 2
    inner = sum(box.length for box in bottom_row[1:-1]) + GAP * (len(bottom_row) - 1)
    middle = max([inner, *(box.length + 60.0 for box in skips if box)], default=60.0)
    middle = max(middle, 110.0)
    x_left, x_right = half_left, 2 * half_left + middle + half_right
    shapes: list[Shape] = []
    y, above = 0.0, None
    rows: list[float] = []
    for (left, right), level, skip in zip(columns, levels, skips, strict=True):
        base = y + max(_height(left) - left[-1].down, _height(right) - right[0].down)
        rows.append(base)
        shapes += _column(block_layout, left, x_left, base, above)
        above = (base + left[-1].down, left[-1])
        shapes += _skip(block_layout, left[-1], right[0], skip, (x_left, x_right), base, level.carries_indices)
        y = base + max(left[-1].down, right[0].down) + DROP
    base = y + max(box.up for box in bottom_row)
    shapes += _bottom(block_layout, bottom_row, (x_left, x_right), base, above, unpooled)
    before = (base - bottom_row[-1].up, bottom_row[-1])
    for (_, right), base in reversed(list(zip(columns, rows, strict=True))):
        shapes += _rising(block_layout, right, x_right, base, before)
        top = base + right[0].down - _height(right)
        before = (top, right[-1])
    return cropped(shapes)


def _height(column: list[Placed]) -> float:
    return sum(box.up + box.down for box in column) + DROP * (len(column) - 1)


def _put(block_layout: BlockLayout, box: Placed, x: float, y: float) -> tuple[Shape, ...]:
    return block_layout.shapes_at(box, x - _middle(box), y)


def _middle(box: Placed) -> float:
    return 8.0 if len(box.steps) == 1 and box.steps[0].merge_sign and box.up == 8.0 else box.length / 2


def _column(
    block_layout: BlockLayout, left: list[Placed], x: float, base: float, before: tuple[float, Placed] | None
) -> list[Shape]:
    """The left side of a level, from its top down to `base`."""
    y = base + left[-1].down - _height(left)
    shapes: list[Shape] = []
    for box in left:
        y += box.up
        if before is not None:
            shapes.append(block_layout.line([(x, before[0]), (x, y - box.up)], arrow=True, ends=(before[1].last, box.first)))
        shapes += _put(block_layout, box, x, y)
        y += box.down
        before = (y, box)
        y += DROP
    return shapes


def _rising(block_layout: BlockLayout, right: list[Placed], x: float, base: float, before: tuple[float, Placed]) -> list[Shape]:
    """The right side of a level, from `base` upwards."""
    shapes: list[Shape] = []
    y = base
    for index, box in enumerate(right):
        if index:
            y -= box.down
        shapes.append(block_layout.line([(x, before[0]), (x, y + box.down)], arrow=True, ends=(before[1].last, box.first)))
        shapes += _put(block_layout, box, x, y)
        y -= box.up
        before = (y, box)
        y -= DROP
    return shapes


def _skip(
    block_layout: BlockLayout,
    left: Placed,
    right: Placed,
    skip: Placed | None,
    columns: tuple[float, float],
    y: float,
    carries_indices: bool,
) -> list[Shape]:
    start, end = columns[0] + left.length / 2, columns[1] - _middle(right)
    if skip is None:
        return [block_layout.line([(start, y), (end, y)], arrow=True, dashed=carries_indices, ends=(left.last, right.first))]
    middle = (start + end) / 2
    return [
        block_layout.line([(start, y), (middle - skip.length / 2, y)], arrow=True, ends=(left.last, skip.first)),
        *_put(block_layout, skip, middle, y),
        block_layout.line([(middle + skip.length / 2, y), (end, y)], arrow=True, ends=(skip.last, right.first)),
    ]


def _bottom(
    block_layout: BlockLayout,
    bottom_row: list[Placed],
    columns: tuple[float, float],
    y: float,
    before: tuple[float, Placed] | None,
    unpooled: frozenset[int],
) -> list[Shape]:
    """The lowest steps from the left side to the right one; an unpooling has a second edge from its neighbour, its pooling."""
    shapes: list[Shape] = []
    if before is not None:
        points = [(columns[0], before[0]), (columns[0], y - bottom_row[0].up)]
        shapes.append(block_layout.line(points, arrow=True, ends=(before[1].last, bottom_row[0].first)))
    centres = [columns[0], *([columns[1]] if len(bottom_row) > 1 else [])]
    inner = bottom_row[1:-1]
    if inner:
        start, end = columns[0] + bottom_row[0].length / 2, columns[1] - bottom_row[-1].length / 2
        space = (end - start - sum(box.length for box in inner)) / (len(inner) + 1)
        x = start
        for n, box in enumerate(inner):
            x += space
            centres.insert(n + 1, x + box.length / 2)
            x += box.length
    for n, (box, x) in enumerate(zip(bottom_row, centres, strict=True)):
        shapes += _put(block_layout, box, x, y)
        if n:
            old = bottom_row[n - 1]
            points = [(centres[n - 1] + old.length / 2, y), (x - box.length / 2, y)]
            shapes.append(block_layout.line(points, arrow=True, ends=(old.last, box.first)))
        if n in unpooled:
            lift = y + max(old.down, box.down) + 9.0
            points = [(centres[n - 1], y + old.down), (centres[n - 1], lift), (x, lift), (x, y + box.down)]
            shapes.append(block_layout.line(points, arrow=True, dashed=True, ends=(old.last, box.first)))
    return shapes

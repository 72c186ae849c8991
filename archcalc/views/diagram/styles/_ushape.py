"""An encoder-decoder as a U: down the left side, across the bottom, up the right side, skips straight across."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.views.diagram.layout.blocks import BlockLayout
from archcalc.views.diagram.layout.lane import GAP, Placed
from archcalc.views.diagram.shapes.scene import Drawing, Shape, fitted
from archcalc.views.diagram.structure.main_path import dips
from archcalc.views.diagram.structure.series_parallel import Leaf, Parallel, Repeat, Segment, Series, leaves

DROP = 10.0


@dataclass(frozen=True)
class _Level:
    """One height of the U: the left column ends at the step that is skipped from, the right one begins at the merge."""

    left: Series
    right: Series
    skip: Series
    carries_indices: bool


def draw(block_layout: BlockLayout, segments: Series) -> Drawing | None:
    """The network as a U, or None if it is none."""
    levels, bottom = _levels(segments)
    undone = frozenset(
        index for index, segment in enumerate(bottom) if isinstance(segment, Parallel) and not any(segment.branches)
    )
    bottom = tuple(segment.merge if index in undone else segment for index, segment in enumerate(bottom))  # type: ignore[union-attr]
    if not levels or not _plain([*bottom, *(segment for level in levels for segment in (*level.left, *level.right))]):
        return None
    return _drawn(BlockLayout(block_layout.palette, block_layout.show, block_layout.heat, False), levels, bottom, undone)


def _levels(segments: Series) -> tuple[list[_Level], Series]:
    levels: list[_Level] = []
    while True:
        dips = [index for index, segment in enumerate(segments) if isinstance(segment, Parallel) and _dips(segments, index)]
        if len(dips) != 1:
            return (levels, segments) if not dips else ([], segments)
        region = segments[dips[0]]
        assert isinstance(region, Parallel)
        main, side = sorted(region.branches, key=len, reverse=True)
        after = segments[dips[0] + 1 :]
        levels.append(_Level(segments[: dips[0]], (region.merge, *after), side, bool(region.index_edges)))
        segments = main


def _dips(segments: Series, index: int) -> bool:
    """A path goes down to smaller maps and comes up again."""
    region = segments[index]
    return (
        index > 0
        and isinstance(region, Parallel)
        and any(region.branches)
        and dips(leaves(segments[:index])[-1].step.output, region)
    )


def _plain(segments: list[Segment]) -> bool:
    """Only single boxes stand in the columns, or repetitions of them."""
    return all(
        isinstance(segment, Leaf)
        or (isinstance(segment, Repeat) and len(segment.segments) == 1 and isinstance(segment.segments[0], Leaf))
        for segment in segments
    )


def _drawn(block_layout: BlockLayout, levels: list[_Level], bottom: Series, undone: frozenset[int]) -> Drawing:
    low = [block_layout.segment(segment) for segment in bottom]
    columns = [
        ([block_layout.segment(segment) for segment in level.left], [block_layout.segment(segment) for segment in level.right])
        for level in levels
    ]
    skips = [block_layout.segment(level.skip[0]) if level.skip else None for level in levels]
    half_left = max(one.length for left, _ in columns for one in [*left, low[0]]) / 2
    half_right = max(one.length for _, right in columns for one in [*right, low[-1]]) / 2
    inner = sum(one.length for one in low[1:-1]) + GAP * (len(low) - 1)
    middle = max([inner, *(one.length + 60.0 for one in skips if one)], default=60.0)
    middle = max(middle, 110.0)
    x_left, x_right = half_left, 2 * half_left + middle + half_right
    shapes: list[Shape] = []
    y, passed = 0.0, None
    rows: list[float] = []
    for (left, right), level, skip in zip(columns, levels, skips, strict=True):
        base = y + max(_height(left) - left[-1].down, _height(right) - right[0].down)
        rows.append(base)
        shapes += _column(block_layout, left, x_left, base, passed)
        passed = (base + left[-1].down, left[-1])
        shapes += _skip(block_layout, left[-1], right[0], skip, (x_left, x_right), base, level.carries_indices)
        y = base + max(left[-1].down, right[0].down) + DROP
    base = y + max(one.up for one in low)
    shapes += _bottom(block_layout, low, (x_left, x_right), base, passed, undone)
    before = (base - low[-1].up, low[-1])
    for (_, right), base in reversed(list(zip(columns, rows, strict=True))):
        shapes += _rising(block_layout, right, x_right, base, before)
        top = base + right[0].down - _height(right)
        before = (top, right[-1])
    return fitted(shapes)


def _height(column: list[Placed]) -> float:
    return sum(one.up + one.down for one in column) + DROP * (len(column) - 1)


def _put(block_layout: BlockLayout, one: Placed, x: float, y: float) -> tuple[Shape, ...]:
    return block_layout.shapes_at(one, x - _middle(one), y)


def _middle(one: Placed) -> float:
    return 8.0 if len(one.steps) == 1 and one.steps[0].merge_sign and one.up == 8.0 else one.length / 2


def _column(
    block_layout: BlockLayout, left: list[Placed], x: float, base: float, before: tuple[float, Placed] | None
) -> list[Shape]:
    """The left side of a level, from its top down to `base`."""
    y = base + left[-1].down - _height(left)
    shapes: list[Shape] = []
    for one in left:
        y += one.up
        if before is not None:
            shapes.append(block_layout.line([(x, before[0]), (x, y - one.up)], arrow=True, ends=(before[1].last, one.first)))
        shapes += _put(block_layout, one, x, y)
        y += one.down
        before = (y, one)
        y += DROP
    return shapes


def _rising(block_layout: BlockLayout, right: list[Placed], x: float, base: float, before: tuple[float, Placed]) -> list[Shape]:
    """The right side of a level, from `base` upwards."""
    shapes: list[Shape] = []
    y = base
    for index, one in enumerate(right):
        if index:
            y -= one.down
        shapes.append(block_layout.line([(x, before[0]), (x, y + one.down)], arrow=True, ends=(before[1].last, one.first)))
        shapes += _put(block_layout, one, x, y)
        y -= one.up
        before = (y, one)
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
    low: list[Placed],
    columns: tuple[float, float],
    y: float,
    before: tuple[float, Placed] | None,
    undone: frozenset[int],
) -> list[Shape]:
    """The lowest steps from the left side to the right one; one that undoes its neighbour has a second edge to it."""
    shapes: list[Shape] = []
    if before is not None:
        places = [(columns[0], before[0]), (columns[0], y - low[0].up)]
        shapes.append(block_layout.line(places, arrow=True, ends=(before[1].last, low[0].first)))
    centres = [columns[0], *([columns[1]] if len(low) > 1 else [])]
    inner = low[1:-1]
    if inner:
        start, end = columns[0] + low[0].length / 2, columns[1] - low[-1].length / 2
        space = (end - start - sum(one.length for one in inner)) / (len(inner) + 1)
        x = start
        for n, one in enumerate(inner):
            x += space
            centres.insert(n + 1, x + one.length / 2)
            x += one.length
    for n, (one, x) in enumerate(zip(low, centres, strict=True)):
        shapes += _put(block_layout, one, x, y)
        if n:
            old = low[n - 1]
            places = [(centres[n - 1] + old.length / 2, y), (x - one.length / 2, y)]
            shapes.append(block_layout.line(places, arrow=True, ends=(old.last, one.first)))
        if n in undone:
            lift = y + max(old.down, one.down) + 9.0
            places = [(centres[n - 1], y + old.down), (centres[n - 1], lift), (x, lift), (x, y + one.down)]
            shapes.append(block_layout.line(places, arrow=True, dashed=True, ends=(old.last, one.first)))
    return shapes

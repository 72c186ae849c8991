"""Folding: equal cells one after the other are drawn once with ×N; what does not fit a page loses its middle.

Equal is proved, not guessed: a cell's signature holds for each layer the identity of its figures, which the walk
shares between layers of one kind with the same fields at the same volumes, and how the layers are connected.
"""

from __future__ import annotations

from dataclasses import replace

from archcalc.views.diagram.structure.series_parallel import (
    Irreducible,
    Leaf,
    Parallel,
    Repeat,
    Segment,
    Series,
    SideOutput,
    leaves,
)
from archcalc.views.diagram.structure.steps import Step

LONGEST_PERIOD = 24


def fold(segments: Series) -> Series:
    """The series with every run of equal cells, or of equal groups of cells, folded."""
    inner = tuple(_inside(segment) for segment in segments)
    marks = [_signature(segment) for segment in inner]
    found: list[Segment] = []
    index = 0
    while index < len(inner):
        period, times = _run(marks, index)
        if times > 1:
            found.append(Repeat(inner[index : index + period], times))
            index += period * times
        else:
            found.append(inner[index])
            index += 1
    return tuple(found)


def _inside(segment: Segment) -> Segment:
    if isinstance(segment, Parallel):
        return replace(segment, branches=tuple(fold(branch) for branch in segment.branches))
    return replace(segment, segments=fold(segment.segments)) if isinstance(segment, SideOutput) else segment


def _run(marks: list[object], index: int) -> tuple[int, int]:
    """The shortest period that repeats here, and how often."""
    for period in range(1, min(LONGEST_PERIOD, (len(marks) - index) // 2) + 1):
        times = 1
        while marks[index + times * period : index + (times + 1) * period] == marks[index : index + period]:
            times += 1
        if times > 1:
            return period, times
    return 1, 1


def _signature(segment: Segment) -> object:
    match segment:
        case Leaf():
            return segment.step.signature
        case SideOutput():
            return id(segment)
        case Repeat():
            return ("repeat", segment.times, tuple(map(_signature, segment.segments)))
        case Irreducible():
            return ("tangle", segment.edges, tuple(one.step.signature for one in segment.steps))
        case Parallel():
            branches = tuple(tuple(map(_signature, branch)) for branch in segment.branches)
            return ("region", branches, segment.index_edges, segment.merge.step.signature)


def copies(segments: Series) -> int:
    """How many steps a series draws."""
    return len(leaves(segments))


def elide(segments: Series, most: int) -> Series:
    """The series with the middle of whatever is longer or wider than `most` left out, its count and cost said."""
    segments = tuple(_elide_inside(segment, most) for segment in segments)
    spurs = tuple(segment for segment in segments if isinstance(segment, SideOutput))
    segments = segments[: len(segments) - len(spurs)]
    if len(segments) > most:
        head = most // 2
        tail = max(1, most - 1 - head)
        segments = (*segments[:head], _gap(segments[head : len(segments) - tail]), *segments[len(segments) - tail :])
    return (*segments, *spurs)


def _elide_inside(segment: Segment, most: int) -> Segment:
    if isinstance(segment, Repeat | SideOutput):
        return replace(segment, segments=elide(segment.segments, most))
    if isinstance(segment, Irreducible) and len(segment.steps) > most:
        return _gap((segment,))
    if not isinstance(segment, Parallel):
        return segment
    branches = tuple(elide(branch, most) for branch in segment.branches)
    if len(branches) > most:
        head = most // 2
        tail = max(1, most - 1 - head)
        gap = _gap(tuple(inner for branch in branches[head : len(branches) - tail] for inner in branch))
        branches = (*branches[:head], (gap,), *branches[len(branches) - tail :])
    return replace(segment, branches=branches, index_edges=min(segment.index_edges, sum(not branch for branch in branches)))


def _gap(segments: Series) -> Leaf:
    """One step in the place of many."""
    layers = []
    count = 0
    stack: list[tuple[Segment, int]] = [(segment, 1) for segment in reversed(segments)]
    while stack:
        segment, times = stack.pop()
        if isinstance(segment, Repeat):
            stack += [(inner, times * segment.times) for inner in reversed(segment.segments)]
            continue
        for one in leaves((segment,)):
            layers += list(one.step.layers) * times
            count += times * (one.step.elided or 1)
    first = leaves(segments)[0]
    return Leaf(first.index, Step(f"{count} steps", tuple(layers), elided=count))

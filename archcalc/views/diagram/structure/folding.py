"""Folding: equal segments one after the other are drawn once with ×N; elision: a long series loses its middle.

Equality is proved, not guessed: the signature of a segment contains that of each layer (kind, fields and volumes) and
how the layers are connected.
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

MAX_PERIOD = 24


def fold(segments: Series) -> Series:
    """The series with every run of equal segments, or of equal groups of segments, folded."""
    inner = tuple(_inside(segment) for segment in segments)
    signatures = [_signature(segment) for segment in inner]
    folded: list[Segment] = []
    index = 0
    while index < len(inner):
        period, times = _run(signatures, index)
        if times > 1:
            folded.append(Repeat(inner[index : index + period], times))
            index += period * times
        else:
            folded.append(inner[index])
            index += 1
    return tuple(folded)


def _inside(segment: Segment) -> Segment:
    if isinstance(segment, Parallel):
        return replace(segment, branches=tuple(fold(branch) for branch in segment.branches))
    return replace(segment, segments=fold(segment.segments)) if isinstance(segment, SideOutput) else segment


def _run(signatures: list[object], index: int) -> tuple[int, int]:
    """The shortest period that repeats from an index on, and how often."""
    for period in range(1, min(MAX_PERIOD, (len(signatures) - index) // 2) + 1):
        times = 1
        while signatures[index + times * period : index + (times + 1) * period] == signatures[index : index + period]:
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
            return ("irreducible", segment.edges, tuple(leaf.step.signature for leaf in segment.steps))
        case Parallel():
            branches = tuple(tuple(map(_signature, branch)) for branch in segment.branches)
            return ("parallel", branches, segment.index_edges, segment.merge.step.signature)


def elide(segments: Series, max_segments: int) -> Series:
    """The series with at most `max_segments` segments and branches each; one step replaces those in the middle."""
    segments = tuple(_elide_inside(segment, max_segments) for segment in segments)
    side_outputs = tuple(segment for segment in segments if isinstance(segment, SideOutput))
    segments = segments[: len(segments) - len(side_outputs)]
    if len(segments) > max_segments:
        head = max_segments // 2
        tail = max(1, max_segments - 1 - head)
        segments = (*segments[:head], _gap(segments[head : len(segments) - tail]), *segments[len(segments) - tail :])
    return (*segments, *side_outputs)


def _elide_inside(segment: Segment, max_segments: int) -> Segment:
    if isinstance(segment, Repeat | SideOutput):
        return replace(segment, segments=elide(segment.segments, max_segments))
    if isinstance(segment, Irreducible) and len(segment.steps) > max_segments:
        return _gap((segment,))
    if not isinstance(segment, Parallel):
        return segment
    branches = tuple(elide(branch, max_segments) for branch in segment.branches)
    if len(branches) > max_segments:
        head = max_segments // 2
        tail = max(1, max_segments - 1 - head)
        gap = _gap(tuple(inner for branch in branches[head : len(branches) - tail] for inner in branch))
        branches = (*branches[:head], (gap,), *branches[len(branches) - tail :])
    return replace(segment, branches=branches, index_edges=min(segment.index_edges, sum(not branch for branch in branches)))


def _gap(segments: Series) -> Leaf:
    """One step in place of many, with their layers."""
    layers = []
    count = 0
    stack: list[tuple[Segment, int]] = [(segment, 1) for segment in reversed(segments)]
    while stack:
        segment, times = stack.pop()
        if isinstance(segment, Repeat):
            stack += [(inner, times * segment.times) for inner in reversed(segment.segments)]
            continue
        for leaf in leaves((segment,)):
            layers += list(leaf.step.layers) * times
            count += times * (leaf.step.elided or 1)
    first = leaves(segments)[0]
    return Leaf(first.index, Step(f"{count} steps", tuple(layers), elided=count))

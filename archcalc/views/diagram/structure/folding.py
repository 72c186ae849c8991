"""Folding: equal segments one after the other are drawn once with ×N; elision: a long series loses its middle.

Equality is proved, not guessed: the signature of a segment contains that of each layer (kind, fields and volumes) and
how the layers are connected. A step that is drawn for several knows all of them, so that no sum and no count of steps
forgets one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from archcalc.views.diagram.structure.step import Step

MAX_PERIOD = 24
FEWEST = 2
"""The bound of `elide` at which parallel branches become one step, too."""


def fold(segments: Series) -> Series:
    """The series with every run of equal segments, or of equal groups of segments, folded."""
    sources = {segment.start for segment in segments if isinstance(segment, SideOutput)}
    return _fold(segments, sources)


def _fold(segments: Series, sources: set[int | None]) -> Series:
    """`sources` of side outputs equal no other step: a copy without the side output is not drawn with it."""
    inner = tuple(_inside(segment, sources) for segment in segments)
    signatures = [_signature(segment, sources) for segment in inner]
    folded: list[Segment] = []
    index = 0
    while index < len(inner):
        period, times = _run(signatures, index)
        if times > 1:
            copies = [inner[start : start + period] for start in range(index, index + period * times, period)]
            folded.append(Repeat(_merged(copies), times))
            index += period * times
        else:
            folded.append(inner[index])
            index += 1
    return tuple(folded)


def _inside(segment: Segment, sources: set[int | None]) -> Segment:
    if isinstance(segment, Parallel):
        return replace(segment, branches=tuple(_fold(branch, sources) for branch in segment.branches))
    return replace(segment, segments=_fold(segment.segments, sources)) if isinstance(segment, SideOutput) else segment


def _merged(copies: list[Series]) -> Series:
    """The first of equal series; each of its steps knows its equals in the others."""
    equals = zip(*(leaves(series) for series in copies), strict=True)
    steps = (replace(equal[0].step, copies=tuple(step for leaf in equal for step in every(leaf.step))) for equal in equals)
    return _with_steps(copies[0], steps)


def _with_steps(segments: Series, steps: Iterator[Step]) -> Series:
    """The same series with other steps, in the order of its leaves."""
    result: list[Segment] = []
    for segment in segments:
        match segment:
            case Leaf():
                result.append(Leaf(segment.index, next(steps)))
            case Irreducible():
                result.append(replace(segment, steps=tuple(Leaf(leaf.index, next(steps)) for leaf in segment.steps)))
            case Repeat() | SideOutput():
                result.append(replace(segment, segments=_with_steps(segment.segments, steps)))
            case Parallel():
                branches = tuple(_with_steps(branch, steps) for branch in segment.branches)
                result.append(replace(segment, branches=branches, merge=Leaf(segment.merge.index, next(steps))))
    return tuple(result)


def every(step: Step) -> tuple[Step, ...]:
    """All steps for which a step is drawn."""
    return step.copies or (step,)


def in_one_copy(segments: Iterable[Segment], times: int, copy: int = 0) -> Iterator[Step]:
    """All steps of segments that are drawn for `times` equal ones: those of one copy, by its number."""
    for leaf in leaves(tuple(segments)):
        steps = every(leaf.step)
        count = len(steps) // times
        for step in steps[copy * count : (copy + 1) * count]:
            yield from step.left_out or (step,)


def _run(signatures: list[object], index: int) -> tuple[int, int]:
    """The shortest period that repeats from an index on, and how often."""
    for period in range(1, min(MAX_PERIOD, (len(signatures) - index) // 2) + 1):
        times = 1
        while signatures[index + times * period : index + (times + 1) * period] == signatures[index : index + period]:
            times += 1
        if times > 1:
            return period, times
    return 1, 1


def _signature(segment: Segment, sources: set[int | None]) -> object:
    match segment:
        case Leaf():
            return id(segment) if segment.index in sources else segment.step.signature
        case SideOutput():
            return id(segment)
        case Repeat():
            return ("repeat", segment.times, tuple(_signature(inner, sources) for inner in segment.segments))
        case Irreducible():
            return ("irreducible", segment.edges, tuple(_signature(leaf, sources) for leaf in segment.steps))
        case Parallel():
            branches = tuple(tuple(_signature(inner, sources) for inner in branch) for branch in segment.branches)
            return ("parallel", branches, segment.index_edges, _signature(segment.merge, sources))


def elide(segments: Series, max_segments: int) -> Series:
    """The series with at most `max_segments` segments and branches each; one step replaces those in the middle."""
    paths = [segment for segment in segments if isinstance(segment, SideOutput)]
    main = _elide(segments[: len(segments) - len(paths)], max_segments, 1)
    places = {id(step): leaf for leaf in leaves(main) for step in leaf.step.left_out}
    if len(paths) > max_segments:
        head, tail = _kept(max_segments)
        middle = tuple(inner for path in paths[head : len(paths) - tail] for inner in path.segments)
        paths = [*paths[:head], SideOutput(None, (_gap(middle, 1),)), *paths[len(paths) - tail :]]
    side_outputs = (
        replace(
            path,
            segments=_elide(path.segments, max_segments, 1),
            drawn_source=places.get(id(path.source.step)) if path.source else None,
        )
        for path in paths
    )
    return (*main, *side_outputs)


def longest(segments: Series) -> int:
    """The largest number of segments in a series, of branches or of irreducible steps: a smaller bound leaves some out."""
    largest = 0
    stack: list[Series] = [segments]
    while stack:
        series = stack.pop()
        largest = max(largest, len(series))
        for segment in series:
            match segment:
                case Repeat() | SideOutput():
                    stack.append(segment.segments)
                case Irreducible():
                    largest = max(largest, len(segment.steps))
                case Parallel():
                    largest = max(largest, len(segment.branches))
                    stack += segment.branches
    return largest


def _elide(segments: Series, max_segments: int, times: int) -> Series:
    """`times`: how many equal series this one is drawn for."""
    segments = tuple(_elide_inside(segment, max_segments, times) for segment in segments)
    if len(segments) <= max_segments:
        return segments
    head, tail = _kept(max_segments)
    gap = _gap(segments[head : len(segments) - tail], times)
    return (*segments[:head], gap, *segments[len(segments) - tail :])


def _kept(max_segments: int) -> tuple[int, int]:
    """How many are kept at the beginning and at the end."""
    head = max_segments // 2
    return head, max(1, max_segments - 1 - head)


def _elide_inside(segment: Segment, max_segments: int, times: int) -> Segment:
    match segment:
        case Repeat():
            return replace(segment, segments=_elide(segment.segments, max_segments, times * segment.times))
        case Irreducible() if len(segment.steps) > max_segments:
            return _collapsed(segment, max_segments, times)
        case Parallel() if max_segments <= FEWEST:
            return _collapsed(segment, max_segments, times)
        case Parallel():
            branches = tuple(_elide(branch, max_segments, times) for branch in segment.branches)
            return _fewer_branches(replace(segment, branches=branches), max_segments, times)
    return segment


def _collapsed(segment: Irreducible | Parallel, max_segments: int, times: int) -> Segment:
    """One step in place of all paths of a segment; inputs inside it stay, as branches that lead to that step."""
    steps = [leaf for leaf in leaves((segment,)) if leaf.step.refers_to is None]
    inputs = tuple(leaf for leaf in steps if leaf.step.input is not None)
    gap = _gap(tuple(leaf for leaf in steps if leaf.step.input is None), times)
    if not inputs:
        return gap
    return _fewer_branches(Parallel(tuple((leaf,) for leaf in inputs), gap, from_inputs=True), max_segments, times)


def _fewer_branches(segment: Parallel, max_segments: int, times: int) -> Parallel:
    """The segment with one step in place of the branches in the middle, if they are many; of edges alone, one edge."""
    branches = segment.branches
    if len(branches) <= max_segments:
        return segment
    head, tail = _kept(max_segments)
    middle = branches[head : len(branches) - tail]
    gap: Series = (_gap(tuple(inner for branch in middle for inner in branch), times),) if any(middle) else ()
    return replace(
        segment,
        branches=(*branches[:head], gap, *branches[len(branches) - tail :]),
        index_edges=min(segment.index_edges, tail),
    )


def _gap(segments: Series, times: int) -> Leaf:
    """One step in place of many, with their layers; for each of `times` copies another one."""
    copies = []
    for copy in range(times):
        steps = tuple(step for step in in_one_copy(segments, times, copy) if step.refers_to is None)
        layers = tuple(layer for step in steps for layer in step.layers)
        copies.append(Step(f"{len(steps)} steps", layers, left_out=steps))
    return Leaf(leaves(segments)[0].index, replace(copies[0], copies=tuple(copies) if times > 1 else ()))

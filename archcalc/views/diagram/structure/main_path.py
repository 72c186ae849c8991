"""The main path through a network, for styles that draw one volume behind the other.

Of parallel branches only the volume in which they merge is drawn, and its counts include theirs; of an encoder-decoder (a
branch that goes to smaller maps and back) also the volumes between, with the other branch as a skip connection. Of branches
that begin with inputs the longest is drawn. Side outputs are not drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from archcalc.arithmetic.term import product
from archcalc.layers._base import Layer, Volume
from archcalc.layers._fields import Role
from archcalc.layers._window import Window
from archcalc.views.diagram.shapes.labels import abbreviated, step_name
from archcalc.views.diagram.structure.folding import in_one_copy
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


@dataclass(frozen=True, eq=False)
class Stage:
    """A volume on the path: the step that computes it, with the steps before it that are not drawn."""

    index: int
    step: Step
    beside_skip: bool = False
    """The steps that are not drawn are on a skip connection, not before the volume."""
    title: str = ""
    """The block of the steps that are not drawn, else the name of the step: with its blocks where others have that name."""

    @property
    def times(self) -> int:
        """How often it repeats."""
        return self.step.times

    @property
    def hidden(self) -> int:
        """How many steps before it are not drawn."""
        return 0 if self.beside_skip else len(self.step.hidden)

    @property
    def volume(self) -> Volume:
        """The output of its step."""
        return self.step.output

    @property
    def layer(self) -> Layer | None:
        """The layer that computes the volume; None for an input and for elided steps."""
        return None if self.step.input is not None or self.step.elided else self.step.head.counts.layer

    @property
    def block(self) -> str:
        """The block of the description that contains the steps that are not drawn; empty if there is none."""
        group = self.step.head.node.group if self.hidden and self.step.layers else None
        return abbreviated(".".join(group.path)) if group else ""

    @property
    def windows(self) -> tuple[Window, ...]:
        """The window that slides over the volume before, per axis; empty if none does."""
        if self.layer is None or self.hidden or self.step.block:
            return ()
        receptive_window = self.layer.receptive_window(*self.step.head.counts.inputs) or ()
        return tuple(window for window in receptive_window if isinstance(window, Window)) if len(receptive_window) else ()

    @property
    def groups(self) -> int:
        """The groups of its convolution, else 1."""
        return 1 if self.layer is None else int(self.layer.role(Role.GROUPS, 1))

    @property
    def is_partial(self) -> bool:
        """A connection table restricts the maps that its filters read."""
        return self.layer is not None and bool(self.layer.role(Role.CONNECTIONS))

    @property
    def mixes(self) -> bool:
        """Each of its channels depends on several channels of the volume before."""
        return self.layer is None or bool(self.step.head.mult_adds)


@dataclass(frozen=True, eq=False)
class MainPath:
    """Stages in order, and skips as (first stage, last stage, whether it carries pooling indices)."""

    stages: list[Stage] = field(default_factory=list)
    skips: list[tuple[int, int, bool]] = field(default_factory=list)
    beside: list[Step] = field(default_factory=list)
    """The steps of side outputs."""


def main_path(segments: Series) -> MainPath:
    """The main path of a decomposed network."""
    path = MainPath()
    _walk(segments, 1, path)
    short = [stage.block or step_name(stage.step) for stage in path.stages]
    number = Counter(short)
    path.stages[:] = [
        replace(stage, title=name if stage.block or number[name] == 1 else abbreviated(stage.step.name))
        for stage, name in zip(path.stages, short, strict=True)
    ]
    return path


def _walk(segments: Series, times: int, path: MainPath) -> None:
    """`times`: how many equal series this one is drawn for."""
    for segment in segments:
        match segment:
            case SideOutput():
                path.beside.extend(in_one_copy(segment.segments, 1))
            case Leaf():
                path.stages.append(Stage(segment.index, segment.step))
            case Repeat():
                _walk(segment.segments, times * segment.times, path)
            case Irreducible():
                path.stages.append(_merge(segment.steps[-1], segment.steps[:-1], times))
            case Parallel():
                _parallel(segment, times, path)


def _parallel(segment: Parallel, times: int, path: MainPath) -> None:
    main = max(segment.branches, key=lambda branch: len(leaves(branch)) if segment.from_inputs else len(branch))
    others = [inner for branch in segment.branches if branch is not main for inner in branch]
    if segment.from_inputs:
        _walk(main, times, path)
        path.stages.append(_merge(segment.merge, others, times))
    elif path.stages and is_encoder_decoder(path.stages[-1].volume, segment):
        before = len(path.stages) - 1
        _walk(main, times, path)
        path.skips.append((before, len(path.stages), bool(segment.index_edges)))
        path.stages.append(replace(_merge(segment.merge, others, times), beside_skip=True))
    else:
        path.stages.append(_merge(segment.merge, [inner for branch in segment.branches for inner in branch], times))


def _merge(leaf: Leaf, hidden: Iterable[Segment], times: int) -> Stage:
    """The volume in which paths meet, with the steps on them that are not drawn."""
    return Stage(leaf.index, replace(leaf.step, hidden=tuple(in_one_copy(hidden, times))))


def is_encoder_decoder(before: Volume, segment: Segment) -> bool:
    """The longer of two branches goes to smaller maps than those before and after it."""
    if not isinstance(segment, Parallel) or len(segment.branches) != 2:
        return False
    main, side = sorted(segment.branches, key=len, reverse=True)
    if len(side) > 1:
        return False
    if not main:
        return bool(segment.index_edges)
    return min(area(leaf.step.output) for leaf in leaves(main)) < min(area(before), area(segment.merge.step.output))


def area(volume: Volume) -> int:
    """Spatial positions of a map (H·W); 0 for a vector."""
    return int(product(volume.spatial)) if volume.spatial else 0

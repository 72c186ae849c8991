"""The main path through a network, for styles that draw one volume behind the other.

Of parallel branches only the volume in which they merge is drawn; of an encoder-decoder (a branch that goes to smaller
maps and back) also the volumes between, with the other branch as a skip connection.
"""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.arithmetic.term import product
from archcalc.layers._base import Layer, Volume
from archcalc.layers._fields import Role
from archcalc.layers._window import Window
from archcalc.views.diagram.shapes.labels import abbreviated
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


@dataclass(frozen=True, eq=False)
class Stage:
    """A volume on the path: the step that computes it, how often it repeats, how many steps before it are not drawn."""

    index: int
    step: Step
    times: int = 1
    hidden: int = 0

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

    stages: tuple[Stage, ...]
    skips: tuple[tuple[int, int, bool], ...]

    @property
    def hidden(self) -> int:
        """The number of steps that are not drawn."""
        return sum(stage.hidden for stage in self.stages)


def main_path(segments: Series) -> MainPath:
    """The main path of a decomposed network."""
    stages: list[Stage] = []
    skips: list[tuple[int, int, bool]] = []
    _walk(segments, 1, stages, skips)
    return MainPath(tuple(stages), tuple(skips))


def _walk(segments: Series, times: int, stages: list[Stage], skips: list[tuple[int, int, bool]]) -> None:
    for segment in segments:
        match segment:
            case SideOutput():
                continue  # not on the main path
            case Leaf():
                stages.append(Stage(segment.index, segment.step, times))
            case Repeat():
                _walk(segment.segments, times * segment.times, stages, skips)
            case Irreducible():
                last = segment.steps[-1]
                stages.append(Stage(last.index, last.step, times, len(segment.steps) - 1))
            case Parallel():
                before = len(stages) - 1
                main = max(segment.branches, key=len)
                if stages and is_encoder_decoder(stages[-1].volume, segment):
                    _walk(main, times, stages, skips)
                    skips.append((before, len(stages), bool(segment.index_edges)))
                    stages.append(Stage(segment.merge.index, segment.merge.step, times))
                else:
                    hidden = sum(len(leaves(branch)) for branch in segment.branches)
                    stages.append(Stage(segment.merge.index, segment.merge.step, times, hidden))


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

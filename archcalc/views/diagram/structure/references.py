"""A volume that many copies of a block read from outside of them is drawn once, and named where it is read.

So papers draw the encoder of a transformer beside one layer of its decoder (Vaswani et al. 2017, figure 1), or the condition of
a diffusion network beside one of its blocks. With all its edges the copies would cross each other's paths, and no two of
them would be equal neighbours that fold.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from archcalc.graph import Group
from archcalc.views.diagram.structure.step import Step
from archcalc.views.diagram.structure.steps import StepGraph, with_steps


class _Read(NamedTuple):
    """One input of a step: the step's index, and the slot."""

    step: int
    slot: int


class _Place(NamedTuple):
    """Where copies of a repeated block (`run`) read a step: the same layer of each, in the same blocks, by the same slot."""

    source: int
    run: object
    inside: tuple[str, ...]
    layer: str
    slot: int


def with_references(graph: StepGraph) -> StepGraph:
    """The graph with references in place of the edges by which copies, each behind the one before, read the same step.

    A reference is a step without layers. If no copy reads that step as the one before it, its other readers name it, too.
    """
    sharing = _Sharing(graph)
    shared = sharing.shared()
    return sharing.replaced(shared) if shared else graph


class _Sharing:
    def __init__(self, graph: StepGraph) -> None:
        self.graph = graph
        self.groups = [_groups(step) for step in graph.steps]
        self.members: dict[Group, set[int]] = defaultdict(set)
        self.readers: dict[int, list[_Read]] = defaultdict(list)
        for index, sources in enumerate(graph.inputs):
            for group in self.groups[index]:
                self.members[group].add(index)
            for slot, source in enumerate(sources):
                self.readers[source].append(_Read(index, slot))

    def shared(self) -> dict[int, list[_Read]]:
        """The steps that are drawn once, each with the inputs that name it."""
        in_copies: dict[int, set[_Read]] = defaultdict(set)
        runs: dict[int, set[object]] = defaultdict(set)
        chained = self.chained()
        for place, reads in self.places().items():
            if len(reads) > 1 and place.run in chained:
                in_copies[place.source].update(reads)
                runs[place.source].add(place.run)
        shared = {}
        for source, ours in in_copies.items():
            others = [read for read in self.readers[source] if read not in ours]
            begins_chain = any(_run(group) in runs[source] for read in others for group in self.groups[read.step])
            shared[source] = sorted(ours) if begins_chain else self.readers[source]
        return shared

    def chained(self) -> set[object]:
        """The repeated blocks of which a copy reads another one."""
        return {
            _run(ours)
            for source, reads in self.readers.items()
            for read in reads
            for ours, theirs in zip(self.groups[read.step], self.groups[source], strict=False)
            if ours is not theirs and ours.copy and _run(ours) == _run(theirs)
        }

    def places(self) -> dict[_Place, list[_Read]]:
        """The inputs by which copies read steps outside of them."""
        places: dict[_Place, list[_Read]] = defaultdict(list)
        for source, reads in self.readers.items():
            around = {_run(group) for group in self.groups[source]}
            for read in reads:
                groups = self.groups[read.step]
                level = next((at for at, group in enumerate(groups) if group.copy and _run(group) not in around), None)
                if level is not None:
                    inside = tuple(group.name for group in groups[level + 1 :])
                    name = self.graph.steps[read.step].head.node.name
                    places[_Place(source, _run(groups[level]), inside, name, read.slot)].append(read)
        return places

    def replaced(self, shared: dict[int, list[_Read]]) -> StepGraph:
        """The graph with a reference for each block that names a shared step, before the first of its readers there."""
        graph = self.graph
        named = {read for reads in shared.values() for read in reads}
        before: dict[int, dict[tuple[int, Group | None], list[_Read]]] = defaultdict(dict)
        first: dict[tuple[int, Group | None], int] = {}
        for source, reads in shared.items():
            for read in reads:
                key = source, self.groups[read.step][-1] if self.groups[read.step] else None
                before[first.setdefault(key, read.step)].setdefault(key, []).append(read)
        steps: list[Step] = []
        inputs: list[tuple[int, ...]] = []
        new_index: dict[int, int] = {}
        references: dict[_Read, int] = {}
        for index, step in enumerate(graph.steps):
            for (source, _), reads in before[index].items():
                references |= dict.fromkeys(reads, len(steps))
                shown = graph.steps[source]
                inputs.append((new_index[self.anchor(index, named)],))
                steps.append(Step(self.name(source), input=shown.output, refers_to=shown))
            new_index[index] = len(steps)
            sources = [references.get(_Read(index, slot), new_index[source]) for slot, source in enumerate(graph.inputs[index])]
            inputs.append(tuple(dict.fromkeys(sources) if step.block else sources))
            steps.append(replace(step, called=self.name(index)) if index in shared and not self.groups[index] else step)
        return with_steps(graph, steps, inputs, new_index)

    def anchor(self, index: int, named: set[_Read]) -> int:
        """The step behind which a reference is placed: what else the block around its reader reads, else the step before."""
        for group in reversed(self.groups[index]):
            members = self.members[group]
            outside = [
                source
                for member in members
                for slot, source in enumerate(self.graph.inputs[member])
                if source not in members and source < index and _Read(member, slot) not in named
            ]
            if outside:
                return max(outside)
        return index - 1

    def name(self, index: int) -> str:
        """The outermost block that a step is in, without the number of its copy; else its own name."""
        return self.groups[index][0].shared_name if self.groups[index] else self.graph.steps[index].name


def _groups(step: Step) -> tuple[Group, ...]:
    """The blocks around a step, the outermost first; a folded block is the last one."""
    return step.head.node.groups if step.layers else ()


def _run(group: Group) -> tuple[object, ...]:
    """What the copies of one repeated block have in common."""
    return (id(group.entry), group.parent) if group.copy else (group,)

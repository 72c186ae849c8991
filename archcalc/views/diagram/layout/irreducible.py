"""Steps whose paths cross: on one lane, with the edges that pass over others as arcs."""

from __future__ import annotations

from archcalc.views.diagram.layout.lane import GAP, Lane, Placed
from archcalc.views.diagram.shapes.scene import Path, Shape
from archcalc.views.diagram.structure.series_parallel import Irreducible
from archcalc.views.diagram.structure.steps import Edge

ARC_BEGIN = 4.0
"""From the beginning of the segment to where its arcs begin."""
LEAD = 12.0
"""From the beginning of the segment to its first step."""


def irreducible(lane: Lane, segment: Irreducible, placed: list[Placed]) -> Placed:
    """The drawn steps of a segment on one lane; edges that pass over others as arcs, each on a level of its own."""
    starts, along = [], LEAD
    for step in placed:
        starts.append(along)
        along += step.length + GAP
    arcs = _Arcs(lane, placed, starts)
    shapes: list[Shape] = []
    drawn = [edge for edge in segment.edges if not segment.steps[edge.target].step.begins_path]
    if len(drawn) < len(segment.edges):  # where a line to the first step is missing, the arcs begin at this one
        shapes.append(lane.line([(0.0, 0.0), (ARC_BEGIN, 0.0)]))
    for edge in sorted(drawn, key=lambda edge: (edge.target - edge.source, edge)):
        shapes.append(arcs.straight(edge) if edge.target - edge.source == 1 else arcs.arc(edge))
    shapes += [shape for step, start in zip(placed, starts, strict=True) for shape in lane.shapes_at(step, start, 0.0)]
    return Placed(
        tuple(shapes),
        along - GAP,
        arcs.height,
        max(step.down for step in placed),
        "",
        placed[-1].last,
        tuple(leaf.step for leaf in segment.steps),
    )


class _Arcs:
    """The edges between steps on a lane that begin at `starts`; source −1 is the beginning of the segment."""

    def __init__(self, lane: Lane, placed: list[Placed], starts: list[float]) -> None:
        self.lane, self.placed, self.starts = lane, placed, starts
        self.up = max(step.up for step in placed)
        self.busy_until: list[float] = []
        """For each level where its last arc ends."""
        self.arcs_into = [0] * len(placed)

    @property
    def height(self) -> float:
        """From the lane to above the highest arc."""
        return self.up + 9.0 + 7.0 * len(self.busy_until)

    def straight(self, edge: Edge) -> Path:
        """The edge between neighbours."""
        start = self.starts[edge.source] + self.placed[edge.source].length if edge.source >= 0 else 0.0
        return self.line(edge, [(start, 0.0), (self.starts[edge.target], 0.0)])

    def arc(self, edge: Edge) -> Path:
        """The edge above the steps between, on the lowest level that is free."""
        source, target = edge.source, edge.target
        begin = self.starts[source] + self.placed[source].length * 0.7 if source >= 0 else ARC_BEGIN
        self.arcs_into[target] += 1
        end = self.starts[target] + self.placed[target].length * min(0.1 + 0.13 * self.arcs_into[target], 0.6)
        level = next((number for number, busy in enumerate(self.busy_until) if busy <= begin), len(self.busy_until))
        self.busy_until[level : level + 1] = [end + 4.0]
        top = -(self.up + 9.0 + 7.0 * level)
        base = -self.placed[source].up if source >= 0 else 0.0
        return self.line(edge, [(begin, base), (begin, top), (end, top), (end, -self.placed[target].up)])

    def line(self, edge: Edge, points: list[tuple[float, float]]) -> Path:
        ends = self.placed[edge.source].last if edge.source >= 0 else "", self.placed[edge.target].first
        return self.lane.line(points, arrow=True, dashed=edge.carries_indices, ends=ends)

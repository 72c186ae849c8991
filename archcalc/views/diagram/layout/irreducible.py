"""Steps whose paths cross: on one lane, with the edges that pass over others as arcs."""

from __future__ import annotations

from archcalc.views.diagram.layout.lane import GAP, Lane, Placed
from archcalc.views.diagram.shapes.scene import Shape
from archcalc.views.diagram.structure.series_parallel import Irreducible


def irreducible(lane: Lane, segment: Irreducible, placed: list[Placed]) -> Placed:
    """The drawn steps of a cell on one lane; edges that pass over others as arcs, each on a level of its own."""
    places, at = [], 12.0
    for leaf in placed:
        places.append(at)
        at += leaf.length + GAP
    up = max(leaf.up for leaf in placed)
    shapes: list[Shape] = []
    levels: list[float] = []
    fans = [0] * len(placed)
    for source, target, dashed in sorted(segment.edges, key=lambda edge: (edge[1] - edge[0], edge)):
        start = places[source] + placed[source].length if source >= 0 else 0.0
        if target - source == 1:
            shapes.append(
                lane.line(
                    [(start, 0.0), (places[target], 0.0)],
                    arrow=True,
                    dashed=dashed,
                    ends=(placed[source].last if source >= 0 else "", placed[target].first),
                )
            )
            continue
        begin = places[source] + placed[source].length * 0.7 if source >= 0 else 4.0
        fans[target] += 1
        stop = places[target] + placed[target].length * min(0.1 + 0.13 * fans[target], 0.6)
        level = next((n for n, busy in enumerate(levels) if busy <= begin), len(levels))
        levels[level : level + 1] = [stop + 4.0]
        top = -(up + 9.0 + 7.0 * level)
        base = -placed[source].up if source >= 0 else 0.0
        shapes.append(
            lane.line(
                [(begin, base), (begin, top), (stop, top), (stop, -placed[target].up)],
                arrow=True,
                dashed=dashed,
                ends=(placed[source].last if source >= 0 else "", placed[target].first),
            )
        )
    shapes += [shape for leaf, place in zip(placed, places, strict=True) for shape in lane.shapes_at(leaf, place, 0.0)]
    return Placed(
        tuple(shapes),
        at - GAP,
        up + 9.0 + 7.0 * len(levels),
        max(leaf.down for leaf in placed),
        "",
        placed[-1].last,
        tuple(leaf.step for leaf in segment.steps),
    )

"""Steps whose paths cross: on one lane, with the edges that pass over others as arcs."""

from __future__ import annotations

from archcalc.views.diagram.arrange import GAP, Laid, Pen
from archcalc.views.diagram.scene import Shape
from archcalc.views.diagram.series import Tangle


def tangled(pen: Pen, cell: Tangle) -> Laid:
    """Steps on one lane; edges that pass over others as arcs, each on a level of its own."""
    laid = [pen.one(one) for one in cell.steps]
    places, at = [], 12.0
    for one in laid:
        places.append(at)
        at += one.length + GAP
    up = max(one.up for one in laid)
    shapes: list[Shape] = []
    levels: list[float] = []
    fans = [0] * len(laid)
    for source, target, dashed in sorted(cell.edges, key=lambda edge: (edge[1] - edge[0], edge)):
        start = places[source] + laid[source].length if source >= 0 else 0.0
        if target - source == 1:
            shapes.append(pen.line([(start, 0.0), (places[target], 0.0)], arrow=True, dashed=dashed,
                                    ends=(laid[source].last if source >= 0 else "", laid[target].first)))
            continue
        begin = places[source] + laid[source].length * 0.7 if source >= 0 else 4.0
        fans[target] += 1
        stop = places[target] + laid[target].length * min(0.1 + 0.13 * fans[target], 0.6)
        level = next((n for n, busy in enumerate(levels) if busy <= begin), len(levels))
        levels[level : level + 1] = [stop + 4.0]
        top = -(up + 9.0 + 7.0 * level)
        base = -laid[source].up if source >= 0 else 0.0
        shapes.append(pen.line([(begin, base), (begin, top), (stop, top), (stop, -laid[target].up)], arrow=True,
                                dashed=dashed, ends=(laid[source].last if source >= 0 else "", laid[target].first)))
    shapes += [shape for one, place in zip(laid, places, strict=True) for shape in pen.moved(one, place, 0.0)]
    return Laid(tuple(shapes), at - GAP, up + 9.0 + 7.0 * len(levels), max(one.down for one in laid), "",
                laid[-1].last, tuple(one.step for one in cell.steps))

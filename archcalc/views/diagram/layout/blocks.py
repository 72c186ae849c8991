"""Segments as shapes along a lane: boxes, branches side by side, arcs, repetitions.

Shapes are in page coordinates, to which `Lane.to_page` converts positions along and across a lane.
"""

from __future__ import annotations

from itertools import pairwise

from archcalc.views.diagram.layout.boxes import LABEL, SMALL, BoxLayout
from archcalc.views.diagram.layout.irreducible import irreducible
from archcalc.views.diagram.layout.lane import GAP, Placed
from archcalc.views.diagram.shapes.font import text_width
from archcalc.views.diagram.shapes.labels import abbreviated
from archcalc.views.diagram.shapes.scene import Box, Path, Point, Shape, Text
from archcalc.views.diagram.structure.series_parallel import Irreducible, Leaf, Parallel, Repeat, Segment, Series, SideOutput

SPLIT = 5.0
"""From a cut to the place where a path above the lane splits off."""


class BlockLayout(BoxLayout):
    """Draws segments of any kind, one behind the other or side by side."""

    def segment(self, segment: Segment) -> Placed:
        """A segment of any kind."""
        match segment:
            case Leaf():
                return self.leaf(segment)
            case Repeat():
                return self.repeat(segment)
            case Parallel():
                return self.parallel(segment)
            case Irreducible():
                return irreducible(self, segment, [self.leaf(leaf) for leaf in segment.steps])
            case SideOutput():
                return self.side_output(segment)

    def series(self, segments: Series) -> Placed:
        """Segments one behind the other, connected by arrows."""
        placed = [self.segment(segment) for segment in segments]
        shapes: list[Shape] = []
        along, starts = 0.0, []
        for part in placed:
            starts.append(along)
            shapes += self.shapes_at(part, along, 0.0)
            along += part.length + GAP
        for (part, start), (other, end) in pairwise(zip(placed, starts, strict=True)):
            shapes.append(self.link(part, other, start + part.length, end))
        return Placed(
            tuple(shapes),
            along - GAP,
            max(part.up for part in placed),
            max(part.down for part in placed),
            placed[0].first,
            placed[-1].last,
            tuple(step for part in placed for step in part.steps),
        )

    def link(self, part: Placed, other: Placed, start: float, end: float) -> Path:
        """The edge between neighbours on a lane; into parallel branches it has no head, which is at the branches."""
        return self.line([(start, 0.0), (end, 0.0)], arrow=bool(other.first), ends=(part.last, other.first))

    def repeat(self, segment: Repeat) -> Placed:
        """Equal segments in a frame with ×N; for a single box, ×N is in the box itself."""
        if len(segment.segments) == 1 and isinstance(segment.segments[0], Leaf):
            return self.leaf(segment.segments[0], segment.times)
        inner = self.series(segment.segments)
        pad, head = 7.0, 12.0
        width, height = self.to_page(inner.length + 2 * pad, inner.up + inner.down + 2 * pad + head)
        x, y = self.to_page(0.0, -inner.up - pad - head)
        panel = Box(x, y, width, height, self.palette.panel, self.palette.faint, 0.7, 5.0, True)
        mark = f"×{segment.times}"
        if self.vertical:
            text = Text(x + head - 1.0, y + pad, mark, LABEL, self.palette.ink, True, "end", True)
        else:
            text = Text(x + width - pad, y + head - 1.0, mark, LABEL, self.palette.ink, True, "end")
        lead: list[Shape] = [self.line([(0.0, 0.0), (pad, 0.0)])] if not inner.first else []
        shapes = (panel, text, *lead, *self.shapes_at(inner, pad, 0.0))
        return Placed(
            shapes, inner.length + 2 * pad, inner.up + pad + head, inner.down + pad, inner.first, inner.last, inner.steps
        )

    def parallel(self, segment: Parallel) -> Placed:
        """Two branches of which one begins elsewhere, or is short, with that one above the other; all others as a fan."""
        two = len(segment.branches) == 2 and not segment.from_inputs
        if two and sum(map(_begins_elsewhere, segment.branches)) == 1:
            return self.tributary(segment)
        if two and any(segment.branches) and min(map(len, segment.branches)) <= 1:
            return self.shortcut(segment)
        return self.fan(segment)

    def shortcut(self, segment: Parallel) -> Placed:
        """Two branches: the longer one on the lane, the other as an arc above it."""
        longer, shorter = sorted(segment.branches, key=len, reverse=True)
        main, side = self.series(longer), self.series(shorter) if shorter else None
        merge = self.segment(segment.merge)
        lead = 14.0
        room = max(main.length, side.length if side else 0.0)
        end = lead + room + GAP
        start = lead + (room - main.length) / 2
        top = -(main.up + 8.0) - (side.down if side else 0.0)
        shapes: list[Shape] = [
            self.line([(0.0, 0.0), (start, 0.0)], arrow=bool(main.first), ends=("", main.first)),
            *self.shapes_at(main, start, 0.0),
            self.line([(start + main.length, 0.0), (end, 0.0)], arrow=True, ends=(main.last, merge.first)),
        ]
        into = end + (8.0 if segment.merge.step.merge_sign else merge.length / 2), -merge.up
        if side is None:
            points = [(SPLIT, 0.0), (SPLIT, top), (into[0], top), into]
            shapes.append(self.line(points, arrow=True, dashed=bool(segment.index_edges), ends=("", merge.first)))
        else:
            shapes += self.side_path(side, lead + (room - side.length) / 2, top, into, merge.first)
        return Placed(
            (*shapes, *self.shapes_at(merge, end, 0.0)),
            end + merge.length,
            max(-top + (side.up if side else 1.0), merge.up),
            max(main.down, merge.down),
            "",
            merge.last,
            (*main.steps, *(side.steps if side else ()), *merge.steps),
        )

    def tributary(self, segment: Parallel) -> Placed:
        """Two branches, of which one begins elsewhere: above the other, and with no line to where it begins."""
        own, other = sorted(segment.branches, key=_begins_elsewhere)
        main, side = self.series(own) if own else Placed((), 0.0, 1.0, 1.0), self.series(other)
        merge = self.segment(segment.merge)
        end = max(main.length, side.length) + GAP
        top = -(max(main.up, merge.up) + 8.0) - side.down
        start = end - GAP - side.length
        shapes: list[Shape] = [
            *self.shapes_at(main, 0.0, 0.0),
            self.line([(main.length, 0.0), (end, 0.0)], arrow=True, ends=(main.last, merge.first)),
            *self.shapes_at(side, start, top),
        ]
        into = end + merge.length / 2 if not segment.merge.step.merge_sign else end + 8.0
        corner = [(start + side.length, top), (into, top), (into, -merge.up)]
        shapes.append(self.line(corner, arrow=True, ends=(side.last, merge.first)))
        return Placed(
            (*shapes, *self.shapes_at(merge, end, 0.0)),
            end + merge.length,
            max(-top + side.up, merge.up),
            max(main.down, merge.down),
            main.first,
            merge.last,
            (*main.steps, *side.steps, *merge.steps),
        )

    def side_path(self, side: Placed, start: float, top: float, into: Point, merge: str) -> list[Shape]:
        """A branch above the lane, from where it splits off to the point of the merge that it leads to."""
        end = start + side.length
        return [
            self.line([(SPLIT, 0.0), (SPLIT, top), (start, top)], arrow=bool(side.first), ends=("", side.first)),
            *self.shapes_at(side, start, top),
            self.line([(end, top), (into[0], top), into], arrow=True, ends=(side.last, merge)),
        ]

    def fan(self, segment: Parallel) -> Placed:
        """Branches side by side, which join before the merge."""
        placed = [self.series(branch) if branch else Placed((), 0.0, 4.0, 4.0) for branch in segment.branches]
        merge = self.segment(segment.merge)
        lead, space, bus = 0.0 if segment.from_inputs else 20.0, 9.0, 7.0
        widest = max(part.length for part in placed)
        end = lead + widest + 26.0
        height = sum(part.up + part.down for part in placed) + space * (len(placed) - 1)
        shapes: list[Shape] = []
        across = -height / 2
        for number, (part, branch) in enumerate(zip(placed, segment.branches, strict=True)):
            across += part.up
            carries_indices = number >= len(placed) - segment.index_edges
            start = lead + (widest - part.length) / 2
            turn = end - 12.0
            if part.length:
                into = [(0.0, 0.0), (bus, 0.0), (bus, across), (start, across)]
                if not segment.from_inputs and not _begins_elsewhere(branch):
                    shapes.append(self.line(into, arrow=bool(part.first), ends=("", part.first)))
                shapes += [
                    *self.shapes_at(part, start, across),
                    self.line(
                        [(start + part.length, across), (turn, across), (turn, 0.0), (end, 0.0)],
                        arrow=True,
                        ends=(part.last, merge.first),
                    ),
                ]
            else:
                points = [(0.0, 0.0), (bus, 0.0), (bus, across), (turn, across), (turn, 0.0), (end, 0.0)]
                shapes.append(self.line(points, arrow=True, dashed=carries_indices, ends=("", merge.first)))
            across += part.down + space
        steps = (*(step for part in placed for step in part.steps), *merge.steps)
        return Placed(
            (*shapes, *self.shapes_at(merge, end, 0.0)),
            end + merge.length,
            max(height / 2, merge.up),
            max(height / 2, merge.down),
            "",
            merge.last,
            steps,
        )

    def side_output(self, segment: SideOutput) -> Placed:
        """A path to an output of its own, with the name of the step it starts from."""
        inner = self.series(segment.segments)
        if segment.source is None:
            return inner
        origin = f"from {abbreviated(segment.source.step.name)}"
        lead = (LABEL if self.vertical else text_width(origin, SMALL)) + 26.0
        x, y = self.to_page(lead - 24.0, 0.0)
        text = Text(
            x,
            y + (0.0 if self.vertical else 3.0),
            origin,
            SMALL,
            self.palette.faint,
            anchor="middle" if self.vertical else "end",
        )
        start = self.line([(lead - 20.0, 0.0), (lead, 0.0)], arrow=bool(inner.first), ends=(f"s{segment.start}", inner.first))
        beside = text_width(origin, SMALL) / 2 if self.vertical else 0.0
        return Placed(
            (text, start, *self.shapes_at(inner, lead, 0.0)),
            lead + inner.length,
            max(inner.up, beside, 8.0),
            max(inner.down, beside, 4.0),
            "",
            inner.last,
            inner.steps,
        )


def _begins_elsewhere(branch: Series) -> bool:
    """Whether a branch begins with a reference or a trained tensor, to which no line leads."""
    return bool(branch) and isinstance(branch[0], Leaf) and branch[0].step.begins_path

"""Single steps as shapes on a lane: boxes with their labels, merges as circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from archcalc.views.diagram.layout.lane import Lane, Placed
from archcalc.views.diagram.shapes.font import LINE, text_width
from archcalc.views.diagram.shapes.labels import abbreviated, counts, label_lines, label_texts, tooltip
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Box, Disc, Shape, Text
from archcalc.views.diagram.shapes.strokes import hatch
from archcalc.views.diagram.structure.series_parallel import Leaf
from archcalc.views.diagram.structure.step import Step

STRIP = 4.0
RIM = 5.0
LABEL, SMALL = 9.0, 8.0
BEHIND = 3.0
"""How far the second box of a repeated step is moved to the right and upwards."""


class BoxLayout(Lane):
    """Draws steps with one choice of labels, colours and direction."""

    def __init__(self, palette: Palette, show: tuple[str, ...], heat: dict[int, float] | None, vertical: bool) -> None:
        super().__init__(palette, vertical)
        self.show = show
        self.heat = heat
        self.rim = RIM if palette.hatches and heat is None else 0.0

    def fill(self, leaf: Leaf) -> str:
        """The colour of a step: of its family, or of its heat."""
        if self.heat is not None:
            return self.palette.heated(self.heat.get(leaf.index, 0.0))
        return self.palette.panel if leaf.step.block else self.palette.fill(leaf.step.family)

    def leaf(self, leaf: Leaf, times: int = 1) -> Placed:
        """A step as a box; `times` equal steps as a box with a second one behind it."""
        step = leaf.step
        if step.merge_sign and self.heat is None and times == 1 and not label_texts(step, counts(self.show)):
            return self.disc(leaf)
        labels = label_lines(step, self.show)
        if times > 1:
            labels[0] += f"  ×{times}"
        width, height = self.box_size(step, labels)
        length, across = (height, width) if self.vertical else (width, height)
        x, y = self.to_page(0.0, -across / 2)
        key, dashed = f"s{leaf.index}", bool(step.elided)
        box = Box(x, y, width, height, self.fill(leaf), self.palette.edge, 0.8, 3.0, dashed, key, tooltip(step))
        second = [replace(box, x=x + BEHIND, y=y - BEHIND, key="", title="")] if times > 1 else []
        shapes = (*second, box, *self.marks(box, leaf), *self.strips(box, leaf), *self.texts(box, step, labels))
        up, down = (0.0, BEHIND) if self.vertical else (BEHIND, 0.0)
        return Placed(shapes, length, across / 2 + up * len(second), across / 2 + down * len(second), key, key, (step,))

    def box_size(self, step: Step, labels: list[str]) -> tuple[float, float]:
        """Width and height of a box for its labels, the rim and the strips of attached layers."""
        texts = (text_width(label, LABEL if index == 0 else SMALL, index == 0) for index, label in enumerate(labels))
        width = max(34.0, *texts) + 12.0
        height = 8.0 + self.rim + LABEL * LINE + (len(labels) - 1) * SMALL * LINE
        strips = self.strips_breadth(step)
        return (width, height + strips) if self.vertical else (width + strips, height)

    def strips_breadth(self, step: Step) -> float:
        """The breadth of all strips of a step, in points."""
        return STRIP * len(step.attached) if self.heat is None else 0.0

    def texts(self, box: Box, step: Step, labels: list[str]) -> Iterator[Text]:
        """The labels of a step in its box, the first one bold."""
        middle = box.x + (box.width if self.vertical else box.width - self.strips_breadth(step)) / 2
        base = box.y + 4.0 + self.rim + LABEL * 0.86
        for index, label in enumerate(labels):
            size = SMALL if index else LABEL
            color = self.palette.faint if index and step.family == "input" else self.palette.ink
            yield Text(middle, base, label, size, color, bold=index == 0)
            base += SMALL * LINE + (0.6 if index == 0 else 0.0)

    def strips(self, box: Box, leaf: Leaf) -> Iterable[Shape]:
        """The attached layers as narrow strips at the end of the box."""
        attached = leaf.step.attached if self.heat is None else ()
        for index, layer in enumerate(attached):
            back = STRIP * (len(attached) - index)
            color = self.palette.color(layer.counts.layer.family)
            if self.vertical:
                yield Box(box.x, box.y + box.height - back, box.width, STRIP, color, self.palette.edge, 0.4, title=layer.op)
            else:
                yield Box(box.x + box.width - back, box.y, STRIP, box.height, color, self.palette.edge, 0.4, title=layer.op)

    def marks(self, box: Box, leaf: Leaf) -> Iterable[Shape]:
        """A hatched rim, where greys alone do not distinguish families."""
        pattern = self.palette.hatch(leaf.step.family)
        if pattern and self.heat is None:
            yield from hatch((box.x, box.y, box.x + box.width, box.y + RIM), pattern, self.palette.ink, 3.0)

    def disc(self, leaf: Leaf) -> Placed:
        """A merge as a circle with its sign."""
        r, key = 8.0, f"s{leaf.index}"
        x, y = self.to_page(r, 0.0)
        fill = self.palette.fill(leaf.step.family)
        strips = [layer for layer in leaf.step.attached if layer.counts.layer.family != "other"]
        shapes: list[Shape] = [
            Disc(x, y, r, fill, self.palette.edge, 0.9, key, tooltip(leaf.step)),
            Text(x, y + 4.0, leaf.step.merge_sign, 11.0, self.palette.ink, bold=True),
        ]
        for index, layer in enumerate(strips):
            along = 2 * r + STRIP * index + 0.5
            sx, sy = self.to_page(along, -r)
            width, height = self.to_page(STRIP, 2 * r)
            color = self.palette.color(layer.counts.layer.family)
            shapes.append(Box(sx, sy, width, height, color, self.palette.edge, 0.4, title=layer.op))
        beside = SMALL * LINE if leaf.step.called else 0.0
        if leaf.step.called:
            tx, ty = self.to_page(r, r + SMALL)
            anchor = "start" if self.vertical else "middle"
            shapes.append(Text(tx, ty, abbreviated(leaf.step.called), SMALL, self.palette.ink, anchor=anchor))
        return Placed(tuple(shapes), 2 * r + STRIP * len(strips), r, r + beside, key, key, (leaf.step,))

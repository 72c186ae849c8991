"""Pieces one behind the other in rows, each with its labels below: the layout of volumes and stacks."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.views.diagram.shapes.font import LINE, text_width
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Path, Point, Shape, Text
from archcalc.views.diagram.shapes.strokes import elbow

BOLD, PLAIN = 8.5, 8.0


@dataclass(frozen=True)
class Piece:
    """Shapes from (0, 0) to the right, centred on y = 0, with the labels below them."""

    shapes: tuple[Shape, ...]
    width: float
    height: float
    labels: tuple[str, ...]

    @property
    def slot_width(self) -> float:
        """The width of a slot for the shapes and the labels."""
        widths = (text_width(label, BOLD if index == 0 else PLAIN, index == 0) for index, label in enumerate(self.labels))
        return max([self.width, *widths])


@dataclass(frozen=True)
class Slot:
    """A piece with its place in a row: its left edge, and the y on which it is centred."""

    piece: Piece
    x: float
    y: float
    row: int


def place_in_rows(pieces: list[Piece], gap: float, row_length: float, space: float = 0.0) -> list[Slot]:
    """A slot for each piece, in rows of at most `row_length`, with `space` left free above each row."""
    rows: list[list[int]] = [[]]
    used = 0.0
    for index, piece in enumerate(pieces):
        length = piece.slot_width + (gap if rows[-1] else 0.0)
        if rows[-1] and used + length > row_length:
            rows.append([])
            used, length = 0.0, piece.slot_width
        rows[-1].append(index)
        used += length
    slots: list[Slot] = []
    y = 0.0
    for number, row in enumerate(rows):
        half = max(pieces[index].height for index in row) / 2
        y += half + space
        x = 0.0
        for index in row:
            piece = pieces[index]
            slots.append(Slot(piece, x + (piece.slot_width - piece.width) / 2, y, number))
            x += piece.slot_width + gap
        y += half + 8.0 + max(len(pieces[index].labels) for index in row) * PLAIN * LINE + 22.0
    return slots


def slot_shapes(slot: Slot) -> tuple[Shape, ...]:
    """The shapes of a slot's piece in their place."""
    return tuple(shape.transformed(1.0, slot.x, slot.y) for shape in slot.piece.shapes)


def slot_labels(slot: Slot, palette: Palette, half: float) -> list[Text]:
    """The labels of a slot's piece, below a row whose pieces extend `half` below its centre."""
    texts = []
    y = slot.y + half + 6.0
    for index, label in enumerate(slot.piece.labels):
        y += PLAIN * LINE
        color = palette.ink if index == 0 else palette.faint
        texts.append(Text(slot.x + slot.piece.width / 2, y, label, PLAIN if index else BOLD, color, index == 0))
    return texts


def right_edge(slots: list[Slot]) -> float:
    """Where the longest row ends, the labels of its pieces included."""
    return max(slot.x + (slot.piece.width + slot.piece.slot_width) / 2 for slot in slots)


def half_heights(slots: list[Slot]) -> list[float]:
    """For each slot half the height of its row."""
    tallest: dict[int, float] = {}
    for slot in slots:
        tallest[slot.row] = max(tallest.get(slot.row, 0.0), slot.piece.height / 2)
    return [tallest[slot.row] for slot in slots]


def row_connector(start: Point, end: Point, right: float, between: float, palette: Palette) -> Path:
    """The line from the end of a row to the beginning of the next."""
    points = [start, (right + 8.0, start[1]), (right + 8.0, between), (-8.0, between), (-8.0, end[1]), end]
    return elbow(points, palette.faint, 0.8, arrow=True)

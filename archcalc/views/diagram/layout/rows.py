"""Pieces one behind the other in rows, each with its words below: what volumes and stacks stand on."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.views.diagram.shapes.font import LINE, text_width
from archcalc.views.diagram.shapes.palettes import Palette
from archcalc.views.diagram.shapes.scene import Path, Point, Shape, Text
from archcalc.views.diagram.shapes.strokes import elbow

BOLD, PLAIN = 8.5, 8.0


@dataclass(frozen=True)
class Piece:
    """Shapes from (0, 0) to the right, centred on y = 0, with words; places on it are measured in the same way."""

    shapes: tuple[Shape, ...]
    width: float
    height: float
    words: tuple[str, ...]

    @property
    def room(self) -> float:
        """How wide a slot it needs, with its words."""
        words = (text_width(word, BOLD if index == 0 else PLAIN, index == 0) for index, word in enumerate(self.words))
        return max([self.width, *words])


@dataclass(frozen=True)
class Slot:
    """A piece in its place: its left edge and the line it is centred on."""

    piece: Piece
    x: float
    y: float
    row: int


def slots(pieces: list[Piece], gap: float, room: float, space: float = 0.0) -> list[Slot]:
    """Places for pieces in rows of at most `room`; `space` is kept free above each row."""
    rows: list[list[int]] = [[]]
    used = 0.0
    for index, piece in enumerate(pieces):
        length = piece.room + (gap if rows[-1] else 0.0)
        if rows[-1] and used + length > room:
            rows.append([])
            used, length = 0.0, piece.room
        rows[-1].append(index)
        used += length
    found: list[Slot] = []
    y = 0.0
    for number, row in enumerate(rows):
        half = max(pieces[index].height for index in row) / 2
        y += half + space
        x = 0.0
        for index in row:
            piece = pieces[index]
            found.append(Slot(piece, x + (piece.room - piece.width) / 2, y, number))
            x += piece.room + gap
        y += half + 8.0 + max(len(pieces[index].words) for index in row) * PLAIN * LINE + 22.0
    return found


def drawn(slot: Slot) -> tuple[Shape, ...]:
    """The piece's shapes in its place."""
    return tuple(shape.transformed(1.0, slot.x, slot.y) for shape in slot.piece.shapes)


def words(slot: Slot, palette: Palette, half: float) -> list[Text]:
    """The piece's words, below the row."""
    found = []
    y = slot.y + half + 6.0
    for index, word in enumerate(slot.piece.words):
        y += PLAIN * LINE
        color = palette.ink if index == 0 else palette.faint
        found.append(Text(slot.x + slot.piece.width / 2, y, word, PLAIN if index else BOLD, color, index == 0))
    return found


def halves(found: list[Slot]) -> list[float]:
    """For each slot half the height of its row."""
    tallest: dict[int, float] = {}
    for slot in found:
        tallest[slot.row] = max(tallest.get(slot.row, 0.0), slot.piece.height / 2)
    return [tallest[slot.row] for slot in found]


def turn(start: Point, end: Point, right: float, between: float, palette: Palette) -> Path:
    """The line from the end of a row to the beginning of the next."""
    places = [start, (right + 8.0, start[1]), (right + 8.0, between), (-8.0, between), (-8.0, end[1]), end]
    return elbow(places, palette.faint, 0.8, arrow=True)

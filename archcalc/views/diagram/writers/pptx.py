"""PowerPoint: native shapes on a slide of the figure's size, lines between two boxes as glued connectors."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from typing import Any

from archcalc.views.diagram.extras import require
from archcalc.views.diagram.shapes.font import ASCENT, DESCENT
from archcalc.views.diagram.shapes.scene import Box, Disc, Path, Point, Scene, Text, dashes
from archcalc.views.diagram.writers import Writer

EMU = 12_700
"""Per point."""
MAX_SIDE = 4_032.0
"""The largest width and height of a slide, in points."""
FONT = "Arial"
_DAY = (2020, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"


def write(scene: Scene, dpi: float = 0) -> bytes:
    """A presentation of one slide; equal scenes yield equal bytes."""
    pptx = require("pptx", "python-pptx", "pptx", "PPTX")
    deck = pptx.Presentation()
    scale = min(1.0, MAX_SIDE / max(scene.width, scene.height))
    deck.slide_width, deck.slide_height = (max(914_400, _emu(side * scale)) for side in (scene.width, scene.height))
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    if scene.background:
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = _rgb(scene.background)
    _Slide(slide.shapes).draw(scene, scale)
    _describe(deck, scene)
    out = io.BytesIO()
    deck.save(out)
    entries = _entries(out.getvalue())
    return _archive(_sealed(entries, scene.stamp) if scene.stamp else entries)


def _emu(points: float) -> int:
    return round(points * EMU)


def _rgb(color: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(color[1:].upper())


class _Slide:
    def __init__(self, shapes: Any) -> None:
        self.shapes = shapes
        self.by_key: dict[str, Any] = {}

    def draw(self, scene: Scene, scale: float) -> None:
        shapes = [shape.transformed(scale, 0.0, 0.0) for shape in scene.shapes]
        # Connectors are added last, when the shapes that they are glued to exist.
        for shape in shapes:
            match shape:
                case Box() | Disc():
                    self.solid(shape)
                case Text():
                    self.text(shape)
                case Path():
                    self.path(shape)
        for shape in shapes:
            if isinstance(shape, Path) and self.is_glued(shape):
                self.connector(shape)

    def is_glued(self, path: Path) -> bool:
        return len(path.points) == 2 and all(path.ends) and all(key in self.by_key for key in path.ends)

    def solid(self, shape: Box | Disc) -> None:
        from pptx.enum.shapes import MSO_SHAPE

        left, top, right, bottom = shape.bounds
        is_rounded = isinstance(shape, Box) and shape.radius > 0
        kind = (
            MSO_SHAPE.OVAL if isinstance(shape, Disc) else (MSO_SHAPE.ROUNDED_RECTANGLE if is_rounded else MSO_SHAPE.RECTANGLE)
        )
        size = max(1, _emu(right - left)), max(1, _emu(bottom - top))
        added = self.shapes.add_shape(kind, _emu(left), _emu(top), *size)
        if isinstance(shape, Box) and is_rounded:
            added.adjustments[0] = min(0.5, shape.radius / max(min(shape.width, shape.height), 0.1))
        added.shadow.inherit = False
        self.paint(added, shape)
        if shape.title:
            added._element.nvSpPr.cNvPr.set("descr", shape.title)
        if shape.key:
            self.by_key[shape.key] = added

    def paint(self, added: Any, shape: Box | Disc | Path) -> None:
        from pptx.enum.dml import MSO_LINE
        from pptx.util import Emu

        if shape.fill:
            added.fill.solid()
            added.fill.fore_color.rgb = _rgb(shape.fill)
            if not isinstance(shape, Box) and shape.opacity < 1:
                _alpha(added.fill, shape.opacity)
        else:
            added.fill.background()
        if shape.stroke:
            added.line.color.rgb = _rgb(shape.stroke)
            added.line.width = Emu(_emu(shape.line_width))
            if dashes(shape):
                added.line.dash_style = MSO_LINE.ROUND_DOT if isinstance(shape, Path) and shape.dotted else MSO_LINE.DASH
        else:
            added.line.fill.background()

    def text(self, text: Text) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        left, top, right, bottom = text.bounds
        middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
        width, height = text.width, (ASCENT + DESCENT) * text.size
        box = self.shapes.add_textbox(
            _emu(middle_x - width / 2), _emu(middle_y - height / 2), max(1, _emu(width)), max(1, _emu(height))
        )
        if text.rotated:
            box.rotation = -90.0
        frame = box.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap = False
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        paragraph = frame.paragraphs[0]
        paragraph.alignment = {"start": PP_ALIGN.LEFT, "middle": PP_ALIGN.CENTER, "end": PP_ALIGN.RIGHT}[text.anchor]
        run = paragraph.add_run()
        run.text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text.text)
        run.font.name, run.font.size, run.font.bold = FONT, Pt(text.size), text.bold
        run.font.color.rgb = _rgb(text.color)

    def path(self, path: Path) -> None:
        if self.is_glued(path) or (path.ends != ("", "") and len(path.points) == 2 and all(path.ends)):
            return
        points = flat(path)
        builder = self.shapes.build_freeform(_emu(points[0][0]), _emu(points[0][1]), scale=1.0)
        builder.add_line_segments([(_emu(x), _emu(y)) for x, y in points[1:]], close=path.closed)
        added = builder.convert_to_shape()
        added.shadow.inherit = False
        self.paint(added, path)
        if path.arrow:
            _head(added.line)

    def connector(self, path: Path) -> None:
        from pptx.enum.shapes import MSO_CONNECTOR
        from pptx.util import Emu

        (x0, y0), (x1, y1) = path.points
        added = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, _emu(x0), _emu(y0), _emu(x1), _emu(y1))
        # The public methods also move the ends, and only as is right for rectangles; ours are placed already.
        for point, key, connect in (
            (path.points[0], path.ends[0], added._connect_begin_to),
            (path.points[1], path.ends[1], added._connect_end_to),
        ):
            connect(self.by_key[key], _site(self.by_key[key], point))
        added.line.color.rgb = _rgb(path.stroke or "#000000")
        added.line.width = Emu(_emu(path.line_width))
        if path.arrow:
            _head(added.line)


def _site(shape: Any, point: Point) -> int:
    """The connection site (top, left, bottom, right) nearest to a point; a circle has eight, these are every other one."""
    x, y = (_emu(part) for part in point)
    left, top, right, bottom = shape.left, shape.top, shape.left + shape.width, shape.top + shape.height
    sites = [((left + right) / 2, top), (left, (top + bottom) / 2), ((left + right) / 2, bottom), (right, (top + bottom) / 2)]
    nearest = min(range(4), key=lambda index: (sites[index][0] - x) ** 2 + (sites[index][1] - y) ** 2)
    return nearest * 2 if "ellipse" in shape._element.xml else nearest


def flat(path: Path, pieces: int = 6) -> list[Point]:
    """The points of a path; each curve as `pieces` straight lines."""
    if not path.curved:
        return list(path.points)
    points = [path.points[0]]
    for index in range(1, len(path.points) - 2, 3):
        a, (b, c, d) = points[-1], path.points[index : index + 3]
        for n in range(1, pieces + 1):
            t = n / pieces
            u = 1 - t
            points.append(
                (
                    u**3 * a[0] + 3 * u * u * t * b[0] + 3 * u * t * t * c[0] + t**3 * d[0],
                    u**3 * a[1] + 3 * u * u * t * b[1] + 3 * u * t * t * c[1] + t**3 * d[1],
                )
            )
    return points


def _head(line: Any) -> None:
    """An arrow head at the end of a line, for which python-pptx has no method."""
    from pptx.oxml.ns import qn

    element = line._get_or_add_ln()
    element.append(element.makeelement(qn("a:tailEnd"), {"type": "triangle", "w": "med", "len": "med"}))


def _alpha(fill: Any, opacity: float) -> None:
    from pptx.oxml.ns import qn

    color = fill.fore_color._xFill.find(qn("a:srgbClr"))
    color.append(color.makeelement(qn("a:alpha"), {"val": str(round(opacity * 100_000))}))


def _describe(deck: Any, scene: Scene) -> None:
    from datetime import datetime

    about = deck.core_properties
    about.title, about.subject, about.keywords = scene.title[:250], scene.description[:250], scene.stamp
    about.author = about.last_modified_by = "archcalc"
    about.created = about.modified = datetime(*_DAY)


def _entries(deck: bytes) -> dict[str, bytes]:
    """What is in an archive, by its names."""
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _archive(entries: dict[str, bytes]) -> bytes:
    """An archive with one fixed date on every entry."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _sealed(entries: dict[str, bytes], stamp: str) -> dict[str, bytes]:
    """The entries, with the hash of all of them behind the stamp in the properties of the presentation."""
    digest = hashlib.sha256(repr(list(entries.items())).encode()).hexdigest()
    return entries | {_PROPERTIES: entries[_PROPERTIES].replace(stamp.encode(), f"{stamp} {digest}".encode())}


def is_intact(data: bytes, stamp: str) -> bool:
    """Whether a file has the stamp, and its entries are those that were written with it; not so if it is damaged."""
    try:
        found = _entries(data)
        bare = found | {_PROPERTIES: re.sub(rb"%b [0-9a-f]{64}" % stamp.encode(), stamp.encode(), found[_PROPERTIES])}
    except Exception:  # zipfile and zlib fail in many ways on damaged data
        return False
    return stamp.encode() in bare[_PROPERTIES] and found == _sealed(bare, stamp)


WRITER = Writer(write, is_intact=is_intact)

"""PDF, by svg2pdf from the SVG: vectors, selectable text, embedded fonts."""

from __future__ import annotations

import hashlib

from archcalc.errors import call_error
from archcalc.views.diagram.extras import font_files, require
from archcalc.views.diagram.shapes.scene import Scene
from archcalc.views.diagram.writers import Writer, svg


def write(scene: Scene, dpi: float = 0) -> bytes:
    """The figure on a page of its own size. Raises `DescriptionError` if svg2pdf is missing or fails."""
    svg2pdf = require("svg2pdf_py", "svg2pdf-py", "diagrams", "PDF")
    fonts = svg2pdf.FontDatabase()
    for file in font_files():
        fonts.load_font_file(file)
    try:
        # svg2pdf reads a user unit as a point, but `pt` as 96/72 of one.
        text, options = svg.document(scene, unit=""), svg2pdf.ConversionOptions(embed_text=True)
        page = bytes(svg2pdf.svg_to_pdf(text, fonts, options))
    except ValueError as error:
        raise call_error("ARC477", f"the figure cannot be made into a PDF: {error}") from None
    return _sealed(page, scene.stamp) if scene.stamp else page


def _sealed(page: bytes, stamp: str) -> bytes:
    """The page, and behind it the stamp and the hash of the page."""
    return page + f"\n%{stamp} {hashlib.sha256(page).hexdigest()}\n".encode()


def is_intact(data: bytes, stamp: str) -> bool:
    """Whether a file has the stamp, and the page is the one that was written with it."""
    page = data[: -len(_sealed(b"", stamp))]
    return data == _sealed(page, stamp)


WRITER = Writer(write, is_intact=is_intact)

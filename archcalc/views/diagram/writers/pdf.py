"""PDF, by svg2pdf from the SVG: vectors, selectable text, embedded fonts."""

from __future__ import annotations

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
    return page + (f"\n%{scene.stamp}\n".encode() if scene.stamp else b"")


WRITER = Writer(write)

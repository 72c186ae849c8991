"""PNG, by resvg from the SVG, with the font of its wheel and none of the system."""

from __future__ import annotations

import hashlib
import struct
import zlib

from archcalc.errors import call_error
from archcalc.views.diagram.extras import font_files, require
from archcalc.views.diagram.shapes.scene import Scene
from archcalc.views.diagram.writers import Writer, svg

DPI = 200.0
MAX_PIXELS = 30_000_000
"""Each takes 8 bytes while the picture is drawn and compressed."""
HEADER = 33
"""Bytes of the signature and the chunk IHDR."""


def write(scene: Scene, dpi: float = 0) -> bytes:
    """The figure with `dpi` pixels per inch. Raises `DescriptionError` if it is too large, or resvg is missing or fails."""
    dpi = dpi or DPI
    pixels = scene.width * scene.height * (dpi / 72) ** 2
    if pixels > MAX_PIXELS:
        most = int(dpi * (MAX_PIXELS / pixels) ** 0.5)
        out = f"choose a smaller --dpi, at most {most}, a smaller --width, or a format without pixels: .pdf"
        raise call_error("ARC477", f"a PNG of {pixels:,.0f} pixels is more than {MAX_PIXELS:,}", out)
    resvg = require("resvg_py", "resvg-py", "diagrams", "PNG")
    try:
        image = bytes(
            resvg.svg_to_bytes(
                svg_string=svg.document(scene), font_files=font_files(), skip_system_fonts=True, dpi=96.0, zoom=dpi / 96
            )
        )
    except ValueError as error:
        raise call_error("ARC477", f"the figure cannot be made into a PNG: {error}") from None
    described = _described(image, dpi, scene)
    return _sealed(described, scene.stamp) if scene.stamp else described


def _described(image: bytes, dpi: float, scene: Scene) -> bytes:
    """The image with its resolution, title and alternative text."""
    per_metre = round(dpi / 0.0254)
    texts = [_text(key, text) for key, text in (("Title", scene.title), ("Description", scene.description)) if text]
    return _with_chunks(image, _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)), *texts)


def _sealed(image: bytes, stamp: str) -> bytes:
    """The image with the stamp and the hash of all the rest."""
    return _with_chunks(image, _text("Comment", f"{stamp} {hashlib.sha256(image).hexdigest()}"))


def is_intact(data: bytes, stamp: str) -> bool:
    """Whether a file has the stamp, and the image is the one that was written with it."""
    image = data[:HEADER] + data[len(_sealed(bytes(HEADER), stamp)) :]
    return data == _sealed(image, stamp)


def _with_chunks(image: bytes, *chunks: bytes) -> bytes:
    """The image with further chunks behind its header."""
    return image[:HEADER] + b"".join(chunks) + image[HEADER:]


def _text(key: str, text: str) -> bytes:
    return _chunk(b"iTXt", key.encode() + b"\0\0\0\0\0" + text.encode())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


WRITER = Writer(write, has_pixels=True, is_intact=is_intact)

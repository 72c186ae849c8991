"""SVG: text stays text, every element has its own style, nothing is fetched."""

from __future__ import annotations

from html import escape

from archcalc.views.diagram.shapes.font import FAMILY
from archcalc.views.diagram.shapes.scene import Box, Disc, Path, Scene, Shape, Text, dashes
from archcalc.views.diagram.writers import Writer

FAMILIES = f"'{FAMILY}', 'Segoe UI', Helvetica, Arial, sans-serif"


def write(scene: Scene, dpi: float = 0) -> bytes:
    """The figure as an SVG document; equal scenes yield equal bytes."""
    return document(scene).encode()


def document(scene: Scene, prefix: str = "", unit: str = "pt") -> str:
    """The same as text; `prefix` makes ids unique where one page contains several figures, `unit` is written after lengths."""
    width, height = number(scene.width), number(scene.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}{unit}" height="{height}{unit}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="{prefix}title {prefix}desc" '
        f'font-family="{FAMILIES}">',
        f'<title id="{prefix}title">{escape(scene.title)}</title>',
        f'<desc id="{prefix}desc">{escape(scene.description)}</desc>',
    ]
    if scene.stamp:
        lines.append(f"<metadata>{escape(scene.stamp)}</metadata>")
    if scene.background:
        lines.append(f'<rect width="{width}" height="{height}" fill="{scene.background}"/>')
    lines += map(element, scene.shapes)
    return "\n".join([*lines, "</svg>", ""])


def number(value: float) -> str:
    """A length to a hundredth of a point, in as few characters as possible."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(shape: Shape) -> str:
    """One shape as an SVG element."""
    match shape:
        case Text():
            return _text(shape)
        case Box():
            place = f'x="{number(shape.x)}" y="{number(shape.y)}" width="{number(shape.width)}" height="{number(shape.height)}"'
            place += f' rx="{number(shape.radius)}"' if shape.radius else ""
            return _closed("rect", place + _paint(shape), shape.title)
        case Disc():
            place = f'cx="{number(shape.x)}" cy="{number(shape.y)}" r="{number(shape.r)}"'
            opacity = f' fill-opacity="{number(shape.opacity)}"' if shape.opacity != 1 else ""
            return _closed("circle", place + _paint(shape) + opacity, shape.title)
        case Path():
            opacity = f' opacity="{number(shape.opacity)}"' if shape.opacity != 1 else ""
            line = _closed("path", f'd="{route(shape)}"' + _paint(shape) + opacity, shape.title)
            return line + _arrow(shape) if shape.arrow else line


def route(path: Path) -> str:
    """The attribute `d` of a path."""
    pairs = [f"{number(x)} {number(y)}" for x, y in path.points]
    if path.curved:
        rest = " ".join(f"C{' '.join(pairs[index : index + 3])}" for index in range(1, len(pairs), 3))
    else:
        rest = " ".join(f"L{pair}" for pair in pairs[1:])
    return f"M{pairs[0]} {rest}" + ("Z" if path.closed else "")


def _closed(tag: str, attributes: str, title: str) -> str:
    if title:
        return f"<{tag} {attributes}><title>{escape(title)}</title></{tag}>"
    return f"<{tag} {attributes}/>"


def _paint(shape: Box | Disc | Path) -> str:
    fill = f' fill="{shape.fill or "none"}"'
    if not shape.stroke:
        return fill
    pattern = dashes(shape)
    dash = f' stroke-dasharray="{number(pattern[0])} {number(pattern[1])}"' if pattern else ""
    return f'{fill} stroke="{shape.stroke}" stroke-width="{number(shape.line_width)}" stroke-linejoin="round"{dash}'


def _arrow(path: Path) -> str:
    """The head as a small triangle: not every program that opens SVG supports markers."""
    points = " ".join(f"{number(x)},{number(y)}" for x, y in arrow_head(path))
    return f'<polygon points="{points}" fill="{path.stroke}"/>'


def arrow_head(path: Path) -> list[tuple[float, float]]:
    """The corners of the triangle at the end of a line."""
    (x0, y0), (x1, y1) = path.points[-2:]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1.0
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    long, half = path.arrow_length, path.arrow_length * 0.36
    bx, by = x1 - ux * long, y1 - uy * long
    return [(x1, y1), (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half)]


def _text(text: Text) -> str:
    place = f'x="{number(text.x)}" y="{number(text.y)}" font-size="{number(text.size)}"'
    anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
    weight = ' font-weight="700"' if text.bold else ""
    turn = f' transform="rotate(-90 {number(text.x)} {number(text.y)})"' if text.rotated else ""
    # Another font than ours may be wider: the text is set to the width that the layout reserved for it.
    length = f' textLength="{number(text.width)}" lengthAdjust="spacingAndGlyphs"' if len(text.text) > 1 else ""
    return f'<text {place}{anchor}{weight}{turn}{length} fill="{text.color}" unicode-bidi="isolate">{escape(text.text)}</text>'


WRITER = Writer(write)

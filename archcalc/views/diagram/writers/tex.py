"""TikZ: a picture with plain TikZ and graphicx, stand-alone or as a fragment for a document.

Each text is set to the width that the layout reserved for it, whatever font the document has.
"""

from __future__ import annotations

from archcalc.escapes import LATEX, latex
from archcalc.views.diagram.shapes.scene import Box, Disc, Path, Scene, Shape, Text, dashes
from archcalc.views.diagram.writers import Writer
from archcalc.views.diagram.writers.svg import arrow_head, number

_TABLE = LATEX | {"-": "{-}", ",": "{,}", "'": r"\textquotesingle{}", "–": r"{\textendash}", "→": r"$\rightarrow$"}
"""Further characters that TikZ reads as syntax, or that fonts join into ligatures."""


def write(scene: Scene, dpi: float = 0) -> bytes:
    """A document that contains the picture alone."""
    return document(scene).encode()


def document(scene: Scene, fragment: bool = False) -> str:
    """The picture in a document of its own, or as a fragment to be read by another."""
    body = picture(scene)
    foreign = _foreign(scene)
    head = [f"% {_comment(scene.title)}"]
    if scene.stamp:
        head.append(f"% {scene.stamp}")
    if foreign:
        head += [
            "% !TeX program = lualatex",
            "% The text has letters beyond Latin: compile with LuaLaTeX or XeLaTeX and a font that has them.",
        ]
    fonts = (
        [r"\usepackage{fontspec}"]
        if foreign
        else [
            r"\usepackage[T1]{fontenc}",
            r"\usepackage[utf8]{inputenc}",
            r"\usepackage{textcomp}",
            r"\usepackage[scaled=0.95]{helvet}",
        ]
    )
    if fragment:
        needs = r"\usepackage{tikz,graphicx}" + ("" if foreign else r" \usepackage[T1]{fontenc}")
        return "\n".join([*head, f"% for \\input; the document needs {needs}", body, ""])
    page = [
        r"\documentclass[border=0pt]{standalone}",
        *fonts,
        r"\usepackage{graphicx}",
        r"\usepackage{tikz}",
        r"\begin{document}",
        r"\sffamily",
    ]
    return "\n".join([*head, *page, body, r"\end{document}", ""])


def picture(scene: Scene) -> str:
    """The environment tikzpicture."""
    width, height = number(scene.width), number(scene.height)
    colors = sorted({color for shape in scene.shapes for color in _colors(shape)} | {scene.background or "#ffffff"})
    lines = [r"\begin{tikzpicture}[x=1bp,y=-1bp,line join=round]"]
    lines += [rf"\definecolor{{{_color(color)}}}{{HTML}}{{{color[1:].upper()}}}" for color in colors]
    lines.append(rf"\useasboundingbox (0,0) rectangle ({width},{height});")
    if scene.background:
        lines.append(rf"\fill[{_color(scene.background)}] (0,0) rectangle ({width},{height});")
    return "\n".join([*lines, *map(_shape, scene.shapes), r"\end{tikzpicture}"])


def _comment(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _foreign(scene: Scene) -> bool:
    """Some text has letters that 8-bit LaTeX fonts do not contain."""
    return any(ord(letter) > 0x17F and letter not in _TABLE for text in scene.texts for letter in text.text)


def _color(color: str) -> str:
    return "c" + color[1:].lower()


def _colors(shape: Shape) -> list[str]:
    if isinstance(shape, Text):
        return [shape.color]
    return [color for color in (shape.fill, shape.stroke) if color]


def _options(shape: Box | Disc | Path) -> str:
    options = []
    if shape.fill:
        options.append(f"fill={_color(shape.fill)}")
    if shape.stroke:
        options += [f"draw={_color(shape.stroke)}", f"line width={number(shape.line_width)}bp"]
    if shape.stroke and (pattern := dashes(shape)):
        options.append(f"dash pattern=on {number(pattern[0])}bp off {number(pattern[1])}bp")
    if not isinstance(shape, Box) and shape.opacity != 1:
        options.append(f"{'fill ' if isinstance(shape, Disc) else ''}opacity={number(shape.opacity)}")
    if isinstance(shape, Box) and shape.radius:
        options.append(f"rounded corners={number(shape.radius)}bp")
    return ",".join(options)


def _shape(shape: Shape) -> str:
    match shape:
        case Text():
            return _text(shape)
        case Box():
            corner = f"({number(shape.x + shape.width)},{number(shape.y + shape.height)})"
            return rf"\path[{_options(shape)}] ({number(shape.x)},{number(shape.y)}) rectangle {corner};"
        case Disc():
            place = f"({number(shape.x)},{number(shape.y)})"
            return rf"\path[{_options(shape)}] {place} circle[radius={number(shape.r)}bp];"
        case Path():
            return _path(shape)


def _path(path: Path) -> str:
    points = [f"({number(x)},{number(y)})" for x, y in path.points]
    if path.curved:
        pieces = [
            f" .. controls {points[index]} and {points[index + 1]} .. {points[index + 2]}"
            for index in range(1, len(points) - 2, 3)
        ]
        line = points[0] + "".join(pieces)
    else:
        line = " -- ".join(points)
    command = rf"\path[{_options(path)}] {line}{' -- cycle' if path.closed else ''};"
    if path.arrow:
        corners = " -- ".join(f"({number(x)},{number(y)})" for x, y in arrow_head(path))
        command += "\n" + rf"\fill[{_color(path.stroke or '#000000')}] {corners} -- cycle;"
    return command


def _text(text: Text) -> str:
    anchor = {"start": "base west", "middle": "base", "end": "base east"}[text.anchor]
    size = number(text.size)
    turn = ",rotate=90" if text.rotated else ""
    weight = r"\bfseries " if text.bold else ""
    inner = rf"\resizebox{{{number(text.width)}bp}}{{\height}}{{{latex(text.text, _TABLE)}}}" if text.width > 0.5 else ""
    return (
        rf"\node[anchor={anchor},inner sep=0pt,outer sep=0pt,text={_color(text.color)}{turn},"
        rf"font=\fontsize{{{size}bp}}{{{size}bp}}\selectfont {weight}] "
        rf"at ({number(text.x)},{number(text.y)}) {{{inner}}};"
    )


WRITER = Writer(write, fragment=lambda scene: document(scene, fragment=True).encode())

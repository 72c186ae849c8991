"""Formats: equal bytes for equal input, text stays text whatever it says, files open again."""

from __future__ import annotations

import io
import re
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from archcalc import analyze
from archcalc.analysis.loading import load_source
from archcalc.description.source import Source
from archcalc.errors import DescriptionError
from archcalc.views.diagram.files import render, stamped
from archcalc.views.diagram.layout.page import draw
from archcalc.views.diagram.options import FigureOptions, read_options
from archcalc.views.diagram.shapes.scene import Scene
from archcalc.views.diagram.writers import svg, tex

HOSTILE = [
    "</text><script>alert(1)</script>",
    '"]; evil [label="x',
    "\\N \\G\\l\\",
    "$\\input{/etc/passwd}$ %x",
    "a&b#c_d^e~{f}",
    "\u202e\u05e9\u05dc\u05d5\u05dd",
    "line\nbreak\x07\x1b[31m",
]
GOLDEN = Path(__file__).parent / "golden"


def network(text: str) -> Scene:
    return draw(analyze(load_source(Source("net.yaml", text))), FigureOptions())


def hostile(**given: object) -> Scene:
    import json

    layers = "\n".join(
        f"  - {{id: {json.dumps(name)}, op: conv, out_channels: {index + 4}, kernel_size: 3, padding: 1}}"
        for index, name in enumerate(HOSTILE)
    )
    text = f"archcalc: 1\nname: {json.dumps(' '.join(HOSTILE))}\ninput: {{shape: [3, 64, 64]}}\nlayers:\n{layers}\n"
    return draw(analyze(load_source(Source("net.yaml", text))), read_options({"show": "name,shape", **given}))


def lenet(**given: object) -> Scene:
    from archcalc import load

    return draw(analyze(load("lenet5")), read_options(given))


@pytest.mark.parametrize("style", ["blocks", "volumes", "stacks", "cone"])
def test_hostile_names_stay_text_in_svg(style: str) -> None:
    root = ElementTree.fromstring(svg.document(hostile(style=style)))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "metadata", "rect", "circle", "path", "polygon", "text"}
    words = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert all(word.isprintable() for word in words)
    if style != "cone":
        assert "</text><script>alert(1)</script>"[:12] in " ".join(words)
        assert any(word.startswith("line␊break␇␛[31m") for word in words)


def test_a_missing_glyph_is_a_warning() -> None:
    (warning,) = hostile().diagnostics
    assert (warning.code, warning.severity) == ("ARC310", "warning")
    assert "the font lacks" in warning.message
    assert "--no-caption" in warning.details[0]
    assert not lenet().diagnostics


def test_svg_is_one_for_equal_input_and_says_what_it_shows() -> None:
    text = svg.document(lenet())
    assert text == svg.document(lenet())
    root = ElementTree.fromstring(text)
    assert root.find("{http://www.w3.org/2000/svg}title").text == "LeNet-5"  # type: ignore[union-attr]
    assert "60,840 parameters" in root.find("{http://www.w3.org/2000/svg}desc").text  # type: ignore[union-attr,operator]
    assert "font-family=\"'Fira Sans'" in text
    assert "class=" not in text
    assert "url(" not in text


@pytest.mark.parametrize(
    "name",
    [
        "lenet5-blocks.svg",
        "lenet5-stacks.svg",
        "lenet5-blocks.tex",
        pytest.param("lenet5-graph.dot", marks=pytest.mark.needs("pygraphviz")),
    ],
)
def test_golden(name: str) -> None:
    style, ending = name.removeprefix("lenet5-").split(".")
    made = render(lenet(style=style), ending)
    golden = GOLDEN / name
    if not golden.exists():
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(made)
        pytest.fail(f"{golden} was not there; it is written now: look at it, and keep it if it is right")
    assert made == golden.read_bytes(), f"{name} is drawn otherwise than before: look at it, then delete {golden}"


def test_tikz_escapes_everything() -> None:
    text = tex.document(hostile())
    body = text.partition(r"\begin{tikzpicture}")[2]
    assert r"\input" not in body
    assert r"\textbackslash{}input\{/etc/passwd\}" in body
    assert "lualatex" in text, "the engine that letters beyond Latin need"
    assert r"\newcommand" not in text
    assert r"\documentclass" not in tex.document(lenet(), fragment=True)


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize("style", ["blocks", "volumes"])
def test_tikz_compiles(style: str, tmp_path: Path) -> None:
    (tmp_path / "figure.tex").write_text(tex.document(lenet(style=style)), encoding="utf-8")
    fragment = tex.document(lenet(style=style), fragment=True)
    (tmp_path / "part.tex").write_text(fragment, encoding="utf-8")
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{tikz,graphicx}"
        "\\begin{document}\\noindent\\resizebox{\\textwidth}{!}{\\input{part}}\\end{document}",
        encoding="utf-8",
    )
    for name in ("figure", "paper"):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-1500:]
        assert (tmp_path / f"{name}.pdf").stat().st_size > 5000


@pytest.mark.needs("pdflatex")
def test_hostile_latin_names_compile(tmp_path: Path) -> None:
    plain = "".join(chr(code) for code in range(32, 127))
    text = (
        "archcalc: 1\nname: '" + plain.replace("'", "''") + "'\ninput: {shape: [3, 64, 64]}\nlayers:\n"
        "  - {op: conv, out_channels: 4, kernel_size: 3}\n"
    )
    (tmp_path / "figure.tex").write_text(tex.document(network(text)), encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "figure"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1500:]


@pytest.mark.needs("pygraphviz")
def test_dot_holds_the_names_as_text() -> None:
    import pygraphviz

    scene = hostile(style="graph")
    graph = pygraphviz.AGraph(string=render(scene, "dot").decode())
    assert len(graph.nodes()) == len(HOSTILE) + 1
    labels = "".join(str(node.attr["label"]) for node in graph.nodes())
    assert "evil" in labels
    assert "\\\\N" in labels, "a backslash of a name is doubled, so that Graphviz reads no escape"
    assert render(scene, "dot") == render(hostile(style="graph"), "dot")


@pytest.mark.needs("resvg_py", "fontpkg_fira_sans")
def test_png_has_its_resolution_and_its_words() -> None:
    image = render(stamped(lenet(), FigureOptions(), "png", 144), "png", 144)
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", image[16:24])
    scene = lenet()
    assert abs(width - scene.width * 2) <= 2
    assert abs(height - scene.height * 2) <= 2
    assert b"archcalc-figure:" in image
    # Without its text the picture is much smaller: a renderer that lost the font would go unnoticed.
    bare = Scene(scene.width, scene.height, tuple(s for s in scene.shapes if not hasattr(s, "text")), "x", "y", "#ffffff")
    assert len(image) > 1.3 * len(render(bare, "png", 144))
    with pytest.raises(DescriptionError, match="smaller --dpi"):
        render(scene, "png", 2400 * 10)


@pytest.mark.needs("svg2pdf_py", "fontpkg_fira_sans")
def test_pdf_has_text_and_its_font(tmp_path: Path) -> None:
    page = render(stamped(lenet(), FigureOptions(), "pdf"), "pdf")
    scene = lenet()
    left, top, right, bottom = map(float, re.search(rb"/MediaBox\s*\[([^\]]+)\]", page)[1].split())  # type: ignore[index]
    assert (right - left, bottom - top) == pytest.approx((scene.width, scene.height), abs=1)
    assert page.startswith(b"%PDF-")
    assert b"FiraSans" in page
    if shutil.which("pdftotext"):
        (tmp_path / "x.pdf").write_bytes(page)
        words = subprocess.run(["pdftotext", str(tmp_path / "x.pdf"), "-"], capture_output=True, text=True, check=True)
        assert "conv 5×5" in words.stdout


@pytest.mark.needs("pptx")
@pytest.mark.parametrize("style", ["blocks", "volumes"])
def test_pptx_opens_with_everything_on_the_slide(style: str) -> None:
    import pptx

    scene = hostile(style=style) if style == "blocks" else lenet(style=style)
    data = render(scene, "pptx")
    assert data == render(scene, "pptx")
    deck = pptx.Presentation(io.BytesIO(data))
    (slide,) = deck.slides
    words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text]
    assert sorted(words) == sorted(text.text for text in scene.texts)
    for shape in slide.shapes:
        assert shape.left >= -13_000
        assert shape.top >= -13_000
        assert shape.left + shape.width <= deck.slide_width + 13_000
        assert shape.top + shape.height <= deck.slide_height + 13_000
    if style == "blocks":
        glued = [shape for shape in slide.shapes if shape._element.xpath(".//a:stCxn") and shape._element.xpath(".//a:endCxn")]
        assert len(glued) == len(HOSTILE), "every arrow between neighbours is glued at both ends"


@pytest.mark.needs("pptx")
@pytest.mark.parametrize("name", ["googlenet", "unet", "resnet18"])
def test_arrows_end_where_they_are_drawn(name: str) -> None:
    import pptx

    from archcalc import load

    scene = draw(analyze(load(name)), FigureOptions())
    (slide,) = pptx.Presentation(io.BytesIO(render(scene, "pptx"))).slides
    starts = {
        (round(shape.points[0][0]), round(shape.points[0][1]))
        for shape in scene.shapes
        if len(getattr(shape, "points", ())) == 2
    }
    for connector in (shape for shape in slide.shapes if shape._element.tag.endswith("cxnSp")):
        assert (round(connector.begin_x / 12700), round(connector.begin_y / 12700)) in starts


def test_numbers_are_short_and_without_minus_zero() -> None:
    numbers = (1.0, 0.004, -0.004, -0.0, 12.25, 100.0)
    assert [svg.number(value) for value in numbers] == ["1", "0", "0", "0", "12.25", "100"]
    assert not re.search(r"-0[^.\d]", svg.document(lenet()))

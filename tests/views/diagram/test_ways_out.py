"""The ways out that a figure names are open: options that its style reads, and sizes at which it fits its page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from archcalc import analyze, load
from archcalc.errors import DescriptionError
from archcalc.views.diagram.layout.page import draw
from archcalc.views.diagram.options import read_options
from archcalc.views.diagram.style import READ_BY_ALL, style
from archcalc.views.diagram.styles import STYLES

GRAPH = [pytest.param("graph", marks=pytest.mark.needs("pygraphviz")) if name == "graph" else name for name in STYLES.names]
SIZES = re.compile(r"--(width|min-text) (\d[\d.]*(?:cm)?)")


@pytest.mark.parametrize("name", GRAPH)
@pytest.mark.parametrize(
    ("network", "given"),
    [("alexnet", {"width": "4cm"}), ("resnet18", {"width": "9cm"}), ("mobilenet_v1", {"min_text": "33"})],
)
def test_a_refusal_names_open_ways_only(network: str, name: str, given: dict[str, str]) -> None:
    report = analyze(load(network))
    expand = {"expand": True} if "expand" in style(name).reads else {}
    call = {"style": name, **expand, **given}
    try:
        draw(report, read_options(call))
    except DescriptionError as error:
        (problem,) = error.problems
        if problem.code == "ARC484":
            return  # no layer of the network has a table of connections
        assert problem.code == "ARC475"
        named = {option.replace("-", "_") for option in re.findall(r"--([a-z-]+)", problem.details[0])}
        assert named <= {*READ_BY_ALL, *style(name).reads}
        sizes = SIZES.findall(problem.details[0])
        assert sizes, "each of these networks fits some page"
        for option, value in sizes:
            draw(report, read_options({**call, option: value}))
    else:
        assert (name, network) != ("blocks", "resnet18"), "some of these pages are too small"


def test_the_width_is_the_least_and_the_text_the_largest() -> None:
    report = analyze(load("alexnet"))
    call = {"style": "connections", "width": "12cm"}
    with pytest.raises(DescriptionError, match=r"ARC475.*\n  choose --width 17cm or choose --min-text 4.2$"):
        draw(report, read_options(call))
    for option, value in (("width", "16cm"), ("min_text", "4.3")):
        with pytest.raises(DescriptionError, match="ARC475"):
            draw(report, read_options({**call, option: value}))


@pytest.mark.parametrize(("network", "layer", "hatched"), [("lenet5", None, False), ("vgg16", "conv1_2", True)])
def test_the_cone_fits_a_narrow_page_and_explains_hatching_that_is_drawn(
    network: str, layer: str | None, hatched: bool
) -> None:
    given = {"layer": layer, "unit": "0,0"} if layer else {}
    figures = [
        draw(analyze(load(network)), read_options({"style": "cone", "width": width, **given})) for width in ("11cm", "30cm")
    ]
    for figure in figures:
        assert min(text.size for text in figure.texts) >= 6.0
        assert all(shape.bounds[0] >= 0 and shape.bounds[2] <= figure.width for shape in figure.shapes)
        assert any(text.text.startswith("hatched") for text in figure.texts) == hatched
    # A unit at the corner of conv1_2 sees 5×5 positions of which 3×3 are on the input; the middle one of LeNet's S4 16 of 32.
    words = [{text.text for text in figure.texts} for figure in figures]
    assert words[0] & words[1] >= ({"5, 2 in the padding", "3, 1 in the padding"} if hatched else {"16 of 32", "6 of 14"})


def test_a_block_is_named_as_one(run: Any) -> None:
    result = run("diagram", "unet", "--style", "cone", "--layer", "up1")
    assert result.status == 2
    first, ways = result.err.splitlines()
    assert first == "archcalc: error[ARC151] up1 is a block of U-Net, not a layer"
    assert ways == "  name a layer in it: up1.up, up1.cropped, up1.convs.conv2, up1.convs.relu2"


def test_notes_and_warnings_are_printed_with_their_way_out(run: Any, tmp_path: Any) -> None:
    out = str(tmp_path / "x.svg")
    drawn = run("diagram", "resnet50", "--width", "8cm", "-o", out)
    assert drawn.status == 0
    note, ways = drawn.err.splitlines()
    assert note.startswith("archcalc: note[ARC487] ResNet 50: ")
    assert ways == (
        "  fold blocks by --depth 1, draw a part by --only A..B, choose --width 17cm to see all or choose a smaller --min-text"
    )
    assert not run("diagram", "resnet50", "--width", "17cm", "-o", out).err
    assert run("diagram", "resnet50", "--width", "16cm", "-o", out).err.startswith("archcalc: note[ARC487]")
    spec = tmp_path / "net.yaml"
    spec.write_text("archcalc: 1\nname: 网络\ninput: {shape: [1, 8, 8]}\nlayers:\n  - {op: subsample, kernel_size: 2}\n")
    warning, ways = run("diagram", str(spec), "-o", out).err.splitlines()
    assert warning == "archcalc: warning[ARC310] the font lacks 2 of the characters in this figure: 网 (U+7F51) 络 (U+7EDC)"
    assert ways.endswith("leave out the caption by --no-caption")
    note, ways = run("macs", str(spec), "--convention", "ptflops").err.splitlines()
    assert note == "archcalc: note[ARC311] how ptflops counts subsample is not known: counted as 0"
    assert ways == "  count by another --convention: mult-adds"

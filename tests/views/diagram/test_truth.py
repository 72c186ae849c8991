"""A figure says nothing that is not so: labels, captions and legends of what is drawn, options that are applied or refused."""

from __future__ import annotations

import time
from typing import Any

import pytest

from archcalc import analyze, load
from archcalc.analysis.report import Report
from archcalc.errors import DescriptionError
from archcalc.views.diagram.layout.page import MAX_WRITTEN, draw, refuse_size
from archcalc.views.diagram.options import read_options
from archcalc.views.diagram.shapes.scene import Scene
from archcalc.views.diagram.structure.folding import fold
from archcalc.views.diagram.structure.series_parallel import Irreducible, Leaf, Parallel, leaves, series_parallel
from archcalc.views.diagram.structure.steps import step_graph
from archcalc.views.diagram.style import READ_BY_ALL, refuse_unread, style
from archcalc.views.diagram.styles import STYLES
from archcalc.views.diagram.writers import png
from tests.support import describe, report_of


def figure(report: Report, **given: object) -> Scene:
    return draw(report, read_options(given))


def labels(scene: Scene, name: str) -> list[str]:
    """The lines of the box with a name."""
    texts = list(scene.texts)
    (start,) = (index for index, text in enumerate(texts) if text.text.partition("  ×")[0] == name)
    end = next((index for index in range(start + 1, len(texts)) if texts[index].bold), len(texts))
    return [text.text for text in texts[start + 1 : end]]


def words(scene: Scene) -> str:
    return " ".join(text.text for text in scene.texts)


@pytest.mark.parametrize(
    ("network", "layer", "field"),
    [
        # Each has a flatten behind it, whose units read the whole input; the map that is drawn does not.
        ("vgg16", "pool5", "field 212×212"),
        ("alexnet", "pool5", "field 195×195"),
        ("lenet5", "C5", "field 32×32"),
    ],
)
def test_the_field_is_that_of_the_map_that_is_drawn(network: str, layer: str, field: str) -> None:
    assert labels(figure(analyze(load(network)), show="name,rf"), layer)[0] == field


def test_a_box_with_times_says_what_its_numbers_mean() -> None:
    lines = labels(figure(analyze(load("vgg16")), show="name,rf,params,macs"), "conv5_1")
    # 512·512·9 + 512 parameters and 512·512·9·14² multiply-adds in each of three layers.
    assert lines == ["field 132×132…196×196", "2.360 M params each", "462.4 M mult-adds each"]


def test_hidden_steps_are_in_the_counts_of_their_volume() -> None:
    text = words(figure(analyze(load("resnet18")), style="volumes", show="name,params"))
    # The first of conv3_x: 3·3·64·128 + 3·3·128·128 weights, norms of 128 twice; the projection 64·128 with its norm.
    own = 9 * 64 * 128 + 9 * 128 * 128 + 64 * 128 + 3 * 2 * 128
    assert f"{own / 1000:.1f} K params" in text


def test_legend_of_what_is_drawn() -> None:
    legend = [text.text for text in figure(analyze(load("unet")), style="volumes").texts if text.anchor == "start"]
    assert "conv transpose" in legend
    assert not any("crop" in text for text in legend)


@pytest.mark.parametrize(("palette", "word"), [("dark", "brightest"), ("print", "darkest"), ("okabe-ito", "darkest")])
def test_heat_names_the_hottest_box(palette: str, word: str) -> None:
    scene = figure(analyze(load("alexnet")), palette=palette, heat="params")
    assert f"the {word} box has the most" in words(scene)
    # fc6 has most parameters of all: its fill is the darkest or the brightest of all boxes.
    fills = {shape.title.partition(":")[0]: shape.fill for shape in scene.shapes if getattr(shape, "title", "") and shape.fill}
    light = {name: sum(int(fill[index : index + 2], 16) for index in (1, 3, 5)) for name, fill in fills.items()}
    assert light["fc6"] == (max if word == "brightest" else min)(light.values())


NET = describe(
    [4, 16, 16],
    {"id": "a", "op": "conv", "out_channels": 8, "kernel_size": 3, "groups": 2},
    {"id": "b", "op": "pair", "repeat": 3},
    {"id": "c", "op": "conv", "out_channels": 12, "kernel_size": 3, "groups": 4},
    blocks={"pair": {"layers": [{"op": "conv", "out_channels": 8, "kernel_size": 3, "padding": 1}, {"op": "relu"}]}},
)
LONG = describe([3, 90, 90], *({"id": f"c{index}", "op": "conv", "out_channels": 3, "kernel_size": 3} for index in range(20)))
SETTINGS: dict[str, Any] = {
    "show": "name,params",
    "heat": "params",
    "expand": True,
    "depth": 1,
    "only": "a..b",
    "direction": "TB",
    "scale": "log",
    "layer": "a",
    "unit": "3,3",
}


@pytest.mark.parametrize("option", SETTINGS)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.needs("pygraphviz")] * (name == "graph")) for name in STYLES.names]
)
def test_an_option_is_applied_or_refused(name: str, option: str) -> None:
    report = report_of(NET)
    base = {"direction": "LR"} if option == "direction" else {}  # else the style graph chooses
    if (name, option) == ("cone", "expand"):  # which leaves maps out of a long network on a low page only
        assert "more maps" in words(figure(report_of(LONG), style=name, aspect="3:1"))
        with pytest.raises(DescriptionError, match=r"ARC475[^-]*--expand"):
            figure(report_of(LONG), style=name, aspect="3:1", expand=True)
        return
    scene, plain = (figure(report, style=name, **given) for given in (base | {option: SETTINGS[option]}, base))
    if option in style(name).reads:
        assert scene.shapes != plain.shapes
        refuse_unread(name, [option])
        return
    assert scene == plain, "an option from the description's section, which may be for another style"
    with pytest.raises(DescriptionError, match=f"ARC486.*{name} does not read --{option}"):
        refuse_unread(name, ["style", option])


def test_styles_read_what_there_is() -> None:
    read = {*READ_BY_ALL, *(option for name in STYLES.names for option in style(name).reads)}
    assert read == {*READ_BY_ALL, *SETTINGS}


TWO_INPUTS = {
    "archcalc": 1,
    "name": "two inputs",
    "inputs": {"image": {"shape": [3, 8, 8]}, "table": {"shape": [10]}},
    "layers": [
        {"id": "c", "op": "conv", "out_channels": 8, "kernel_size": 3, "inputs": ["image"]},
        {"id": "f", "op": "flatten"},
        {"id": "a", "op": "linear", "out_features": 16},
        {"id": "b", "op": "linear", "out_features": 16, "inputs": ["table"]},
        {"id": "cat", "op": "concat", "inputs": ["a", "b"]},
        {"id": "out", "op": "linear", "out_features": 2},
    ],
}


def test_inputs_begin_branches_beside_each_other() -> None:
    scene = figure(analyze(load(TWO_INPUTS)), show="name")
    places = {text.text: text for text in scene.texts}
    assert places["image"].y == places["c"].y == places["a"].y < places["table"].y == places["b"].y
    (merge,) = (shape for shape in scene.shapes if hasattr(shape, "r"))
    ends = [shape.ends for shape in scene.shapes if hasattr(shape, "ends")]
    assert len(ends) == 6, "c, a, b and out read one step, the concatenation two; nothing leads to the inputs"
    assert sum(end == merge.key for _, end in ends) == 2


@pytest.mark.parametrize("name", ["volumes", "stacks"])
def test_a_style_of_one_path_says_which_input_is_missing(name: str) -> None:
    scene = figure(analyze(load(TWO_INPUTS)), style=name)
    assert "not drawn: input table 10" in words(scene)
    (note,) = scene.diagnostics
    assert (note.code, note.severity) == ("ARC488", "note")
    assert "input table 10" in note.message
    assert not figure(analyze(load("vgg16")), style=name, expand=True, width="14000pt", min_text="3").diagnostics


@pytest.mark.parametrize("network", ["resnet50", "googlenet"])
def test_a_folded_block_reads_a_step_once_and_has_its_name(network: str) -> None:
    report = analyze(load(network))
    segments = series_parallel(step_graph(report, depth=1))
    assert all(isinstance(segment, Leaf) for segment in segments), "no empty branches"
    scene = figure(report, depth=1)
    assert {*report.graph.blocks} >= (named := {text.text for text in scene.texts} & {*report.graph.blocks})
    assert len(named) == (4 if network == "resnet50" else 9)
    assert not any(shape.dashed for shape in scene.shapes if hasattr(shape, "dashed")), "a block is not an elision"


def test_a_copy_with_a_side_output_is_not_folded_with_others() -> None:
    block = {"layers": [{"op": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1}, {"op": "relu"}]}
    report = report_of(
        describe(
            [4, 12, 12],
            {"id": "s", "op": "f", "repeat": 3},
            {"id": "aux", "op": "conv", "out_channels": 4, "kernel_size": 1},
            {"op": "conv", "out_channels": 8, "kernel_size": 1, "inputs": "s"},
            blocks={"f": block},
        )
    )
    drawn = leaves(fold(series_parallel(step_graph(report))))
    assert [leaf.step.times for leaf in drawn] == [1, 2, 1, 1, 1]
    assert figure(report).shapes
    assert figure(report, width="4cm", min_text="3").shapes


def test_what_does_not_fit_is_said_with_a_way_to_see_it() -> None:
    report = analyze(load("lenet5"))
    (note,) = figure(report, width="6cm").diagnostics
    assert note.code == "ARC487"
    assert not figure(report).diagnostics
    with pytest.raises(DescriptionError) as caught:
        figure(report, min_text="40")
    assert "--expand" not in str(caught.value), "it was not used"
    with pytest.raises(DescriptionError, match="leave out --expand"):
        figure(report, min_text="40", expand=True)


def test_long_networks_are_refused_or_folded_early() -> None:
    long = report_of(describe([2, 4, 4], *({"op": "conv", "out_channels": 1 + n % 29, "kernel_size": 1} for n in range(3_000))))
    start = time.process_time()
    assert figure(long).diagnostics
    with pytest.raises(DescriptionError, match="3,001 steps one by one"):
        figure(long, expand=True)
    assert time.process_time() - start < 6
    relus = report_of(describe([2, 4, 4], {"op": "relu", "repeat": 3_000}))
    assert "×" in words(figure(relus)), "attached layers are drawn in several boxes, not as 3,000 strips of one"
    layers = [object() for _ in range(MAX_WRITTEN + 1)]
    nodes = [type("Node", (), {"entry": entry}) for entry in layers]
    with pytest.raises(DescriptionError, match="50,001 layers that are written out"):
        refuse_size(type("Graph", (), {"nodes": nodes, "name": "long"}))  # type: ignore[arg-type]
    refuse_size(type("Graph", (), {"nodes": nodes[:1] * 190_000, "name": "repeated"}))  # type: ignore[arg-type]


def test_nested_skips_take_linear_time() -> None:
    """A sum at each level of 4,000: deeper than what is taken apart, still in a moment."""
    depth = 4_000
    down = [{"id": f"d{n}", "op": "conv", "out_channels": 2, "kernel_size": 1} for n in range(depth)]
    up = [{"id": f"u{n}", "op": "add", "inputs": [f"u{n + 1}" if n + 1 < depth else f"d{n}", f"d{n}"]} for n in range(depth)]
    graph = step_graph(report_of(describe([2, 4, 4], *down, *reversed(up))))
    start = time.process_time()
    segments = series_parallel(graph)
    assert time.process_time() - start < 5
    assert len(leaves(segments)) == len(graph.steps)
    while not isinstance(segments[-1], Irreducible):
        assert isinstance(segments[-1], Parallel)
        segments = max(segments[-1].branches, key=len)


def test_a_picture_has_a_bound() -> None:
    scene = figure(analyze(load("lenet5")))
    with pytest.raises(DescriptionError, match=r"ARC477.*30,000,000"):
        png.write(scene, 2400)

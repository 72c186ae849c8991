"""What must hold of every figure of every shipped network: nothing overlaps, nothing is cut off, nothing is missing."""

from __future__ import annotations

import math

import pytest

from archcalc import analyze, load
from archcalc.errors import DescriptionError
from archcalc.views.diagram.layout.page import draw
from archcalc.views.diagram.options import read_options
from archcalc.views.diagram.shapes.scene import Scene
from archcalc.views.diagram.structure.folding import fold
from archcalc.views.diagram.structure.series_parallel import leaves, series_parallel
from archcalc.views.diagram.structure.steps import step_graph
from tests.networks import NETWORKS

STYLES = ("blocks", "volumes", "stacks", "cone", "connections")
VARIANTS = [
    {},
    {"aspect": "16:9"},
    {"direction": "TB"},
    {"width": "16cm"},
    {"show": "name,kernel,shape,params,macs,rf"},
    {"expand": True, "min_text": "3"},
    {"depth": 1},
]


def scene(name: str, **given: object) -> Scene:
    return draw(analyze(load(name)), read_options(given))


def assert_clean(figure: Scene) -> None:
    """No two labels overlap and nothing lies outside the page."""
    texts = sorted(figure.texts, key=lambda text: text.bounds[0])
    assert texts, "a figure without a word"
    for shape in figure.shapes:
        left, top, right, bottom = shape.bounds
        inside = left >= -0.5, top >= -0.5, right <= figure.width + 0.5, bottom <= figure.height + 0.5
        assert all(inside), f"outside the page: {shape}"
    for index, one in enumerate(texts):
        for other in texts[index + 1 :]:
            if other.bounds[0] >= one.bounds[2] - 0.2:
                break
            apart = other.bounds[1] >= one.bounds[3] - 0.6 or one.bounds[1] >= other.bounds[3] - 0.6
            assert apart, f"{one.text!r} and {other.text!r} overlap"
    for text in texts:
        assert text.size >= 2.9, f"{text.text!r} is too small to read: {text.size}"


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("style", STYLES)
def test_no_labels_overlap_and_nothing_is_outside(name: str, style: str) -> None:
    try:
        figure = scene(name, style=style)
    except DescriptionError as error:
        assert "ARC484" in str(error) or "ARC483" in str(error), error
        return
    assert_clean(figure)


@pytest.mark.parametrize("groups", [2, 7, 8])
def test_the_maps_of_groups_are_written_below_them_where_they_fit(groups: int) -> None:
    layers = [{"op": "conv", "out_channels": 128 * groups, "kernel_size": 1, "groups": groups}]
    net = {"archcalc": 1, "input": {"shape": [128 * groups, 4, 4]}, "layers": layers}
    figure = draw(analyze(load(net)), read_options({"style": "connections"}))
    assert_clean(figure)
    assert [text.text for text in figure.texts].count("0–127") == (2 if groups == 2 else 1)


@pytest.mark.parametrize("name", ["resnet50", "googlenet", "unet", "alexnet", "mobilenet_v1", "deconv_demo"])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_blocks_in_every_form(name: str, variant: dict[str, object]) -> None:
    assert_clean(scene(name, **variant))


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "unet", "segnet", "googlenet"])
def test_a_slide_shows_all_of_it_at_a_readable_size(name: str) -> None:
    figure = scene(name, aspect="16:9")
    assert (figure.width, figure.height) == (960, 540)
    assert min(text.size for text in figure.texts) >= 6
    assert not any("steps …" in text.text for text in figure.texts), "part of the network was left out"


@pytest.mark.parametrize("name", ["resnet50", "googlenet", "unet", "segnet", "vgg16"])
def test_every_edge_is_drawn_once(name: str) -> None:
    """Unfolded, as many arrows end at steps as the graph has edges, but for those that share an arrow at a merge."""
    graph = step_graph(analyze(load(name)))
    figure = scene(name, expand=True, min_text="3")
    boxes = {getattr(shape, "key", "") for shape in figure.shapes} - {""}
    assert boxes == {f"s{index}" for index in range(len(graph.steps))}
    ends = [shape.ends[1] for shape in figure.shapes if getattr(shape, "ends", ("", ""))[1]]
    for index, (inputs, index_inputs) in enumerate(zip(graph.inputs, graph.index_inputs, strict=True)):
        assert ends.count(f"s{index}") == len(inputs) + len(index_inputs), f"edges into {graph.steps[index].name}"


def test_repeated_blocks_are_drawn_once_with_their_number() -> None:
    figure = scene("resnet50")
    marks = [text.text for text in figure.texts if text.text.startswith("×")]
    # He et al. 2016, table 1: 3, 4, 6 and 3 blocks a stage, of which the first differs by its projection.
    assert marks == ["×2", "×3", "×5", "×2"]


def test_blocks_of_other_volumes_are_not_folded() -> None:
    segments = fold(series_parallel(step_graph(analyze(load("googlenet")))))
    assert len(leaves(segments)) == len(step_graph(analyze(load("googlenet"))).steps)


@pytest.mark.parametrize("law", ["linear", "sqrt", "log"])
def test_volumes_are_drawn_on_the_stated_scale(law: str) -> None:
    figure = scene("alexnet", style="volumes", scale=law)
    words = " ".join(text.text for text in figure.texts)
    assert f"on a {law} scale" in words
    fronts = [
        shape.bounds
        for shape in figure.shapes
        if getattr(shape, "closed", False)
        and len(shape.points) == 4
        and shape.points[0][0] == shape.points[3][0]
        and shape.points[0][1] == shape.points[1][1]
    ]
    heights = [bottom - top for _, top, _, bottom in fronts]
    rule = {"linear": float, "sqrt": math.sqrt, "log": math.log1p}[law]
    # Input 227, then two towers each of 55, 27, 27, 13, 13, 13, 13 and 6: Krizhevsky et al. 2012, figure 2.
    sizes = [227, 55, 55, 27, 27, 27, 27, 13, 13, 13, 13, 13, 13, 13, 13, 6, 6]
    for height, size in zip(heights, sizes, strict=False):
        assert height / heights[0] == pytest.approx(rule(size) / rule(227), rel=1e-6)


def test_alexnet_has_two_towers_and_lenet_its_maps() -> None:
    words = [text.text for text in scene("alexnet", style="volumes").texts]
    assert words.count("2 × 48 maps") == 2, "conv1 and pool1 stand on two GPUs"
    assert words.count("2 × 128 maps") == 4
    words = [text.text for text in scene("lenet5", style="stacks").texts]
    for label in ("C1: feature maps", "6@28×28", "S2: feature maps", "6@14×14", "16@10×10", "16@5×5", "F6: layer", "84"):
        assert label in words, f"LeCun et al. 1998, figure 2, prints {label}"


def test_lenets_table_as_printed() -> None:
    figure = scene("lenet5", style="connections")
    # LeCun et al. 1998, table I: 6·3 + 9·4 + 6 = 60 crosses, each of two strokes.
    strokes = [shape for shape in figure.shapes if getattr(shape, "line_width", 0) == pytest.approx(1.1)]
    assert len(strokes) == 120


@pytest.mark.parametrize(
    ("name", "layer", "unit"),
    [("alexnet", "conv5", "6,6"), ("resnet50", "conv4_x.first.sum", "0,0"), ("deeplab_largefov", "score", "20,20")],
)
def test_the_cone_ends_in_the_receptive_field(name: str, layer: str, unit: str) -> None:
    from archcalc.analysis.receptive_field.cone import cone

    report = analyze(load(name))
    target = report.layer(layer)
    place = tuple(int(part) for part in unit.split(","))
    assert list(cone(report, target, place).maps[-1].read) == target.receptive_field.box(place)


def test_a_cone_leaves_rows_out_only_where_the_page_ends_and_says_so() -> None:
    words = [text.text for text in scene("vgg16", style="cone").texts]
    assert not any("more map" in word for word in words), "19 maps fit the usual page"
    assert {f"conv{stage}_1" for stage in range(1, 6)} < set(words)
    words = [text.text for text in scene("vgg16", style="cone", aspect="3:1").texts]
    left_out = next(word for word in words if "more map" in word)
    rows = sum(word.startswith(("conv", "pool", "input")) and "×" not in word for word in words)
    assert left_out == f"… {19 - rows} more maps …"
    words = [text.text for text in scene("vgg16", style="cone", aspect="3:1", expand=True, min_text="3").texts]
    assert not any("more map" in word for word in words)


def test_a_cone_names_the_input_that_is_read_and_says_that_there_are_other_paths() -> None:
    """Of two inputs of one size the second branch reads the second."""
    layers = [
        {"id": "a", "op": "conv", "out_channels": 2, "kernel_size": 3, "inputs": ["left"]},
        {"id": "b", "op": "conv", "out_channels": 2, "kernel_size": 3, "inputs": ["right"]},
        {"id": "both", "op": "concat", "inputs": ["a", "b"]},
    ]
    report = analyze(
        load({"archcalc": 1, "inputs": {name: {"shape": [1, 9, 9]} for name in ("left", "right")}, "layers": layers})
    )
    words = [text.text for text in draw(report, read_options({"style": "cone", "layer": "b"})).texts]
    assert "right" in words
    assert "left" not in words
    assert "of right, 1×9×9" in words
    assert not any("paths" in word for word in words)
    words = [text.text for text in draw(report, read_options({"style": "cone", "layer": "both"})).texts]
    assert any(word.startswith("of 2 paths to the input") for word in words)


def test_dark_print_heat_and_transparent_figures_are_clean() -> None:
    for given in (
        {"palette": "dark"},
        {"palette": "print"},
        {"palette": "muted"},
        {"heat": "params"},
        {"heat": "mult_adds", "style": "volumes"},
        {"transparent": True},
    ):
        figure = scene("vgg16", **given)
        assert_clean(figure)
        assert (figure.background is None) == ("transparent" in given)

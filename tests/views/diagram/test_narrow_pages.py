"""What a narrow page shows: as much as there is room for, labels apart from lines and from each other, names that differ."""

from __future__ import annotations

from itertools import combinations

import pytest

from archcalc import analyze, load
from archcalc.views.diagram.layout.page import draw
from archcalc.views.diagram.options import read_options
from archcalc.views.diagram.shapes.scene import Path, Scene
from tests.support import describe, report_of


def figure(network: str, **given: object) -> Scene:
    return draw(analyze(load(network)), read_options(given))


@pytest.mark.parametrize("network", ["lenet5", "alexnet"])
def test_a_column_shows_all_volumes(network: str) -> None:
    """The row of scale bars is broken into lines: it does not set the width."""
    scene = figure(network, style="volumes", width="12cm")
    assert not scene.diagnostics
    assert "sizes drawn on a sqrt scale" in {text.text for text in scene.texts}
    assert all(text.bounds[2] <= scene.width for text in scene.texts)


@pytest.mark.parametrize(("network", "width"), [("alexnet", "16cm"), ("alexnet", "12cm"), ("vgg16", "14cm"), ("lenet5", "9cm")])
@pytest.mark.parametrize("style", ["volumes", "stacks"])
def test_the_line_to_the_next_row_crosses_no_label(network: str, width: str, style: str) -> None:
    scene = figure(network, style=style, width=width)
    lines = [shape for shape in scene.shapes if isinstance(shape, Path) and shape.arrow]
    assert lines, "the figure has several rows"
    for left, top, right, bottom in (line.bounds for line in lines):
        for text in scene.texts:
            if top < text.bounds[1] and text.bounds[3] < bottom:
                assert left < text.bounds[0]
                assert text.bounds[2] < right, text.text


def test_volumes_of_one_name_are_shown_with_their_blocks() -> None:
    names = [text.text.partition("  ×")[0] for text in figure("unet", style="volumes").texts if text.bold]
    assert len(names) == len(set(names))
    assert {"down1.conv1", "bottom.conv2", "up4.up", "up1.convs.conv2", "pool1", "score"} <= set(names)
    lenet = {text.text for text in figure("lenet5", style="volumes").texts if text.bold}
    assert lenet == {"input", "C1", "S2", "C3", "S4", "C5", "F6", "OUTPUT"}


def test_scale_bars_are_read_with_any_number() -> None:
    texts = {
        text.text for text in draw(report_of(describe([1, 9, 9], {"op": "relu"})), read_options({"style": "volumes"})).texts
    }
    assert {"channels 1", "height 5"} <= texts


def test_operations_below_stacks_are_apart() -> None:
    scene = figure("vgg16", style="stacks", width="12cm")
    operations = [text for text in scene.texts if not text.bold and text.text != "3@224×224"]
    assert any("M parameters" in text.text for text in operations)
    for a, b in combinations(operations, 2):
        if abs(a.y - b.y) < 0.1:
            assert max(a.bounds[0], b.bounds[0]) - min(a.bounds[2], b.bounds[2]) > a.size, (a.text, b.text)


def frames(scene: Scene) -> list[str]:
    """The titles of frames: bold, and not centred as those of boxes."""
    return sorted(text.text for text in scene.texts if text.bold and text.anchor == "start")


def test_a_frame_around_a_part_of_a_block_says_so() -> None:
    """conv4_x of ResNet 50 breaks after its first block; in a column, what is left out begins and ends inside a block."""
    assert frames(figure("resnet50")) == ["conv2_x", "conv3_x", "conv4_x (part)", "conv4_x (part)", "conv5_x"]
    assert frames(figure("resnet50", width="12cm")) == ["conv2_x (part)", "conv5_x (part)"]
    assert frames(figure("resnet50", only="conv2_x.rest")) == ["conv2_x (part)"]


def test_copies_of_a_block_share_a_frame_and_equal_blocks_of_two_names_have_none() -> None:
    conv = {"op": "conv", "out_channels": 8, "kernel_size": 3, "padding": 1}
    block = {"layers": [conv, {"op": "relu"}, conv]}
    same = figure_of(describe([4, 9, 9], {"id": "b", "op": "f", "repeat": 3}, blocks={"f": block}))
    assert frames(same) == ["b"], "the first copy reads 4 maps, the others 8"
    two = [{"id": name, "op": "f"} for name in ("one", "two")]
    equal = figure_of(describe([8, 9, 9], {"op": "max_pool", "kernel_size": 1}, *two, blocks={"f": block}))
    assert "×2" in " ".join(text.text for text in equal.texts)
    assert frames(equal) == []


def test_copies_that_an_id_counts_have_frames_of_their_own_and_equal_ones_share_one() -> None:
    conv = {"op": "conv", "out_channels": "8*copy", "kernel_size": 3, "padding": 1}
    last = {"id": "last", "op": "conv", "out_channels": 8, "kernel_size": 1}
    widening = {
        "arguments": {"n": "copy"},
        "layers": [{**conv, "out_channels": "8*n"}, {"op": "relu"}, {**conv, "out_channels": "8*n"}],
    }
    figure_of_three = figure_of(describe([4, 9, 9], {"id": "b1..3", "op": "f"}, last, blocks={"f": widening}))
    assert frames(figure_of_three) == ["b1", "b2", "b3"]
    same = {"layers": [{**conv, "out_channels": 8}, {"op": "relu"}, {**conv, "out_channels": 8, "stride": 1}]}
    equal = figure_of(describe([8, 9, 9], {"id": "b1..3", "op": "f"}, last, blocks={"f": same}))
    assert frames(equal) == ["b1…b3"]


def figure_of(description: dict[str, object]) -> Scene:
    return draw(report_of(description), read_options({}))

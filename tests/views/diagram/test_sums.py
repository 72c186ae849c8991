"""The boxes of a figure add up to its caption, whatever is folded or left out; no network ends in a traceback."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from archcalc import analyze, load
from archcalc.analysis.report import Report
from archcalc.errors import ArchcalcError
from archcalc.views.diagram.layout.page import draw
from archcalc.views.diagram.options import read_options
from archcalc.views.diagram.shapes.scene import Scene
from tests.conftest import missing
from tests.networks import NETWORKS

STYLES = ("blocks", "volumes", "stacks", *(() if missing("pygraphviz") else ("graph",)))
TITLE = re.compile(
    r"([\d,]+) parameters, ([\d,]+) multiply-adds(?:, with [\d,]+ steps? that are not drawn)?"
    r"(?:; ([\d,]+) of them, these numbers each)?$"
)
CAPTION = re.compile(r"not drawn: [\d,]+ steps? to other outputs, ([\d,]+) parameters, ([\d,]+) multiply-adds")
PAGES = [
    {},
    {"width": "5cm"},
    {"width": "12cm"},
    {"aspect": "16:9"},
    {"width": "9cm", "aspect": "4:3"},
    {"depth": 1},
    {"depth": 2, "width": "14cm"},
    {"expand": True, "width": "14000pt", "min_text": "3"},
]


def number(text: str) -> int:
    return int(text.replace(",", ""))


def sums(figure: Scene) -> tuple[int, int]:
    """Parameters and multiply-adds: of the tooltips of all boxes times their ×N, and of what the caption says is not drawn."""
    totals = [0, 0]
    caption = " ".join(text.text for text in figure.texts)
    matches = [TITLE.search(getattr(shape, "title", "")) for shape in figure.shapes]
    for match in [*filter(None, matches), *CAPTION.finditer(caption)]:
        times = number(match[3]) if match.re is TITLE and match[3] else 1
        for index in range(2):
            totals[index] += times * number(match[index + 1])
    return totals[0], totals[1]


def figures(report: Report, *pages: dict[str, object]) -> Iterator[tuple[str, Scene]]:
    """The figure in all styles of networks and on some pages, where it fits."""
    for page in pages:
        for style in STYLES:
            try:
                yield f"{style} {page}", draw(report, read_options({"style": style, **page}))
            except ArchcalcError as error:
                assert "ARC475" in str(error) or "ARC474" in str(error), error


@pytest.mark.parametrize("name", NETWORKS)
def test_the_boxes_of_shipped_networks_add_up(name: str) -> None:
    report = analyze(load(name))
    for title, figure in figures(report, {}, random.Random(name).choice(PAGES[1:])):
        assert sums(figure) == (report.totals.params, report.totals.mult_adds), title


def test_segnet_in_a_column() -> None:
    """Whole in 12 cm. What is left out in 8, by hand: all 29,449,355 but conv1_1, conv1_2, conv1_2_D and conv1_1_D."""
    report = analyze(load("segnet"))
    whole = draw(report, read_options({"width": "12cm"}))
    assert not whole.diagnostics
    assert sums(whole) == (report.totals.params, report.totals.mult_adds)
    figure = draw(report, read_options({"width": "8cm"}))
    (elided,) = (title for shape in figure.shapes if " steps: " in (title := getattr(shape, "title", "")))
    assert number(TITLE.search(elided)[1]) == 29_449_355 - 1_920 - 37_056 - 37_056 - 6_347 == 29_366_976
    (note,) = figure.diagnostics
    assert note.code == "ARC487"
    assert "29,366,976" in note.message


GAP = {
    "archcalc": 1,
    "name": "gap",
    "input": {"shape": [8, 16, 16]},
    "blocks": {
        "res": {
            "arguments": {"w": "required"},
            "layers": [
                {"id": "a", "op": "conv", "out_channels": "w", "kernel_size": 1},
                {"id": "b", "op": "conv", "out_channels": "w", "kernel_size": 3, "padding": 1, "repeat": 5},
                {"id": "sum", "op": "add", "inputs": ["b", "a"]},
            ],
        }
    },
    "layers": [
        {"id": "first", "op": "conv", "out_channels": 8, "kernel_size": 1},
        *({"id": f"r{n}", "op": "res", "w": 8 + 8 * n} for n in range(1, 5)),
        {"id": "last", "op": "conv", "out_channels": 4, "kernel_size": 1},
    ],
}


def test_a_repeat_inside_a_skip_counts_as_often_as_it_repeats() -> None:
    figure = draw(analyze(load(GAP)), read_options({"width": "5cm"}))
    (elided,) = (title for shape in figure.shapes if " steps: " in (title := getattr(shape, "title", "")))
    # By hand: 158,988 in all, the first layer has 8·8 + 8, the last 40·4 + 4. In each block 7 steps: a, five b, sum.
    assert number(TITLE.search(elided)[1]) == 158_988 - 72 - 164 == 158_752
    assert elided.startswith("28 steps: ")


def random_network(seed: int) -> dict[str, object]:
    """Layers that read one another at random: copies of one map, skips, repeats, several inputs, blocks, unread layers."""
    dice = random.Random(seed)
    inputs = {f"in{n}": {"shape": [4, 8, 8]} for n in range(dice.choice([1, 1, 1, 2, 3, 5]))}
    names = list(inputs)
    layers: list[dict[str, object]] = []
    for index in range(dice.choice([1, 2, 5, 10, 25, 40])):
        recent = names[-dice.choice([1, 1, 1, 3, 6]) :]
        layer: dict[str, object] = {"id": f"n{index}"}
        kind = dice.random()
        if kind < 0.35:
            layer |= {"op": "conv", "out_channels": 4, "kernel_size": dice.choice([1, 3]), "padding": "same"}
            layer |= {"repeat": dice.choice([1, 1, 2, 7])} | {"inputs": [dice.choice(recent)]}
        elif kind < 0.5:
            layer |= {"op": "cell", "inputs": [dice.choice(recent)], "repeat": dice.choice([1, 2, 5]), "n": dice.randint(1, 3)}
        elif kind < 0.6:
            layer |= {"op": "relu", "inputs": [dice.choice(recent)]}
        elif kind < 0.8:
            layer |= {"op": "add", "inputs": [dice.choice(recent)] * dice.choice([2, 5])}
        else:
            layer |= {"op": "add", "inputs": dice.choices(names[-6:], k=dice.randint(2, 6))}
        layers.append(layer)
        names.append(f"n{index}")
    layers.append({"id": "end", "op": "concat", "inputs": dice.choices([*names[-3:], *inputs], k=dice.choice([2, 4, 9]))})
    layers += [{"op": "conv", "out_channels": 2, "kernel_size": 1}] * dice.randint(0, 2)
    cell = [
        {"id": "a", "op": "conv", "out_channels": 4, "kernel_size": 1, "repeat": "n"},
        {"id": "b", "op": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1, "repeat": 3},
        {"id": "s", "op": "add", "inputs": dice.choice([["b", "input"], ["b", "a"], ["b", "b", "b", "b"]])},
    ]
    blocks = {"cell": {"arguments": {"n": 1}, "layers": cell}}
    return {"archcalc": 1, "name": "random", "inputs": inputs, "blocks": blocks, "layers": layers}


@pytest.mark.parametrize("seed", range(30))
def test_the_boxes_of_any_network_add_up(seed: int) -> None:
    try:
        report = analyze(load(random_network(seed)))
    except ArchcalcError:
        pytest.skip("an input that no layer reads")
    for title, figure in figures(report, {}, random.Random(seed).choice(PAGES[1:])):
        assert sums(figure) == (report.totals.params, report.totals.mult_adds), title

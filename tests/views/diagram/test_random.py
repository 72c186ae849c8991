"""Random networks: every step and every edge is drawn once, in every style nothing overlaps."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from archcalc import analyze, load
from archcalc.analysis.loading import load_source
from archcalc.analysis.report import Report
from archcalc.description.source import Source
from archcalc.views.diagram.layout.page import draw
from archcalc.views.diagram.options import read_options
from archcalc.views.diagram.structure.steps import step_graph
from tests.views.diagram.test_geometry import assert_clean


def network(seed: int, layers: int) -> Report:
    """Convolutions, activations and sums that read any of the last few layers, from two inputs on."""
    dice = random.Random(seed)
    lines = ["archcalc: 1", "inputs: {a: {shape: [4, 32, 32]}, b: {shape: [4, 32, 32]}}", "layers:"]
    names = ["a", "b"]
    for index in range(layers):
        kind = dice.random()
        if kind < 0.5:
            fields = f"op: conv, inputs: [{dice.choice(names[-4:])}], out_channels: 4, kernel_size: 3, padding: 1"
        elif kind < 0.6:
            fields = f"op: relu, inputs: [{dice.choice(names[-4:])}]"
        else:
            fields = f"op: add, inputs: [{', '.join(dice.choices(names[-6:], k=dice.randint(2, 4)))}]"
        lines.append(f"  - {{id: n{index}, {fields}}}")
        names.append(f"n{index}")
    return analyze(load_source(Source("net.yaml", "\n".join(lines) + "\n")))


def assert_each_edge_once(report: Report, style: str) -> None:
    figure = draw(report, read_options({"style": style, "expand": True, "min_text": "3", "width": "14000pt"}))
    assert_clean(figure)
    graph = step_graph(report)
    keys = [shape.key for shape in figure.shapes if getattr(shape, "key", "")]
    assert sorted(keys) == sorted(f"s{index}" for index in range(len(graph.steps)))
    if style == "graph":
        assert sum(getattr(shape, "curved", False) for shape in figure.shapes) == len(graph.edges)
        return
    ends = [shape.ends[1] for shape in figure.shapes if getattr(shape, "ends", ("", ""))[1]]
    for index, (inputs, index_inputs) in enumerate(zip(graph.inputs, graph.index_inputs, strict=True)):
        assert ends.count(f"s{index}") == len(inputs) + len(index_inputs), graph.steps[index].name


@profile(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 25))
def test_blocks(seed: int, layers: int) -> None:
    report = network(seed, layers)
    assert_each_edge_once(report, "blocks")
    for style in ("blocks", "volumes", "stacks"):
        assert_clean(draw(report, read_options({"style": style})))


@pytest.mark.needs("pygraphviz")
@profile(max_examples=20)
@given(st.integers(0, 10**6), st.integers(1, 25))
def test_graph(seed: int, layers: int) -> None:
    assert_each_edge_once(network(seed, layers), "graph")


@pytest.mark.needs("pygraphviz")
@pytest.mark.parametrize("name", ["resnet50", "googlenet", "unet", "segnet"])
def test_shipped_graphs(name: str) -> None:
    assert_each_edge_once(analyze(load(name)), "graph")


def test_paths_beside_the_line_stand_in_rows_of_their_own() -> None:
    """GoogLeNet's two auxiliary classifiers, Szegedy et al. 2015, figure 3."""
    report = analyze(load("googlenet", {"heads": 2}))
    words = [text.text for text in draw(report, read_options({"width": "40cm"})).texts]
    assert "from inception_4a.depth_concat" in words
    assert "from inception_4d.depth_concat" in words


def test_parts_and_depths() -> None:
    report = analyze(load("resnet50"))
    words = [text.text for text in draw(report, read_options({"only": "conv3_x..conv4_x"})).texts]
    assert any("shown: conv3_x.first.conv1 to conv4_x.rest.5.relu3" in word for word in words)
    assert "512×28×28" in words
    assert "2048×7×7" not in words
    words = [text.text for text in draw(report, read_options({"depth": 1, "show": "name,params"})).texts]
    # He et al. 2016, table 1: the parameters of stage conv4_x, 6 blocks, by hand 7,098,368 with its norms.
    assert "conv4_x" in words
    assert "7.098 M params" in words

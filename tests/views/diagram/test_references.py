"""Volumes that many copies read are named where they are read, so that the copies fold."""

from __future__ import annotations

import re
from typing import Any

import pytest

from archcalc import analyze, load
from archcalc.views.diagram.layout.page import draw, undrawn
from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.scene import Path, Text
from archcalc.views.diagram.structure.folding import every, fold
from archcalc.views.diagram.structure.references import with_references
from archcalc.views.diagram.structure.series_parallel import Repeat, SideOutput, leaves, series_parallel
from archcalc.views.diagram.structure.steps import step_graph
from tests.analysis.test_zoo import network

CELL = """
archcalc: 1
inputs: {x: {shape: [8, 16]}, mask: {shape: [8, 16]}}
blocks:
  cell:
    inputs: [input, first, mask]
    layers:
      - {id: a, op: linear, inputs: input, out_features: 8, positionwise: true}
      - {id: m, op: multiply, inputs: [a, mask]}
      - {id: s, op: add, inputs: [m, first]}
layers:
  - {id: h, op: linear, inputs: x, out_features: 8, positionwise: true}
  - {id: cell, op: cell, repeat: 5, inputs: [h, h, mask]}
  - {id: out, op: linear, out_features: 3, positionwise: true}
"""


def folded(report: Any, depth: int | None = None) -> Any:
    return fold(series_parallel(with_references(step_graph(report, depth))))


def references(segments: Any) -> list[str]:
    return [leaf.step.name for leaf in leaves(segments) if leaf.step.refers_to is not None]


@pytest.mark.parametrize("depth", [None, 1])
def test_the_decoder_of_a_transformer_folds(depth: int | None) -> None:
    """Vaswani et al. 2017, figure 1: N layers on either side, and an arrow from the encoder into one of the decoder."""
    segments = folded(network("transformer_base"), depth)
    [encoder] = [segment for segment in segments if isinstance(segment, SideOutput)]
    assert encoder.source is None
    for path in (segments, encoder.segments):
        assert [segment.times for segment in path if isinstance(segment, Repeat)] == [6]
    assert references(segments) == ["encoder"]


def test_every_layer_is_drawn_once() -> None:
    report = network("transformer_base")
    drawn = [layer for leaf in leaves(folded(report)) for step in every(leaf.step) for layer in step.layers]
    assert sorted(layer.id for layer in drawn) == sorted(layer.id for layer in report.layers)


def test_what_begins_the_copies_keeps_its_line() -> None:
    """The first copy reads h as the one before it and, as all copies do, beside it: only the second is named."""
    graph = with_references(step_graph(analyze(load(CELL))))
    names = [step.name for step in graph.steps]
    first = next(index for index, step in enumerate(graph.steps) if step.layers and step.head.id == "cell.1.a")
    assert [names[source] for source in graph.inputs[first]] == ["h"]
    segments = folded(analyze(load(CELL)))
    assert sorted(references(segments)) == ["h", "mask"]
    assert [segment.times for segment in segments if isinstance(segment, Repeat)] == [5]


def test_a_condition_is_named_outside_the_copies_too() -> None:
    """Peebles & Xie 2023, figure 3: the blocks and the last norm read it."""
    segments = folded(network("dit_xl_2"))
    assert references(segments) == ["condition", "condition"]
    assert any(leaf.step.called == "condition" for leaf in leaves(segments))


@pytest.mark.parametrize("name", ["resnet50", "gpt2", "unet", "wavenet", "torchvision/densenet121", "keras/nasnetmobile"])
def test_other_networks_stay_as_they_are(name: str) -> None:
    graph = step_graph(network(name))
    assert with_references(graph) is graph


def keys_of_references(report: Any) -> set[str]:
    graph = with_references(step_graph(report))
    return {f"s{index}" for index, step in enumerate(graph.steps) if step.refers_to is not None}


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_no_line_leads_to_a_reference(direction: str) -> None:
    scene = draw(network("transformer_base"), FigureOptions(direction=direction))
    texts = [shape.text for shape in scene.shapes if isinstance(shape, Text)]
    assert "encoder" in texts
    assert texts.count("×6") == 2
    named = keys_of_references(network("transformer_base"))
    ends = [shape.ends for shape in scene.shapes if isinstance(shape, Path) and shape.ends]
    assert not named & {end for _, end in ends}
    assert named & {start for start, _ in ends}


def test_nor_does_one_in_graphviz() -> None:
    dot = undrawn(network("transformer_base"), FigureOptions(style="graph")).dot or ""
    edges = re.findall(r"(s\d+) -> (s\d+)", dot)
    named = keys_of_references(network("transformer_base"))
    assert not named & {end for _, end in edges}
    assert named & {start for start, _ in edges}

"""Trained tensors have boxes of their own, and no line leads to them."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.views.diagram.layout.page import draw
from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.scene import Path, Text
from archcalc.views.diagram.structure.folding import fold
from archcalc.views.diagram.structure.series_parallel import Repeat, leaves, series_parallel
from archcalc.views.diagram.structure.step import Step
from archcalc.views.diagram.structure.steps import step_graph
from archcalc.views.diagram.structure.tensors import with_tensors_apart
from tests.analysis.test_zoo import network


def steps(report: Any) -> tuple[Step, ...]:
    return with_tensors_apart(step_graph(report)).steps


def test_class_token_and_positions_of_a_vision_transformer() -> None:
    """Dosovitskiy et al. 2021, figure 1: a learnable token in front, and positions that are added: 768 and 768·197."""
    apart = [step for step in steps(network("vit_b_16")) if step.begins_path]
    assert [step.sum("params") for step in apart] == [768, 151_296]
    assert not [step for step in steps(network("vit_b_16")) if step.merge_sign and step.sum("params")]


@pytest.mark.parametrize("name", ["torchvision/convnext_tiny", "gpt2", "swin_t", "nerf"])
def test_no_parameter_is_lost(name: str) -> None:
    report = network(name)
    assert sum(step.sum("params") for step in steps(report)) == report.totals.params


def test_blocks_with_tensors_fold() -> None:
    """ConvNeXt: stages of 3, 3, 9 and 3 blocks, each with the scale of its branch."""
    segments = fold(series_parallel(with_tensors_apart(step_graph(network("torchvision/convnext_tiny")))))
    assert [segment.times for segment in segments if isinstance(segment, Repeat)] == [3, 3, 9, 3]
    assert sum(leaf.step.begins_path for leaf in leaves(segments)) == 4


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_no_line_leads_to_a_tensor(direction: str) -> None:
    report = network("vit_b_16")
    scene = draw(report, FigureOptions(direction=direction))
    tensors = {f"s{index}" for index, step in enumerate(steps(report)) if step.begins_path}
    ends = [shape.ends for shape in scene.shapes if isinstance(shape, Path) and shape.ends]
    assert not tensors & {end for _, end in ends}
    assert tensors <= {start for start, _ in ends}
    assert "parameter 768×197" in [shape.text for shape in scene.shapes if isinstance(shape, Text)]

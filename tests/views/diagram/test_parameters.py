"""Trained tensors in figures: a part of the step that reads them, so that they do not begin paths of their own."""

from __future__ import annotations

import pytest

from archcalc.views.diagram.structure.series_parallel import Leaf, series_parallel
from archcalc.views.diagram.structure.steps import step_graph
from tests.support import report_of

NETWORK = """
archcalc: 1
input: {shape: [3, 32, 32]}
positions: tokens
layers:
  - {id: patches, op: conv, out_channels: 16, kernel_size: 8, stride: 8}
  - {id: gamma, op: parameter, shape: [16]}
  - {id: scaled, op: multiply, inputs: [patches, gamma]}
  - {id: flat, op: flatten, start_dim: 2}
  - {id: places, op: parameter, shape: [16, 16]}
  - {id: sum, op: add, inputs: [flat, places]}
  - {id: mixed, op: multihead_attention, num_heads: 4}
  - {id: out, op: linear, out_features: 10}
"""


def test_a_chain_stays_a_chain() -> None:
    segments = series_parallel(step_graph(report_of(NETWORK)))
    assert all(isinstance(segment, Leaf) for segment in segments)
    assert [segment.step.name for segment in segments if isinstance(segment, Leaf)] == [
        "input",
        "patches",
        "scaled",
        "sum",
        "mixed",
        "out",
    ]


def test_a_step_counts_its_trained_tensor() -> None:
    steps = {step.name: step for step in step_graph(report_of(NETWORK)).steps}
    assert steps["scaled"].sum("params") == 16
    assert steps["sum"].sum("params") == 256
    assert str(steps["sum"].output) == "16×16 tokens"
    assert sum(step.sum("params") for step in steps.values()) == report_of(NETWORK).totals.params


@pytest.mark.parametrize("only", ["gamma", "places..mixed", "sum"])
def test_a_part_with_or_without_it(only: str) -> None:
    steps = step_graph(report_of(NETWORK), only=only).steps
    assert steps
    assert all(step.input is not None or step.layers for step in steps)

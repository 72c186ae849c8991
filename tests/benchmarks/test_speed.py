"""Speed, as ratios measured in one run: `pytest tests/benchmarks -s`. It prints, and sets no time limits.

What is meant is written beside each ratio; a machine's load makes single runs vary, so the best of a few counts.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from archcalc import analyze, load, sweep
from archcalc.analysis.loading import load_source
from archcalc.analysis.walk import walk
from archcalc.description.reader import read_document
from archcalc.description.source import Source
from archcalc.graph import Graph, build_graph

pytestmark = pytest.mark.skipif("tests/benchmarks" not in " ".join(sys.argv), reason="run by name: pytest tests/benchmarks -s")
ZOO = Path(__file__).parents[2] / "specs"


def best(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of a few runs, in seconds."""
    found = float("inf")
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - start)
    return found


def told(name: str, ratio: float, meant: float) -> None:
    print(f"\n{name}: {ratio:.2f} (meant: at most {meant:g})")
    assert ratio > 0


def chain(blocks: int, distinct: bool = False) -> str:
    """Convolution + norm + ReLU, again and again; with `distinct` hardly two convolutions are alike."""
    lines = ["archcalc: 1", "input: {shape: [64, 32, 32]}", "layers:"]
    for at in range(blocks):
        channels = 1 + (at * 7919) % 4096 if distinct else 64
        lines.append(f"  - {{op: conv, out_channels: {channels}, kernel_size: 3, padding: 1, bias: false}}")
        lines += ["  - {op: batch_norm}", "  - {op: relu}"]
    return "\n".join(lines)


def analysis(graph: Graph) -> tuple[int, int]:
    """Shapes, parameters, operations and receptive fields of all layers."""
    report = analyze(graph)
    fields = [layer.receptive_field.size for layer in report.layers]
    assert len(fields) == len(report.layers)
    return report.totals.params, report.totals.mult_adds


def test_start_up() -> None:
    """The whole process against one that only imports the libraries it is built on."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    imports = "import pydantic, typer, rich.table, rich.console, yaml"

    def run(*arguments: str) -> Callable[[], object]:
        command = [sys.executable, *arguments]
        return lambda: subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

    params = run("-m", "archcalc", "params", str(ZOO / "vgg16.yaml"))
    params()
    told("archcalc params vgg16 / imports alone", best(params, 10) / best(run("-c", imports), 10), 1.5)


@pytest.mark.parametrize("distinct", [False, True])
def test_chain(distinct: bool) -> None:
    """20,000 blocks against one yaml.compose (C loader) of their text."""
    text = chain(20_000, distinct)
    compose = best(lambda: yaml.compose(text, yaml.CSafeLoader))
    whole = best(lambda: analyze(load_source(Source("chain", text))).totals.params)
    told(f"params --total of 60,000 layers / yaml.compose, {distinct=}", whole / compose, 6)
    document, _ = read_document(Source("chain", text))
    in_memory = best(lambda: analysis(build_graph(document)))
    told(f"analysis in memory / yaml.compose, {distinct=}", in_memory / compose, 2)


def test_cost_per_layer() -> None:
    """A layer of 100,000 must cost what one of 1,000 does; the collector is paused while the chain is built."""

    def per_layer(blocks: int, times: int) -> float:
        document, _ = read_document(Source("chain", chain(blocks)))
        gc.disable()
        try:
            return best(lambda: analysis(build_graph(document)), times) / (3 * blocks)
        finally:
            gc.enable()

    told("cost per layer, 100,000 / 1,000 layers", per_layer(33_333, 3) / per_layer(333, 30), 1.3)


def test_sweep() -> None:
    """100,000 variants against one through the plain arithmetic."""
    grid = {"alpha": [Fraction(width, 32) for width in range(1, 1001)], "resolution": list(range(32, 132))}
    one = best(lambda: analysis(load("mobilenet_v1")), 20)
    told("sweep of 100,000 variants / one", best(lambda: sweep("mobilenet_v1", grid)) / one, 20)


def test_walk_is_the_greater_part() -> None:
    """For orientation: the share of the walk in the analysis of a deep network."""
    graph = load("resnet152")
    told("walk / analysis of resnet152", best(lambda: walk(graph), 20) / best(lambda: analysis(graph), 20), 1)

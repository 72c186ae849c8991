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


def report_ratio(name: str, ratio: float, meant: float) -> None:
    print(f"\n{name}: {ratio:.2f} (meant: at most {meant:g})")
    assert ratio <= meant, f"{name}: {ratio:.2f}; run it again on a quiet machine before believing it"


def chain(blocks: int, distinct: bool = False) -> str:
    """Convolution + norm + ReLU, again and again; with `distinct` hardly two convolutions are alike."""
    lines = ["archcalc: 1", "input: {shape: [64, 32, 32]}", "layers:"]
    for at in range(blocks):
        channels = 1 + (at * 7919) % 4096 if distinct else 64
        lines.append(f"  - {{op: conv, out_channels: {channels}, kernel_size: 3, padding: 1, bias: false}}")
        lines += ["  - {op: batch_norm}", "  - {op: relu}"]
    return "\n".join(lines)


def convolutions(layers: int) -> str:
    """Convolutions with 1 to 5,000 filters, one after the other."""
    lines = ["archcalc: 1", "input: {shape: [3, 32, 32]}", "layers:"]
    lines += [f"  - {{op: conv, out_channels: {1 + at % 5000}, kernel_size: 3, padding: 1}}" for at in range(layers)]
    return "\n".join(lines)


def paused(work: Callable[[], object]) -> object:
    """The work with the cyclic collector paused, as the command line has it."""
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()


def analysis(graph: Graph) -> tuple[int, int]:
    """Shapes, parameters, operations and receptive fields of all layers."""
    report = analyze(graph)
    fields = [layer.receptive_field.size for layer in report.layers]
    assert len(fields) == len(report.layers)
    return report.totals.params, report.totals.mult_adds


# What any program of this kind pays: the libraries, one model and one command, each used once.
FLOOR = """
import pydantic, typer, rich.table, rich.console, yaml
from typing import Annotated

class Layer(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", strict=True)
    out_channels: int
    kernel_size: int = 1
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    groups: int = 1
    bias: bool = True
    op: str = "conv"
    connections: list[list[int]] | None = None

app = typer.Typer(add_completion=False, rich_markup_mode=None)

@app.command()
def command(
    name: Annotated[str, typer.Option("--name", help="A name.")] = "net",
    depth: Annotated[int, typer.Option("--depth", min=1, help="A depth.")] = 1,
    total: Annotated[bool, typer.Option("--total", help="A flag.")] = False,
) -> None:
    Layer(out_channels=64, kernel_size=3)

app()
"""


def process(*arguments: str) -> Callable[[], object]:
    """A run of Python in a process of its own, with compiled files kept as they are for users."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def pairs(one: Callable[[], object], other: Callable[[], object], times: int) -> tuple[float, float]:
    """The shortest time of each of two works, run in turns so that both meet the same load."""
    runs = [(best(one, 1), best(other, 1)) for _ in range(times)]
    return min(run[0] for run in runs), min(run[1] for run in runs)


def test_start_up() -> None:
    """The whole process against one that imports the same libraries and builds one model and one command."""
    params, floor = process("-m", "archcalc", "params", str(ZOO / "vgg16.yaml")), process("-c", FLOOR)
    params()
    floor()
    ours, theirs = pairs(params, floor, 15)
    report_ratio("archcalc params vgg16 / its libraries with one model and one command", ours / theirs, 1.25)


def test_large_file(tmp_path: Path) -> None:
    """60,000 layers as a user meets them: one process from the file to the total, and what a layer of them costs."""
    files = {}
    for layers in (1, 6_000, 60_000):
        files[layers] = tmp_path / f"{layers}.yaml"
        files[layers].write_text(convolutions(layers))
    text = files[60_000].read_text()
    compose = best(lambda: paused(lambda: yaml.compose(text, yaml.CSafeLoader)))
    whole = {layers: best(process("-m", "archcalc", "params", str(path), "--total")) for layers, path in files.items()}
    report_ratio("params --total of 60,000 layers, whole process / yaml.compose", whole[60_000] / compose, 5)
    large, small = ((whole[layers] - whole[1]) / layers for layers in (60_000, 6_000))  # without the start
    report_ratio("cost per layer, 60,000 / 6,000 layers", large / small, 1.3)


@pytest.mark.parametrize("distinct", [False, True])
def test_chain(distinct: bool) -> None:
    """20,000 blocks as a library call against one yaml.compose (C loader) of their text, the collector paused in both."""
    text = chain(20_000, distinct)
    compose = best(lambda: paused(lambda: yaml.compose(text, yaml.CSafeLoader)))
    whole = best(lambda: paused(lambda: analyze(load_source(Source("chain", text))).totals.params))
    report_ratio(f"load and analyze 60,000 layers / yaml.compose, {distinct=}", whole / compose, 6)
    document, _ = read_document(Source("chain", text))
    in_memory = best(lambda: paused(lambda: analysis(build_graph(document))))
    report_ratio(f"analysis in memory / yaml.compose, {distinct=}", in_memory / compose, 2)


def test_cost_per_layer() -> None:
    """A layer of 100,000 must cost what one of 1,000 does, as on the command line with the collector paused."""

    def per_layer(blocks: int, times: int) -> float:
        document, _ = read_document(Source("chain", chain(blocks)))
        return best(lambda: paused(lambda: analysis(build_graph(document))), times) / (3 * blocks)

    report_ratio("cost per layer, 100,000 / 1,000 layers", per_layer(33_333, 3) / per_layer(333, 30), 1.3)


def test_sweep() -> None:
    """100,000 variants against one through the plain arithmetic."""
    grid = {"alpha": [Fraction(width, 32) for width in range(1, 1001)], "resolution": list(range(32, 132))}
    one = best(lambda: analysis(load("mobilenet_v1")), 20)
    report_ratio("sweep of 100,000 variants / one", best(lambda: sweep("mobilenet_v1", grid)) / one, 20)


def test_walk_is_the_greater_part() -> None:
    """For orientation: the share of the walk in the analysis of a deep network."""
    graph = load("resnet152")
    report_ratio("walk / analysis of resnet152", best(lambda: walk(graph), 20) / best(lambda: analysis(graph), 20), 1)

"""Every view says which part of a total is stated, and which layers are not counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archcalc.views import notebook
from archcalc.views.report.page import write as page
from archcalc.views.tables.table import graded_cell
from tests.analysis.test_grades import HALF
from tests.conftest import Run
from tests.support import report_of

NOT_COUNTED = "not counted: u (was: Einsum)"


@pytest.fixture
def half(tmp_path: Path) -> str:
    path = tmp_path / "half.yaml"
    path.write_text(HALF, encoding="utf-8")
    return str(path)


def test_cells() -> None:
    assert graded_cell(0, True) == 0
    assert graded_cell(1234, False) == "≥ 1,234"
    assert graded_cell(0, False) == "unknown"


@pytest.mark.parametrize("command", ["params", "macs", "summary", "memory", "training"])
def test_tables(command: str, half: str, run: Run) -> None:
    out = run.ok(command, half)
    assert "not counted" in out
    assert "at least" in out
    assert ("unknown" in out) == (command != "memory"), "its values follow from the shapes"


def test_a_lower_bound_is_no_number_in_a_table(half: str, run: Run) -> None:
    total = next(line for line in run.ok("params", half).splitlines() if line.strip().startswith("total  "))
    assert total.split() == ["total", "≥", "2,702", "≥", "26", "≥", "2,728"]
    assert "u,opaque,10,unknown,unknown,unknown," in run.ok("params", half, "-f", "csv")
    assert r"$\geq$ 2,728" in run.ok("params", half, "-f", "latex")
    assert "**≥ 2,728**" in run.ok("params", half, "-f", "markdown")


def test_the_total_alone_has_a_note(half: str, run: Run) -> None:
    result = run("params", half, "--total")
    assert (result.status, result.out) == (0, "2728\n")
    assert f"note[ARC313] net: params: at least; of which 1,234 stated by s; {NOT_COUNTED}" in result.err.replace(
        "half:", "net:"
    )
    assert "operations: at least" in run("macs", half, "--total", "--convention", "flops").err
    assert run("macs", "lenet5", "--total").err == ""


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "json"])
def test_derivations(format: str, half: str, run: Run) -> None:
    out = run.ok("explain", half, "params", "-f", format)
    assert NOT_COUNTED in out
    assert "not counted" in run.ok("explain", half, "u", "params", "-f", format)


@pytest.mark.needs("jinja2")
def test_figures_and_pages(half: str, run: Run, tmp_path: Path) -> None:
    figure = tmp_path / "half.svg"
    run.ok("diagram", half, "-o", str(figure))
    text = " ".join(figure.read_text(encoding="utf-8").split())
    assert "at least 2,728 parameters, at least 521,196 multiply-adds" in text
    assert "Einsum" in text
    whole = page([report_of(HALF)])
    assert whole.count("at least 2,728") >= 3
    assert ">unknown<" in whole
    assert "at least 2,728 parameters" in notebook.html(report_of(HALF))


def test_graphs_for_other_programs() -> None:
    nodes: Any = report_of(HALF).to_networkx().nodes
    assert "params" not in nodes["u"]
    assert nodes["s"]["params"] == 1234


def test_memory_and_training_as_data(half: str, run: Run) -> None:
    memory = json.loads(run.ok("memory", half, "--training", "-f", "json"))
    assert memory["grades"]["weights"]["stated"] == {"s": 4936}, "1,234 numbers of 4 bytes"
    assert memory["grades"]["saved"]["grade"] == "not counted"
    training = json.loads(run.ok("training", half, "-f", "json"))
    of = {layer["id"]: layer for layer in training["layers"]}
    assert (of["s"]["forward"], of["s"]["grade"]) == (None, "not counted")
    assert (of["u"]["forward"], of["u"]["to_weights"]) == (5000, None), "whether it is trained is not known"
    assert training["grades"]["mult_adds"]["not_counted"]
    assert "not counted: s is opaque" in run.ok("training", half, "--explain", "s")


def test_a_figure_is_not_explained_by_a_lower_bound(half: str, run: Run) -> None:
    result = run("diagnose", half, "--params", "2728")
    assert result.status == 2
    assert "ARC462" in result.err
    assert run("diagnose", half, "--of", "s", "--params", "1234").status == 0


@pytest.mark.needs("torch")
def test_check_refuses_what_it_cannot_run(half: str, run: Run) -> None:
    result = run("check", half, "--device", "meta")
    assert (result.status, result.out) == (2, "")
    assert "error[ARC502] s: it was Deform, 3 x 3, which is not understood, so that PyTorch has nothing to run" in result.err
    assert "error[ARC502] u: it was Einsum" in result.err
    assert "differ" not in result.err

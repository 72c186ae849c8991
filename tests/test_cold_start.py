"""A table appears at once: what a command may load, seen from a fresh interpreter; and that the check can fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archcalc.layers import kinds

ROOT = Path(__file__).parent.parent
HEAVY = {"numpy", "networkx", "graphviz", "torch", "hypothesis", "jinja2", "matplotlib", "pandas"}

_PROBE = """
import json, sys
{before}
sys.argv = ["archcalc", *{args!r}]
from archcalc.cli import main
status = 0
try:
    main()
except SystemExit as end:
    status = end.code or 0
print("\\n@@" + json.dumps([status, sorted(sys.modules)]))
"""


def loaded(*args: str, before: str = "") -> set[str]:
    """The modules that a command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE.format(args=list(args), before=before)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        timeout=120,
    )
    assert "@@" in done.stdout, f"the probe died:\n{done.stderr}"
    status, modules = json.loads(done.stdout.rpartition("@@")[2])
    assert status == 0, done.stderr
    return set(modules)


def too_heavy(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules} & HEAVY


def kinds_in(modules: set[str]) -> set[str]:
    return {name.removeprefix("archcalc.layers.") for name in modules} & set(kinds())


@pytest.mark.parametrize(
    "args",
    [
        ("params", "vgg16"),
        ("params", "resnet50", "--total"),
        ("macs", "alexnet"),
        ("rf", "unet"),
        ("shapes", "googlenet"),
        ("summary", "mobilenet_v1"),
        ("params", "lenet5", "--format", "json"),
        ("params", "lenet5", "--format", "csv"),
        ("--version",),
        ("--help",),
        ("params", "--help"),
        ("zoo",),
    ],
    ids=" ".join,
)
def test_no_command_loads_what_it_does_not_use(args: tuple[str, ...]) -> None:
    heavy = too_heavy(loaded(*args))
    assert not heavy, f"archcalc {' '.join(args)} loads {heavy}: import it inside what needs it"


def test_only_the_kinds_that_are_named() -> None:
    modules = loaded("params", "vgg16")
    used = {"conv", "relu", "max_pool", "flatten", "linear", "dropout", "softmax"}
    assert kinds_in(modules) == used, "only the kinds that a description names may be imported"
    assert "archcalc.graph" in modules
    assert "archcalc.reference" not in modules, "params needs nothing of reference"
    claims = {name for name in modules if name.startswith("archcalc.claims.")}
    assert claims == {f"archcalc.claims.published{name}" for name in ("", ".setting", ".totals")}, (
        "published totals are kept ready: the literature is not checked for a table"
    )


def test_the_total_needs_no_table() -> None:
    modules = loaded("params", "vgg16", "--total")
    assert "archcalc.views.formats.table" not in modules, "--total prints a bare integer: no view is needed for it"
    assert "rich.table" not in modules


_COLLECTOR = """
import gc, sys
{work}
print("collector", gc.isenabled(), file=sys.__stderr__)
"""


@pytest.mark.parametrize(
    ("work", "enabled"),
    [
        (
            "from archcalc import analyze, load, sweep; analyze(load('lenet5')); sweep('mobilenet_v1', {'alpha': [1]}).rows",
            True,
        ),
        (
            "from archcalc.cli import main; sys.argv = ['archcalc', 'params', 'lenet5']\ntry: main()\nexcept SystemExit: pass",
            False,
        ),
    ],
    ids=["library", "command line"],
)
def test_only_the_command_line_pauses_the_collector(work: str, enabled: bool) -> None:
    """Half of the time of a large network is the search for cycles that are not there; a library call does not decide that."""
    done = subprocess.run(
        [sys.executable, "-c", _COLLECTOR.format(work=work)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        timeout=120,
    )
    assert f"collector {enabled}" in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("import archcalc.arithmetic.variants", "numpy"),
        ("import networkx", "networkx"),
    ],
)
def test_the_check_can_fail(before: str, found: str) -> None:
    """The twin: a process that does load something heavy is caught."""
    assert found in too_heavy(loaded("params", "lenet5", before=before))


def test_the_check_of_kinds_can_fail() -> None:
    assert "lrn" in kinds_in(loaded("params", "vgg16", before="import archcalc.layers.lrn"))

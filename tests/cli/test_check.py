"""`archcalc check` as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT, Run
from tests.networks import NETWORKS

needs_torch = pytest.mark.needs("torch")


@needs_torch
@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_a_table(run: Run, device: str) -> None:
    out = run.ok("check", "lenet5", "--device", device)
    assert "every exact quantity agrees in 14 layers" in out
    assert "NO" not in out
    assert ("Bound" in out) == (device == "cpu")


@needs_torch
def test_shipped_networks_on_meta(run: Run) -> None:
    out = run.ok("check", *NETWORKS, "--device", "meta", "-q")
    assert len(out.splitlines()) == len(NETWORKS)
    assert all("every exact quantity agrees" in line for line in out.splitlines())


@needs_torch
@pytest.mark.parametrize("name", ["alexnet", "mobilenet_v1", "googlenet"])
def test_networks_on_the_processor(run: Run, name: str) -> None:
    assert "every exact quantity agrees" in run.ok("check", name, "--device", "cpu", "--repeats", "0", "-q")


@needs_torch
def test_training_steps(run: Run) -> None:
    out = run.ok("check", "mlp", "--device", "cpu", "--train", "--repeats", "0")
    assert "training step, gradients (BP1 to BP4 in NumPy): agree to 1e-9: yes" in out
    assert "weights by the formula: yes, frozen weights unchanged: yes" in out
    # 784·30 + 30·10 for the weights, 30·10 back from the last layer.
    data = json.loads(run.ok("check", "mlp", "--device", "meta", "--train", "-f", "json"))
    totals = data["checks"][0]["totals"]
    assert totals["mult_adds to weights"]["measured"] == 23_820
    assert totals["mult_adds to inputs"]["measured"] == 300
    assert totals["mult_adds backward"]["measured"] == 24_120


@needs_torch
def test_resnet50_backward_by_pytorchs_counter(run: Run) -> None:
    data = json.loads(run.ok("check", "resnet50", "--device", "meta", "--train", "--format", "json"))
    backward = data["checks"][0]["totals"]["mult_adds backward"]
    # Twice the forward pass, but for the gradient to the image: 64·7·7·3·112·112 less.
    assert backward["measured"] == backward["predicted"] == 2 * 3_857_973_248 - 118_013_952


@needs_torch
def test_json_is_one_document(run: Run) -> None:
    data = json.loads(run.ok("check", "lenet5", "mlp", "--device", "meta", "--format", "json"))
    assert data["schema"] == 1
    assert [check["name"] for check in data["checks"]] == ["LeNet-5", "Plain network 784-30-10"]
    first = data["checks"][0]
    assert first["finished"] is first["agrees"] is True
    assert first["layers"][0]["quantities"]["output"] == {
        "predicted": [6, 28, 28],
        "measured": [6, 28, 28],
        "exact": True,
        "agrees": True,
    }
    assert set(first["versions"]) == {"archcalc", "torch", "python", "date"}


@needs_torch
def test_markdown(run: Run) -> None:
    out = run.ok("check", "mlp", "--device", "meta", "-f", "markdown")
    assert "| Layer | Kind | Output |" in out


@needs_torch
@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (("lenet5", "--device", "cuda:99"), "there is no device cuda:99 here"),
        (("lenet5", "--dtype", "int8", "--device", "cpu"), "PyTorch does not run networks in int8"),
        (("lenet5", "--batch", "1000000000", "--device", "cpu"), "does not fit into the memory of cpu"),
        (("lenet5", "--train", "--loss", "hinge"), "there is no loss hinge"),
        (("no_such_network",), "there is no file no_such_network"),
    ],
)
def test_bad_calls(run: Run, arguments: tuple[str, ...], fragment: str) -> None:
    result = run("check", *arguments)
    assert result.status == 2
    assert fragment in result.err


@needs_torch
def test_a_difference_ends_with_1_and_both_numbers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from archcalc.layers.linear import Linear

    monkeypatch.setattr(Linear, "params", lambda self, x: 7)
    result = run("check", "mlp", "--device", "meta")
    assert result.status == 1
    assert "7 ≠ 23,550" in result.out
    assert "prediction and measurement differ: z2, z3" in result.out


@needs_torch
@pytest.mark.parametrize("format", ["table", "json"])
def test_ctrl_c_leaves_a_labelled_part(run: Run, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from archcalc.reference import check

    def interrupt(*given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check.Check, "_geometry", interrupt)
    result = run("check", "mlp", "lenet5", "--device", "cpu", "--format", format)
    assert result.status == 1
    assert "interrupted" in result.err
    if format == "json":
        (only,) = json.loads(result.out)["checks"]
        assert only["finished"] is False
        assert len(only["layers"]) == 5
    else:
        assert "incomplete: every exact quantity agrees in 5 layers" in result.out


@needs_torch
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
def test_a_bar_on_the_terminal_leaves_stdout_alone() -> None:
    """The result goes into the file that stdout is, while the bar is drawn where stderr is a terminal."""
    import os
    import pty

    parent, child = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "archcalc", "check", "mlp", "--device", "cpu", "-q"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=child,
        text=True,
        encoding="utf-8",
    )
    os.close(child)
    out, _ = done.communicate(timeout=120)
    assert out == "Plain network 784-30-10: every exact quantity agrees in 5 layers\n"
    drawn = b""
    try:
        while chunk := os.read(parent, 65536):
            drawn += chunk
    except OSError:  # the other end is closed
        pass
    os.close(parent)
    assert b"Plain network 784-30-10: " in drawn


WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "torch" else real(name, package)
sys.meta_path.insert(0, Missing())
sys.argv = ["archcalc", *sys.argv[1:]]
from archcalc.cli import main

from tests.networks import NETWORKS
main()
"""


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check", "lenet5"), 2),
        (("memory", "lenet5", "--training"), 0),
        (("training", "lenet5"), 0),
        (("params", "lenet5"), 0),
        (("--help",), 0),
        (("check", "--help"), 0),
    ],
)
def test_without_torch(arguments: tuple[str, ...], status: int) -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    if status == 2:
        assert (
            "this needs PyTorch, which is not installed\n  pip install torch, or in a checkout of archcalc: pip install '.[torch]'"
            in done.stderr
        )
        assert not done.stdout


def test_a_check_as_data_becomes_a_table() -> None:
    """Without PyTorch: what differs is shown with both values, and hostile names stay data."""
    from archcalc.views.formats import write
    from archcalc.views.tables.check import table, verdict

    cell = {"predicted": [2, 3], "measured": [2, 4], "exact": True, "agrees": False}
    check = {
        "name": "n\x1b[31m|",
        "device": "cpu",
        "machine": "m",
        "dtype": "float32",
        "batch": 1,
        "versions": {"torch": "2"},
        "finished": True,
        "agrees": False,
        "refused": [],
        "training_step": [],
        "timing": {},
        "not_measured": ["mps"],
        "layers": [{"id": "a|b", "op": "conv", "agrees": False, "quantities": {"output": cell}}],
        "totals": {},
    }
    text = write(table(check), "table")
    assert "2×3 ≠ 2×4" in text
    assert "\x1b" not in text
    assert "not measured: mps" in text
    assert verdict(check) == "prediction and measurement differ: a|b"

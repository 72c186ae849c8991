"""The pytest plugin, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.claims.claims_files import file_of
from tests.conftest import ROOT

RIGHT = "{id: right, network: vgg16, quantity: params, printed: '138,357,544'}"
WRONG = "{id: wrong, network: vgg16, quantity: params, printed: '138,423,208'}"


def pytest_in(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """pytest with the plugin as its entry point would load it, and nothing of this project's settings."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "archcalc.pytest_plugin", "-p", "no:cacheprovider", *args]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_lecture(tmp_path: Path) -> None:
    """An item a claim."""
    done = pytest_in(tmp_path, "--archcalc", "lecture", "-q", "-k", "pool2 or C5")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "14 passed" in done.stdout


def test_a_failing_claim_shows_its_excerpt(tmp_path: Path) -> None:
    (tmp_path / "paper.yaml").write_text(file_of(RIGHT, WRONG), encoding="utf-8")
    (tmp_path / "test_other.py").write_text("def test_other():\n    pass\n", encoding="utf-8")
    done = pytest_in(tmp_path, "--archcalc", "paper.yaml", "-v")
    assert done.returncode == 1
    assert "paper.yaml::right PASSED" in done.stdout
    assert "paper.yaml::wrong FAILED" in done.stdout
    assert "test_other.py::test_other PASSED" in done.stdout
    assert "paper.yaml:5:" in done.stdout
    assert "computed  138,357,544" in done.stdout
    assert "^^^^" in done.stdout
    assert "pytest_plugin.py" not in done.stdout


def test_settings_of_a_project(tmp_path: Path) -> None:
    (tmp_path / "paper.yaml").write_text(file_of(RIGHT, "{network: vgg16, quantity: parms, printed: 1}"), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\narchcalc =\n    paper.yaml\n", encoding="utf-8")
    done = pytest_in(tmp_path, "-q")
    assert "1 failed, 1 passed" in done.stdout
    assert "did you mean params" in done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a test and, in another folder, three claims, one of them malformed."""
    for folder in ("models", "tests"):
        (tmp_path / folder).mkdir()
    claims = file_of(RIGHT, WRONG, "{network: vgg16}")
    (tmp_path / "models" / "budgets.claims.yaml").write_text(claims, encoding="utf-8")
    (tmp_path / "tests" / "test_it.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.archcalc]\nclaims = ["models"]\n', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("args", "outcome", "collected"), [
    ((), "2 failed, 2 passed", 4),  # as the project's own settings name them for `archcalc verify`
    (("models",), "2 failed, 1 passed", 3),
    (("tests",), "1 passed", 1),
    (("models/budgets.claims.yaml",), "2 failed, 1 passed", 3),
    (("models/budgets.claims.yaml::right",), "1 passed", 1),
    (("tests/test_it.py", "models/budgets.claims.yaml::wrong"), "1 failed, 1 passed", 2),
    (("tests", "--archcalc", "models"), "2 failed, 2 passed", 4),
    (("--archcalc", "models", "models/budgets.claims.yaml::right"), "1 passed", 1),
    (("-k", "right or test_it"), "2 passed, 2 deselected", 4),
])  # fmt: skip
def test_what_is_selected_and_counted(project: Path, args: tuple[str, ...], outcome: str, collected: int) -> None:
    done = pytest_in(project, *args)
    assert f"{outcome} in " in done.stdout
    assert f"collected {collected} item" in done.stdout


def test_the_node_ids_that_are_printed_select(project: Path) -> None:
    listed = pytest_in(project, "--collect-only", "-q").stdout.splitlines()
    nodeids = [line for line in listed if "::" in line]
    assert sorted(nodeids) == [
        *(f"models/budgets.claims.yaml::{name}" for name in ("ARC404-6", "right", "wrong")),
        "tests/test_it.py::test_it",
    ]
    for nodeid in nodeids:
        done = pytest_in(project, nodeid, "-v")
        assert f"{nodeid} " in done.stdout
        assert "collected 1 item" in done.stdout
    done = pytest_in(project, "models/budgets.claims.yaml::none")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR


def test_malformed_settings_of_a_project(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.archcalc]\nclaims = 3\n", encoding="utf-8")
    done = pytest_in(project)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "is a list of files and folders" in done.stderr


@pytest.mark.parametrize("args", [["--archcalc", "nothing.yaml"]])
def test_a_name_that_is_none(tmp_path: Path, args: list[str]) -> None:
    done = pytest_in(tmp_path, *args)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no file nothing.yaml" in done.stderr


def test_without_the_option_nothing_is_loaded(tmp_path: Path) -> None:
    """The plugin is there in every run of pytest where archcalc is installed: it must cost nothing."""
    (tmp_path / "test_it.py").write_text(
        "import sys\n\ndef test_it():\n    assert 'archcalc.claims' not in sys.modules and 'yaml' not in sys.modules\n",
        encoding="utf-8",
    )
    done = pytest_in(tmp_path, "-q")
    assert done.returncode == 0, done.stdout


def test_the_entry_point_is_declared() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points.pytest11]\narchcalc = "archcalc.pytest_plugin"' in text

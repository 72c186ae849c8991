"""The hook for pre-commit: what it runs, in a repository like that of a user, and which changes make it run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.claims.claims_files import file_of
from tests.conftest import ROOT

NETWORK = """
archcalc: 1
name: edge
input: {shape: [3, 32, 32]}
layers:
  - {op: conv, out_channels: 16, kernel_size: 3}
"""
BUDGET = file_of("{network: edge, quantity: params, at_most: 500}")
FOREIGN = {
    ".pre-commit-config.yaml": "repos: []\n",
    ".github/workflows/ci.yml": "name: ci\non: push\njobs: {}\n",
    "multi.yaml": "a: 1\n---\nclaims: [sub, aud]\n",
    "token.yaml": "claims: {sub: me}\n",
    "README.md": "# Nothing marked\n",
}
"""Files that are no concern of archcalc."""


@pytest.fixture(scope="module")
def hook() -> dict[str, Any]:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return hook


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    files = FOREIGN | {"models/edge.yaml": NETWORK, "models/budgets.claims.yaml": BUDGET}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def committed(hook: dict[str, Any], repository: Path, *changed: str) -> subprocess.CompletedProcess[str] | None:
    """What pre-commit does with the files of a commit: None if the hook does not run."""
    if not any(re.search(hook["files"], name) for name in changed):
        return None
    command, *args = shlex.split(hook["entry"])
    assert command == "archcalc"
    names = changed if hook.get("pass_filenames", True) else ()
    call = [sys.executable, "-m", "archcalc", *args, *names]
    return subprocess.run(call, cwd=repository, capture_output=True, text=True, check=False)


def test_a_network_that_outgrows_its_budget(hook: dict[str, Any], repository: Path) -> None:
    """The claim is in another file than the change."""
    done = committed(hook, repository, "models/edge.yaml")
    assert done is not None
    assert (done.returncode, done.stderr) == (0, "")
    edge = repository / "models" / "edge.yaml"
    edge.write_text(edge.read_text(encoding="utf-8").replace("16", "160"), encoding="utf-8")
    done = committed(hook, repository, "models/edge.yaml")
    assert done is not None
    assert done.returncode == 1
    assert "at most 500" in done.stdout


@pytest.mark.parametrize("name", [*FOREIGN, "pyproject.toml", "notes.tex", "models/x.yml"])
def test_other_files_of_a_repository(hook: dict[str, Any], repository: Path, name: str) -> None:
    done = committed(hook, repository, name)
    assert done is not None
    assert (done.returncode, done.stderr) == (0, "")


def test_other_changes_do_not_run_it(hook: dict[str, Any], repository: Path) -> None:
    assert committed(hook, repository, "src/main.py", "logo.png", "uv.lock") is None


def test_the_files_of_the_project(hook: dict[str, Any], repository: Path) -> None:
    text = "It has <!-- archcalc: models/edge params -->449<!-- /archcalc --> parameters.\n"
    (repository / "README.md").write_text(text, encoding="utf-8")
    (repository / "pyproject.toml").write_text('[tool.archcalc]\nclaims = ["README.md", "models"]\n', encoding="utf-8")
    done = committed(hook, repository, "README.md")
    assert done is not None
    assert done.returncode == 1
    assert "2 claims: 1 hold (1 within), 1 fail" in done.stdout

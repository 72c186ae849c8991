"""The names of files in annotations: relative to the repository, whatever the working folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archcalc.claims.repository import repository_path


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    path = tmp_path / "repo" / "models" / "a b.yaml"
    path.parent.mkdir(parents=True)
    path.touch()
    monkeypatch.chdir(path.parent)
    return path


def test_in_a_repository(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file.parents[1] / ".git").write_text("gitdir: elsewhere", encoding="utf-8")  # a worktree
    monkeypatch.setenv("GITHUB_WORKSPACE", str(file.parents[2]))
    for path in (file.name, f"../models/{file.name}", str(file)):
        assert repository_path(path) == "models/a b.yaml"
    link = file.parents[2] / "link"
    link.symlink_to(file.parent)
    assert repository_path(str(link / file.name)) == "models/a b.yaml"


def test_in_a_workspace(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repository_path(file.name) == "a b.yaml"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(file.parents[1]))
    assert repository_path(file.name) == "models/a b.yaml"


def test_outside(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.yaml"
    other.touch()
    assert repository_path("../../other.yaml") == str(other)
    assert repository_path("no file") == "no file"

    def on_another_drive(*_: str) -> str:
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    monkeypatch.setattr(os.path, "relpath", on_another_drive)
    assert repository_path(file.name) == str(file)

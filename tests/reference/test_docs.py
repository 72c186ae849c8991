"""The commands of docs/reference.md run, and docs/hardware.md tells of today's networks."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT, Run


def commands() -> list[str]:
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("archcalc ")]


def test_there_are_commands() -> None:
    assert len(commands()) >= 4


@pytest.mark.parametrize("command", commands())
def test_commands_run(run: Run, command: str) -> None:
    assert run.ok(*shlex.split(command)[1:])


def hardware() -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))  # it reads the networks of the gallery
    spec = importlib.util.spec_from_file_location("hardware", ROOT / "docs" / "hardware.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_hardware_page_is_fresh() -> None:
    page = hardware()
    text = Path(page.PAGE).read_text(encoding="utf-8")
    assert not page.stale(text), "run python docs/hardware.py on a machine with time, and look at what changed"
    assert "Not measured" in text or "mps" in text


def test_a_stale_page_is_noticed() -> None:
    page = hardware()
    text = Path(page.PAGE).read_text(encoding="utf-8")
    assert page.stale(text.replace("138,357,544", "138,357,545")) == ["vgg16"]

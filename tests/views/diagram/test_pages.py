"""Every command that docs/diagrams.md shows is run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "diagrams.md"
BLOCKS = re.findall(r"^```text\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]


@pytest.mark.needs("pygraphviz", "resvg_py", "svg2pdf_py", "fontpkg_fira_sans", "pptx", "jinja2")
def test_the_commands_run(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) >= 9
    for command in COMMANDS:
        name, *arguments = shlex.split(command)
        assert name == "archcalc"
        run.ok(*arguments)
    assert len(list(tmp_path.iterdir())) == 8

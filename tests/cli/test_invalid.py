"""Descriptions that must be refused: every file of tests/invalid says at its top which errors it must give.

After a change that is meant, write the tops anew and look at the difference before you commit it:

    ARCHCALC_REGENERATE=1 pytest tests/cli/test_invalid.py && git diff tests/invalid
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "invalid"
FILES = sorted(FOLDER.glob("*.yaml"))
HEAD = re.compile(r"^\S.*?:(\d+:)?(\d+:)? error\[ARC\d{3}\] ", re.MULTILINE)


def wanted(path: Path) -> list[list[str]]:
    """The fragments of each error that a file must give."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#!")]
    return [[part.strip() for part in line.removeprefix("#!").split(" | ")] for line in lines]


def reported(text: str) -> list[str]:
    """What is printed, error by error."""
    starts = [match.start() for match in HEAD.finditer(text)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def regenerate(path: Path, run: Any) -> None:
    """Write the errors that a file gives now at its top: place, code and sentence, and the line below."""
    body = "".join(line for line in path.read_text(encoding="utf-8").splitlines(True) if not line.startswith("#!"))
    path.write_text(body, encoding="utf-8")
    errors = reported(run("params", str(path)).err)
    lines = []
    for error in errors:
        head, *details = error.removeprefix(f"{path}:").splitlines()
        number, _, rest = head.partition(":")
        caret = next((at for at, line in enumerate(details) if set(line.strip()) == {"^"}), -1)
        more = [line.strip() for line in details[caret + 1 : caret + 2]]
        lines.append(" | ".join([f"#! {int(number) + len(errors)}:{rest}", *more]))
    path.write_text("\n".join([*lines, body]), encoding="utf-8")


def test_there_are_some() -> None:
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_refused(path: Path, run: Any) -> None:
    if os.environ.get("ARCHCALC_REGENERATE") == "1":
        regenerate(path, run)
    expected = wanted(path)
    assert expected, f"{path.name}: begin it with a line `#! LINE:COLUMN: error[CODE] …` for each error"
    result = run("params", str(path))
    assert result.status == 2
    errors = reported(result.err)
    assert len(errors) == len(expected), f"{path.name} must give {len(expected)} errors, and gives:\n{result.err}"
    for fragments, error in zip(expected, errors, strict=True):
        assert error.startswith(f"{path}:{fragments[0]}"), f"{path.name} must give\n  {fragments[0]}\nand gives\n  {error}"
        for fragment in fragments[1:]:
            assert fragment in error, f"{path.name}: {fragment!r} should stand in\n{error}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_command_refuses_alike(path: Path, run: Any) -> None:
    """One reading, one set of errors, whatever is asked; and the same from standard input."""
    first = run("params", str(path)).err
    for command in ("summary", "macs", "rf", "shapes", "explain"):
        assert run(command, str(path)).err == first, command
    raw = path.read_bytes()
    assert run("params", "-", stdin=raw).err == first.replace(str(path), "<stdin>")


def test_every_code_of_the_format_is_seen(run: Any) -> None:
    """Codes below 200 that a description can raise; the others belong to files, calls and limits."""
    seen = {code for path in FILES for fragments in wanted(path) for code in re.findall(r"ARC\d+", fragments[0])}
    source = Path(__file__).parents[2] / "archcalc"
    rooms = [
        *(source / "description").glob("*.py"),
        *(source / "graph").glob("*.py"),
        source / "analysis" / "walk.py",
        source / "analysis" / "tied_weights.py",
    ]
    raised = {code for path in rooms for code in re.findall(r"ARC\d+", path.read_text(encoding="utf-8"))}
    elsewhere = {"ARC132", "ARC136", "ARC137", "ARC143", "ARC147", "ARC156"}  # bounds and settings: tests/graph, tests/cli
    elsewhere |= {code for code in raised if code.startswith(("ARC10", "ARC16"))}  # files and calls: tests/spec, tests/cli
    left = raised - seen - elsewhere
    assert not left, f"no file of tests/invalid raises {sorted(left)}: write one"

"""Error codes: each is documented, raised, and has one meaning; the example of each page prints it."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from archcalc.codes import Page, page, pages
from tests.conftest import missing

PACKAGE = Path(__file__).parents[1] / "archcalc"
CODE = re.compile(r"ARC\d{3}")
RUN_IN_SEVERAL_ROOMS = {"ARC101", "ARC103", "ARC111", "ARC116", "ARC119", "ARC121", "ARC131", "ARC204", "ARC481", "ARC483"}
"""Codes of one meaning that the reader and a later step, or a command and a view, can find."""


def codes_in(text: str) -> set[str]:
    """The codes in the strings of a source file, documentation left out."""
    module = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    return {
        code
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
        for code in CODE.findall(node.value)
    }


def rooms_by_code() -> dict[str, set[str]]:
    """Where each code is raised: the rooms of the package."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        for code in codes_in(path.read_text(encoding="utf-8")):
            found[code].add(path.relative_to(PACKAGE).parts[0])
    return found


def test_every_code_that_is_raised_is_documented() -> None:
    assert not {*rooms_by_code()} - {*pages()}, "write the page of each into a file of archcalc/codes"


def test_every_code_that_is_documented_is_raised() -> None:
    assert not {*pages()} - {*rooms_by_code()}, "nothing raises these: delete their pages"


def test_a_code_has_one_meaning() -> None:
    """A code that two rooms raise is either named above, with one meaning in both, or is two codes."""
    several = {code for code, rooms in rooms_by_code().items() if len(rooms) > 1}
    assert several == RUN_IN_SEVERAL_ROOMS


def test_no_code_is_documented_twice() -> None:
    found = [code for path in (PACKAGE / "codes").glob("*.yaml") for code in re.findall(r"^ARC\d{3}", path.read_text(), re.M)]
    assert len(found) == len({*found}) == len(pages())
    titles = [one.title for one in pages().values()]
    assert len(titles) == len({*titles}), "two codes with one title are one code, or one title says too little"


def test_codes_in_prose_do_not_count() -> None:
    assert codes_in("'''ARC999'''\nraise call_error('ARC101', f'{x}: error[ARC165]')") == {"ARC101", "ARC165"}


@pytest.mark.parametrize("one", pages().values(), ids=lambda one: one.code)
def test_a_page_is_whole(one: Page) -> None:
    assert all(text.strip() for text in (one.title, one.meaning, one.way_out, one.command))
    assert one.shown or one.because.strip(), "say why no call shows it"
    for name, text in one.texts.items():
        assert not Path(name).is_absolute()
        assert text.strip()


# -- the examples -----------------------------------------------------------------------------------------------------------


def skipped(one: Page) -> str:
    """Why an example is not run here; empty if it is."""
    if not one.shown:
        return "no call shows it"
    if one.system and not sys.platform.startswith(one.system):
        return f"meant for {one.system}"
    absent = [name for name in one.needs if missing(name)]
    return f"needs {', '.join(absent)}, which is not installed" if absent else ""


def shell(line: str, folder: Path) -> tuple[int, str]:
    """A line of bash in a folder, with this archcalc and this Python: exit status, and both streams."""
    python = shlex.quote(sys.executable)
    head = f'python() {{ {python} "$@"; }}\narchcalc() {{ {python} -m archcalc "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", head + line],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "utf-8"},
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("code", pages())
def test_the_example_prints_the_code(code: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = page(code)
    if why := skipped(one):
        pytest.skip(why)
    monkeypatch.chdir(tmp_path)
    for name, data in one.contents.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    if one.setup:
        assert shell(one.setup, tmp_path)[0] == 0
    if one.command.startswith("archcalc ") and not re.search(r"[$&|;<>]", one.command):
        for name in one.without:
            monkeypatch.setitem(sys.modules, name, None)
        result = run(*shlex.split(one.command)[1:])
        status, printed = result.status, result.out + result.err
    else:
        assert not one.without
        status, printed = shell(one.command, tmp_path)
    assert status == one.exit, printed
    assert f"[{code}]" in printed, printed


# -- archcalc explain CODE ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", pages())
def test_explain_prints_every_page(code: str, run: Any) -> None:
    text = run.ok("explain", code)
    assert text.startswith(f"{code}: ")
    assert page(code).way_out.strip() in text
    assert run.ok("explain", code, "--format", "markdown").startswith(f"# {code}: ")


def test_explain_takes_a_code_in_any_case(run: Any) -> None:
    assert run.ok("explain", "arc203") == run.ok("explain", "ARC203")


def test_the_page_as_json_has_the_example(run: Any) -> None:
    found = yaml.safe_load(run.ok("explain", "ARC203", "--format", "json"))
    assert found["example"]["command"] == page("ARC203").command
    assert found["example"]["files"] == page("ARC203").files


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("ARC204x",), "no file"),
        (("ARC999",), "no error code ARC999"),
        (("ARC203", "C1"), "no file"),
        (("ARC203", "--format", "latex"), "not as latex"),
    ],
)
def test_what_is_no_page(args: tuple[str, ...], words: str, run: Any) -> None:
    result = run("explain", *args)
    assert result.status == 2
    assert words in result.err


def test_a_network_may_have_the_name_of_a_code(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`./ARC203` is a file."""
    monkeypatch.chdir(tmp_path)
    Path("ARC203").write_text("archcalc: 1\ninput: {shape: [3]}\nlayers: [{op: relu}]\n")
    assert "totals" in run.ok("explain", "./ARC203")

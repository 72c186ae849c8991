"""The documentation is true: generated parts are fresh, code runs, every command shown works."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from archcalc import analyze, load

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
INLINE = re.compile(r"`(archcalc [^`]+)`")


def test_generated_parts_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run python docs/generate.py and look at what changed:\n{done.stdout}{done.stderr}"


def python_blocks() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        blocks = re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        found += [(f"{page.name} {number}", block) for number, block in enumerate(blocks, 1)]
    return found


@pytest.mark.parametrize(("name", "block"), python_blocks(), ids=lambda value: value if "\n" not in value else "")
def test_python_runs(
    name: str, block: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # for the files that it writes
    exec(compile(block, name, "exec"), {"__name__": "docs"})


OF_OTHERS = {
    "inverted_residual": """\
  inverted_residual:
    arguments: {expansion: required, out_channels: required, stride: required}
    layers:
      - {op: conv, out_channels: expansion*in_channels, kernel_size: 1}
      - {op: conv, out_channels: out_channels, kernel_size: 3, stride: stride, padding: 1}
"""
}
"""Blocks that a description of docs/language.md uses and leaves out."""


def descriptions() -> list[str]:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_language_has_examples() -> None:
    assert len(descriptions()) >= 7


@pytest.mark.parametrize("text", descriptions(), ids=range(len(descriptions())))
def test_descriptions_of_the_language_are_read(text: str) -> None:
    """Each is a network, if a reader adds the version, an input and the blocks that are left out."""
    if not re.search("^layers:|^extends:", text, re.MULTILINE):
        text = f"layers:\n{text}"
    for name, block in OF_OTHERS.items():
        if f"op: {name}" in text:
            text = text.replace("blocks:\n", f"blocks:\n{block}")
    if not re.search("^input:|^extends:", text, re.MULTILINE):
        text = f"input: {{shape: [3, 56, 56]}}\n{text}"
    if not text.startswith("archcalc: 1\n"):
        text = f"archcalc: 1\n{text}"
    assert analyze(load(text)).totals.params > 0


def inline_commands() -> list[str]:
    found = {}
    for page in PAGES:
        for command in INLINE.findall(page.read_text(encoding="utf-8")):
            if not re.search(r"[A-Z]{3,}|…|>|\|", command):  # NAME, LAYER and the like are not to be run as they stand
                found[command] = page.name
    return sorted(found)


@pytest.mark.parametrize("command", inline_commands())
def test_commands_in_the_text_run(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} is shown in the docs and fails:\n{done.stderr}"


def shown_commands() -> dict[str, list[str]]:
    """The commands in blocks of each page, as typed: after `$ `, or as lines of their own."""
    found: dict[str, list[str]] = {}
    for page in PAGES:
        blocks = re.findall(r"^```(?:console|text|sh)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
        found[page.name] = [line for line in lines if line.startswith(("archcalc ", ".venv/bin/archcalc "))]
    return {name: lines for name, lines in found.items() if lines}


def test_every_command_of_a_block_is_run_by_a_test() -> None:
    """Those of consoles by docs/generate.py, which compares what they print; those of two pages by tests of their own."""
    elsewhere = {"diagrams.md", "reference.md"}  # tests/views/diagram/test_pages.py, tests/reference/test_docs.py
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        consoles = "".join(re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
        others = [line for line in shown_commands().get(page.name, []) if f"$ {line}\n" not in consoles]
        assert not others or page.name in elsewhere, f"{page.name} shows commands that no test runs: {others}"


@pytest.mark.parametrize("name", [name for name in shown_commands() if name != "cli.md"])
def test_files_of_shown_commands_exist_where_they_are_typed(name: str) -> None:
    """A reader types them in the checkout, where README.md has set up archcalc; a file is there, or one of them writes it."""
    commands = [shlex.split(line, comments=True) for line in shown_commands()[name]]
    written = {words[words.index("-o") + 1] for words in commands if "-o" in words}
    files = {word for words in commands for word in words if re.search(r"\.(yaml|md|tex)$", word)}
    assert all((ROOT / file).exists() for file in files - written), files - written


def test_readme_shows_the_example_file() -> None:
    shown = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)[0]
    assert shown == (ROOT / "docs" / "examples" / "tiny.yaml").read_text(encoding="utf-8"), (
        "README.md and docs/examples/tiny.yaml show the same network: copy one to the other"
    )


def test_the_claims_page_shows_the_table() -> None:
    shown = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs" / "claims.md").read_text(encoding="utf-8"), re.M | re.S)
    example = (ROOT / "docs" / "examples" / "table.claims.yaml").read_text(encoding="utf-8")
    assert example in shown, "docs/claims.md and docs/examples/table.claims.yaml show the same table: copy one to the other"


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_adding_a_kind_as_contributing_says(tmp_path: Path) -> None:
    """The page's own example becomes a kind by its file alone, in a copy of the package."""
    import shutil

    shutil.copytree(ROOT / "archcalc", tmp_path / "archcalc", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    block = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs" / "contributing.md").read_text("utf-8"), re.M | re.S)
    (tmp_path / "archcalc" / "layers" / "square.py").write_text(block[0], encoding="utf-8")
    spec = "archcalc: 1\ninput: {shape: [8, 4, 4]}\nlayers: [{op: square}]\n"
    for call in (["macs", "-", "--format", "csv"], ["layers", "square"], ["schema"]):
        done = subprocess.run(
            [sys.executable, "-m", "archcalc", *call],
            cwd=tmp_path,
            input=spec,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "square" in done.stdout

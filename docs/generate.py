"""Write the generated parts of the documentation, or with `--check` say which are stale (exit 1).

    python docs/generate.py [--check]

Generated are docs/layers/*.md from the layer kinds, docs/errors.md and docs/errors/*.md from the error codes, the tables
of keys in docs/language.md from the model of a description (between `<!-- keys: PART -->` and `<!-- end -->`), docs/cli.md
from the commands' own help, docs/errata.md and specs/claims/published.json from the claims, specs/zoo.json, docs/gallery.md
and its figures from the zoo, and the outputs in the `console` blocks of README.md and docs/*.md: each line that begins with
`$ ` is run and followed by what it prints.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import gallery
from typer.testing import CliRunner

from archcalc import codes
from archcalc.analysis.catalogue import FILE, catalogue
from archcalc.claims.published.errata_page import errata_page
from archcalc.claims.published.tables import all_published
from archcalc.claims.published.totals import CACHE
from archcalc.cli._group import COMMANDS, app
from archcalc.layers import kinds
from archcalc.views import error_pages
from archcalc.views.keys import PARTS, keys_table
from archcalc.views.kind_page import kind_page

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KEYS = re.compile(r"(<!-- keys: (\w+) -->\n\n).*?(\n<!-- end -->)", re.DOTALL)
_MADE = "<!-- made by docs/generate.py -->\n\n"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated file with its text."""
    for op in kinds():
        yield ROOT / "docs" / "layers" / f"{op}.md", _MADE + kind_page(op)
    for page in codes.pages().values():
        yield ROOT / "docs" / "errors" / f"{page.code}.md", _MADE + error_pages.markdown(page)
    yield ROOT / "docs" / "errors.md", _MADE + error_pages.index(codes.pages().values())
    yield ROOT / "docs" / "cli.md", _MADE + commands()
    yield ROOT / "docs" / "errata.md", _MADE + errata_page()
    entries = [entry._asdict() for entry in catalogue()]
    yield ROOT / "specs" / FILE, f"{json.dumps(entries, ensure_ascii=False, indent=1)}\n"
    lines = json.dumps(all_published(), ensure_ascii=False, indent=1, sort_keys=True)
    yield ROOT / "specs" / "claims" / CACHE, f"{lines}\n"
    yield from gallery.pages(ROOT / "docs")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        if path.name not in ("cli.md", "errors.md", "gallery.md"):
            text = path.read_text(encoding="utf-8")
            text = _KEYS.sub(lambda match: f"{match[1]}{keys_table(PARTS[match[2]])}{match[3]}", text)
            # The first example of the README is what a reader sees on a terminal.
            columns = chain([80] if path.name == "README.md" else [], repeat(None))
            yield path, _BLOCK.sub(lambda match, c=columns: f"```console\n{run_block(match[1], next(c))}```", text)


def commands() -> str:
    """The help of all commands."""
    parts = ["# Commands\n\nEvery command's own `--help`.\n"]
    for name in COMMANDS.names:
        result = CliRunner().invoke(app, [name, "--help"], prog_name="archcalc", env={"COLUMNS": "100", "TERM": "dumb"})
        text = "\n".join(line.rstrip() for line in result.output.strip().splitlines())
        parts.append(f"\n## archcalc {name}\n\n```text\n{text}\n```\n")
    return "".join(parts)


def run_block(block: str, columns: int | None) -> str:
    """The block with the output of its commands as it is now; errors stand where they stood."""
    lines = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{run(line[2:], columns)}" for line in lines)


def run(command: str, columns: int | None) -> str:
    """What a command prints, both streams, in the folder in which the reader has set it up.

    It prints on a terminal of so many `columns`, or without them into a pipe.
    """
    words = shlex.split(command)
    if words[0] != "archcalc":
        raise SystemExit(f"only archcalc is run in the docs, not: {command}")
    environment = {**os.environ, "COLUMNS": str(columns or 100), "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    environment.pop("GITHUB_ACTIONS", None)
    reader, writer = pty.openpty() if columns else os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "archcalc", *words[1:]], cwd=ROOT, env=environment, stdout=writer, stderr=writer
    )
    os.close(writer)
    printed = b"".join(iter(lambda: _chunk(reader), b""))
    os.close(reader)
    process.wait()
    return printed.decode().replace("\r\n", "\n").rstrip("\n") + "\n"


def _chunk(reader: int) -> bytes:
    """The next bytes; none at the end, which Linux reports as an error of the terminal."""
    try:
        return os.read(reader, 1 << 16)
    except OSError:
        return b""


def main() -> int:
    """Write or check every generated page."""
    stale = 0
    for path, text in pages():
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old == text:
            continue
        stale += 1
        name = str(path.relative_to(ROOT))
        if "--check" in sys.argv:
            print(f"{name} is stale: run python docs/generate.py")
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True), name, f"{name} (now)", n=1))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    for folder, names in (("layers", kinds()), ("errors", codes.pages())):
        for path in (ROOT / "docs" / folder).glob("*.md"):
            if path.stem not in names:
                stale += 1
                print(f"{path.relative_to(ROOT)} describes nothing that is there: delete it")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    with contextlib.redirect_stderr(io.StringIO()) if "--quiet" in sys.argv else contextlib.nullcontext():
        sys.exit(main())

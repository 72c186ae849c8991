"""One word, one meaning: the names in the package against the table of words in docs/contributing.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "archcalc"
FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
_ROW = re.compile(r"^\| (?P<words>[^|]+) \| (?P<means>[^|]*) \| (?P<rooms>[^|]+) \| (?P<refused>[^|]*) ?\|$", re.MULTILINE)


class Row(NamedTuple):
    """A row of the table: the words of one meaning, the rooms that use them, and words that are refused in their favour."""

    words: tuple[str, ...]
    rooms: tuple[str, ...]
    refused: tuple[str, ...]


def split(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(",") if word.strip())


def table() -> list[Row]:
    text = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8").partition("## Words")[2].partition("\n## ")[0]
    rows = [match for match in _ROW.finditer(text) if match["words"].strip() not in ("word", ":---")]
    return [Row(split(row["words"]), split(row["rooms"]), split(row["refused"])) for row in rows]


def names(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that a file defines, with its line: classes, functions, parameters, attributes and variables."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr if isinstance(node, ast.Attribute) else node.id


def words_of(name: str) -> str:
    """A name as words between underscores: `LayerCounts` and `layer_counts` are `_layer_counts_`."""
    return f"_{re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).lower()}_"


def contains(name: str, word: str) -> bool:
    return f"_{re.sub('[ -]', '_', word)}_" in words_of(name)


def wrong_names(path: Path, module: ast.Module) -> list[str]:
    """Names with a refused word, or with a word that belongs to other rooms."""
    room = path.parts[0].removesuffix(".py")
    found = []
    for line, name in [*names(module), (1, path.stem)]:
        for row in table():
            instead = f"archcalc/{path}:{line}: {name}: the word is {' or '.join(row.words)}"
            found += [f"{instead}, not {word} (docs/contributing.md)" for word in row.refused if contains(name, word)]
            if "everywhere" not in row.rooms and room not in row.rooms:
                found += [f"{instead}, used in {', '.join(row.rooms)}" for word in row.words if contains(name, word)]
    return found


def test_the_table_is_read() -> None:
    rows = table()
    assert len(rows) > 20
    refused = [word for row in rows for word in row.refused]
    assert len(refused) == len({*refused}), "a word is refused in one row only"
    assert not {*refused} & {word for row in rows for word in row.words}, "a refused word has no meaning of its own"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_one_word_has_one_meaning(path: Path) -> None:
    found = wrong_names(path, ast.parse((PACKAGE / path).read_text(encoding="utf-8")))
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize(
    "text",
    [
        "class Confusion: pass",
        "def reach(x): pass",
        "def f(spelled_layer): pass",
        "self.glyphs = 1",
        "unread_links = 2",
        "finding = 1",
    ],
)
def test_the_check_of_words_can_fail(text: str) -> None:
    assert wrong_names(Path("analysis/x.py"), ast.parse(text))


def test_words_inside_words_do_not_count() -> None:
    assert not wrong_names(Path("analysis/x.py"), ast.parse("reached = blinks = sharesheet = 1"))

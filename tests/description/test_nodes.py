"""One reader of nodes: what it reads, and the code and place of what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.description.nodes import NodeReader
from archcalc.description.source import Source


class Reader(NodeReader):
    malformed, repeated, unknown, unreadable, too_long = "M", "R", "U", "V", "L"
    max_text, max_lists = 5, 1


def read(text: str, how: str, *args: Any) -> tuple[Any, list[tuple[str, int]]]:
    source = Source("f", text)
    reader = Reader(source)
    found = getattr(reader, how)(source.root(), *args)
    return found, [(problem.code, problem.mark.column) for problem in reader.problems]


@pytest.mark.parametrize(
    ("text", "how", "found", "problems"),
    [
        ("word", "text", "word", []),
        ("'12'", "text", "12", []),
        ("toolong", "text", "", [("L", 1)]),
        ("[a]", "text", "", [("M", 1)]),
        ("[a, b]", "texts", ["a", "b"], []),
        ("a", "texts", ["a"], []),
        ("[a, {}]", "texts", ["a"], [("M", 5)]),
        ("3", "value", 3, []),
        ("[1, 2]", "value", [1, 2], []),
        ("[1, [2]]", "value", [1, None], [("M", 5)]),
        ("[1, 007]", "value", [1, None], [("V", 5)]),
        ("{a: 1}", "value", None, [("M", 1)]),
    ],
)
def test_texts_and_values(text: str, how: str, found: Any, problems: list[tuple[str, int]]) -> None:
    assert read(text, how) == (found, problems)


@pytest.mark.parametrize(
    ("text", "keys", "problems"),
    [
        ("{a: 1, b: 2}", ["a", "b"], []),
        ("{a: 1, c: 2}", ["a"], [("U", 8)]),
        ("{a: 1, a: 2}", ["a"], [("R", 8)]),
        ("{[x]: 1, b: 2}", ["b"], [("M", 2)]),
        ("{<<: 1}", [], [("M", 2)]),
        ("[a]", [], [("M", 1)]),
    ],
)
def test_mappings(text: str, keys: list[str], problems: list[tuple[str, int]]) -> None:
    found, reported = read(text, "mapping", "this", ("a", "b"))
    assert (list(found), reported) == (keys, problems)


def test_any_key_where_none_is_known() -> None:
    assert list(read("{x: 1, y: 2}", "mapping", "this")[0]) == ["x", "y"]


def test_without_a_node_a_text_is_empty() -> None:
    assert Reader(Source("f", "")).text(None) == ""

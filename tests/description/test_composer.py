"""Composing stops where a bound is passed: what a file contains beyond it is not read."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from archcalc.description import composer
from archcalc.description.composer import BoundError, Composer

TYPES = (yaml.ScalarNode, yaml.SequenceNode, yaml.MappingNode)


def composed(text: str) -> tuple[Any, int]:
    """The root node, or the error, and how many events were read."""
    events = iter(yaml.parse(text, yaml.SafeLoader))
    read = []

    def get_event() -> Any:
        read.append(next(events))
        return read[-1]

    try:
        return Composer(get_event, TYPES).document(), len(read)
    except BoundError as error:
        return error, len(read)


def data(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {data(key): data(value) for key, value in node.value}
    return [data(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else node.value


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "[]",
        "{}",
        "[a, [b, c], {d: e}]",
        "a: 1\nb:\n  - 2\n  - {c: 3}\n",
        "a: &x [1]\nb: *x\nc: [*x, *x]",
        "",
        "? a\n: b",
        "|\n a\n b",
    ],
)
def test_nodes_are_those_of_pyyaml(text: str) -> None:
    """Values, structure and marks are what PyYAML composes."""
    node, _ = composed(text)
    wanted = yaml.compose(text, yaml.SafeLoader)
    if wanted is None:
        assert node is None
        return
    assert data(node) == data(wanted)
    pairs = [(node, wanted)]
    while pairs:
        a, b = pairs.pop()
        assert type(a) is type(b)
        assert (a.start_mark.line, a.start_mark.column) == (b.start_mark.line, b.start_mark.column)
        assert (a.end_mark.line, a.end_mark.column) == (b.end_mark.line, b.end_mark.column)
        if isinstance(a, yaml.MappingNode):
            pairs += [pair for one, other in zip(a.value, b.value, strict=True) for pair in zip(one, other, strict=True)]
        elif isinstance(a, yaml.SequenceNode):
            pairs += zip(a.value, b.value, strict=True)


def test_only_a_plain_merge_key_is_one() -> None:
    (plain, _), (quoted, _) = composed("{<<: 1, '<<': 2}")[0].value
    assert plain.tag.endswith(":merge")
    assert not quoted.tag.endswith(":merge")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: [" + "1, " * 50 + "1]", "ARC147", 2),
        ("a: [" + "[1], " * 50 + "[1]]", "ARC147", 1),
        ("- {op: relu}\n" * 50, "ARC147", 1),
        ("- &a {op: relu}\n" + "- *a\n" * 50, "ARC147", 1),
        ("".join(f"k{i}: 1\n" for i in range(50)), "ARC147", 1),
        (
            "a: &a [1, 1, 1]\nb: &b [[*a], [*a]]\nc: {d: *b, e: *b, f: *b, g: *b, h: *b, i: *b, j: *b, k: *b, l: *b}",
            "ARC109",
            3,
        ),
        ("a: &a [*a]", "ARC109", 1),
        ("a: *x", "ARC106", 1),
        ("a: 1\n---\nb: 2\n", "ARC106", 2),
    ],
)
def test_bounds(text: str, code: str, line: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, bound in (("MAX_ENTRIES", 20), ("MAX_VALUES", 15), ("MAX_NODES", 99)):
        monkeypatch.setattr(composer, name, bound)
    error, read = composed(text)
    assert isinstance(error, BoundError), data(error)
    assert (error.code, error.mark.line + 1) == (code, line)
    assert read < 100, "the rest is not read"


def test_bounds_are_what_a_file_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly as many entries and values as allowed; values of different layers are not added up."""
    monkeypatch.setattr(composer, "MAX_ENTRIES", 20)
    monkeypatch.setattr(composer, "MAX_VALUES", 5)
    layers = "- {op: conv, padding: [[1, 2], [3, 4], 5]}\n" * 20
    assert len(composed(layers)[0].value) == 20
    assert isinstance(composed(layers + "- {op: relu}")[0], BoundError)
    assert isinstance(composed("[[1, 2], [3, 4], 5, 6]")[0], BoundError)

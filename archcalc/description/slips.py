"""Slips of the pen inside `{ }` that YAML accepts: a value that its commas cut into entries, a colon without a space."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from archcalc.description.commas import comma_meaning
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode

_NUMBER = re.compile(r"[-+]?[0-9][0-9.]*\)?\Z")
_NO_SPACE = re.compile(r"(?P<key>[A-Za-z_]\w*)(?P<sign>[:=])(?P<value>\S.*)", re.DOTALL)


class SlipEntry(NamedTuple):
    """One entry of a mapping; with the sentence about a slip, its place and the way out."""

    key: Node
    value: Node
    slip: str = ""
    place: Node | None = None
    out: str = ""


def joined_entries(node: MappingNode, known: Collection[str] | None, thousands: bool) -> Iterator[SlipEntry]:
    """The entries of a mapping, as they were meant; `thousands` says whether 1,000 is a number there, in quotes.

    Only in `{ }` can a key be without a value.
    """
    pairs = node.value
    if not node.flow_style or not any(_has_no_value(*pair) for pair in pairs):
        yield from (SlipEntry(*pair) for pair in pairs)
        return
    index = 0
    while index < len(pairs):
        key, value = pairs[index]
        index += 1
        rest: list[Node] = []
        while index < len(pairs) and isinstance(value, ScalarNode) and value.value and _continues(pairs[index], known):
            rest.append(pairs[index][0])
            index += 1
        if rest:
            yield _joined(key, value, rest, thousands)
        elif _has_no_value(key, value) and (match := _NO_SPACE.fullmatch(key.value)):
            name, text = match["key"], match["value"]
            first = ScalarNode(key.tag, name, key.start_mark, key.end_mark)
            second = ScalarNode(key.tag, text, key.start_mark, key.end_mark)
            slip = (
                "a colon needs a space after it" if match["sign"] == ":" else "a colon, not =, separates a key from its value"
            )
            yield SlipEntry(first, second, slip, key, f"write {name}: {text}")
        else:
            yield SlipEntry(key, value)


def _has_no_value(key: Node, value: Node) -> bool:
    """Whether an entry is a key alone, without a colon."""
    return (
        isinstance(key, ScalarNode)
        and isinstance(value, ScalarNode)
        and not value.value
        and value.start_mark.index == value.end_mark.index == key.end_mark.index
    )


def _continues(pair: tuple[Node, Node], known: Collection[str] | None) -> bool:
    """Whether an entry without a value is the rest of the value before it."""
    key, value = pair
    if not _has_no_value(key, value) or _NO_SPACE.fullmatch(key.value):
        return False
    return bool(_NUMBER.match(key.value)) or (known is not None and key.value not in known)


def _list(value: Node, rest: list[Node]) -> Node:
    """The value and the keys behind it as one list."""
    nodes = [ScalarNode(node.tag, node.value.strip("()"), node.start_mark, node.end_mark) for node in (value, *rest)]
    return SequenceNode(value.tag, nodes, value.start_mark, rest[-1].end_mark)


def _joined(key: Node, value: Node, rest: list[Node], thousands: bool) -> SlipEntry:
    """The entry whose value its commas have cut: a list, a number, or a text."""
    gaps = [after.start_mark.index - before.end_mark.index for before, after in pairwise([value, *rest])]
    text = value.value + "".join(("," if gap == 1 else ", ") + part.value for gap, part in zip(gaps, rest, strict=True))
    meant, out = comma_meaning(text, thousands) or (text, f"put quotes around {text}")
    sentence = "a comma separates entries inside { }"
    if isinstance(meant, list):
        return SlipEntry(key, _list(value, rest), f"{sentence}, and a list is written in [ ]", value, out)
    return SlipEntry(key, ScalarNode(value.tag, meant, value.start_mark, rest[-1].end_mark), sentence, value, out)

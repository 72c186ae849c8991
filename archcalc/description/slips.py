"""Slips of the pen inside `{ }` that YAML accepts: a value that its commas cut into entries, a colon without a space."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode

_NUMBER = re.compile(r"[-+]?[0-9][0-9.]*\)?\Z")
_NO_SPACE = re.compile(r"(?P<key>[A-Za-z_]\w*):(?P<value>\S.*)", re.DOTALL)
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+([^0-9,].*)?\Z")
_DECIMAL = re.compile(r"(?P<whole>[-+]?[0-9]+),(?P<rest>[0-9]+([^0-9,].*)?)\Z")


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
            yield SlipEntry(first, second, "a colon needs a space after it", key, f"write {name}: {text}")
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
    """The entry whose value its commas have cut: a list in parentheses, a number, or a text."""
    parts = [value.value, *(part.value for part in rest)]
    gaps = [after.start_mark.index - before.end_mark.index for before, after in pairwise([value, *rest])]
    sentence = "a comma separates entries inside { }"
    if parts[0].startswith("(") and parts[-1].endswith(")"):
        out = f"write [{', '.join(parts).strip('()')}]"
        return SlipEntry(key, _list(value, rest), f"{sentence}, and a list is written in [ ]", value, out)
    text = parts[0] + "".join(("," if gap == 1 else ", ") + part for gap, part in zip(gaps, parts[1:], strict=True))
    digits = "".join(parts)
    out = f"put quotes around {text}"
    compact = ",".join(parts)
    if _THOUSANDS.match(compact):
        text = compact if thousands else digits
        out = f"put quotes around {text}" if thousands else f"write {digits}"
    elif (match := _DECIMAL.match(compact)) and (thousands or not int(match["whole"])):
        text = f"{match['whole']}.{match['rest']}"
        out = f"write {text}, with a point"
    elif all(map(_NUMBER.match, parts)):
        return SlipEntry(key, _list(value, rest), sentence, value, f"write a list: [{', '.join(parts)}]")
    return SlipEntry(key, ScalarNode(value.tag, text, value.start_mark, rest[-1].end_mark), sentence, value, out)

"""Text from a file, the zoo or standard input, and its YAML nodes with their positions. The only module with PyYAML."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import yaml
from yaml import MappingNode as MappingNode
from yaml import Node as Node
from yaml import ScalarNode as ScalarNode
from yaml import SequenceNode as SequenceNode

from archcalc.description.composer import BoundError, Composer
from archcalc.errors import DescriptionError, Mark, Problem, call_error, file_error, suggest

MAX_BYTES = 64 * 2**20
MAX_NESTING = 100

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BRACKETS = re.compile(r"[\[{\]}]")
_INDENTED = re.compile(rf"^[ \-?:]{{{MAX_NESTING * 8},}}", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A description's text, and its name in messages."""

    path: str
    text: str

    def root(self) -> yaml.Node:
        """The whole description as one node. Raises `DescriptionError` if the text is not YAML."""
        return compose(self)

    def mark(self, node: yaml.Node) -> Mark:
        """Where a node begins."""
        return Mark(self.path, node.start_mark.line + 1, node.start_mark.column + 1)


def part_node(node: yaml.Node, indices: Iterable[int | str]) -> yaml.Node:
    """The node of a part of a value, by its indices; the innermost node that exists where the text has no such list."""
    for index in indices:
        if not isinstance(node, SequenceNode) or not isinstance(index, int) or index >= len(node.value):
            break
        node = node.value[index]
    return node


def zoo_folder() -> str:
    """The folder of the shipped networks: inside a built package, next to it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "zoo")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "specs")


def zoo() -> list[str]:
    """The names of the shipped networks."""
    folder = zoo_folder()
    return sorted(name.removesuffix(".yaml") for name in os.listdir(folder) if name.endswith(".yaml"))


def find(name: str) -> str:
    """The path of a description: an existing file, or else the network of the zoo with that name.

    Raises `DescriptionError`, with a suggestion, if there is neither.
    """
    if os.path.exists(name):
        return name
    stem = name.removesuffix(".yaml")
    if stem in zoo():
        return os.path.join(zoo_folder(), f"{stem}.yaml")
    raise call_error("ARC101", f"there is no file {name} and no network of that name in the zoo", suggest(stem, zoo()))


def read(name: str) -> Source:
    """The text of a file, of a network of the zoo, or for `-` of standard input.

    Raises `DescriptionError` if it cannot be read or is not UTF-8 text of bounded size.
    """
    if name == "-":
        return Source("<stdin>", decode(_read_stdin(), "<stdin>"))
    path = find(name)
    if os.path.isdir(path):
        raise file_error("ARC102", path, "is a folder, not a description", "name a file in it")
    try:
        with open(path, "rb") as file:
            return Source(path, decode(file.read(MAX_BYTES + 1), path))
    except OSError as error:
        raise file_error("ARC103", path, f"cannot be read: {error.strerror}") from None


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise file_error("ARC103", "<stdin>", "cannot be read: it is closed")
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise file_error("ARC103", "<stdin>", f"cannot be read: {error.strerror}") from None


def decode(raw: bytes, path: str) -> str:
    """UTF-8 text, with or without a byte order mark. Raises `DescriptionError` if it is too large, or is not text."""
    if len(raw) > MAX_BYTES:
        raise file_error("ARC104", path, f"is larger than {MAX_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mark = Mark(path, raw.count(b"\n", 0, error.start) + 1, error.start - raw.rfind(b"\n", 0, error.start))
        raise DescriptionError([Problem("ARC105", "is not UTF-8 text", mark, ("save it as UTF-8",))]) from None
    if "\0" in text:
        raise file_error("ARC105", path, "contains binary data, not a description")
    return text


def compose(source: Source) -> yaml.Node:
    """The one YAML document in the text, as nodes with their positions and raw text.

    Raises `DescriptionError` if the text is not YAML, is empty, or is nested or aliased beyond bounds.
    """
    _refuse_depth(source)
    try:
        loader = _Loader(source.text)
        try:
            node = Composer(loader.get_event, (ScalarNode, SequenceNode, MappingNode)).document()
        finally:
            loader.dispose()
    except BoundError as error:
        mark = Mark(source.path, error.mark.line + 1, error.mark.column + 1)
        excerpt = _excerpt(source, mark) if error.code == "ARC106" else ()
        raise DescriptionError([Problem(error.code, error.message, mark, excerpt)]) from None
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        mark = Mark(source.path, place.line + 1, place.column + 1) if place else Mark(source.path)
        about = ", ".join(part for part in (error.context, error.problem) if part)
        line = "".join(source.text.splitlines()[mark.line - 1 : mark.line])
        if "\t" in line[: mark.column]:
            about = "a tab indents this line; indent with spaces"
        raise DescriptionError([Problem("ARC106", f"is not YAML: {about}", mark, _excerpt(source, mark))]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise file_error("ARC106", source.path, f"is not YAML: {str(error).splitlines()[0]}") from None
    if node is None:
        raise file_error("ARC107", source.path, "is empty", "a description begins with `archcalc: 1`")
    return node


def _refuse_depth(source: Source) -> None:
    """PyYAML's parser recurses in C and would crash the process: deep nesting is refused before it is parsed."""
    text = source.text
    if text.count("[") + text.count("{") > MAX_NESTING:
        steps = (1 if match.group() in "[{" else -1 for match in _BRACKETS.finditer(text))
        # Brackets inside texts and comments count too. Never below zero, so that a closing one cannot hide later ones.
        deepest = max(accumulate(steps, lambda depth, step: max(depth + step, 0), initial=0))
        if deepest > MAX_NESTING:
            raise file_error("ARC108", source.path, f"nests brackets more than {MAX_NESTING} deep")
    if match := _INDENTED.search(text):
        mark = Mark(source.path, text.count("\n", 0, match.start()) + 1, 1)
        raise DescriptionError([Problem("ARC108", f"nests more than {MAX_NESTING} deep", mark)])


def _excerpt(source: Source, mark: Mark) -> tuple[str, ...]:
    """The line, and a caret below the position."""
    lines = source.text.splitlines()
    if not 0 < mark.line <= len(lines):
        return ()
    return lines[mark.line - 1][:200], " " * (min(mark.column, 200) - 1) + "^"


def plain_data(path: str) -> dict[str, Any]:
    """A data file of this package as plain values."""
    with open(path, encoding="utf-8") as file:
        return dict(yaml.load(file, _Loader))

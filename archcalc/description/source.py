"""Text from a file, the zoo or standard input, and its YAML nodes with their positions. The only module with PyYAML."""

from __future__ import annotations

import os
import re
import sys
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, islice
from typing import Any

import yaml
from yaml import MappingNode as MappingNode
from yaml import Node as Node
from yaml import ScalarNode as ScalarNode
from yaml import SequenceNode as SequenceNode

from archcalc.description import zoo
from archcalc.description.composer import BoundError, Composer
from archcalc.description.syntax import cause
from archcalc.errors import LINE_BREAK, DescriptionError, Mark, Problem, call_error, file_error
from archcalc.suggestions import nearest

MAX_BYTES = 64 * 2**20
MAX_NESTING = 100
_MOST_FILES = 10_000
"""Files of a folder among which a similar name is searched."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NO_IMPORT = "archcalc imports no models: write the layers as a description, as `archcalc zoo lenet5` prints one"
_YAML_BREAK = re.compile("[\x85\u2028\u2029]")
_FORMAT_KEY = re.compile(r'"archcalc"\s*:')
_BRACKETS = re.compile(r"[\[{\]}]")
_INDENTED = re.compile(rf"^[ \-?:]{{{MAX_NESTING * 8},}}", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A description's text, its path, and its name in messages where that is not the path."""

    path: str
    text: str
    label: str = ""

    def root(self) -> yaml.Node:
        """The whole description as one node. Raises `DescriptionError` if the text is not YAML."""
        return compose(self)

    def mark(self, node: yaml.Node) -> Mark:
        """Where a node begins."""
        return self.place(node.start_mark.line, node.start_mark.column, node.start_mark.index)

    def place(self, line: int, column: int, index: int) -> Mark:
        """A position of PyYAML, which counts from 0, as editors count it."""
        if self._line_starts is not None:
            line = bisect_right(self._line_starts, index) - 1
            column = index - self._line_starts[line]
        return Mark(self.label or self.path, line + 1, column + 1)

    @cached_property
    def _line_starts(self) -> list[int] | None:
        """Where lines begin, if the text contains what is a line break in YAML 1.1 only; else None."""
        if not _YAML_BREAK.search(self.text):
            return None
        return [0, *(match.end() for match in LINE_BREAK.finditer(self.text))]


def part_node(node: yaml.Node, indices: Iterable[int | str]) -> yaml.Node:
    """The node of a part of a value, by its indices; the innermost node that exists where the text has no such list."""
    for index in indices:
        if not isinstance(node, SequenceNode) or not isinstance(index, int) or index >= len(node.value):
            break
        node = node.value[index]
    return node


def find(name: str) -> str:
    """The path of a description: an existing file, or else the network of the zoo with that name.

    Raises `DescriptionError`, with a suggestion, if there is neither.
    """
    if os.path.exists(name):
        return name
    full_name = zoo.full_name(name)
    if full_name is not None:
        return zoo.path_of(full_name)
    beside = _beside(name)
    out = f"did you mean {' or '.join(beside)}?" if beside else zoo.suggestion(name)
    raise call_error("ARC101", f"there is no file {name} and no network of that name in the zoo", out)


def _beside(name: str) -> list[str]:
    """The descriptions in the folder of a file that does not exist with nearly its name: edge.yaml for edge.yml or edge."""
    folder, base = os.path.split(name)
    try:
        with os.scandir(folder or ".") as found:
            files = [entry.name for entry in islice(found, _MOST_FILES) if entry.name.endswith((".yaml", ".yml"))]
    except (OSError, ValueError):
        return []
    stem = os.path.splitext(base)[0]
    same = [file for file in files if os.path.splitext(file)[0].lower() == stem.lower()]
    return [os.path.join(folder, file) for file in same or nearest(base, sorted(files), 0.8)]


def read(name: str) -> Source:
    """The text of a file, of a network of the zoo, or for `-` of standard input: what a user names, who may name a pipe.

    Raises `DescriptionError` if it cannot be read or is not UTF-8 text of bounded size.
    """
    if name == "-":
        return Source("<stdin>", decode(_read_stdin(), "<stdin>"))
    return _read_file(find(name), name)


def read_found(name: str) -> Source:
    """The text of a file or of a network of the zoo that a file names or a folder contains: none that could keep us waiting.

    Raises `DescriptionError` as `read`, and for a pipe or a device.
    """
    path = find(name)
    if not os.path.isfile(path) and not os.path.isdir(path):
        out = "name a file; a pipe is read only where the command names it"
        raise file_error("ARC103", path, "cannot be read: it is a pipe or a device", out)
    return _read_file(path, name)


def read_in_zoo(name: str) -> Source:
    """The text of a network of the zoo, or of a family, such as torchvision/_resnet, or of a file.

    Raises `DescriptionError` if there is none.
    """
    path = zoo.path_of(name.removesuffix(".yaml"))
    is_family = os.path.basename(path).startswith("_") and os.path.isfile(path)
    return _read_file(path, path) if is_family else read(name)


def read_beside(name: str, path: str) -> Source:
    """The text of a network that the file at a path names: a .yaml file relative to it, or a network of the zoo.

    Raises `DescriptionError` if there is neither, or if it cannot be read.
    """
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    if name.endswith((".yaml", ".yml")) and os.path.isfile(beside):
        return _read_file(beside, beside)
    full_name = zoo.full_name(name)
    if full_name is not None:
        return _read_file(zoo.path_of(full_name), name)
    if os.path.isfile(f"{beside}.yaml"):
        raise call_error("ARC101", f"there is no network {name} in the zoo", f"write {name}.yaml for the file")
    kind = "no file" if name.endswith((".yaml", ".yml")) else "no .yaml file"
    raise call_error("ARC101", f"there is {kind} {name} and no network of that name in the zoo", zoo.suggestion(name))


def _read_file(path: str, name: str) -> Source:
    if os.path.isdir(path):
        raise file_error("ARC102", path, "is a folder, not a description", "name a file in it")
    _refuse_foreign(path)
    try:
        with open(path, "rb") as file:
            raw, size = file.read(MAX_BYTES + 1), os.fstat(file.fileno()).st_size
    except OSError as error:
        raise file_error("ARC103", path, f"cannot be read: {error.strerror}") from None
    return Source(path, decode(raw, path, size), f"{zoo.full_name(name)} (zoo)" if path != name else "")


def _refuse_foreign(path: str) -> None:
    """Files of other frameworks are not descriptions, and no message about YAML would help."""
    ending = os.path.splitext(path)[1].lower().removeprefix(".")
    if ending in ("", "yaml", "yml"):
        return
    what = words()["formats"].get(ending)
    if what:
        raise file_error("ARC156", path, f"is {what}, not a description", _NO_IMPORT)


def refuse_foreign_json(source: Source) -> None:
    """JSON of other programs is no description. Raises `DescriptionError` if none of its keys is that of the format."""
    if source.path.endswith(".json") and not _FORMAT_KEY.search(source.text):
        raise file_error("ARC156", source.path, "is JSON without the key archcalc, not a description", _NO_IMPORT)


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise file_error("ARC103", "<stdin>", "cannot be read: it is closed")
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise file_error("ARC103", "<stdin>", f"cannot be read: {error.strerror}") from None


def decode(raw: bytes, path: str, size: int = 0) -> str:
    """UTF-8 text, with or without a byte order mark, of a file of a size, if that is known.

    Raises `DescriptionError` if it is too large, or is not text.
    """
    if len(raw) > MAX_BYTES:
        sentence = f"has {size:,} bytes, more than {MAX_BYTES:,}" if size > MAX_BYTES else f"has more than {MAX_BYTES:,} bytes"
        out = "check that it is a description: a large network becomes short with blocks and repeat"
        raise file_error("ARC104", path, sentence, out)
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
        mark = source.place(error.mark.line, error.mark.column, error.mark.index)
        raise DescriptionError([Problem(error.code, error.message, mark)], source.text) from None
    except yaml.MarkedYAMLError as error:
        marks = (error.context_mark, error.problem_mark)
        opened, place = (source.place(mark.line, mark.column, mark.index) if mark else None for mark in marks)
        found = cause(source.text, error.context or "", error.problem or "", opened, place or opened or Mark(source.path, 1, 1))
        problem = Problem("ARC106", f"is not YAML: {found.sentence}", found.place, (found.out,) if found.out else ())
        raise DescriptionError([problem], source.text) from None
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
        raise DescriptionError([Problem("ARC108", f"nests more than {MAX_NESTING} deep", mark)], text)


def plain_data(path: str) -> dict[str, Any]:
    """A data file of this package as plain values."""
    with open(path, encoding="utf-8") as file:
        return dict(yaml.load(file, _Loader))


@cache
def words() -> dict[str, Any]:
    """The words of other frameworks, and endings of their files."""
    return plain_data(os.path.join(os.path.dirname(__file__), "words.yaml"))

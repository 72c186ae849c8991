"""Loads a description: reads it, expands it to a graph and checks it. The entry point of commands and of Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.analysis.input_shapes import shape_problems
from archcalc.analysis.walk import walk
from archcalc.codes import pages
from archcalc.description.data import DescriptionLike, source_of
from archcalc.description.document import Document
from archcalc.description.reader import read_document
from archcalc.description.source import Source
from archcalc.description.values import exact, sizes_of
from archcalc.errors import Problems
from archcalc.graph import Graph, Limits, build_graph


def load(
    description: DescriptionLike,
    variables: Mapping[str, Any] | None = None,
    input: Sequence[Any] | str | None = None,
    freeze: str | Sequence[str] = (),
    limits: Limits | None = None,
) -> Graph:
    """The network of a description: a file, the name of a zoo network, `-` for standard input, or the description itself.

    The description itself may be YAML text (text with a line break), a mapping of the same keys and values as in YAML,
    or an `archcalc.Description`. Numbers may be integers, floats (exact by their shortest decimal) or fractions, and
    texts are read as in YAML: `"64*alpha"` is an expression. Problems of a file have a line and a column, those of a
    mapping the path to the value: `<description>: layers[3].kernel_size: error[ARC121] …`.

    `variables` sets the description's variables, `input` the shape of its (first) input, channels first, as a list or as
    `3x224x224`, and `freeze`
    adds id patterns (one or several) of layers whose weights are not trained. `limits` bounds the numbers of layers,
    nested blocks and connections. Raises `DescriptionError` with every problem of the file.
    """
    return load_source(source_of(description), variables, input, freeze, limits)


def load_source(
    source: Source,
    variables: Mapping[str, Any] | None = None,
    input: Sequence[Any] | str | None = None,
    freeze: str | Sequence[str] = (),
    limits: Limits | None = None,
) -> Graph:
    """The network of a source, as `load` returns it. Raises `DescriptionError` with every problem of the file."""
    document, problems = read_document(source)
    shape = sizes_of(input) if isinstance(input, str) else [exact(size) for size in input] if input is not None else None
    patterns = (freeze,) if isinstance(freeze, str) else tuple(freeze)
    graph = build_graph(document, dict(variables or {}), shape, patterns, limits)
    problems.merge(graph.problems)
    _check_ignored(document, problems)
    if problems:
        if not problems.is_full:
            # The layers without a problem are computed too, so that one run reports everything.
            problems.merge(walk(graph).problems)
        problems.merge(shape_problems(graph))
        raise document.error(problems)
    return graph


def _check_ignored(document: Document, problems: Problems) -> None:
    """Report codes to ignore that are not of a warning or a note."""
    for index, code in enumerate(document.ignore):
        if code and not (code in pages() and pages()[code].severity != "error"):
            place = document.mark("ignore", index)
            out = "an error cannot be ignored" if code in pages() else "name warnings and notes, such as ARC301"
            problems.add("ARC127", place, f"ignore: {code} is not the code of a warning or note", out)

"""Frozen layers: patterns of ids, of which `.weight` or `.bias` at the end leaves one part of the parameters."""

from __future__ import annotations

import re
from collections.abc import Collection
from fnmatch import translate
from functools import partial

from archcalc.description.values import NOWHERE
from archcalc.errors import Problems, call_error
from archcalc.graph.nodes import PARTS, Frozen, Graph, Node
from archcalc.layers._base import Layer
from archcalc.suggestions import suggest

MAX_PATTERNS = 200
"""Patterns of frozen layers in a description and a call, together."""
MAX_COMPARED = 20_000_000
"""Characters of ids that patterns with signs are compared with, over all patterns."""
NAMES = {"weight": "weights", "bias": "biases"}
"""The parts of the parameters by their name in PyTorch, which ends a pattern: `fc.bias`."""


def frozen_parts(graph: Graph, freeze: tuple[str, ...], problems: Problems) -> Frozen:
    """The layers whose id, or that of a block around them, matches a pattern, each with the parts that are frozen.

    Raises `DescriptionError` if there are too many patterns.
    """
    document, nodes = graph.document, graph.nodes
    patterns = list(dict.fromkeys([*document.frozen, *freeze]))
    if len(patterns) > MAX_PATTERNS:
        raise call_error("ARC143", f"at most {MAX_PATTERNS} patterns of frozen layers are read, not {len(patterns):,}")
    if not patterns:
        return {}
    inside: dict[str, list[int]] = {}
    for index, node in enumerate(nodes):
        for name in (*node.blocks, node.id):
            inside.setdefault(name, []).append(index)
    wild = sum(map(_has_signs, patterns))
    if wild > 1 and wild * sum(map(len, inside)) > MAX_COMPARED:
        message = f"{wild} patterns with * are too many to compare with {len(inside):,} ids"
        raise call_error("ARC143", message, "name blocks, or use fewer patterns")
    frozen: dict[int, frozenset[str]] = {}
    for pattern in patterns:
        matches = dict.fromkeys(_layers(pattern, inside), frozenset(PARTS))
        stem, _, last = pattern.rpartition(".")
        if stem and last in NAMES:
            part = NAMES[last]
            named = (index for index in _layers(stem, inside) if _may_have(nodes[index], part))
            matches |= {index: frozenset([part]) for index in named if index not in matches}
        if not matches:
            written = document.frozen
            mark = document.mark("frozen", written.index(pattern)) if pattern in written else NOWHERE
            out = partial(_similar_id, stem if last in NAMES else pattern, nodes)
            problems.add("ARC140", mark, f"no layer matches {pattern!r}, so nothing is frozen", out)
        for index, parts in matches.items():
            for part in parts:  # what other layers use too is frozen where it is counted
                for layer in {index, graph.owner_of(index, part)}:
                    frozen[layer] = frozen.get(layer, frozenset()) | {part}
    return frozen


def _layers(pattern: str, inside: dict[str, list[int]]) -> list[int]:
    """The layers whose id, or that of a block around them, matches a pattern."""
    return [index for name in _matching(pattern, inside) for index in inside[name]]


def _may_have(node: Node, part: str) -> bool:
    """Whether layers of its kind have weights, or biases."""
    return node.entry.kind is not None and getattr(node.entry.kind, part) is not getattr(Layer, part)


def _similar_id(pattern: str, nodes: list[Node]) -> str:
    return suggest(pattern, (node.id for node in nodes))


def _has_signs(pattern: str) -> bool:
    """Whether a pattern may match more than one id; its signs reach over dots, other than those in `inputs`."""
    return any(sign in pattern for sign in "*?[")


def _matching(pattern: str, names: Collection[str]) -> list[str]:
    """The names that match a pattern; one without signs is looked up."""
    if not _has_signs(pattern):
        return [pattern] if pattern in names else []
    match = re.compile(translate(pattern)).match
    return [name for name in names if match(name)]

"""Patterns in `inputs`, such as `l.*.skip`: the layers above that match, in their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import translate

from archcalc.graph.namespace import Namespace
from archcalc.graph.output_ref import OutputRef


def is_pattern(name: str, namespace: Namespace) -> bool:
    """Whether a name stands for all that match it: it has a `*`, and is not the name of a layer itself."""
    return "*" in name and name not in namespace.names


def matching(pattern: str, namespace: Namespace, count: Callable[[int], bool]) -> list[OutputRef]:
    """The outputs of the layers so far that match, in their order; `*` is any part of one name, without a dot.

    `count` counts the names that are compared, and returns False where they are too many.
    """
    found: list[OutputRef] = []
    levels = [(namespace, pattern.split("."))]
    while levels:
        level, parts = levels.pop()
        for length in (1, 2):  # `conv1`, and `conv1.3`, a copy of a repeated one
            if length > len(parts):
                continue
            if not count(len(level.names)):
                return []
            names = list(_named(level, parts[:length]))
            if length == len(parts):
                found += [level.names[name] for name in names if name in level.names]
            else:
                inside = [level.namespaces[name] for name in names if name in level.namespaces]
                levels += [(one, parts[length:]) for one in reversed(inside)]
    return sorted(found, key=lambda output_ref: output_ref.resolve() or 0)


def _named(level: Namespace, parts: list[str]) -> Iterator[str]:
    """The names at a level of as many parts that match them one by one; an input is no layer."""
    if not any("*" in part for part in parts):
        yield ".".join(parts)
        return
    matches = [re.compile(translate(part.replace("[", "[[]").replace("?", "[?]"))).match for part in parts]
    for name in (*level.names, *(name for name in level.namespaces if name not in level.names)):
        if name.count(".") != len(parts) - 1:
            continue
        own = name.split(".")
        if (
            len(own) == len(parts)
            and name not in level.inputs
            and all(match(part) for match, part in zip(matches, own, strict=True))
        ):
            yield name

"""Paths through a network, by the layers on them: where two that meet diverged, and how a path is written."""

from __future__ import annotations

from collections import deque

from archcalc.graph import Graph


def since_divergence(graph: Graph, first: int, second: int) -> tuple[list[int], list[int]]:
    """The shortest paths from the last layer or input before both, to `first` and to `second`.

    From different network inputs, each path begins at its own. Linear in the layers and edges before them.
    """
    before = [_towards(graph, first), _towards(graph, second)]
    # Of two that are before both, the later one in the graph's order is nearer: behind it the paths share nothing.
    common = max(before[0].keys() & before[1].keys(), default=None)
    return _path(before[0], common), _path(before[1], common)


def _towards(graph: Graph, end: int) -> dict[int, int | None]:
    """For each layer and input before `end` the next one on a shortest path to it, in order of distance."""
    following: dict[int, int | None] = {end: None}
    waiting = deque([end])
    while waiting:
        at = waiting.popleft()
        for source in graph.nodes[at].sources if at >= 0 else ():
            if source not in following:
                following[source] = at
                waiting.append(source)
    return following


def _path(following: dict[int, int | None], start: int | None) -> list[int]:
    """From `start`, or else from the network input that is nearest to the end."""
    at = next(one for one in following if one < 0) if start is None else start
    path = [at]
    while (after := following[path[-1]]) is not None:
        path.append(after)
    return path


def arrows(names: list[str], most: int) -> str:
    """A path as text; of one with more than `most` layers its two ends."""
    if len(names) > most:
        end = max(most // 4, 1)
        names = [*names[:end], f"… {len(names) - 2 * end:,} more …", *names[-end:]]
    return " → ".join(names)

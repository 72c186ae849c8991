"""Paths through a network, as lists of layers: where two paths that meet diverged, and their text."""

from __future__ import annotations

from collections import deque

from archcalc.graph import Graph


def since_divergence(graph: Graph, first: int, second: int) -> tuple[list[int], list[int]]:
    """The shortest paths to `first` and to `second` from their last common predecessor, as indices of layers and inputs.

    If they depend on different network inputs, each path begins at its own. Linear in the layers and edges before them.
    """
    predecessors = [_predecessors(graph, first), _predecessors(graph, second)]
    # Of all common predecessors, the latest in the graph's order is nearest: after it the paths share nothing.
    common = max(predecessors[0].keys() & predecessors[1].keys(), default=None)
    return _path(predecessors[0], common), _path(predecessors[1], common)


def _predecessors(graph: Graph, end: int) -> dict[int, int | None]:
    """For each layer and input before `end` the next step on a shortest path to it, in order of distance."""
    next_steps: dict[int, int | None] = {end: None}
    queue = deque([end])
    while queue:
        index = queue.popleft()
        for source in graph.nodes[index].sources if index >= 0 else ():
            if source not in next_steps:
                next_steps[source] = index
                queue.append(source)
    return next_steps


def _path(next_steps: dict[int, int | None], start: int | None) -> list[int]:
    """The path from `start`, or without one from the network input that is nearest to the end."""
    path = [next(index for index in next_steps if index < 0) if start is None else start]
    while (step := next_steps[path[-1]]) is not None:
        path.append(step)
    return path


def path_text(names: list[str], most: int) -> str:
    """A path as text, `a → b → c`; of a path of more than `most` layers only its two ends."""
    if len(names) > most:
        end = max(most // 4, 1)
        names = [*names[:end], f"… {len(names) - 2 * end:,} more …", *names[-end:]]
    return " → ".join(names)

"""Folding: equal cells one after the other are drawn once with ×N; what does not fit a page loses its middle.

Equal is proved, not guessed: a cell's signature holds for each layer the identity of its figures, which the walk
shares between layers of one kind with the same fields at the same volumes, and how the layers are connected.
"""

from __future__ import annotations

from dataclasses import replace

from archcalc.views.diagram.structure.series_parallel import (
    Cell,
    Irreducible,
    Leaf,
    Parallel,
    Repeat,
    Series,
    SideOutput,
    leaves,
)
from archcalc.views.diagram.structure.steps import Step

LONGEST_PERIOD = 24


def fold(cells: Series) -> Series:
    """The series with every run of equal cells, or of equal groups of cells, folded."""
    inner = tuple(_inside(cell) for cell in cells)
    marks = [_signature(cell) for cell in inner]
    found: list[Cell] = []
    at = 0
    while at < len(inner):
        period, times = _run(marks, at)
        if times > 1:
            found.append(Repeat(inner[at : at + period], times))
            at += period * times
        else:
            found.append(inner[at])
            at += 1
    return tuple(found)


def _inside(cell: Cell) -> Cell:
    if isinstance(cell, Parallel):
        return replace(cell, branches=tuple(fold(branch) for branch in cell.branches))
    return replace(cell, cells=fold(cell.cells)) if isinstance(cell, SideOutput) else cell


def _run(marks: list[object], at: int) -> tuple[int, int]:
    """The shortest period that repeats here, and how often."""
    for period in range(1, min(LONGEST_PERIOD, (len(marks) - at) // 2) + 1):
        times = 1
        while marks[at + times * period : at + (times + 1) * period] == marks[at : at + period]:
            times += 1
        if times > 1:
            return period, times
    return 1, 1


def _signature(cell: Cell) -> object:
    match cell:
        case Leaf():
            return cell.step.signature
        case SideOutput():
            return id(cell)
        case Repeat():
            return ("repeat", cell.times, tuple(map(_signature, cell.cells)))
        case Irreducible():
            return ("tangle", cell.edges, tuple(one.step.signature for one in cell.steps))
        case Parallel():
            branches = tuple(tuple(map(_signature, branch)) for branch in cell.branches)
            return ("region", branches, cell.remembered, cell.merge.step.signature)


def copies(cells: Series) -> int:
    """How many steps a series draws."""
    return len(leaves(cells))


def elide(cells: Series, most: int) -> Series:
    """The series with the middle of whatever is longer or wider than `most` left out, its count and cost said."""
    cells = tuple(_elide_inside(cell, most) for cell in cells)
    spurs = tuple(cell for cell in cells if isinstance(cell, SideOutput))
    cells = cells[: len(cells) - len(spurs)]
    if len(cells) > most:
        head = most // 2
        tail = max(1, most - 1 - head)
        cells = (*cells[:head], _gap(cells[head : len(cells) - tail]), *cells[len(cells) - tail :])
    return (*cells, *spurs)


def _elide_inside(cell: Cell, most: int) -> Cell:
    if isinstance(cell, Repeat | SideOutput):
        return replace(cell, cells=elide(cell.cells, most))
    if isinstance(cell, Irreducible) and len(cell.steps) > most:
        return _gap((cell,))
    if not isinstance(cell, Parallel):
        return cell
    branches = tuple(elide(branch, most) for branch in cell.branches)
    if len(branches) > most:
        head = most // 2
        tail = max(1, most - 1 - head)
        gap = _gap(tuple(inner for branch in branches[head : len(branches) - tail] for inner in branch))
        branches = (*branches[:head], (gap,), *branches[len(branches) - tail :])
    return replace(cell, branches=branches, remembered=min(cell.remembered, sum(not branch for branch in branches)))


def _gap(cells: Series) -> Leaf:
    """One step in the place of many."""
    layers = []
    count = 0
    stack: list[tuple[Cell, int]] = [(cell, 1) for cell in reversed(cells)]
    while stack:
        cell, times = stack.pop()
        if isinstance(cell, Repeat):
            stack += [(inner, times * cell.times) for inner in reversed(cell.cells)]
            continue
        for one in leaves((cell,)):
            layers += list(one.step.layers) * times
            count += times * (one.step.elided or 1)
    first = leaves(cells)[0]
    return Leaf(first.at, Step(f"{count} steps", tuple(layers), elided=count))

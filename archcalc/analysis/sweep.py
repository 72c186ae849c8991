"""Sweeps: many variants of one network at once, from the array arithmetic.

Each swept variable is an axis of the arrays, so that a number that depends on one variable is computed once for each
of its values only. A variable that decides structure (`when`, `repeat`, a word) cannot be an array: it is split, value
by value; so is one with a single value. An invalid variant is a row too: its message comes from the plain arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from itertools import product
from math import prod
from typing import Any

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.walk import walk
from archcalc.arithmetic.term import Number, sum_
from archcalc.description.data import DescriptionLike, source_of
from archcalc.description.operators import VariesError
from archcalc.description.reader import read_document
from archcalc.description.values import exact
from archcalc.errors import Mark, Problem, call_error
from archcalc.graph import PARTS, Graph, Limits, build_graph
from archcalc.layers._grades import Grade

MAX_VARIANTS = 10_000_000
"""Variants of one sweep."""
MAX_MESSAGES = 100
"""Invalid variants whose message is computed; the others have a general one."""
_INVALID = "is invalid"


@dataclass(frozen=True)
class Variant:
    """One row: the variables' values and the numbers for one example, or the message of a `problem`."""

    values: dict[str, Any]
    output: tuple[int, ...] = ()
    params: int = 0
    mult_adds: int = 0
    problem: str = ""
    at_least: tuple[str, ...] = ()
    """Which of `params` and `mult_adds` are lower bounds, since a layer is not counted."""


@dataclass
class Sweep:
    """All variants of a network over a grid of values."""

    name: str
    variables: dict[str, list[Any]]
    _run: _SweepRun
    _grids: list[_SubGrid]

    def __len__(self) -> int:
        return prod(len(values) for values in self.variables.values())

    @cached_property
    def rows(self) -> list[Variant]:
        """One row per variant, in the order of the grid, the last variable fastest."""
        rows = {key: row for subgrid in self._grids for key, row in self._run.rows(subgrid)}
        return [rows[key] for key in product(*(range(len(values)) for values in self.variables.values()))]

    @property
    def refusal(self) -> Problem | None:
        """The problem if no variant is valid, with the way out of the first one; None if one is valid."""
        if not all(row.problem for row in self.rows):
            return None
        first = self._run.first
        details = first.details if first is not None else ()
        return Problem("ARC206", f"no variant is valid: {self.rows[0].problem}", Mark("archcalc"), details)


def sweep(
    description: DescriptionLike,
    variables: Mapping[str, Sequence[Any]],
    fixed: Mapping[str, Any] | None = None,
    input: Sequence[int] | None = None,
    freeze: Sequence[str] = (),
    limits: Limits | None = None,
) -> Sweep:
    """Every combination of the variables' values: output volume, params and multiply-adds of each.

    `description` is what `archcalc.load` takes. `fixed` sets further variables to one value, `input` the shape of the
    input; `freeze` and `limits` are those of `load`. Raises `DescriptionError` if the description or the call is malformed,
    `TypeError` if values are not a list; an invalid variant is a row with a `problem`.
    """
    source = source_of(description)
    document, problems = read_document(source)
    if problems:
        raise document.error(problems)
    for variable, values in variables.items():
        if isinstance(values, str):
            raise TypeError(f"the values of {variable} are a list, such as [1, 0.5], not the text {values!r}")
    grid = {variable: [exact(value) for value in values] for variable, values in variables.items()}
    count = prod(len(values) for values in grid.values())
    if not 1 <= count <= MAX_VARIANTS:
        raise call_error("ARC154", f"a sweep has 1 to {MAX_VARIANTS:,} variants, not {count:,}")
    shape = list(input) if input is not None else None

    def graph(values: dict[str, Any]) -> Graph:
        return build_graph(document, values, shape, tuple(freeze), limits)

    run = _SweepRun(graph, grid, dict(fixed or {}))
    constant = {variable: 0 for variable, values in grid.items() if len(values) == 1}
    return Sweep(document.name or source.path, grid, run, list(run.subgrids(constant)))


def _is_not_counted(quantity: str, counts: LayerCounts) -> bool:
    return counts.layer.grade(quantity) is Grade.NOT_COUNTED


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def _own_params(graph: Graph, index: int, counts: LayerCounts) -> Number:
    """The parameters of a layer that are not counted at another one."""
    has_own = {part: graph.owner_of(index, part) == index for part in PARTS}
    return counts.params if all(has_own.values()) else counts.biases if has_own["biases"] else 0


@dataclass
class _SubGrid:
    """The variants of one structure: `split` are the indices of the split variables' values, `free` the other variables.

    `valid` are masks; None if the structure has a problem, so that no variant is valid.
    """

    split: dict[str, int]
    free: list[str]
    valid: list[Any] | None = None
    output: tuple[Number, ...] = ()
    params: Number = 0
    mult_adds: Number = 0
    at_least: tuple[str, ...] = ()


class _SweepRun:
    def __init__(self, graph: Callable[[dict[str, Any]], Graph], grid: dict[str, list[Any]], fixed: dict[str, Any]) -> None:
        self.graph = graph
        self.grid = grid
        self.fixed = fixed
        self.reported = 0
        self.first: Problem | None = None

    def subgrids(self, split: dict[str, int]) -> Iterator[_SubGrid]:
        """The grid in parts of one structure each."""
        free = [name for name in self.grid if name not in split]
        next_split = next((name for name in free if not all(map(_is_number, self.grid[name]))), None)
        if next_split is None:
            try:
                yield self.subgrid(split, free)
                return
            except VariesError as varies:
                next_split = free[varies.axes[0]]
        for index in range(len(self.grid[next_split])):
            yield from self.subgrids(split | {next_split: index})

    def subgrid(self, split: dict[str, int], free: list[str]) -> _SubGrid:
        """All variants of one structure, computed in one walk."""
        from archcalc.arithmetic.variants import VariantFraction

        values = self.fixed | {name: self.grid[name][index] for name, index in split.items()}
        swept = {name: VariantFraction.of(self.grid[name], axis, len(free)) for axis, name in enumerate(free)}
        graph = self.graph(values | swept)
        result = walk(graph)
        if graph.problems or result.problems:  # in every variant of this structure
            return _SubGrid(split, free)
        counts = [layer for layer in result.counts if layer is not None]
        params = sum_(_own_params(graph, index, layer) for index, layer in enumerate(counts))
        mult_adds = sum_(layer.mult_adds for layer in counts)
        with_own_weights = [layer for layer, node in zip(counts, graph.nodes, strict=True) if node.tied_to is None]
        summed = {"params": with_own_weights, "mult_adds": counts}
        at_least = tuple(name for name, layers in summed.items() if any(map(partial(_is_not_counted, name), layers)))
        return _SubGrid(split, free, result.masks, counts[-1].output, params, mult_adds, at_least)

    def rows(self, subgrid: _SubGrid) -> Iterator[tuple[tuple[int, ...], Variant]]:
        """The rows of a sub-grid, each with its indices in the grid."""
        from archcalc.arithmetic.variants import all_true, broadcast_values

        shape = tuple(len(self.grid[name]) for name in subgrid.free)
        valid = [] if subgrid.valid is None else all_true(subgrid.valid, shape)
        columns = [broadcast_values(number, shape) for number in (*subgrid.output, subgrid.params, subgrid.mult_adds)]
        for row_index, free_indices in enumerate(product(*map(range, shape))):
            indices = subgrid.split | dict(zip(subgrid.free, free_indices, strict=True))
            values = {name: self.grid[name][indices[name]] for name in self.grid}
            if not valid or not valid[row_index]:
                row = Variant(values, problem=self.message_of(values))
            else:
                *output, params, mult_adds = (column[row_index] for column in columns)
                row = Variant(values, tuple(output), params, mult_adds, at_least=subgrid.at_least)
            yield tuple(indices[name] for name in self.grid), row

    def message_of(self, values: dict[str, Any]) -> str:
        """Why a variant is invalid, from the plain arithmetic."""
        self.reported += 1
        if self.reported > MAX_MESSAGES:
            return _INVALID
        graph = self.graph(self.fixed | values)
        problems = graph.problems or walk(graph).problems
        self.first = self.first or next(iter(problems), None)
        return problems[0].message if problems else _INVALID

"""Sweeps: many variants of one network at once, from the array arithmetic.

Each swept variable is an axis of the arrays, so that a number that depends on one variable is worked out once for each
of its values only. A variable that decides structure (`when`, `repeat`, a word) cannot be an array: it is split, value
by value. A variant that does not work out is not lost: its sentence comes from the plain arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from archcalc.analysis.walk import walk
from archcalc.arithmetic.term import Number, sum_
from archcalc.description.data import Described, source_of
from archcalc.description.expressions import VariesError
from archcalc.description.reader import read_document
from archcalc.description.values import exact
from archcalc.errors import DescriptionError, Mark, Problem, call_error
from archcalc.graph import Graph, Limits, build_graph

MAX_VARIANTS = 10_000_000
MAX_SENTENCES = 100
"""Variants that do not work out and are told why; the others only that they do not."""


@dataclass(frozen=True)
class Variant:
    """One row: the variables' values and the numbers, or the sentence why it does not work out."""

    values: dict[str, Any]
    output: tuple[int, ...] = ()
    params: int = 0
    mult_adds: int = 0
    problem: str = ""


@dataclass
class Sweep:
    """All variants of a network over a grid of values."""

    name: str
    variables: dict[str, list[Any]]
    _work: _SweepRun
    _parts: list[_Part]

    def __len__(self) -> int:
        return prod(len(values) for values in self.variables.values())

    @cached_property
    def rows(self) -> list[Variant]:
        """One row a variant, in the order of the grid, the last variable fastest."""
        found = {key: row for part in self._parts for key, row in self._work.rows(part)}
        return [found[key] for key in product(*(range(len(values)) for values in self.variables.values()))]

    @property
    def refusal(self) -> Problem | None:
        """Why no variant at all has an output, with the way out of the first; None if one has."""
        if not all(row.problem for row in self.rows):
            return None
        first = self._work.first
        details = first.details if first is not None else ()
        return Problem("ARC206", f"no variant is valid: {self.rows[0].problem}", Mark("archcalc"), details)


def sweep(
    description: Described,
    variables: Mapping[str, Sequence[Any]],
    fixed: Mapping[str, Any] | None = None,
    input: Sequence[int] | None = None,
    freeze: Sequence[str] = (),
    limits: Limits | None = None,
) -> Sweep:
    """Every combination of the variables' values: output volume, params and multiply-adds of each.

    `description` is what `archcalc.load` takes. `fixed` sets further variables to one value, `input` the shape of the
    input; `freeze` and `limits` are those of `load`. Raises `DescriptionError` if the description or the call is malformed; a
    variant whose sums do not work out is a row with a `problem`.
    """
    source = source_of(description)
    document, problems = read_document(source)
    if problems:
        raise DescriptionError(problems)
    grid = {variable: [exact(value) for value in values] for variable, values in variables.items()}
    count = prod(len(values) for values in grid.values())
    if not 1 <= count <= MAX_VARIANTS:
        raise call_error("ARC154", f"a sweep has 1 to {MAX_VARIANTS:,} variants, not {count:,}")
    shape = list(input) if input is not None else None

    def graph(values: dict[str, Any]) -> Graph:
        return build_graph(document, values, shape, tuple(freeze), limits)

    work = _SweepRun(graph, grid, dict(fixed or {}))
    return Sweep(document.name or source.path, grid, work, list(work.parts({})))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


@dataclass
class _Part:
    """The variants of one structure: `chosen` are the places of the split variables, `free` the others, as arrays."""

    chosen: dict[str, int]
    free: list[str]
    valid: Any = None
    output: tuple[Number, ...] = ()
    params: Number = 0
    mult_adds: Number = 0
    problem: str = ""


class _SweepRun:
    def __init__(self, graph: Callable[[dict[str, Any]], Graph], grid: dict[str, list[Any]], fixed: dict[str, Any]) -> None:
        self.graph = graph
        self.grid = grid
        self.fixed = fixed
        self.reported = 0
        self.first: Problem | None = None

    def parts(self, chosen: dict[str, int]) -> Iterator[_Part]:
        """The grid in parts of one structure each."""
        free = [name for name in self.grid if name not in chosen]
        split = next((name for name in free if not all(map(_is_number, self.grid[name]))), None)
        if split is None:
            try:
                yield self.part(chosen, free)
                return
            except VariesError as varies:
                split = free[varies.axes[0]]
        for place in range(len(self.grid[split])):
            yield from self.parts(chosen | {split: place})

    def part(self, chosen: dict[str, int], free: list[str]) -> _Part:
        """All variants of one structure, in one walk."""
        from archcalc.arithmetic.variants import VariantFraction

        values = self.fixed | {name: self.grid[name][place] for name, place in chosen.items()}
        swept = {name: VariantFraction.of(self.grid[name], axis, len(free)) for axis, name in enumerate(free)}
        graph = self.graph(values | swept)
        done = walk(graph)
        problems = graph.problems or done.problems
        if problems:  # in every variant of this structure
            return _Part(chosen, free, problem=self.refused(problems[0]))
        counts = [one for one in done.counts if one is not None]
        own = [one for one, node in zip(counts, graph.nodes, strict=True) if node.tied_to is None]
        params, mult_adds = sum_(one.params for one in own), sum_(one.mult_adds for one in counts)
        return _Part(chosen, free, done.masks, counts[-1].output, params, mult_adds)

    def rows(self, part: _Part) -> Iterator[tuple[tuple[int, ...], Variant]]:
        """The rows of a part, each with its place in the grid."""
        from archcalc.arithmetic.variants import all_hold, broadcast_values

        shape = tuple(len(self.grid[name]) for name in part.free)
        valid = [] if part.problem else all_hold(part.valid, shape)
        columns = [broadcast_values(number, shape) for number in (*part.output, part.params, part.mult_adds)]
        for at, places in enumerate(product(*map(range, shape))):
            here = part.chosen | dict(zip(part.free, places, strict=True))
            values = {name: self.grid[name][here[name]] for name in self.grid}
            if part.problem or not valid[at]:
                row = Variant(values, problem=part.problem or self.sentence(values))
            else:
                *output, params, mult_adds = (column[at] for column in columns)
                row = Variant(values, tuple(output), params, mult_adds)
            yield tuple(here[name] for name in self.grid), row

    def sentence(self, values: dict[str, Any]) -> str:
        """Why a variant does not work out, from the plain arithmetic."""
        self.reported += 1
        if self.reported > MAX_SENTENCES:
            return "does not work out"
        graph = self.graph(self.fixed | values)
        problems = graph.problems or walk(graph).problems
        return self.refused(problems[0]) if problems else "does not work out"

    def refused(self, problem: Problem) -> str:
        """The sentence of a problem; the first one is kept whole."""
        self.first = self.first or problem
        return problem.message

"""One row of a kind's test: what goes in, and every number that must come out. What a row leaves out must be 0."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.support import computed, refusals


class Case(NamedTuple):
    """`params` are weights and biases; `tallies` all operations that are not 0."""

    inputs: list[list[int]]
    fields: dict[str, Any]
    output: list[int]
    params: tuple[int, int] = (0, 0)
    tallies: dict[str, int] = {}
    connection_count: int = 0
    buffers: int = 0
    neurons: int = 0
    taps: int | None = None

    def __str__(self) -> str:
        given = " ".join(f"{name}={value}" for name, value in self.fields.items())
        return f"{'+'.join('x'.join(map(str, x)) for x in self.inputs)} {given}"[:80]


def check(op: str, case: Case) -> None:
    """Every number of the row against the engine."""
    got = computed(op, case.inputs, case.fields)
    found = {
        "output": list(got.output),
        "params": (got.weights, got.biases),
        "tallies": got.tallies,
        "connection_count": got.connections,
        "buffers": got.buffers,
        "neurons": got.neurons,
    }
    wanted = {name: getattr(case, name) for name in found}
    assert found == wanted, f"{op} {case}: the hand sums stand beside the row; mend the rule, not the row"
    assert got.params == got.weights + got.biases, f"{op}: params must be weights + biases"
    if case.taps is not None:
        assert got.taps == case.taps


def refused(op: str, inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    """The layer is refused, and one of the sentences says why."""
    why = refusals(op, inputs, fields)
    assert any(fragment in sentence for sentence in why), (
        f"{op} {fields} at {inputs} must be refused with a sentence that has {fragment!r}; got {why or 'no refusal'}"
    )

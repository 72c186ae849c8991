"""`archcalc memory`."""

from __future__ import annotations

from typing import Annotated

import typer

from archcalc.cli import _options as o
from archcalc.views.dump import dump


def command(
    spec: o.Spec,
    set: o.Set = None,
    input: o.Input = None,
    freeze: o.Freeze = None,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Examples at once.")] = 1,
    dtype: o.Dtype = "float32",
    inplace: o.InPlace = True,
    training: Annotated[bool, typer.Option("--training", help="What a training step needs too.")] = False,
    optimizer: Annotated[str, typer.Option("--optimizer", help="sgd, sgd_momentum or adam.")] = "sgd_momentum",
    format: o.FormatOption = o.Format.table,
) -> None:
    """Work out memory: weights, activations, the peak at inference and where; with --training a training step's."""
    from archcalc.analysis.memory import Memory
    from archcalc.analysis.optimizers import optimizer as rule
    from archcalc.analysis.report import analyze
    from archcalc.analysis.retained import Retained
    from archcalc.views import costs
    from archcalc.views.tables import write

    state = rule(optimizer).state
    report = analyze(o.network(spec, set, input, freeze), dtype=dtype, inplace=inplace)
    o.tell_findings(report)
    memory = Memory(report, batch)
    retained = Retained(report, batch, state) if training else None
    if format is o.Format.json:
        o.tell(dump(costs.memory_data(memory, retained)))
        return
    o.tell(write(costs.memory(memory, retained), format.value))

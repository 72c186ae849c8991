"""`archcalc memory`."""

from __future__ import annotations

from typing import Annotated

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.json_writer import dump


def command(
    spec: o.Spec,
    network: NetworkOptions,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Examples per batch.")] = 1,
    dtype: o.Dtype = "float32",
    inplace: o.InPlace = True,
    training: Annotated[bool, typer.Option("--training", help="Show also what a training step needs.")] = False,
    optimizer: Annotated[str, typer.Option("--optimizer", help="sgd, sgd_momentum or adam.")] = "sgd_momentum",
    format: o.FormatOption = o.Format.table,
) -> None:
    """Compute memory: weights, activations, the peak at inference and its layer; with --training also of training."""
    from archcalc.analysis.memory.inference import Memory
    from archcalc.analysis.memory.training_step import TrainingMemory
    from archcalc.analysis.training.optimizers import optimizer as find_optimizer
    from archcalc.views.formats import write
    from archcalc.views.tables import costs

    state = find_optimizer(optimizer).state
    report = network.report(spec, dtype=dtype, inplace=inplace)
    memory = Memory(report, batch)
    training_memory = TrainingMemory(report, batch, state) if training else None
    if format is o.Format.json:
        o.write_result(dump(costs.memory_data(memory, training_memory)))
        return
    o.write_result(write(costs.memory(memory, training_memory), format.value))

"""`archcalc training`."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from archcalc.cli import _options as o
from archcalc.errors import call_error

if TYPE_CHECKING:
    from archcalc.analysis.training.cost import Training

LETTERS = {"": 0, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def command(
    spec: o.Spec,
    set: o.Set = None,
    input: o.Input = None,
    freeze: o.Freeze = None,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Examples in a batch.")] = 128,
    dataset_size: Annotated[int, typer.Option("--dataset-size", min=1, help="Examples in an epoch.")] = 1_200_000,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the examples.")] = 90,
    optimizer: Annotated[str, typer.Option("--optimizer", help="sgd, sgd_momentum or adam.")] = "sgd_momentum",
    drop_last: Annotated[bool, typer.Option("--drop-last", help="Leave out a last batch that is not full.")] = False,
    peak: Annotated[str | None, typer.Option("--peak", metavar="OPS", help="Operations a second of a device: 1.581T.")] = None,
    devices: Annotated[int, typer.Option("--devices", min=1, help="How many devices work at once.")] = 1,
    utilisation: Annotated[
        str | None, typer.Option("--utilisation", metavar="SHARE", help="The share of the peak that is used: 0.3.")
    ] = None,
    days: Annotated[str | None, typer.Option("--days", help="Days it took: what utilisation do they imply?")] = None,
    dtype: o.Dtype = "float32",
    format: o.FormatOption = o.Format.table,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="LAYER", help="Show the sums of a layer, or of all: total.")
    ] = None,
) -> None:
    """Work out the cost of training: iterations, multiply-adds forward and backward, updates, and the days it takes.

    `archcalc training alexnet --peak 1.581T --devices 2 --days 6` asks what share of two GTX 580 six days imply.
    """
    from archcalc.analysis.report import analyze
    from archcalc.analysis.training.cost import Plan, Training
    from archcalc.analysis.training.optimizers import optimizer as rule

    plan = Plan(
        rule(optimizer),
        batch,
        dataset_size,
        epochs,
        drop_last,
        quantity("--peak", peak),
        devices,
        quantity("--utilisation", utilisation),
        quantity("--days", days),
    )
    report = analyze(o.network(spec, set, input, freeze), dtype=dtype)
    o.report_diagnostics(report)
    found = Training(report, plan)
    o.write_result(_explained(found, explain, format) if explain is not None else _shown(found, format))


def _shown(training: Training, format: o.Format) -> str:
    from archcalc.views.formats import write
    from archcalc.views.tables import costs

    if format is o.Format.json:
        return json.dumps(costs.training_data(training), ensure_ascii=False, indent=2)
    return write(costs.training(training), format.value)


def quantity(option: str, text: str | None) -> Fraction | None:
    """A positive number, exact, with a letter for thousands: 1.581T."""
    if text is None:
        return None
    match = re.fullmatch(r"([0-9]{1,30}(?:\.[0-9]{1,30})?)([KMGTPE]?)", text.strip())
    number = Fraction(match[1]) * 10 ** LETTERS[match[2]] if match else Fraction(0)
    if number <= 0:
        raise call_error("ARC514", f"{option} {text} is not a positive number", f"write {option} 1.5 or {option} 1.5T")
    return number


def _explained(training: Training, layer: str, format: o.Format) -> str:
    from archcalc.analysis.training.cost import derive_layer, derive_training
    from archcalc.views.derivations import write, writers

    name = "text" if format is o.Format.table else format.value
    if name not in writers():
        raise call_error("ARC515", f"sums are not written as {name}", f"choose one of {', '.join(writers())}")
    if layer == "total" and "total" not in training.report.by_id:
        return write(f"{training.report.name}: the cost of training", [*derive_training(training)], [], name)
    found = training.report.layer(layer)
    return write(f"{found.id} of {training.report.name}: one example", [*derive_layer(training, found)], [], name)

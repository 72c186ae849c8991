"""`archcalc training`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.errors import call_error
from archcalc.json_writer import dump

if TYPE_CHECKING:
    from archcalc.analysis.training.cost import Plan, Training


class PlanOptions(NamedTuple):
    """The options of a training plan."""

    batch: Annotated[int, typer.Option("--batch", min=1, help="Examples in a batch.")] = 128
    dataset_size: Annotated[int, typer.Option("--dataset-size", min=1, help="Examples in an epoch.")] = 1_200_000
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the examples.")] = 90
    optimizer: Annotated[str, typer.Option("--optimizer", help="sgd, sgd_momentum or adam.")] = "sgd_momentum"
    drop_last: Annotated[bool, typer.Option("--drop-last", help="Leave out a last batch that is not full.")] = False
    peak: Annotated[str | None, typer.Option("--peak", metavar="OPS", help="Operations per second of a device: 1.581T.")] = None
    devices: Annotated[int, typer.Option("--devices", min=1, help="Devices in parallel.")] = 1
    utilisation: Annotated[
        str | None, typer.Option("--utilisation", metavar="SHARE", help="The share of the peak that is used: 0.3 or 30%.")
    ] = None
    days: Annotated[str | None, typer.Option("--days", help="Days of training, from which the utilisation follows.")] = None

    def plan(self) -> Plan:
        """The plan. Raises `DescriptionError` if a value is malformed or the options do not fit together."""
        from archcalc.analysis.training.cost import Plan
        from archcalc.analysis.training.optimizers import optimizer

        return Plan(
            optimizer(self.optimizer),
            self.batch,
            self.dataset_size,
            self.epochs,
            self.drop_last,
            _positive("--peak", self.peak, "1.581T"),
            self.devices,
            _share("--utilisation", self.utilisation),
            _positive("--days", self.days, "6"),
        )


def command(
    spec: o.Spec,
    network: NetworkOptions,
    options: PlanOptions,
    dtype: o.Dtype = "float32",
    format: o.FormatOption = o.Format.table,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="LAYER", help="Show the derivations of a layer, or of the totals: total.")
    ] = None,
) -> None:
    """Compute the cost of training: iterations, multiply-adds forward and backward, updates, and its duration in days.

    `archcalc training alexnet --peak 1.581T --devices 2 --days 6` computes the utilisation of two GTX 580 in six days.
    """
    from archcalc.analysis.training.cost import Training

    plan = options.plan()
    report = network.report(spec, dtype=dtype)
    training = Training(report, plan)
    o.write_result(_table(training, format) if explain is None else _derivations(training, explain, format))


def _table(training: Training, format: o.Format) -> str:
    from archcalc.views.formats import write
    from archcalc.views.tables import costs

    if format is o.Format.json:
        return dump(costs.training_data(training))
    return write(costs.training(training), format.value)


def _positive(option: str, text: str | None, example: str, unit: str = "") -> Fraction | None:
    """The value of an option, a positive number such as `example`, without its `unit`.

    Raises `DescriptionError` for anything else.
    """
    from archcalc.description.amounts import amount

    number = None if text is None else amount(text.strip().removesuffix(unit))
    if text is not None and number is None:
        message = f"{option} {text} is not a positive number without sign and exponent"
        raise call_error("ARC514", message, f"write it as {option} {example}")
    return number


def _share(option: str, text: str | None) -> Fraction | None:
    """The value of an option, a share such as 0.3 or 30%. Raises `DescriptionError` if it is malformed, or more than all."""
    number = _positive(option, text, "0.3", "%")
    if text is None or number is None:
        return None
    share = number / 100 if text.strip().endswith("%") else number
    if share > 1:
        digits = text.strip().removesuffix("%")
        way_out = (
            f"write {option} {float(number) / 100:g} or {option} {digits}%" if number <= 100 else "it is 1 or 100% at most"
        )
        raise call_error("ARC516", f"{option} {text} is {float(share):,.0%} of the peak, more than all", way_out)
    return share


def _derivations(training: Training, name: str, format: o.Format) -> str:
    from archcalc.analysis.training.cost import derive_layer, derive_training
    from archcalc.views.derivations import write, writers

    writer = "text" if format is o.Format.table else format.value
    if writer not in writers():
        raise call_error("ARC515", f"derivations are not written as {writer}", f"choose one of {', '.join(writers())}")
    if name == "total" and "total" not in training.report.by_id:
        return write(f"{training.report.name}: the cost of training", [*derive_training(training)], [], writer)
    layer = training.report.layer(name)
    return write(f"{layer.id} of {training.report.name}: one example", [*derive_layer(training, layer)], [], writer)

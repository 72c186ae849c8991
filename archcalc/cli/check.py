"""`archcalc check`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.json_writer import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.reference.check import Check


class TextFormat(StrEnum):
    """How a check is written."""

    table = "table"
    markdown = "markdown"
    json = "json"


def command(
    specs: Annotated[list[str], typer.Argument(metavar="SPEC", help="YAML files or names of the zoo.")],
    device: Annotated[str, typer.Option("--device", help="auto, cpu, cuda, cuda:1, mps, or meta (shapes only).")] = "auto",
    batch: Annotated[int, typer.Option("--batch", min=1, help="Examples per batch.")] = 1,
    dtype: o.Dtype = "float32",
    *,
    network: NetworkOptions,
    train: Annotated[bool, typer.Option("--train", help="Run a training step too: gradients and the update rule.")] = False,
    loss: Annotated[str, typer.Option("--loss", help="The loss of --train: cross_entropy or mse.")] = "cross_entropy",
    repeats: Annotated[int, typer.Option("--repeats", min=0, help="Timed runs; 0 leaves times out.")] = 3,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**64 - 1, help="Seed of random weights, inputs and labels.")] = 0,
    format: Annotated[TextFormat, typer.Option("--format", "-f", help="How to write the result.")] = TextFormat.table,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="One line per network, and neither warnings nor notes.")] = False,
    progress: Annotated[bool, typer.Option("--progress/--no-progress", help="Show a bar on a terminal.")] = True,
) -> None:
    """Run networks in PyTorch and compare every measurement with its prediction, layer by layer.

    Exit status 1 if an exact quantity does not agree: volumes, parameters, buffers, multiply-adds, bytes, receptive
    fields, connections. Times and peaks of memory are shown, but do not count.
    """
    from archcalc.reference import require_torch

    require_torch()
    gc.enable()  # PyTorch has reference cycles that contain tensors
    from archcalc.reference.check import Check, Options
    from archcalc.reference.losses import loss as find_loss

    find_loss(loss)  # an unknown one is reported before anything runs
    reports = [network.report(spec, dtype=dtype) for spec in specs]
    options = Options(device, batch, train, loss, repeats, seed)
    checks: list[dict[str, Any]] = []
    for report in reports:
        with _progress_bar(report.name, progress and sys.stderr.isatty()) as update:
            checks.append(_checked(Check(report, options, progress=update)))
        if format is not TextFormat.json:
            _show(checks[-1], format, quiet)
        if not checks[-1]["finished"]:
            break
    _finish(checks, format)


def _finish(checks: list[dict[str, Any]], format: TextFormat) -> None:
    """Print one JSON document for all networks, and exit with status 1 if one does not agree."""
    if format is TextFormat.json:
        o.write_result(dump({"schema": 1, "checks": checks}))
    if not all(check["agrees"] and check["finished"] for check in checks):
        raise typer.Exit(1)


def _checked(check: Check) -> dict[str, Any]:
    """The result of a check as plain data; its part until then, if it is interrupted."""
    from archcalc import __version__

    try:
        check.run()
    except KeyboardInterrupt:
        o.write_message("interrupted: the result contains the measurements up to here")
    data = check.result.to_dict()
    data["versions"] = {"archcalc": __version__, **data["versions"]}
    return data


def _show(check: dict[str, Any], format: TextFormat, quiet: bool) -> None:
    from archcalc.errors import printable
    from archcalc.views.formats import write
    from archcalc.views.tables.check import table, verdict

    o.write_result(f"{printable(check['name'])}: {verdict(check)}" if quiet else write(table(check), format.value))


@contextmanager
def _progress_bar(name: str, visible: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on stderr while a network is checked."""
    if not visible:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from archcalc.errors import printable

    head = printable(name)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task(head, total=None)
        yield lambda stage, completed, total: bar.update(task, description=f"{head}: {stage}", completed=completed, total=total)

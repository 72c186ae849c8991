"""Options that several commands share, the values of these options, and how results are printed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from archcalc.cli._streams import write_message as write_message
from archcalc.cli._streams import write_result as write_result
from archcalc.errors import call_error

if TYPE_CHECKING:
    from archcalc.analysis.diagnostics import Diagnostic
    from archcalc.analysis.report import Report


class Format(StrEnum):
    """How a table is written."""

    table = "table"
    markdown = "markdown"
    csv = "csv"
    json = "json"
    latex = "latex"


def names(incomplete: str) -> list[str]:
    """The names that a shell completes; it completes files by itself."""
    from archcalc.description.zoo import zoo

    return [name for name in zoo() if name.startswith(incomplete)]


Spec = Annotated[
    str,
    typer.Argument(
        metavar="SPEC", help="A YAML file, the name of a network in the zoo, or - for standard input.", autocompletion=names
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write the result.")]
Expand = Annotated[bool, typer.Option("--expand", help="List every layer; fold neither repeats nor activations.")]
Depth = Annotated[int | None, typer.Option("--depth", min=1, help="Fold blocks below this depth into one row.")]
AsPrinted = Annotated[
    str | None,
    typer.Option("--as-printed", metavar="NAME", help="Show the table that a publication prints, errata included."),
]
Total = Annotated[bool, typer.Option("--total", help="Print only the total.")]
ConventionOption = Annotated[
    str, typer.Option("--convention", metavar="NAME", help="What counts as an operation: mult-adds, flops, …")
]
Dtype = Annotated[str, typer.Option("--dtype", help="Data type of values: float64, float32, float16, bfloat16, int8.")]
InPlace = Annotated[
    bool, typer.Option("--inplace/--no-inplace", help="Whether activations and views use the memory of their input.")
]
Notes = Annotated[bool, typer.Option("--notes", help="Show notes too, not only warnings.")]


class AnalysisOptions(NamedTuple):
    """The convention of counting operations, and the memory of values."""

    convention: ConventionOption = "mult-adds"
    dtype: Dtype = "float32"
    inplace: InPlace = True


def lists(settings: list[str] | None) -> dict[str, list[Any]]:
    """`NAME=A,B,C` as names and exact values; one may be a list, `[1,7]`. Raises `DescriptionError` if one is malformed."""
    from archcalc.description.values import ReadingError, written_values

    values: dict[str, list[Any]] = {}
    for setting in settings or ():
        name, equals, text = setting.partition("=")
        if not equals:
            raise call_error("ARC160", f"--set {setting}: there is no =", "write --set alpha=0.5")
        if name.strip() in values:
            raise call_error("ARC160", f"--set {setting}: {name.strip()} is set twice", "keep one of them")
        try:
            values[name.strip()] = written_values(text)
        except ReadingError as error:
            raise call_error("ARC160", f"--set {setting}: {error}", *([error.out] if error.out else [])) from None
    return values


def assignments(settings: list[str] | None) -> dict[str, Any]:
    """`NAME=VALUE` as names and exact values. Raises `DescriptionError` if one is malformed."""
    by_name = lists(settings)
    for name, values in by_name.items():
        if len(values) > 1:
            raise call_error("ARC160", f"--set {name} has {len(values)} values", "archcalc sweep takes several")
    return {name: values[0] for name, values in by_name.items()}


def shape(text: str | None) -> list[int] | None:
    """`3x160x160` as sizes, channels first. Raises `DescriptionError` if it is malformed."""
    from archcalc.description.values import sizes_of

    return None if text is None else sizes_of(text)


def report_diagnostics(report: Report, notes: bool = False) -> None:
    """Print warnings, and with `notes` also notes, on stderr, one line for all layers with the same message."""
    by_message: dict[tuple[str, str], list[Diagnostic]] = {}
    for diagnostic in report.diagnostics:
        if notes or diagnostic.severity == "warning":
            by_message.setdefault((diagnostic.code, diagnostic.message), []).append(diagnostic)
    for same in by_message.values():
        layers = ", ".join(diagnostic.layer for diagnostic in same[:4])
        more = f" and {len(same) - 4} more" if len(same) > 4 else ""
        write_message(str(same[0]._replace(layer=layers + more)))

"""`archcalc verify`."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import LimitOptions


class FormatName(StrEnum):
    """How outcomes are written: the files of archcalc/claims/formats."""

    text = "text"
    concise = "concise"
    github = "github"
    junit = "junit"
    sarif = "sarif"
    json = "json"
    markdown = "markdown"


def command(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|DIR|NAME]...", help="Claims files, folders, texts (.md, .tex), or shipped names."),
    ] = None,
    zoo: Annotated[bool, typer.Option("--zoo", help="Check the shipped literature too.")] = False,
    format: Annotated[
        FormatName | None,
        typer.Option("--format", "-f", help="How to write the outcomes. [default: text; github in GitHub Actions]"),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Rewrite stale figures in texts (.md, .tex, .html).")] = False,
    allow_empty: Annotated[bool, typer.Option("--allow-empty", help="Succeed without any claim.")] = False,
    *,
    bounds: LimitOptions,
) -> None:
    """Verify printed figures: which hold, at which precision, and why the others do not.

    Without arguments: the claims of the project that contains this folder. Exit status 1 if a claim fails.
    """
    from archcalc.claims.formats import write
    from archcalc.claims.run import run

    result = run(names or [], zoo, fix, bounds.limits)
    default = FormatName.github if os.environ.get("GITHUB_ACTIONS") == "true" else FormatName.text
    for problem in (*result.problems, *result.left):
        o.write_message(str(problem))
    if not result.outcomes and not result.problems and not allow_empty:
        o.write_message("archcalc: error[ARC443] there are no claims\n  name a file, or add --allow-empty")
        raise typer.Exit(2)
    o.write_result(write(result, (format or default).value))
    raise typer.Exit(result.exit_status)

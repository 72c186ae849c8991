"""The group of commands, as Typer runs it; each command is imported when it is called."""

from __future__ import annotations

import io
import os
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_command_from_info
from typer.models import CommandInfo

from archcalc.by_name import Folder
from archcalc.cli._bundles import expanded
from archcalc.cli._streams import write_message
from archcalc.errors import printable
from archcalc.suggestions import suggest

COMMANDS = Folder("archcalc.cli", [os.path.dirname(__file__)])
"""The commands: the files of this folder."""


class Commands(TyperGroup):
    """The group of commands, each imported when Typer needs it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, for the help text."""
        return list(COMMANDS.names)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name as click reads it; None if there is none."""
        module = COMMANDS.find(cmd_name)
        if module is None:
            return None
        function = expanded(module.command)
        return get_command_from_info(
            CommandInfo(name=cmd_name, callback=function), pretty_exceptions_short=True, rich_markup_mode=None
        )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the call names; suggests names for an unknown one."""
        if args and args[0] not in COMMANDS.names and not args[0].startswith("-"):
            ctx.fail(f"there is no command {printable(args[0])}; {_way_out(args[0])}")
        return super().resolve_command(ctx, args)


def _way_out(word: str) -> str:
    """What a word in the place of a command means: a network, or a misspelt command."""
    from archcalc.description.zoo import meanings

    if word.endswith(".claims.yaml") and os.path.isfile(word):
        return f"{printable(word)} is a file of claims: archcalc verify {printable(word)}"
    if (word.endswith((".yaml", ".yml")) and os.path.isfile(word)) or meanings(word):
        return f"{printable(word)} is a network: archcalc summary {printable(word)}"
    return suggest(word, COMMANDS.names)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(requested: bool) -> None:
    if requested:
        from archcalc import __version__

        typer.echo(f"archcalc {__version__}")
        raise typer.Exit


@app.callback()
def archcalc(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Compute every number of a neural network analytically: volumes, parameters, multiply-adds, receptive fields.

    A network is a YAML file, the name of a network in the zoo (see `archcalc zoo`), or - for standard input.
    """


def run() -> int:
    """Run the command that the call names, or print completions for a shell, and return the exit status."""
    if "_ARCHCALC_COMPLETE" in os.environ:
        from typer._completion_classes import completion_init

        completion_init()
    try:
        group = get_command(app)
        return int(group.main(prog_name="archcalc", complete_var="_ARCHCALC_COMPLETE", standalone_mode=False) or 0)
    except typer.TyperException as error:
        return _report(error)
    except SystemExit as end:  # Typer has a status of its own, 1, for a pipe that its reader has closed
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        raise


def _report(error: typer.TyperException) -> int:
    """Print what is wrong with a call, with visible signs for control characters of its arguments."""
    sentence = error.message.replace(": Value error, ", ": ").removeprefix("Value error, ")
    error.message = "\n".join(map(printable, sentence.split("\n")))
    text = io.StringIO()
    error.show(text)  # type: ignore[attr-defined]  # all that Typer raises have it
    write_message(text.getvalue().rstrip("\n"))
    return error.exit_code

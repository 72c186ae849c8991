"""The command line: a command parses, calls one function, prints, sets the exit status.

Each command is a file of this folder, imported only when it is called. Results go to stdout, everything else to
stderr. Exit status: 0 fine, 1 a check failed, 2 the input or the call is wrong.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_command_from_info
from typer.models import CommandInfo

from archcalc.errors import ArchcalcError, printable, suggest


def command_names() -> list[str]:
    """The commands: the files of this folder."""
    files = (name for name in os.listdir(__path__[0]) if name.endswith(".py") and not name.startswith("_"))
    return sorted(name.removesuffix(".py") for name in files)


class Commands(TyperGroup):
    """The group of commands, each read from its file when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return command_names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in command_names():
            return None
        from importlib import import_module

        function = import_module(f"{__name__}.{cmd_name}").command
        return get_command_from_info(
            CommandInfo(name=cmd_name, callback=function), pretty_exceptions_short=True, rich_markup_mode=None
        )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in command_names() and not args[0].startswith("-"):
            ctx.fail(f"there is no command {printable(args[0])}; {suggest(args[0], command_names())}")
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from archcalc import __version__

        typer.echo(f"archcalc {__version__}")
        raise typer.Exit


@app.callback()
def archcalc(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Compute every number of a neural network analytically: volumes, parameters, multiply-adds, receptive fields.

    A network is a YAML file, a name of the zoo (see `archcalc zoo`), or - for standard input.
    """


def main() -> None:
    """Run the command line and exit; bad input ends in sentences on stderr and status 2, never in a traceback."""
    if hasattr(sys.stdout, "reconfigure"):  # a terminal without × or ⌊ gets its number, not a traceback
        sys.stdout.reconfigure(errors="backslashreplace")
    if "_ARCHCALC_COMPLETE" in os.environ:  # the shell asks for completions
        from typer._completion_classes import completion_init

        completion_init()
    try:
        status = get_command(app)(standalone_mode=True, prog_name="archcalc", complete_var="_ARCHCALC_COMPLETE")
    except ArchcalcError as error:
        sys.stderr.write(f"{error}\n")
        status = 2
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        sys.stderr.write(f"archcalc: error[ARC165] the result cannot be written: {error.strerror}\n")
        sys.stdout = None  # what is left in its buffer cannot be written either
        status = 2
    sys.exit(status)

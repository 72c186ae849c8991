"""`archcalc completion`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from archcalc.cli._options import write_result


class Shell(StrEnum):
    """The shells with completion."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"


def command(shell: Annotated[Shell, typer.Argument(help="The shell to write for.")]) -> None:
    """Print a completion script: `archcalc completion bash >> ~/.bashrc`."""
    from typer._completion_shared import get_completion_script

    write_result(get_completion_script(prog_name="archcalc", complete_var="_ARCHCALC_COMPLETE", shell=shell.value))

"""Results on standard output and messages on standard error, whoever reads them, or nobody.

A reader that has seen enough of a result, such as `head`, changes no status, nor does a message that nobody can read.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def open_closed_streams() -> None:
    """Output that a caller has closed (`>&-`), since the exit status is enough for it, is written nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # open until the end


def write_result(text: str) -> None:
    """Print a result on stdout."""
    with suppress(BrokenPipeError):  # the status of the command does not depend on who reads its result
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def write_message(text: str) -> None:
    """Print a warning, a note or an error on stderr; where that is impossible, the exit status remains."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        # Else the interpreter fails to flush it once more when it ends, with a status of its own.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # open until the end


def silence_stdout() -> None:
    """What is still in the buffer of standard output has no reader: it is written nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""The command line: a command parses its call, calls one function, prints the result and sets the exit status.

Each command is a file of this folder, imported only when it is called. Results go to stdout, everything else to
stderr. Exit status: 0 success, 1 a check failed, 2 the input or the call is wrong.
"""

from __future__ import annotations

import gc
import os
import sys

from archcalc.errors import ArchcalcError, unexpected


def main() -> None:
    """Run the command line and exit; bad input ends in sentences on stderr and status 2, never in a traceback.

    The cyclic garbage collector is paused, also while libraries are imported: a run builds one network and needs all of
    it until it ends. With the collector, 60,000 layers take twice as long, in the same memory.
    """
    gc.disable()
    try:
        status = _run()
    finally:
        gc.freeze()  # so that the interpreter does not search all objects for cycles once more before it ends
    sys.exit(status)


def _run() -> int:
    """Run the command that the call names and return the exit status."""
    for name in ("stdout", "stderr"):  # closed by a caller who needs only the exit status
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # open until the end
    if hasattr(sys.stdout, "reconfigure"):  # a terminal without × or ⌊ prints their code points
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        from archcalc.cli._group import run

        try:
            status = run()
        finally:
            sys.stdout.flush()  # here, so that a failure to write is handled below
    except ArchcalcError as error:
        _report(str(error))
        status = 2
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        status = 2
        if isinstance(error, OSError) and error.filename is None:  # of a stream: one of a file has its name
            _report(f"archcalc: error[ARC165] the result cannot be written: {error.strerror}")
            sys.stdout = None  # the rest of its buffer cannot be written either
        else:
            _report(str(unexpected(error)))
    return status


def _report(message: str) -> None:
    """Write an error to stderr; where that is impossible too, the exit status remains."""
    try:
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()
    except OSError:
        sys.stderr = None  # else the interpreter fails to flush it once more, with a status of its own

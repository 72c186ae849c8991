"""The command line: a command parses, calls one function, prints, sets the exit status.

Each command is a file of this folder, imported only when it is called. Results go to stdout, everything else to
stderr. Exit status: 0 fine, 1 a check failed, 2 the input or the call is wrong.
"""

from __future__ import annotations

import gc
import os
import sys

from archcalc.errors import ArchcalcError


def main() -> None:
    """Run the command line and exit; bad input ends in sentences on stderr and status 2, never in a traceback.

    The cyclic garbage collector is paused, also while libraries are imported: a run builds one network, needs all of it
    until the end, and then is over. With it, 60,000 layers take twice as long, in the same memory.
    """
    gc.disable()
    try:
        status = _run()
    finally:
        gc.freeze()  # the interpreter need not search everything for cycles once more before it ends
    sys.exit(status)


def _run() -> int:
    """Run the command that the call names and return the exit status."""
    for name in ("stdout", "stderr"):  # closed by the caller, who wants the exit status alone
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # open until the end
    if hasattr(sys.stdout, "reconfigure"):  # a terminal without × or ⌊ gets its number, not a traceback
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        from archcalc.cli._group import run

        try:
            status = run()
        finally:
            sys.stdout.flush()  # here, so that what cannot be written is an error below and not one after the end
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
    return status

"""The command line: a command parses its call, calls one function, prints the result and sets the exit status.

Each command is a file of this folder, imported only when it is called. Results go to stdout, everything else to
stderr. Exit status: 0 success, 1 a check failed, 2 the input or the call is wrong.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from archcalc.cli._streams import open_closed_streams, set_encodings, silence_stdout, write_message
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
    """Run the command that the call names, write out what it printed, and return the exit status."""
    open_closed_streams()
    set_encodings()
    status = _status(_command)
    return _status(_flush) or status


def _command() -> int:
    from archcalc.cli._group import run

    return run()


def _flush() -> int:
    """Write what is in the buffer of standard output now, so that a failure is an error with a status."""
    sys.stdout.flush()
    return 0


def _status(step: Callable[[], int]) -> int:
    """The exit status of a step; an error that ends it is reported here, whatever it is."""
    try:
        return step()
    except ArchcalcError as error:
        write_message(error.with_excerpts())
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
        silence_stdout()
        return 0
    except Exception as error:
        if isinstance(error, FileNotFoundError) and error.filename is None:  # of no file: of the folder of all relative names
            write_message("archcalc: error[ARC103] the current folder cannot be read: it has been deleted\n  change to another")
        elif isinstance(error, OSError) and error.filename is None:  # of a stream: one of a file has its name
            silence_stdout()
            write_message(f"archcalc: error[ARC165] the result cannot be written: {error.strerror}")
        else:
            write_message(str(unexpected(error)))
    return 2

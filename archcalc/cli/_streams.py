"""Results on standard output and messages on standard error, whoever reads them, or nobody.

A reader that has seen enough of a result, such as `head`, changes no status, nor does a message that nobody can read.
"""

from __future__ import annotations

import codecs
import os
import sys
from contextlib import suppress

_LOOK_ALIKE = {
    "×": "x",
    "·": "*",
    "−": "-",
    "…": "...",
    "⌊": "floor(",
    "⌋": ")",
    "⌈": "ceil(",
    "⌉": ")",
    "→": "->",
    "≥": ">=",
    "≤": "<=",
}
"""What a terminal prints in place of signs that its encoding lacks."""


def open_closed_streams() -> None:
    """Output that a caller has closed (`>&-`), since the exit status is enough for it, is written nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # open until the end


def set_encodings() -> None:
    """Output into a file or a pipe is UTF-8, whatever the locale: it is data. A terminal keeps its encoding.

    What a terminal lacks is written as what looks alike, or as its code point, `\\u7f51`, as JSON writes it too.
    """
    codecs.register_error("look-alike", _look_alike)
    for stream in (sys.stdout, sys.stderr):
        if not hasattr(stream, "reconfigure"):
            continue
        if stream is sys.stdout and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            stream.reconfigure(errors="look-alike")


def _look_alike(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    missing = error.object[error.start : error.end]
    return "".join(_LOOK_ALIKE.get(character) or _code_point(character) for character in missing), error.end


def _code_point(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[index : index + 4]}" for index in range(0, len(units), 4))


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

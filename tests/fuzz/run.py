"""Run one input in this process and report what must not happen.

A failure is an exception of any kind (the environment variable ARCHCALC_TRACEBACK raises what the command line would
otherwise catch), more than 5 s of processor time, more than 300 MB, an exit status without a meaning, exit status 1 of a
command that checks nothing, status 2 without a sentence, raw control characters, JSON or XML that does not parse, and
`verify --fix` that changes a text a second time.
"""

from __future__ import annotations

import contextlib
import gc
import io
import itertools
import json
import os
import re
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from tests.fuzz.case import Case

SECONDS, MEGABYTES, AT_START = 5.0, 300, 60
"""Bounds of one call; a process has about 60 MB when its call begins, and this one what earlier inputs have left."""
CHECKS = {"verify", "diagnose", "check"}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
OUR_FILES = re.compile(r"archcalc[/\\](?!cli[/\\]__init__)\w+.*\.py$")


class Failure(NamedTuple):
    """What went wrong: `signature` is the same for the same fault, `detail` is for a reader."""

    signature: str
    detail: str


class Hang(BaseException):
    """More processor time than an input may take."""


def failure(case: Case, folder: Path) -> Failure | None:
    """Write the files into the folder, make the calls, and return the first thing that must not happen."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    os.chdir(folder)
    for number, words in enumerate(case.calls):
        before = contents(folder)
        found = failure_of(words)
        if found is not None:
            return found
        if case.unchanged_by_last and number == len(case.calls) - 1 and contents(folder) != before:
            return Failure("a second --fix changes the text", f"{contents(folder)}")
    return None


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def failure_of(words: list[str]) -> Failure | None:
    """Make one call in this process and judge what it leaves behind."""
    gc.collect()
    reset_peak()
    before = megabytes("VmRSS")
    try:
        status, out, err = called(words)
    except Hang as error:
        return Failure(f"over {SECONDS:.0f} s: {words[0]} {place(error)}", trace(error))
    except BaseException as error:
        return Failure(f"{type(error).__name__} at {place(error)}", trace(error))
    if (needed := AT_START + megabytes("VmHWM") - before) > MEGABYTES:
        return Failure(f"over {MEGABYTES} MB: {words[0]}", f"{needed:.0f} MB")
    return misbehaviour(words, status, out, err)


def misbehaviour(words: list[str], status: Any, out: str, err: str) -> Failure | None:
    """Whether status and output are what the command line promises."""
    command = words[0] if words else ""
    if status not in (0, 1, 2):
        return Failure(f"{command}: exit status {status}", err)
    if status == 1 and command not in CHECKS and "--check" not in words:
        return Failure(f"{command}: exit status 1 without a check", err)
    if status == 2 and not err.strip():
        return Failure(f"{command}: exit status 2 without a sentence", out)
    if match := CONTROL.search(out + err):
        return Failure(
            f"{command}: raw control character {ord(match.group()):#x}", (out + err)[max(0, match.start() - 60) : match.end()]
        )
    try:
        form = next((word for option, word in itertools.pairwise(words) if option in ("-f", "--format")), "")
        if status != 2 and form in ("json", "sarif") and command != "zoo":
            json.loads(out)
        elif status != 2 and form == "junit":
            ElementTree.fromstring(out)
        elif status == 0 and "out.svg" in words and "--check" not in words:
            ElementTree.parse("out.svg")
    except (ValueError, ElementTree.ParseError, OSError) as error:
        return Failure(f"{command}: output that does not parse", f"{error}\n{out[:500]}")
    return None


def called(words: list[str]) -> tuple[Any, str, str]:
    """Exit status, stdout and stderr of a call in this process."""
    from archcalc.cli import main

    streams = sys.stdin, sys.stdout, sys.stderr, sys.argv
    out, err = io.BytesIO(), io.BytesIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(b""), encoding="utf-8")
    sys.stdout, sys.stderr = (io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace") for raw in (out, err))
    kept = sys.stdout, sys.stderr
    sys.argv = ["archcalc", *words]
    signal.signal(signal.SIGPROF, hang)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    status: Any = None
    try:
        main()
    except SystemExit as end:
        status = 0 if end.code is None else end.code
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        for stream in kept:
            stream.flush()
        sys.stdin, sys.stdout, sys.stderr, sys.argv = streams
        gc.unfreeze()
        gc.enable()
    return status, out.getvalue().decode("utf-8", "replace"), err.getvalue().decode("utf-8", "replace")


def hang(signum: int, frame: Any) -> None:
    raise Hang


def place(error: BaseException) -> str:
    """The innermost function of archcalc that an exception went through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if OUR_FILES.search(frame.filename)]
    if not frames:
        return "nowhere"
    return f"{frames[-1].filename.rpartition('archcalc' + os.sep)[2]}:{frames[-1].name}"


def trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)[-6:])


def reset_peak() -> None:
    """Begin to measure memory anew, where the system can (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def megabytes(name: str) -> float:
    """The memory of this process (`VmRSS`), or its peak since `reset_peak` (`VmHWM`); 0 where the system does not report it."""
    try:
        match = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())
    except OSError:
        return 0.0
    return int(match.group(1)) / 1024 if match else 0.0

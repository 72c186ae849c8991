"""What nothing foresaw ends in one sentence and status 2: never in a traceback, never in status 1."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from archcalc.errors import Mark, unexpected

SURPRISES = [
    ZeroDivisionError("division by zero"),
    KeyError("\x1b[31mred\u202e"),
    MemoryError(),
    RecursionError("maximum recursion depth exceeded"),
    FileNotFoundError(2, "No such file or directory", "inside.json"),
    AssertionError(),
    NotImplementedError("x" * 5000),
]


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The command line pauses the collector, and this process goes on."""
    yield
    gc.unfreeze()
    gc.enable()


def surprise(error: BaseException) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


@pytest.mark.parametrize("error", SURPRISES, ids=lambda error: type(error).__name__)
def test_anything_ends_in_a_sentence(error: Exception, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archcalc.analysis.report.analyze", surprise(error))
    result = run("summary", "lenet5")
    assert result.status == 2
    first, *details = result.err.splitlines()
    assert re.match(rf"archcalc: error\[ARC170\] internal error: {type(error).__name__}\b", first)
    assert "--version" in "".join(details)
    assert "ARCHCALC_TRACEBACK=1" in "".join(details)
    assert len(result.err) < 2500
    assert "\x1b" not in result.err
    assert "\u202e" not in result.err


def test_the_place_is_the_last_one_inside_archcalc(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is raised here, outside of the package, called by a line of the command."""
    monkeypatch.setattr("archcalc.analysis.report.analyze", surprise(TypeError("x")))
    assert re.search(r"TypeError: x \(archcalc/cli/\w+\.py:\d+\)", run("summary", "lenet5").err)


def test_a_variable_raises_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from archcalc.cli import main

    monkeypatch.setenv("ARCHCALC_TRACEBACK", "1")
    monkeypatch.setattr("archcalc.analysis.report.analyze", surprise(TypeError("x")))
    monkeypatch.setattr(sys, "argv", ["archcalc", "summary", "lenet5"])
    with pytest.raises(TypeError, match="x"):
        main()


def test_an_interruption_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from archcalc.cli import main

    monkeypatch.setattr("archcalc.analysis.report.analyze", surprise(KeyboardInterrupt()))
    monkeypatch.setattr(sys, "argv", ["archcalc", "summary", "lenet5"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 130


def test_a_mark_of_its_own() -> None:
    """Where one part of a work fails, the rest goes on, and the problem has that part's place."""
    problem = unexpected(ValueError(), Mark("net.claims.yaml", 3, 5))
    assert str(problem).startswith("net.claims.yaml:3:5: error[ARC170] internal error: ValueError (unknown place:0)")

"""What every test may use: the marker `needs`, and the command line as a fixture."""

from __future__ import annotations

import gc
import importlib.util
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run, so that a red test stays red; HYPOTHESIS_PROFILE=wide looks further.
settings.register_profile("usual", deadline=None, derandomize=True, max_examples=25, suppress_health_check=list(HealthCheck))
settings.register_profile("wide", deadline=None, max_examples=500, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


def missing(name: str) -> bool:
    """Neither a package that can be imported nor a program on the path has this name."""
    return importlib.util.find_spec(name) is None and shutil.which(name) is None


def pytest_runtest_setup(item: pytest.Item) -> None:
    absent = sorted({name for mark in item.iter_markers("needs") for name in mark.args if missing(name)})
    if not absent:
        return
    sentence = f"needs {', '.join(absent)}, which is not installed"
    if os.environ.get("ARCHCALC_REQUIRE_ALL") == "1":
        pytest.fail(f"{sentence}; install it, or unset ARCHCALC_REQUIRE_ALL to skip", pytrace=False)
    pytest.skip(sentence)


class Result(NamedTuple):
    """What a call of the command line leaves behind."""

    status: int
    out: str
    err: str


class Run:
    """`run("params", "vgg16")` in this process; `run.process(...)` in one of its own, `run.ok(...)` where it succeeds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *args: str, stdin: str | bytes = "") -> Result:
        from archcalc.cli import main

        raw = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "argv", ["archcalc", *map(str, args)])
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        self._capsys.readouterr()
        try:
            with pytest.raises(SystemExit) as end:
                main()
        finally:  # the command line pauses the collector, and this process goes on
            gc.unfreeze()
            gc.enable()
        code = end.value.code
        return self._checked(args, Result(0 if code is None else int(code), *self._capsys.readouterr()))

    def process(self, *args: str, stdin: str = "", cwd: str | Path | None = None, env: dict[str, str] | None = None) -> Result:
        """The same in a process of its own, from any folder."""
        done = subprocess.run(
            [sys.executable, "-m", "archcalc", *map(str, args)],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **(env or {})},
            timeout=120,
        )
        return self._checked(args, Result(done.returncode, done.stdout, done.stderr))

    def ok(self, *args: str, stdin: str = "") -> str:
        """Standard output of a call that must succeed."""
        result = self(*args, stdin=stdin)
        assert result.status == 0, f"archcalc {' '.join(map(str, args))} ended with {result.status}:\n{result.err}"
        return result.out

    @staticmethod
    def _checked(args: tuple[str, ...], result: Result) -> Result:
        call = f"archcalc {' '.join(map(str, args))}"
        assert result.status in (0, 1, 2), f"{call}: exit status {result.status}; only 0, 1 and 2 have a meaning"
        assert "Traceback" not in result.err + result.out, f"{call} ended in a traceback; raise an ArchcalcError:\n{result.err}"
        if result.status == 2 and args[:1] != ("verify",):  # which still tells of the claims that could be checked
            assert not result.out, f"{call}: bad input, and yet something on stdout:\n{result.out[:500]}"
            assert result.err, f"{call}: exit status 2 without a word on stderr"
        return result


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line: exit status, stdout and stderr; a traceback or an odd status fails the test by itself."""
    monkeypatch.setenv("COLUMNS", "100")
    return Run(monkeypatch, capsys)


@pytest.fixture
def written(tmp_path: Path):
    """Write a description into a folder of its own: `written(text)` gives its path."""
    from textwrap import dedent

    def write(text: str | bytes, name: str = "net.yaml") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return str(path)

    return write

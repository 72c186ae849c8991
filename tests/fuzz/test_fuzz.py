"""The fuzzer finds what it is there for, and nothing in the fixed sample of every run."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from archcalc.errors import DescriptionError, Mark, Problem
from tests.fuzz import run
from tests.fuzz.case import Case
from tests.fuzz.workers import FUZZERS, Input, failures

pytestmark = pytest.mark.needs("resource")  # a system that can bound a process
COUNT = 2000


def test_nothing_goes_wrong_in_the_sample() -> None:
    found = [
        f"python -m tests.fuzz --again {input_}\n{failure.signature}\n{failure.detail}"
        for input_, failure in failures(1, COUNT, 2)
    ]
    assert not found, f"{len(found)} of {COUNT} inputs\n" + "\n".join(found[:10])


@pytest.mark.parametrize("name", FUZZERS)
def test_an_input_is_made_again_from_its_number(name: str) -> None:
    number = next(number for number in range(20) if Input(1, number).fuzzer == name)
    assert str(Input(1, number).case()) == str(Input(1, number).case())
    assert len({str(FUZZERS[name][0](random.Random(seed))) for seed in range(10)}) > 5


def test_many_random_descriptions_are_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generator of nonsense would test the reader alone."""
    monkeypatch.chdir(tmp_path)
    sound = 0
    for seed in range(100):
        case = FUZZERS["descriptions"][0](random.Random(seed))
        (tmp_path / "net.yaml").write_bytes(case.files["net.yaml"])
        try:
            status, _, _ = run.called(["params", "net.yaml", "--total"])
        except (Exception, run.Hang):  # a fault, which the sample above reports
            continue
        sound += status == 0
    assert sound > 15


@pytest.mark.parametrize(
    ("behave", "signature"),
    [
        (lambda: 1 / 0, "ZeroDivisionError"),
        (lambda: memory(), "over 300 MB"),
        (lambda: forever(), "over 1 s"),
        (lambda: raise_(RecursionError()), "RecursionError"),
        (lambda: raise_(SystemExit(1)), "exit status 1 without a check"),
        (lambda: raise_(SystemExit(3)), "exit status 3"),
        (lambda: raise_(SystemExit(2)), "without a sentence"),
        (lambda: print("a\x9bb"), "raw control character"),
        (lambda: print("{"), "does not parse"),
    ],
)
def test_a_fault_is_seen(behave, signature: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHCALC_TRACEBACK", "1")
    monkeypatch.setattr(run, "SECONDS", 1.0)
    monkeypatch.setattr("archcalc.cli._group.run", broken_run(behave))
    monkeypatch.chdir(tmp_path)
    found = run.failure(Case({}, [["params", "lenet5", "-f", "json"]]), tmp_path)
    assert found is not None
    assert signature in found.signature


def broken_run(behave):
    def run_() -> int:
        behave()
        return 0

    return run_


def raise_(error: BaseException) -> None:
    raise error


def memory() -> None:
    block = bytearray(400 * 1024 * 1024)
    block[::4096] = b"x" * len(block[::4096])


def forever() -> None:
    while True:
        pass


def test_a_sentence_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DescriptionError([Problem("ARC100", "no", Mark("x"))])

    monkeypatch.setattr("archcalc.cli._group.run", broken_run(refuse))
    monkeypatch.chdir(tmp_path)
    assert run.failure(Case({}, [["params", "lenet5"]]), tmp_path) is None
    monkeypatch.setattr("archcalc.cli._group.run", broken_run(lambda: print(json.dumps("×"))))
    assert run.failure(Case({}, [["params", "lenet5", "-f", "json"]]), tmp_path) is None


def test_a_text_that_changes_twice_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def grow() -> None:
        with (tmp_path / "t.md").open("a") as file:
            file.write("x")

    monkeypatch.setattr("archcalc.cli._group.run", broken_run(grow))
    monkeypatch.chdir(tmp_path)
    found = run.failure(Case({"t.md": b""}, [["verify", "t.md", "--fix"]] * 2, unchanged_by_last=True), tmp_path)
    assert found is not None
    assert "second --fix" in found.signature

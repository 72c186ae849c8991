"""The unexpected in one claim stays inside it, and whoever looks for its cause can see it."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.claims import near_misses
from archcalc.claims import verify as module
from archcalc.claims.library import Library
from tests.claims.claims_files import judged
from tests.conftest import Run

RIGHT = "{id: right, network: vgg16, quantity: params, printed: '138,357,544'}"
WRONG = "{id: wrong, network: vgg16, quantity: params, printed: 12}"


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of archcalc in the claim `right`."""
    evaluate = module.evaluate

    def faulty(claim: Any, *args: Any) -> Any:
        if claim.id == "right":
            raise RecursionError("too deep")
        return evaluate(claim, *args)

    monkeypatch.setattr(module, "evaluate", faulty)
    monkeypatch.delenv("ARCHCALC_TRACEBACK", raising=False)


def test_the_other_claims_are_verified(fault: None) -> None:
    outcomes, problems = judged(RIGHT, WRONG)
    assert [outcome.status for outcome in outcomes] == ["broken", "fails"]
    (problem,) = problems
    assert problem.startswith("paper.yaml:4:60: error[ARC170] internal error: RecursionError: too deep")
    assert "report it" in problem


def test_the_cause_can_be_seen(fault: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHCALC_TRACEBACK", "1")
    with pytest.raises(RecursionError):
        judged(RIGHT, WRONG)


def test_a_fault_in_the_search_for_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHCALC_TRACEBACK", raising=False)
    monkeypatch.setattr(near_misses, "select", lambda *_: 1 / 0)
    (outcome,), _ = judged(WRONG)
    hinted = near_misses.NearMisses(Library()).added(outcome)
    assert (hinted.status, hinted.problems[0].code) == ("broken", "ARC170")


def test_json_escapes_what_controls_a_terminal(run: Run, tmp_path: Any) -> None:
    path = tmp_path / "paper.yaml"
    path.write_text('archcalc-claims: 1\ntitle: "\\u009b31m\\u202e"\nclaims:\n  - {network: vgg16, quantity: params, '
                    'printed: "138 M \u202e", at: "\\u009b\\e"}\n', encoding="utf-8")  # fmt: skip
    for call in (("verify", str(path), "-f", "json"), ("diagnose", "vgg16", "--params", "138423208", "-f", "json")):
        out = run(*call).out
        assert all(character.isprintable() for character in out.replace("\n", ""))

"""How complete totals are: what is stated, what is not counted, and what follows from the rules."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.analysis.derivation import derive
from archcalc.analysis.sweep import sweep
from archcalc.analysis.total_derivation import derive_totals
from archcalc.layers._grades import Grade
from tests.support import describe, errors_of, report_of

CONV = {"op": "conv", "out_channels": 8, "kernel_size": 3, "padding": 1}
STATED = {"id": "s", "op": "opaque", "was": "Deform, 3 x 3", "shape": [16, 16, 16], "params": 1234}
UNKNOWN = {"id": "u", "op": "opaque", "was": "Einsum", "shape": [10], "mult_adds": 5000}
HALF = describe([3, 32, 32], CONV, STATED, CONV, UNKNOWN, {"op": "linear", "out_features": 10})
# By rule: 8·(3·9 + 1) = 224, 8·(16·9 + 1) = 1,160 and 10·(10 + 1) = 110 params, so 1,494; stated 1,234.
# By rule: 216·1,024 = 221,184, 1,152·256 = 294,912 and 100 mult-adds, so 516,196; stated 5,000.


def test_totals_are_lower_bounds() -> None:
    totals = report_of(HALF).totals
    assert (totals.params, totals.mult_adds) == (1494 + 1234, 516_196 + 5000)
    assert totals.grade("params") == ((("s", 1234),), (("u", "Einsum"),), ())
    assert totals.text("params") == "at least 2,728"
    assert totals.grade("params").sentence == "of which 1,234 stated by s; not counted: u (was: Einsum)"
    assert totals.grade("mult_adds").sentence == "of which 5,000 stated by u; not counted: s (was: Deform, 3 x 3)"
    assert totals.grade("activations").grade is Grade.BY_RULE
    assert totals.activations == 8192 + 4096 + 2048 + 10 + 10


def test_a_total_of_stated_numbers_is_complete() -> None:
    report = report_of(describe([3, 32, 32], CONV, STATED))
    assert report.totals.text("params") == "1,458"
    assert report.totals.grade("params").grade is Grade.STATED
    assert report.totals.grade("trainable").grade is Grade.STATED
    assert report.totals.grade("frozen").grade is Grade.BY_RULE


def test_frozen_and_shared() -> None:
    twin = STATED | {"id": "t", "weights_of": "s"}
    report = report_of(describe([3, 32, 32], STATED, twin, frozen=["s"]))
    assert report.totals.grade("frozen").stated == (("s", 1234),)
    assert report.totals.grade("trainable").grade is Grade.BY_RULE
    assert report.totals.params == 1234, "shared ones are counted once"


def test_long_lists_are_cut() -> None:
    many = [UNKNOWN | {"id": f"u{index}"} for index in range(7)]
    sentence = report_of(describe([3], *many)).totals.grade("params").sentence
    assert sentence.count("(was: Einsum)") == 5
    assert sentence.endswith("and 2 more")


def test_json() -> None:
    data = report_of(HALF).to_dict()
    conv, stated, _, unknown, _ = data["layers"]
    assert conv["grades"] == {}
    assert stated["params"] == 1234
    assert stated["grades"]["params"] == stated["grades"]["weight_bytes"] == "stated"
    assert stated["mult_adds"] is None
    assert unknown["params"] is None
    assert unknown["flops"] == 10_000, "a lower bound: two for each stated multiply-add"
    assert unknown["grades"]["params"] == unknown["grades"]["flops"] == "not counted"
    assert data["totals"]["grades"]["params"] == {
        "grade": "not counted",
        "stated": {"s": 1234},
        "not_counted": {"u": "Einsum"},
    }
    assert report_of(describe([3], {"op": "relu"})).to_dict()["totals"]["grades"] == {}


def test_operations_by_a_tool_are_not_counted() -> None:
    """How a tool counts a layer depends on what it was."""
    complete = describe([3], UNKNOWN)
    assert report_of(complete).totals.grade("operations").is_complete
    assert not report_of(complete, "thop").totals.grade("operations").is_complete


def test_receptive_field_is_unknown_from_there_on() -> None:
    fields = [layer.receptive_field for layer in report_of(HALF).layers]
    assert fields[0].status == "exact"
    assert {field.status for field in fields[1:]} == {"unknown"}
    assert fields[2].reason == "s is opaque (was: Deform, 3 x 3)"
    assert fields[4].reason == "u is opaque (was: Einsum)", "the last one before it; linear does not make it known"


def test_derivations() -> None:
    report = report_of(HALF)
    (total,) = derive_totals(report, "params")
    assert total.sum is not None
    assert total.sum.value == 2728
    assert total.note == "at least; of which 1,234 stated by s; not counted: u (was: Einsum)"
    (stated,) = derive(report, report.layer("s"), "params")
    assert stated.note == "as the description states it"
    (unknown,) = derive(report, report.layer("u"), "params")
    assert unknown.sentence == "not counted: u is opaque (was: Einsum)"
    (flops,) = derive(report, report.layer("u"), "flops")
    assert flops.sum is not None
    assert flops.note.startswith("at least")
    assert any(
        "not counted: s" in found.sentence for found in derive(report, report.layer("s")) if found.quantity == "mult_adds"
    )
    (depth,) = derive_totals(report, "depth")
    assert depth.note.startswith("at least; not counted")


def test_a_sweep_says_what_is_a_lower_bound() -> None:
    text: Any = {
        "archcalc": 1,
        "variables": {"n": 10},
        "input": {"shape": [3]},
        "layers": [UNKNOWN | {"shape": ["n"]}, {"op": "linear", "out_features": 2}],
    }
    rows = sweep(text, {"n": [10, 20]}).rows
    assert [(row.params, row.mult_adds, row.at_least) for row in rows] == [(22, 5020, ("params",)), (42, 5040, ("params",))]


def test_stated_numbers_may_be_swept() -> None:
    text: Any = {
        "archcalc": 1,
        "variables": {"p": 10},
        "input": {"shape": [3]},
        "layers": [{"op": "opaque", "was": "p", "shape": [2], "params": "2*p"}],
    }
    assert [row.params for row in sweep(text, {"p": [10, 20]}).rows] == [20, 40]


def test_a_note_names_what_is_missing() -> None:
    found = {item.layer: item for item in report_of(HALF).diagnostics if item.code == "ARC312"}
    assert found["s"].message == "was Deform, 3 x 3; without its mult_adds, totals of mult_adds are lower bounds"
    assert found["u"].severity == "note"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"was": "x"}, "opaque needs shape"),
        ({"shape": [3]}, "opaque needs was"),
        ({"was": "x", "shape": [3], "size": 1}, "size"),
    ],
)
def test_what_is_missing_is_reported(fields: dict[str, Any], words: str) -> None:
    assert words in errors_of(describe([3], {"op": "opaque", **fields}))

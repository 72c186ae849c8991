"""Errata: the printed figure must follow from the cause, and from no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.claims.claims_files import judged, statuses

POOL2 = "{id: pool2, network: vgg16, of: pool2, quantity: params, printed: 65664, erratum: {%s}}"
AS_CONV = "counted_as: {op: conv, kernel_size: 2, stride: 2, out_channels: in_channels}"

# Each follows from its cause by a sum that the lecture or the paper lets anybody do by hand.
EXPLAINED = [
    POOL2 % AS_CONV,
    "{network: vgg16, quantity: params, printed: '138,423,208', erratum: {counted_as: {layer: pool2, op: conv, "
    "kernel_size: 2, out_channels: 128}}}",
    "{network: alexnet, quantity: params, printed: '62,378,344', erratum: {where: {groups: 1}}}",
    "{network: mobilenet_v1, quantity: mult_adds, printed: '533,833,216', erratum: {changed: {sep13.dw: {stride: 2}}}}",
    "{network: vgg16, quantity: mult_adds, printed: 15300 M, erratum: {formula: 'mult_adds(\"conv\")'}}",
    "{network: lenet5, of: C5, quantity: params, printed: 42120, erratum: {misprint: 8 → 2}}",
    "{network: lenet5, of: C5, quantity: params, printed: 48210, erratum: {misprint: 12 → 21}}",
    "{network: alexnet, quantity: input, printed: 224×224×3, erratum: {misprint: 7 → 4}}",
    "{network: deconv_demo, quantity: output, printed: 4×4, erratum: {where: {output_padding: 1}}}",
    "{network: alexnet, of: conv1, quantity: output, printed: 54×54, erratum: {where: {input: 3x224x224}}}",
    "{network: alexnet, of: conv1, quantity: output, printed: 54×54, erratum: {where: {input: [3, 224, 224]}}}",
    "{network: alexnet, of: conv1, quantity: output, printed: 54×56, erratum: {changed: {conv1: {kernel_size: [15, 7]}}}}",
]


@pytest.mark.parametrize("claim", EXPLAINED)
def test_a_cause_that_gives_the_figure(claim: str) -> None:
    assert statuses(claim) == ["erratum contradicted"]


@pytest.mark.parametrize(("claim", "part"), [
    (POOL2 % "counted_as: {op: conv, kernel_size: 3, out_channels: in_channels}", "counts 147,584"),
    ("{network: lenet5, of: C5, quantity: params, printed: 48120, erratum: {misprint: 8 → 2}}", "it holds (exact)"),
    ("{network: lenet5, of: C5, quantity: params, printed: 42120, erratum: {misprint: 9 → 2}}", "no 2 in 42120"),
    ("{network: alexnet, quantity: params, printed: '62,378,345', erratum: {where: {groups: 1}}}", "62,378,344"),
])  # fmt: skip
def test_a_cause_that_does_not(claim: str, part: str) -> None:
    (one,), problems = judged(claim)
    assert not problems
    assert one.status == "fails"
    assert part in one.why


@pytest.mark.parametrize(("cause", "part"), [
    ("", "an erratum without a cause"),
    ("why: who knows", "an erratum without a cause"),
    ("formula: params, misprint: 1 → 2", "an erratum with 2 causes"),
    ("formula: parms", "did you mean params"),
    ("misprint: 8 to 2", "one digit changed or two swapped"),
    ("misprint: 123 → 456", "one digit changed or two swapped"),
    ("where: {alfa: 1}", "the network has no variable alfa"),
    ("changed: {conv9: {stride: 2}}", "no layer conv9"),
    ("changed: {conv1_1: {strid: 2}}", "conv has no field strid"),
    ("changed: {conv1_1: {repeat: 2}}", "conv has no field repeat; it is a key of the entry, not a field: write a variable there, "
     "repeat: n, and in the claim where: {n: …}"),
    ("changed: {conv1_1: {op: convv}}", "no layer kind convv"),
    ("changed: {conv1_1: 5}", "is a mapping of fields to values"),
    ("changed: 5", "changed is a mapping of layers"),
    ("where: 5", "where is a mapping"),
    ("where: {input: 1}", "has 1 sizes, the network's input 3"),
    ("where: {input: [0, 5]}", "an input has 1 to 4 sizes"),
    ("counted_as: 5", "counted_as is a mapping of fields"),
    ("counted_as: {op: convv}", "no layer kind convv"),
    ("counted_as: {op: conv, out_channels: 3, kernel_size: [2]}", "one value for each spatial axis"),
    ("counted_as: {op: conv, out_channels: 3, kernel_size: 200}", "output height is -87, must be at least 1"),
    ("counted_as: {op: add}", "needs 2 or more"),
    ("counted_as: {op: unpool, pool: pool2}", "only fields that name no other layer"),
    ("changed: {conv1_1: {op: unpool, pool: pool2}}", "only fields that name no other layer"),
    ("counted_as: {op: conv, kernel_size: -1, out_channels: 3}", "kernel_size"),
    ("formula: 'printed(\"nobody:*\")'", "there is no publication nobody"),
    ("formula: 'difference(\"nothing\")'", "no claim matches nothing"),
    ("formula: 'difference(\"a\", \"b\")'", "difference takes one text"),
])  # fmt: skip
def test_a_cause_that_cannot_be_worked_out(cause: str, part: str) -> None:
    """It is reported at its place, and the claim beside it is still checked."""
    outcomes, problems = judged(POOL2 % cause, "{network: vgg16, quantity: params, printed: '138,357,544'}")
    assert len(problems) == 1
    assert problems[0].startswith("paper.yaml:4:")
    assert part in problems[0]
    assert outcomes[-1].status == "holds"


def test_errata_and_printed_figures_add_up() -> None:
    """The lecture's total is its column added up; the sum of a printed column is another way to say so."""
    total = "{network: vgg16, quantity: params, printed: '138,423,208', erratum: {formula: %s}}"
    by_difference = total % 'params + difference("pool2")'
    by_column = "{network: vgg16, quantity: params, printed: 65676, erratum: {formula: 'printed(\"col.*\")'}}"
    column = "{id: col, network: vgg16, quantity: layers, of: flatten1, claims: [{id: a, printed: 65664, erratum: " \
             "{formula: 65664}}, {id: b, printed: 12, erratum: {formula: 12}}]}"  # fmt: skip
    assert statuses(POOL2 % AS_CONV, by_difference, column, by_column) == ["erratum contradicted"] * 5


SEGMENTS = """
archcalc: 1
input: {shape: [3, 8, 8]}
layers:
  - {id: p, op: max_pool, kernel_size: 2}
  - {id: u, op: unpool, pool: p}
"""


@pytest.mark.parametrize(("changes", "result"), [
    ("{p: {op: avg_pool, kernel_size: 2}}", "p as avg_pool does not return indices, which u needs"),
    ("{u: {pool: q}}", "only fields that name no other layer can be changed"),
    ("{u: {op: upsample, scale_factor: 2}}", "holds exact"),  # what no longer names a layer is like any other
    ("{u: {kernel_size: 2}}", "holds exact"),
])  # fmt: skip
def test_changed_layers_that_others_name(tmp_path: Path, changes: str, result: str) -> None:
    (tmp_path / "segments.yaml").write_text(SEGMENTS, encoding="utf-8")
    claim = f"{{network: {tmp_path}/segments.yaml, quantity: output, printed: 3×8×8, changed: {changes}}}"
    (one,), problems = judged(claim)
    assert result in f"{one.status} {one.verdict} {''.join(problems)}"

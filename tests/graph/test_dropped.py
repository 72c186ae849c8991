"""Layers that `when` drops, and blocks that use the weights of another: who reads what, and what is counted where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archcalc import sweep
from tests.support import errors_of, report_of

RESIDUAL = """\
archcalc: 1
variables: {{residual: {residual}}}
input: {{shape: [8, 6, 6]}}
blocks:
  res:
    arguments: {{width: in_channels}}
    layers:
      - {{id: c, op: conv, out_channels: width, kernel_size: 3, padding: 1}}
      - {{id: s, op: add, inputs: [input, c], when: residual}}
layers:
  - {{id: r, op: res}}
  - {{id: last, op: conv, out_channels: 4, kernel_size: 1}}
"""
SIAMESE = """\
archcalc: 1
inputs: {left: {shape: [1, 28, 28]}, right: {shape: [1, 28, 28]}}
blocks:
  tower:
    layers:
      - {id: c, op: conv, out_channels: 8, kernel_size: 3}
      - {op: relu}
      - {op: flatten}
      - {id: f, op: linear, out_features: 10}
layers:
  - {id: a, op: tower, inputs: left}
  - {id: b, op: tower, inputs: right, weights_of: a}
  - {op: concat, inputs: [a, b]}
"""


def test_who_follows_a_dropped_sum_reads_what_stands_before_it() -> None:
    """Not the block's input, the sum's first one: the convolution would be dead."""
    kept = report_of(RESIDUAL.format(residual="true"))
    dropped = report_of(RESIDUAL.format(residual="false"))
    assert [layer.id for layer in kept.layers] == ["r.c", "r.s", "last"]
    assert [layer.id for layer in dropped.layers] == ["r.c", "last"]
    assert dropped.layers[1].node.sources == (0,)
    assert not [finding for finding in dropped.diagnostics if finding.code == "ARC305"], "nothing is left unread"


@pytest.mark.parametrize("when", ["true", "false"])
def test_a_dropped_sum_may_read_a_parameter_that_is_dropped_with_it(when: str) -> None:
    """As the way out of ARC142 says: whether there is a bias is one condition for the parameter and for the sum."""
    layers = """\
layers:
  - {id: weights, op: linear, out_features: 4, bias: false}
  - {id: bias, op: parameter, shape: [4], when: bias}
  - {id: biased, op: add, inputs: [weights, bias], when: bias}
  - {id: act, op: relu}
"""
    report = report_of(f"archcalc: 1\nvariables: {{bias: {when}}}\ninput: {{shape: [8]}}\n{layers}")
    assert report.totals.params == (4 * 8 + 4 if when == "true" else 4 * 8)


def test_who_reads_a_dropped_layer_that_leads_nowhere_is_reported() -> None:
    text = """\
archcalc: 1
input: {shape: [8]}
layers:
  - {id: bias, op: parameter, shape: [8], when: false}
  - {id: scaled, op: relu, inputs: bias, when: false}
  - {id: sum, op: add, inputs: [input, scaled]}
"""
    assert errors_of(text).count("error[") == 1
    assert ":6:" in errors_of(text)


def test_a_block_shares_weights_layer_by_layer() -> None:
    """8·(3·3·1 + 1) = 80 and 10·(8·26·26 + 1) = 54,090, once for both towers."""
    report = report_of(SIAMESE)
    assert report.totals.params == 80 + 54_090
    assert [layer.tied_to for layer in report.layers if layer.op == "conv"] == [None, "a.c"]
    other = SIAMESE.replace(
        "{id: b, op: tower, inputs: right, weights_of: a}", "{id: b, op: relu, inputs: right, weights_of: a}"
    )
    assert "ARC135" in errors_of(other) or "ARC204" in errors_of(other)
    assert "there is no block nobody to share with" in errors_of(SIAMESE.replace("weights_of: a}", "weights_of: nobody}"))


def test_a_block_that_contains_itself_is_named() -> None:
    text = """\
archcalc: 1
input: {shape: [1, 4]}
blocks:
  a: {layers: [{op: b}]}
  b: {layers: [{op: a}]}
layers: [{op: a}]
"""
    assert "block a contains itself: a → b → a" in errors_of(text)


def test_unread_inputs_and_layers_are_remarked() -> None:
    text = """\
archcalc: 1
inputs: {x: {shape: [3, 8, 8]}, y: {shape: [3, 8, 8]}}
layers:
  - {id: p, op: conv, out_channels: 2, kernel_size: 1}
  - {id: q, op: conv, out_channels: 2, kernel_size: 1, inputs: x}
"""
    found = [(finding.code, finding.severity, finding.layer) for finding in report_of(text).diagnostics]
    assert found == [("ARC306", "warning", "y"), ("ARC305", "note", "p")]


def test_an_argument_from_in_channels_is_swept(tmp_path: Path) -> None:
    """Widths 8, 16, 24 pass through a block whose width is the channels that arrive."""
    path = tmp_path / "net.yaml"
    path.write_text(
        """\
archcalc: 1
variables: {a: 1}
input: {shape: [1, 4, 4]}
blocks: {cb: {arguments: {width: required}, layers: [{op: conv, out_channels: width, kernel_size: 1}]}}
layers: [{op: conv, out_channels: 8*a, kernel_size: 1}, {op: cb, width: in_channels}]
""",
        encoding="utf-8",
    )
    rows = sweep(str(path), {"a": [1, 2, 3]}).rows
    # First layer w·(1 + 1), second w·(w + 1): 16 + 72, 32 + 272, 48 + 600.
    assert [row.params for row in rows] == [88, 304, 648]


def test_a_factor_per_channel_is_seen_alike_by_all_units() -> None:
    """Behind a product with a C×1×1 gate no interval moves with the unit: no size may be reported."""
    text = """\
archcalc: 1
input: {shape: [4, 8, 8]}
layers:
  - {id: a, op: conv, out_channels: 4, kernel_size: 3, padding: 1}
  - {id: b, op: conv, out_channels: 4, kernel_size: 8, inputs: input}
  - {id: m, op: multiply, inputs: [a, b]}
"""
    field = report_of(text).layer("m").receptive_field
    assert (field.status, field.size) == ("unaligned", [None, None])


BRANCHES = """\
archcalc: 1
variables: {pool_branch: true, main: true}
input: {shape: [256, 28, 28]}
layers:
  - {id: a, op: conv, out_channels: 64, kernel_size: 1, when: main}
  - {id: b, op: conv, inputs: input, out_channels: 32, kernel_size: 1, when: pool_branch}
  - {id: joined, op: concat, inputs: [a, b]}
  - {id: last, op: conv, out_channels: 128, kernel_size: 1, bias: false}
"""


def notes(report: Any, *codes: str) -> list[tuple[str, str, str]]:
    return [(one.code, one.layer, one.message) for one in report.diagnostics if one.code in codes]


def test_a_dropped_branch_falls_out_of_a_concatenation() -> None:
    """(256 + 1)·64 + 64·128 = 24,640; with the branch (256 + 1)·(64 + 32) + 96·128 = 36,960."""
    assert report_of(BRANCHES).totals.params == 36_960
    one = report_of(BRANCHES, variables={"pool_branch": False})
    assert one.totals.params == 24_640
    assert one.layer("joined").output == (64, 28, 28)
    assert notes(one, "ARC144", "ARC145") == [("ARC144", "joined", "b is dropped, and left out of its inputs")]
    assert [note["severity"] for note in one.to_dict()["findings"] if note["code"] == "ARC144"] == ["note"]
    other = report_of(BRANCHES, variables={"main": False})
    assert other.totals.params == 257 * 32 + 32 * 128
    rows = sweep(BRANCHES, {"pool_branch": [False, True]}).rows
    assert [row.params for row in rows] == [24_640, 36_960]


def test_a_concatenation_of_nothing_is_refused() -> None:
    errors = errors_of(BRANCHES, variables={"main": False, "pool_branch": False})
    assert "ARC146" in errors
    assert "a, b" in errors


def test_one_input_is_too_few_where_none_is_dropped() -> None:
    text = BRANCHES.replace("inputs: [a, b]", "inputs: [a]")
    assert "ARC202" in errors_of(text)
    # Equal layers are computed once: the one that lost a branch does not excuse the other.
    both = BRANCHES + "  - {id: wrong, op: concat, inputs: a}\n"
    assert "wrong (concat): reads 1 volume" in errors_of(both, variables={"pool_branch": False})


@pytest.mark.parametrize(
    "branch",
    [
        "{id: b, op: conv, out_channels: 32, kernel_size: 1, inputs: input, repeat: 0}",
        "{id: b, op: block, inputs: input, on_: false}",
        "{id: b, op: add, inputs: [a, input], when: false}",  # several inputs: nothing to read instead, and nothing needed
    ],
)
def test_what_counts_as_dropped(branch: str) -> None:
    """A layer, a repetition of none, and a block of which no layer is left."""
    text = f"""\
archcalc: 1
input: {{shape: [64, 8, 8]}}
blocks:
  block: {{arguments: {{on_: true}}, layers: [{{op: relu, when: on_}}, {{op: tanh, when: on_}}]}}
layers:
  - {{id: a, op: relu}}
  - {branch}
  - {{id: joined, op: concat, inputs: [a, b]}}
"""
    assert report_of(text).layer("joined").output == (64, 8, 8)


def test_a_block_changes_nothing_about_it() -> None:
    """A concatenation inside a block, of what the block reads, is the one that stands outside it."""
    text = BRANCHES.replace("op: concat", "op: join").replace(
        "layers:\n", "blocks: {join: {inputs: [x, y], layers: [{op: concat, inputs: [x, y]}]}}\nlayers:\n", 1
    )
    assert report_of(text, variables={"pool_branch": False}).totals.params == 24_640


@pytest.mark.parametrize("op", ["add", "multiply"])
def test_elsewhere_what_it_would_have_read_is_read(op: str) -> None:
    text = f"""\
archcalc: 1
variables: {{project: false, residual: true}}
input: {{shape: [8, 6, 6]}}
layers:
  - {{id: a, op: conv, out_channels: 8, kernel_size: 3, padding: 1, when: residual}}
  - {{id: short, op: conv, out_channels: 8, kernel_size: 1, inputs: input, when: project}}
  - {{id: sum, op: {op}, inputs: [a, short]}}
"""
    report = report_of(text)
    assert report.layer("sum").node.sources == (0, -1)
    assert notes(report, "ARC144", "ARC145") == [("ARC144", "sum", "short is dropped: what it would have read is read instead")]
    twice = report_of(text, variables={"residual": False})
    assert twice.layer("sum").node.sources == (-1, -1)
    assert [code for code, *_ in notes(twice, "ARC144", "ARC145")] == ["ARC145"]


@pytest.mark.needs("torch")
def test_pytorch_agrees_with_fewer_inputs() -> None:
    from archcalc.reference.check import Check, Options

    assert Check(report_of(BRANCHES, variables={"pool_branch": False}), Options(device="cpu", repeats=0)).run().agrees


def test_an_input_of_a_block_is_no_second_fault() -> None:
    """x is dropped and has several inputs: the use of the block says so, not each `input` inside."""
    text = """\
archcalc: 1
input: {shape: [8, 6, 6]}
blocks: {b: {layers: [{op: relu, inputs: input}, {op: tanh, inputs: input}]}}
layers:
  - {id: a, op: relu}
  - {id: x, op: add, inputs: [a, input], when: false}
  - {op: b, inputs: x}
"""
    errors = errors_of(text)
    assert errors.count("error[") == 1
    assert "x is dropped here, and had several inputs: a, input" in errors


@pytest.mark.parametrize("layer", ["{id: p, op: conv, out_channels: 8, kernel_size: 1", "{id: p, op: b"])
def test_copies_cannot_share_with_one_of_them(layer: str) -> None:
    """The form that works is in the message: one layer, then eleven that share with it, 8·8 + 8 weights."""
    head = """\
archcalc: 1
input: {shape: [8, 6, 6]}
blocks: {b: {layers: [{op: conv, out_channels: 8, kernel_size: 1}]}}
layers:
"""
    for name in ("p", "p.1", "p.3.conv1"):
        errors = errors_of(f"{head}  - {layer}, repeat: 12, weights_of: {name}}}\n")
        assert "None" not in errors
        assert errors.count("error[") == 1
        assert "repeat: 11, weights_of: first" in errors
    first = layer.replace("id: p", "id: first")
    shared = layer.replace("id: p, ", "")
    assert report_of(f"{head}  - {first}}}\n  - {shared}, repeat: 11, weights_of: first}}\n").totals.params == 72

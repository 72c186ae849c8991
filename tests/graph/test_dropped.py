"""Layers that `when` drops, and blocks that use the weights of another: who reads what, and what is counted where."""

from __future__ import annotations

from pathlib import Path

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

"""`copy`: which copy of a repeat this is, from 1."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from archcalc.description.document import ParsedEntry
from archcalc.errors import ArchcalcError
from archcalc.graph.bounds import Bounds
from archcalc.graph.nodes import Limits
from tests.support import errors_of, graph_of, report_of

HEAD = "archcalc: 1\nvariables: {s: 2, n: 3}\ninput: {shape: [4, 64, 64]}\n"
RES = """
blocks:
  res:
    arguments: {c: required, stride: s if copy == 1 else 1}
    layers:
      - {id: conv, op: conv, out_channels: c, kernel_size: 3, stride: stride, padding: 1}
      - {id: proj, op: conv, inputs: input, out_channels: c, kernel_size: 1, stride: stride, when: copy == 1}
      - {op: add, inputs: [conv, proj]}
  pair: {layers: [{id: a, op: res, c: 8}, {id: b, op: res, c: 8, stride: 1}]}
  chain: {layers: [{id: d, op: conv, out_channels: copy, kernel_size: 1, repeat: 3}]}
  plain: {arguments: {c: 8}, layers: [{op: conv, out_channels: c, kernel_size: 1}]}
"""


def ids(text: str, **options: Any) -> list[str]:
    return [node.id for node in graph_of(text, **options).nodes]


def field(text: str, name: str) -> list[Any]:
    report = report_of(text)
    return [getattr(layer.counts.layer, name) for layer in report.layers]


def test_a_repeated_layer_counts() -> None:
    text = HEAD + "layers: [{op: conv, out_channels: 4, kernel_size: 3, dilation: 2**(copy-1), padding: same, repeat: 4}]"
    assert field(text, "dilation") == [1, 2, 4, 8]


def test_a_block_counts_the_copies_of_its_use_in_defaults_fields_and_structure() -> None:
    text = HEAD + RES + "layers: [{id: r, op: res, c: 8, repeat: 3}]"
    assert ids(text) == ["r.1.conv", "r.1.proj", "r.1.add1", "r.2.conv", "r.2.add1", "r.3.conv", "r.3.add1"]
    assert [layer.output[1] for layer in report_of(text).layers] == [32] * 7


def test_a_block_that_is_used_once_is_the_first_copy() -> None:
    assert ids(HEAD + RES + "layers: [{id: r, op: res, c: 8}]") == ["r.conv", "r.proj", "r.add1"]


def test_the_innermost_repeat_counts() -> None:
    text = HEAD + RES + "layers: [{id: c, op: chain, repeat: 2}]"
    assert [layer.output[0] for layer in report_of(text).layers] == [1, 2, 3, 1, 2, 3]


def test_inside_a_block_that_is_not_repeated_the_copy_is_that_of_the_repeat_around() -> None:
    text = HEAD + RES + "layers: [{id: p, op: pair, repeat: 2}]"
    assert [name for name in ids(text) if name.endswith("proj")] == ["p.1.a.proj", "p.1.b.proj"]


def test_an_argument_of_a_repeated_use_counts() -> None:
    text = HEAD + RES + "layers: [{op: plain, c: 8*copy, repeat: n}]"
    assert [layer.output[0] for layer in report_of(text).layers] == [8, 16, 24]


def test_when_drops_single_copies() -> None:
    text = HEAD + "layers: [{id: k, op: relu, repeat: 4, when: copy > 2}, {id: end, op: add, inputs: [input, k.1, k.3, k]}]"
    assert ids(text) == ["k.3", "k.4", "end"]
    graph = graph_of(text)
    assert graph.nodes[-1].sources == (-1, -1, 0, 1)


def test_when_may_drop_every_copy() -> None:
    text = HEAD + "layers: [{id: k, op: relu, repeat: 4, when: copy > 9}, {id: end, op: tanh, inputs: [k]}]"
    assert ids(text) == ["end"]


def test_a_sum_with_copy_is_exact() -> None:
    text = HEAD + "layers: [{op: dropout, p: 0.1*copy, repeat: 3}]"
    assert [Fraction(str(p)) for p in field(text, "p")] == [Fraction(1, 10), Fraction(2, 10), Fraction(3, 10)]


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ("{op: conv, out_channels: copy, kernel_size: 1}", "copy counts the copies of a repeat, and nothing is repeated here"),
        ("{op: relu, when: copy == 1}", "copy counts the copies of a repeat, and nothing is repeated here"),
        ("{op: relu, repeat: copy}", "copy counts the copies of a repeat, and nothing is repeated here"),
        ("{op: relu, repeat: 2, when: copy}", "when is true or false, not 1"),
    ],
)
def test_outside_of_any_repeat_there_is_no_copy(layer: str, sentence: str) -> None:
    assert sentence in errors_of(HEAD + f"layers: [{layer}]")


def test_copy_is_reserved() -> None:
    text = "archcalc: 1\nvariables: {copy: 1}\ninput: {shape: [4]}\nlayers: [{op: relu}]"
    assert "error[ARC123] 'copy' in variables is reserved" in errors_of(text)


def test_blocks_that_do_not_read_it_share_one_scope() -> None:
    """Only the copies of what reads `copy` are evaluated one by one."""
    graph = graph_of(HEAD + RES + "layers: [{op: plain, repeat: 50}, {op: chain, repeat: 50}, {op: pair, repeat: 5}]")
    scopes = {name: {id(node.scope) for node in graph.nodes if node.id.startswith(name)} for name in ("plain", "pair")}
    assert len(scopes["plain"]) == 1
    assert len(scopes["pair"]) == 10


def test_dropped_copies_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each copy is visited until there are twice as many as the layers that a network may have."""
    visited = 0

    def visit(bounds: Bounds, entry: ParsedEntry) -> bool:
        nonlocal visited
        visited += 1
        return counting(bounds, entry)

    counting = Bounds.visit
    monkeypatch.setattr(Bounds, "visit", visit)
    with pytest.raises(ArchcalcError, match="ARC132"):
        graph_of(HEAD + RES + "layers: [{op: chain, repeat: 1000000000, when: copy < 1}]", limits=Limits(layers=500))
    assert visited == 2 * 500 + 1

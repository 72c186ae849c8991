"""Patterns in `inputs`, and ids that count as the source does."""

from __future__ import annotations

import time

import pytest

from archcalc.description.data import read_description
from archcalc.graph import name_of
from tests.support import errors_of, graph_of, report_of

TOP = """\
archcalc: 1
variables: {n: 3}
input: {shape: [4, 16, 16]}
blocks:
  unit: {arguments: {keep: true}, layers: [{id: conv, op: conv, out_channels: 4, kernel_size: 1}, {id: skip, op: relu, when: keep}]}
  stage: {layers: [{id: 1..n, op: unit}]}
layers:
"""


def read(layers: str, name: str = "end") -> list[str]:
    """What one layer reads."""
    graph = graph_of(TOP + layers)
    node = next(node for node in graph.nodes if node.id == name)
    return [name_of(graph, source) for source in node.sources]


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ("[l.*.skip]", ["l.1.skip", "l.2.skip", "l.3.skip"]),
        ("[l.*]", ["l.1.skip", "l.2.skip", "l.3.skip"]),
        ("['*.2.skip', input]", ["l.2.skip", "s.2.skip", "input"]),
        ("[s.*.conv, c*]", ["s.1.conv", "s.2.conv", "s.3.conv", "c1", "c2"]),
        ("['*']", ["l.3.skip", "s.3.skip", "c1", "c2"]),
        ("['*.*.co*v']", [f"{block}.{copy}.conv" for block in "ls" for copy in (1, 2, 3)]),
    ],
)
def test_a_pattern_stands_for_all_above_that_match(inputs: str, wanted: list[str]) -> None:
    """Copies in their order; neither the layer itself, nor inputs, nor what comes later."""
    layers = "  - {id: l, op: unit, repeat: 3}\n  - {id: s, op: stage}\n  - {id: c1, op: relu}\n  - {id: c2, op: relu}\n"
    assert read(f"{layers}  - {{id: end, op: concat, inputs: {inputs}}}\n  - {{id: c3, op: relu}}") == wanted


def test_dropped_layers_do_not_match() -> None:
    layers = "  - {id: l, op: unit, repeat: 3, keep: copy != 2}\n  - {id: end, op: concat, inputs: [l.*.skip]}"
    assert read(layers) == ["l.1.skip", "l.3.skip"]


def test_a_block_reads_as_many_as_match() -> None:
    layers = "  - {id: l, op: unit, repeat: 2}\n  - {id: b, op: both, inputs: [l.*.skip]}\n"
    text = TOP.replace("blocks:\n", "blocks:\n  both: {inputs: [a, b], layers: [{op: add, inputs: [a, b]}]}\n")
    assert report_of(text + layers).layers[-1].output == (4, 16, 16)
    assert "block both reads 2 (a, b), not 3" in errors_of(text + layers.replace("repeat: 2", "repeat: 3"))


@pytest.mark.parametrize("pattern", ["l.*.skipp", "m.*", "end*", "later*", "l.*.*.skip", "*.", ".*", "[ab]*", "l?.*"])
def test_a_pattern_that_matches_nothing_is_an_error(pattern: str) -> None:
    layers = (
        f"  - {{id: l, op: unit, repeat: 3}}\n  - {{id: end, op: concat, inputs: ['{pattern}']}}\n  - {{id: later, op: relu}}"
    )
    errors = errors_of(TOP + layers)
    assert f"error[ARC135] no layer above matches {pattern}\n" in errors
    assert errors.count("error[") == 1


def test_patterns_are_bounded() -> None:
    begin = time.perf_counter()
    layers = "  - {id: l, op: relu, repeat: 1000}\n" + "  - {op: concat, inputs: ['l.*']}\n" * 3000
    assert "the patterns in inputs are compared with more than 1,000,000 names" in errors_of(TOP + layers)
    hard = "*" + "a*" * 400
    layers = f"  - {{id: {'a' * 199}, op: relu}}\n  - {{op: add, inputs: ['{hard}b']}}"
    assert "no layer above matches" in errors_of(TOP + layers)
    assert time.perf_counter() - begin < 20


# -- ids that count --------------------------------------------------------------------------------------------------------


def ids(layers: str) -> list[str]:
    return [node.id for node in graph_of(TOP + layers).nodes]


@pytest.mark.parametrize(
    ("layers", "wanted"),
    [
        ("{id: 1..3, op: relu}", ["1", "2", "3"]),
        ("{id: 0..n-1, op: relu}", ["0", "1", "2"]),
        ("{id: layer9..11, op: relu}", ["layer9", "layer10", "layer11"]),
        ("{id: layer1..2, op: stage}", [f"layer{a}.{b}.{c}" for a in (1, 2) for b in (1, 2, 3) for c in ("conv", "skip")]),
        ("{id: a1_2..2, op: relu}", ["a1_2"]),
        ("{id: 1..4, op: relu, when: copy != 2}", ["1", "3", "4"]),
    ],
)
def test_an_id_that_counts_is_the_repeat(layers: str, wanted: list[str]) -> None:
    assert ids(f"  - {layers}") == wanted


def test_copies_that_are_counted_are_a_chain_and_have_names() -> None:
    layers = "  - {id: 1..3, op: relu}\n  - {id: end, op: concat, inputs: [2, '1..3', '*']}"
    assert read(layers) == ["2", "3", "1", "2", "3"]
    assert read(layers, "3") == ["2"]


def test_an_id_may_count_to_none() -> None:
    assert ids("  - {id: 1..0, op: relu}\n  - {op: tanh}") == ["tanh1"]


def test_copy_counts_from_one() -> None:
    layers = "  - {id: 3..4, op: conv, kernel_size: 1, out_channels: copy}"
    assert [layer.output[0] for layer in report_of(TOP + layers).layers] == [1, 2]


@pytest.mark.parametrize(
    ("name", "is_own"),
    [
        ("1", False),
        ("2", True),
        ("3", True),
        ("4", True),
        ("5", False),
        ("02", False),
        ("²", False),
        ("", False),
        ("2.fc", True),
    ],
)
def test_the_names_of_copies_that_are_counted(name: str, is_own: bool) -> None:
    """`x2..4` has the copies x2, x3 and x4; whether a layer uses its own weights is asked by these names."""
    (entry,) = graph_of(TOP + "  - {id: x2..4, op: relu}").document.layers
    assert [entry.copy_name(copy) for copy in (1, 2, 3)] == ["x2", "x3", "x4"]
    assert entry.is_own(f"x{name}", 3) is is_own
    assert not entry.is_own(f"y{name}", 3)
    (entry,) = graph_of(TOP + "  - {id: x, op: relu, repeat: 3}").document.layers
    assert [entry.copy_name(copy) for copy in (1, 2, 3)] == ["x.1", "x.2", "x.3"]
    assert entry.is_own("x.2", 3)


def test_a_counted_copy_may_use_the_weights_of_another_layer_of_like_name() -> None:
    """`x3` is not among the copies of `x1..2`."""
    layers = "  - {op: flatten}\n  - {id: x3, op: linear, out_features: 1024}\n"
    report = report_of(TOP + layers + "  - {id: x1..2, op: linear, out_features: 1024, weights_of: x3}")
    assert [layer.tied_to for layer in report.layers] == [None, None, "x3", "x3"]


def test_an_id_that_counts_stays_in_the_model() -> None:
    entry = read_description(TOP + "  - {id: 1..3, op: relu}").layers[0]
    assert (entry.id, entry.repeat) == ("1..3", None)


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ("{id: 1..3, op: relu, repeat: 2}", "id 1..3 is the repeat already"),
        ("{id: 3..1, op: relu}", "id 3..1 counts down"),
        ("{id: 1..[2], op: relu}", "error[ARC106]"),
        ("{id: '1..2 3', op: relu}", "id 1..2 3 does not say where it ends"),
        ("{id: a.1..3, op: relu}", "id 'a.1..3' is not usable"),
        ("{id: 1.., op: relu}", "id '1..' is not usable"),
        ("{id: 1..n/2, op: relu}", "id counts an integer ≥ 0 of copies, not 1.5"),
        ("{id: 1..m, op: relu}", "there is no variable or argument m"),
        ("{id: 1..999999999, op: relu}", "more than 200,000 layers"),
        ("{id: 1..2, op: relu}\n  - {id: 2, op: relu}", "id 2 is there twice"),
        ("{id: 2, op: relu}\n  - {id: 1..3, op: relu}", "id 2 is there twice"),
    ],
)
def test_what_does_not_count(layers: str, sentence: str) -> None:
    assert sentence in errors_of(TOP + f"  - {layers}")


def test_patterns_of_frozen_reach_over_dots_and_those_of_inputs_do_not() -> None:
    """The first are matched with whole ids, the second level by level; so says docs/language.md."""
    layers = "  - {id: a, op: unit}\n  - {id: b, op: stage}\n"
    graph = graph_of(TOP.replace("archcalc: 1\n", 'archcalc: 1\nfrozen: ["*.conv"]\n') + layers)
    assert [graph.nodes[index].id for index in graph.frozen] == ["a.conv", "b.1.conv", "b.2.conv", "b.3.conv"]
    assert read(layers + '  - {id: end, op: add, inputs: ["*.conv", a.skip]}') == ["a.conv", "a.skip"]

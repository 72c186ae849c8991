"""Lists in variables and arguments: subscripts, tables of stages, lists set from outside and swept."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from archcalc import sweep
from tests.support import errors_of, graph_of, report_of

HEAD = "archcalc: 1\ninput: {shape: [3, 64, 64]}\n"
# Rows of MobileNetV2's table: expansion, channels, copies, stride; and a word, as MobileNetV3's has.
TABLE = (
    HEAD
    + """
variables: {depths: [3, 4], stages: [[1, 16, 1, 1, relu], [6, 24, 2, 2, relu], [6, 32, 3, 2, tanh]]}
blocks:
  unit:
    arguments: {t: required, c: required, s: 1, w: in_channels}
    layers:
      - {op: conv, out_channels: t*w, kernel_size: 1}
      - {op: conv, out_channels: t*w, groups: t*w, kernel_size: 3, stride: s, padding: 1}
      - {op: conv, out_channels: c, kernel_size: 1}
  stage:
    arguments: {row: required}
    layers:
      - {op: unit, t: "row[0]", c: "row[1]", s: "row[3] if copy == 1 else 1", repeat: "row[2]"}
      - {op: relu, when: "row[4] == 'relu'"}
layers:
  - {id: s, op: stage, row: "stages[copy-1]", repeat: len(stages)}
  - {op: relu, repeat: "depths[1]"}
"""
)


def test_a_table_of_stages_is_written_as_the_paper_prints_it() -> None:
    """By hand, with the channels in: 3→16, 16→24, 24→24, 24→32, 32→32, 32→32, at widths t·c."""
    rows = [(3, 3, 16), (16, 96, 24), (24, 144, 24), (24, 144, 32), (32, 192, 32), (32, 192, 32)]
    report = report_of(TABLE)
    assert report.totals.params == sum((i + 1) * w + 10 * w + (w + 1) * o for i, w, o in rows)
    assert [layer.output for layer in report.layers][-1] == (32, 16, 16)
    names = [layer.id for layer in report.layers if "relu" in layer.id]
    assert names == ["s.1.relu1", "s.2.relu1", "relu1.1", "relu1.2", "relu1.3", "relu1.4"]


def test_a_list_is_set_from_outside() -> None:
    relus = [node.id for node in graph_of(TABLE, variables={"depths": [1, 2]}).nodes if node.id.startswith("relu")]
    assert relus == ["relu1.1", "relu1.2"]


def test_a_list_is_swept_value_by_value() -> None:
    text = HEAD + "variables: {w: [8, 16]}\nlayers: [{op: conv, repeat: 2, out_channels: 'w[copy-1]', kernel_size: 1}]\n"
    found = sweep(text, {"w": [[8, 16], [1, 2], [5]]})
    assert [row.params for row in found.rows] == [32 + 144, 4 + 4, 0]
    assert "there is no element 1: w has elements 0 to 0" in found.rows[2].problem


def test_a_list_of_swept_numbers_and_a_swept_index() -> None:
    text = HEAD + "variables: {a: 1, i: 0, w: [a, 3*a]}\nlayers: [{op: conv, out_channels: 'w[i]', kernel_size: 1}]\n"
    found = sweep(text, {"a": [1, 2], "i": [0, 1]})
    assert [row.output[0] for row in found.rows] == [1, 3, 2, 6]


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("depths[2]", "repeat: depths[2]: there is no element 2: depths has elements 0 to 1"),
        ("depths[copy-2]", "repeat: copy counts the copies of a repeat, and nothing is repeated here"),
        ("depths", "repeat is an integer ≥ 0, not [3, 4]"),
        ("stages[0][4]", "stages: there is no variable or argument relu"),
        ("stages[0][0][0]", "repeat: stages[0][0][0]: stages[0][0] is a number, 1, which has no elements"),
        ("len(w)", "repeat: len(w): len is of a list, not of a number, 7"),
        ("dephts[0]", "there is no variable or argument dephts; did you mean depths?"),
    ],
)
def test_what_a_list_does_not_have(expression: str, sentence: str) -> None:
    text = HEAD + "variables: {w: 7, depths: [3, 4], stages: [[1, 16, 1, 1, relu]]}\n"
    errors = errors_of(text + f"layers: [{{op: relu, repeat: '{expression}'}}]")
    assert sentence in errors
    assert errors.count("error[") == 1


def test_a_misspelt_name_in_a_list_is_reported_where_it_is_written() -> None:
    text = "archcalc: 1\ninput: {shape: [3, 8, 8]}\nvariables:\n  width: 8\n  w: [widht, 4]\n"
    errors = errors_of(text + "layers:\n  - {op: conv, out_channels: 'w[0]', kernel_size: 1}\n")
    assert errors.startswith("net.yaml:5:6: error[ARC131] w: there is no variable or argument widht; did you mean width?")


@pytest.mark.parametrize("first", ["[]", "[1, 2]"])
def test_lists_of_lists_by_name_are_bounded(first: str) -> None:
    """Ten lines could stand for 100 to the power of ten values."""
    names = "abcdefghij"
    lines = [f"  {name}: [{', '.join([before] * 100)}]" for before, name in pairwise(names)]
    begin = time.perf_counter()
    text = "\n".join([HEAD + "variables:", f"  a: {first}", *lines, "layers: [{op: relu, when: len(j) > 1}]"])
    assert "a list comes out with more than 10,000 values" in errors_of(text)
    assert time.perf_counter() - begin < 5

"""A kind or block as an argument: `{op: act}`, where `act` holds a word."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc import Description, load, sweep
from archcalc.description.data import read_description
from tests.support import errors_of, graph_of, report_of

TEXT = """\
archcalc: 1
variables: {act: relu}
input: {shape: [3, 16, 16]}
blocks:
  wide:
    arguments: {out_channels: required, kernel_size: 1}
    layers: [{id: one, op: conv, out_channels: 2*out_channels, kernel_size: 1}]
  counted: {layers: [{op: conv, out_channels: copy, kernel_size: 1}]}
  any: {arguments: {inner: required}, layers: [{op: inner}]}
  unit:
    arguments: {act: act, mixer: conv, pad: same}
    layers:
      - {id: mix, op: mixer, out_channels: 8, kernel_size: 3}
      - {op: act}
      - {op: pad, padding: 1, when: pad == 'same'}
layers:
"""


def kinds(layers: str, **options: Any) -> list[str]:
    return [f"{node.id} {node.entry.op}" for node in graph_of(TEXT + layers, **options).nodes]


def test_an_argument_or_its_default_is_the_kind() -> None:
    """`pad` holds no kind's name: `{op: pad}` is the kind pad."""
    assert kinds("  - {id: u, op: unit}") == ["u.mix conv", "u.act1 relu", "u.pad1 pad"]
    assert kinds("  - {id: u, op: unit, act: tanh, pad: none}") == ["u.mix conv", "u.act1 tanh"]


def test_a_variable_is_the_kind_and_is_set_and_swept() -> None:
    text = TEXT + "  - {op: unit, pad: no}\n  - {op: act}"
    assert kinds("  - {op: act}", variables={"act": "tanh"}) == ["act1 tanh"]
    found = sweep(text, {"act": ["relu", "tanh", "counted"]})
    assert [row.params for row in found.rows] == [224, 224, 224 + 9 + 2]
    assert not found.rows[2].problem


def test_an_argument_may_hold_a_block() -> None:
    assert kinds("  - {id: u, op: unit, mixer: wide, pad: no}") == ["u.mix.one conv", "u.act1 relu"]
    assert report_of(TEXT + "  - {op: unit, mixer: wide, pad: no}").layers[0].output == (16, 16, 16)


def test_a_block_that_is_chosen_counts_the_copies_around_it() -> None:
    report = report_of(TEXT + "  - {op: any, inner: counted, repeat: 3}")
    assert [layer.output[0] for layer in report.layers] == [1, 2, 3]


def test_an_expression_chooses() -> None:
    layers = "  - {op: any, inner: \"'relu' if copy == 1 else 'tanh'\", repeat: 2}"
    assert kinds(layers) == ["any1.1.inner1 relu", "any1.2.inner1 tanh"]


def test_equal_choices_are_one_layer() -> None:
    nodes = graph_of(TEXT + "  - {op: unit, pad: no, repeat: 40}").nodes
    assert len({id(node.entry) for node in nodes}) == 2
    assert len({id(node.layer) for node in nodes}) == 2


@pytest.mark.parametrize(
    ("layers", "sentences"),
    [
        ("  - {op: unit, mixer: linear}", ["linear has no field kernel_size", "mixer is linear here, given in line 17"]),
        ("  - {op: unit, mixer: conv_transpose, pad: {a: b}}", ["a value is a number, a word"]),
        ("  - {op: unit, act: rleu}", ["17:21: error[ARC118] act: there is no layer kind or block rleu", "did you mean relu?"]),
        ("  - {op: unit, act: 3}", ["14:14: error[ARC118] op: act is 3, which is no layer kind or block"]),
        ("  - {op: unit, act: unit}", ["block unit contains itself: unit → unit"]),
        ("  - {op: any, inner: \"'relu' if in_channels > 1 else 'tanh'\"}", ["op: inner depends on a size (in_channels)"]),
        ("  - {op: any}", ["block any needs inner"]),
    ],
)
def test_what_cannot_be_chosen(layers: str, sentences: list[str]) -> None:
    errors = errors_of(TEXT + layers)
    for sentence in sentences:
        assert sentence in errors


def test_a_description_with_choices_is_a_model() -> None:
    text = TEXT + "  - {id: u, op: unit, act: tanh}"
    model = read_description(text)
    assert isinstance(model, Description)
    assert [node.entry.op for node in load(model).nodes] == ["conv", "tanh", "pad"]

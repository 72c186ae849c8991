"""One mistake is one error: what is reported where it is made is no further problem where it is used."""

from __future__ import annotations

import pytest

from tests.support import errors_of, report_of

HEAD = "archcalc: 1\ninput: {shape: [3, 8, 8]}\n"
LONG = "x" * 2001


def conv(filters: str) -> str:
    return f"{{op: conv, out_channels: {filters}, kernel_size: 1}}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"variables: {{floor: 9}}\nlayers: [{conv('floor')}]", "ARC123"),
        (f"variables: {{floor: 9}}\nlayers: [{conv('floor(7/2)')}]", "ARC123"),
        (f"variables: {{class: 9}}\nlayers: [{conv('class')}]", "ARC123"),
        (f"variables: {{class: 9, b: class*2}}\nlayers: [{conv('b')}]", "ARC123"),
        (f"variables: {{my-size: 9}}\nlayers: [{conv('my-size*2')}]", "ARC123"),
        (f"variables: {{1x: 9}}\nlayers: [{conv('1x')}]", "ARC123"),
        (f"variables: {{True: 9}}\nlayers: [{conv('True')}]", "ARC123"),
        (f"variables: {{in_channels: 9}}\nlayers: [{conv('in_channels')}]", "ARC123"),
        (
            f"blocks: {{b: {{arguments: {{floor: required}}, layers: [{conv('floor')}]}}}}\nlayers: [{{op: b, floor: 4}}]",
            "ARC123",
        ),
        (f"blocks: {{b: {{arguments: {{repeat: 3}}, layers: [{conv('repeat')}]}}}}\nlayers: [{{op: b, repeat: 2}}]", "ARC123"),
        (f"blocks: {{b: {{arguments: {{class: 3}}, layers: [{conv('class')}]}}}}\nlayers: [{{op: b, class: 5}}]", "ARC123"),
        ("blocks: {my-b: {layers: [{op: relu}]}}\nlayers: [{op: my-b}]", "ARC123"),
        ("blocks: {floor: {layers: [{op: relu}]}}\nlayers: [{op: floor}]", "ARC123"),
        ("blocks: {b: {layers: []}}\nlayers: [{op: b}]", "ARC111"),
        (f"layers: [{{id: {LONG}, op: relu}}]", "ARC126"),
        (f"layers: [{{op: relu, inputs: {LONG}}}]", "ARC126"),
        (f"layers: [{{op: add, inputs: [input, {LONG}]}}]", "ARC126"),
        (f"frozen: {LONG}\nlayers: [{{op: relu}}]", "ARC126"),
        ("layers: [{op: relu, inputs: {a: b}}]", "ARC115"),
    ],
)
def test_one_mistake_is_one_error(text: str, code: str) -> None:
    message = errors_of(f"{HEAD}{text}\n")
    assert message.count("error[") == 1, message
    assert f"error[{code}]" in message


def test_other_mistakes_are_reported_beside_it() -> None:
    message = errors_of(f"{HEAD}variables: {{floor: 9}}\nlayers: [{conv('floor')}, {conv('widht')}]\n")
    assert "error[ARC123]" in message
    assert "no variable or argument widht" in message


def test_names_that_look_odd_are_names() -> None:
    """A truth value in other files; here what was declared."""
    assert report_of(f"{HEAD}variables: {{on: 9}}\nlayers: [{conv('on')}]\n").totals.params == 36  # 9 filters of 3, 9 biases

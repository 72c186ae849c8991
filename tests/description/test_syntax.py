"""Slips of the pen: what YAML refuses is explained by its cause, and what it misreads is read as it was meant."""

from __future__ import annotations

import pytest

from archcalc.errors import ArchcalcError, DescriptionError
from tests.support import report_of

TOP = "archcalc: 1\ninput: {shape: [3, 32, 32]}\nlayers:\n"


def refusal(text: str) -> list[str]:
    with pytest.raises(ArchcalcError) as caught:
        report_of(text)
    return [f"{one.mark.line}:{one.mark.column} {one.message} | {' | '.join(one.details)}" for one in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "place", "fragment"),
    [
        (f"{TOP}  - {{op: relu\n  - {{op: relu}}\n", "4:5", "the { opened here is not closed"),
        (f"{TOP}  - {{op: relu\n", "4:5", "the { opened here is not closed"),
        ("archcalc: 1\ninput: {shape: [3, 32, 32}\nlayers: [{op: relu}]\n", "2:16", "the [ opened here is not closed"),
        ("archcalc: 1\ninput: {shape:[3, 32, 32]}\nlayers: [{op: relu}]\n", "2:14", "a colon needs a space after it"),
        (f"{TOP}  - {{op: relu}}\n - {{op: relu}}\n", "5:2", "indented by 1 space, the item in line 4 by 2"),
        (f"{TOP}  - {{op: relu}}\n   - {{op: relu}}\n", "5:4", "indented by 3 spaces, the item in line 4 by 2"),
        (f"{TOP}  - op: conv\n   kernel_size: 3\n", "5:4", "indented by 3 spaces, the key in line 4 by 4"),
        (f"{TOP}  - {{op: relu}}}}\n", "4:15", "this } closes nothing"),
        (f"{TOP}  - {{op: conv out_channels: 3}}\n", "4:27", "a comma is missing"),
        (f"{TOP}  - {{op: relu, repeat: d[0]}}\n", "4:25", 'put quotes around the expression: "d[0]"'),
        (f"{TOP}  - {{op: relu, repeat: max(d[0], 2)}}\n", "4:29", 'quotes around the expression: "max(d[0], 2)"'),
        (f"{TOP}  - {{op: x, k: [1, d[0]], n: 2}}\n", "4:21", 'quotes around the expression: "d[0]"'),
        (f"{TOP}  -{{op: relu}}\n", "4:3", "a space after each -"),
        (f"{TOP}\t- {{op: relu}}\n", "4:1", "a tab indents"),
        (f"{TOP}  - {{op: conv,\n     out_channels: 8\n     kernel_size: 3}}\n", "6:17", "a comma is missing"),
        (f"{TOP}  - {{op: relu,\n     id: a\n  - {{op: relu}}\n", "4:5", "the { opened here is not closed"),
        (f"{TOP}  - {{op: relu}}\t}}\n", "4:16", "this } closes nothing"),
        (f"{TOP}  - op: conv, out_channels: 8, kernel_size: 3\n", "4:27", "several entries in one line need { }"),
        (f"name: |foo\n{TOP}", "1:8", "text cannot follow |"),
        ("archcalc: 1\nsource: |\n    a line\n    more: b\n  layers: []\n", "5:3", "the key in line 1 by 0"),
        (f"name: a: b\n{TOP}", "1:8", "a second colon in one line"),
        (f"name: 'a\n{TOP}", "1:7", "the quotes opened here are not closed"),
        (f"name: @a\n{TOP}", "1:7", "cannot begin with @"),
    ],
)
def test_what_is_not_yaml_has_a_cause(text: str, place: str, fragment: str) -> None:
    (found,) = refusal(text)
    assert found.startswith(f"{place} ")
    assert fragment in found


@pytest.mark.parametrize(
    ("entry", "column", "out"),
    [
        ("{op: conv, out_channels: 8, kernel_size: (3, 3)}", 46, "write the list [3, 3]"),
        ("{op: conv, out_channels: 1,024, kernel_size: 3}", 30, "write 1024"),
        ("{op: conv, out_channels:8, kernel_size: 3}", 16, "write out_channels: 8"),
        ("{op:relu}", 6, "write op: relu"),
        ("{op: dropout, p: 0,5}", 22, "write 0.5"),
        ("{op: conv, out_channels: 8, kernel_size: 3x3}", 46, "write the list [3, 3]"),
        ("{op: conv, out_channels: 8, kernel_size: 3×3}", 46, "write the list [3, 3]"),
        ("relu", 5, "write {op: relu}"),
        ("ReLU", 5, "write {op: relu}"),
        ("{type: relu}", 6, "write op: relu"),
        ("{layer: relu}", 6, "write op: relu"),
        ("{opp: relu}", 6, "write op: relu"),
        ("{op=relu}", 6, "write op: relu"),
        ("{linear: 10}", 6, "write its kind as {op: linear, …}"),
        ("{op: ReLU()}", 10, "did you mean relu?"),
        ("{op: conv, out_channels: 8, kernel_size: 3, 3}", 46, "write the list [3, 3]"),
        ("{op: conv, out_channels: 8, kernel_size: 3, dropout: 0.5}", 49, "{op: dropout}"),
        ("{op: conv, out_channels: 8, kernel_size: 3, useBias: false}", 49, "did you mean bias?"),
        ("{op: conv, out_channels: 8, kernel_size: 3, p: 1}", 49, "did you mean padding?"),
        ("{op: conv, out_channels: 8, kernel_size: 3, activation: linear}", 49, "linear is no activation: leave it out"),
        ("{op: max_pool, size: 2}", 20, "did you mean kernel_size?"),
        ("{op: conv, out_channels: 8, kernel_size: 3, bias: None}", 55, "leave the key out"),
    ],
)
def test_a_slip_is_one_error_with_its_way_out(entry: str, column: int, out: str) -> None:
    (found,) = refusal(f"{TOP}  - {entry}\n  - {{op: relu}}\n")
    assert found.startswith(f"4:{column} ")
    assert out in found


@pytest.mark.parametrize("written", ["[3, 32, 32]", "(3, 32, 32)", "3x32x32", "{shape: (3, 32, 32)}", "{shape: 3x32x32}"])
def test_an_input_is_one_error_and_is_read(written: str) -> None:
    first, second = refusal(f"archcalc: 1\ninput: {written}\nlayers: [{{op: conv, out_channels: 8, kernel_size: 40}}]\n")
    assert first.startswith("2:")
    assert "[3, 32, 32]" in first
    assert "32 + 2·0" in second


def test_flow_mappings_that_are_right_stay_as_they_are() -> None:
    report = report_of(
        'archcalc: 1\nname: "1,000"\ninput: {shape: [3, 8, 8]}\nlayers: [{op: relu, id: "a:b"}, {op: relu, id: x:y}]\n'
    )
    assert report.name == "1,000"
    assert [layer.id for layer in report.layers] == ["a:b", "x:y"]


@pytest.mark.parametrize("break_", ["\u2028", "\x85", "\u2029"])
def test_lines_are_those_of_an_editor(break_: str) -> None:
    """YAML 1.1 breaks lines at these characters too, and editors do not."""
    (found,) = refusal(f'archcalc: 1\nname: "a{break_}b"\ninput: {{shape: [3]}}\nlayers:\n  - {{op: rleu}}\n')
    assert found.startswith("5:10 ")
    (found,) = refusal(f"archcalc: 1\n# a{break_}# b\ninput: {{shape: [3]}}\nlayers:\n  - {{op: relu\n")
    assert found.startswith("5:5 ")
    with pytest.raises(DescriptionError) as caught:
        report_of(f'archcalc: 1\r\nname: "a{break_}b"\r\ninput: {{shape: [3]}}\r\nlayers: [{{op: rleu}}]\r\n')
    assert str(caught.value).startswith("net.yaml:4:15: error[ARC118]")


@pytest.mark.parametrize(
    ("shape", "likely"),
    [
        ("{shape: 3, 224, 224}", "write the list [3, 224, 224]"),
        ("{shape: 3,224,224}", "write the list [3, 224, 224]"),
        ("3x224x224", "write {shape: [3, 224, 224]}"),
        ("3 224 224", "write {shape: [3, 224, 224]}"),
        ("(3, 224, 224)", "write {shape: [3, 224, 224]}"),
        ("[3, 224, 224]", "write {shape: [3, 224, 224]}"),
        ("{shape: [null, 3, 224, 224]}", "leave it out: {shape: [3, 224, 224]}"),
        ("{shape: [-1, 3, 224, 224]}", "leave it out: {shape: [3, 224, 224]}"),
        ("{size: [3, 224, 224]}", "did you mean shape?"),
        ("{shape: 784}", "write {shape: [784]}"),
    ],
)
def test_a_shape_in_another_form_is_one_error(shape: str, likely: str) -> None:
    (found,) = refusal(f"archcalc: 1\ninput: {shape}\nlayers: [{{op: relu}}]\n")
    assert likely in found


@pytest.mark.parametrize(
    ("text", "out"),
    [("3,3", "write the list [3, 3]"), ("(3, 5)", "write the list [3, 5]"), ("3, 5", "[3, 5]")],
)
def test_a_comma_outside_of_brackets(text: str, out: str) -> None:
    (found,) = refusal(f"{TOP}  - op: conv\n    kernel_size: 3\n    out_channels: 8\n    dilation: {text}\n")
    assert out in found
    (found,) = refusal(f"{TOP}  - op: conv\n    kernel_size: 3\n    out_channels: 1,024\n")
    assert "write 1024" in found


def test_a_word_of_another_framework_is_no_similar_name() -> None:
    """Caffe's `top` is not op, whose word `type` stands behind it; and two letters are not yet a field."""
    problems = refusal(f"{TOP}  - {{top: a, type: relu, we: 3}}\n")
    assert [problem.partition(" ")[0] for problem in problems] == ["4:6", "4:14", "4:26"]
    assert "no layer 3" not in " ".join(problems)

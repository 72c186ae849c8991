"""Diagnostics: warnings and notes on sound networks, and the whole list of those of the shipped networks."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.description.zoo import zoo
from tests.analysis.test_zoo import network
from tests.networks import CLASSICS
from tests.support import describe, report_of


def conv(k: int, s: int = 1, p: Any = 0, **more: Any) -> dict[str, Any]:
    return {"op": "conv", "out_channels": 1, "kernel_size": k, "stride": s, "padding": p, **more}


def found(*layers: dict[str, Any], shape: list[int]) -> list[tuple[str, str, str]]:
    report = report_of(describe(shape, *layers))
    return [(diagnostic.code, diagnostic.severity, diagnostic.message) for diagnostic in report.diagnostics]


# -- a stride that does not fit -------------------------------------------------------------------------------------------


def test_alexnet_at_224() -> None:
    """(224 − 11)/4 leaves 1: the paper's stated input does not fit. 223 and 227 do, and so does padding."""
    [(code, severity, message)] = found(conv(11, 4), shape=[3, 224, 224])
    assert (code, severity) == ("ARC301", "warning")
    assert "(224 + 0 − 11) / 4 leaves 1" in message
    assert "the last of 224 input positions stays unread" in message
    assert "223 or 227" in message
    # 224 + 2p − 11 is odd for every p, so that no padding on both sides helps.
    assert "padding" not in message.partition("fit")[2].partition("fit")[2]


def test_a_padding_that_fits_is_named() -> None:
    """(10 − 3)/3 leaves 1; with padding 1 it is (12 − 3)/3 = 3."""
    [(_, severity, message)] = found(conv(3, 3), shape=[1, 10])
    assert severity == "warning"
    assert "padding 1" in message


def test_only_padding_stays_unread() -> None:
    """(224 + 2·1 − 3)/2 leaves 1, which is no more than the padding on the right: a note."""
    [(code, severity, message)] = found(conv(3, 2, 1), shape=[3, 224, 224])
    assert (code, severity) == ("ARC301", "note")
    assert "only padding stays unread" in message


def test_real_input_stays_unread_behind_padding() -> None:
    """(10 + 2 − 4)/3 leaves 2, the padding on the right is 1: one real position stays unread."""
    [(_, severity, message)] = found(conv(4, 3, 1), shape=[1, 10])
    assert severity == "warning"
    assert "the last of 10" in message


@pytest.mark.parametrize(("window", "stride", "size"), [(1, 2, 8), (3, 5, 9), (2, 3, 6)])
def test_a_window_below_its_stride_skips_positions_by_design(window: int, stride: int, size: int) -> None:
    [(code, severity, message)] = found(conv(window, stride), shape=[1, size])
    assert (code, severity) == ("ARC301", "note")
    assert "skipped" in message


@pytest.mark.parametrize(
    "layer",
    [
        {"op": "max_pool", "kernel_size": 3, "stride": 2, "ceil_mode": True},
        conv(3, 2, "same"),
        conv(11, 4),
    ],
)
def test_what_fits_is_not_remarked(layer: dict[str, Any]) -> None:
    assert not found(layer, shape=[1, 112] if layer["op"] == "max_pool" else [1, 227])


def test_both_axes_are_told() -> None:
    messages = [message for _, _, message in found(conv(2, 2), shape=[1, 5, 7])]
    assert any("height" in message and "5" in message for message in messages)
    assert any("width" in message and "7" in message for message in messages)


# -- the others -----------------------------------------------------------------------------------------------------------


def test_padding_that_does_not_keep_the_size() -> None:
    """Padding 1 is (3 − 1)/2, but with a dilation of 2 it takes 2: 9 becomes 7."""
    [(code, severity, message)] = found(conv(3, 1, 1, dilation=2), shape=[1, 9])
    assert (code, severity) == ("ARC302", "note")
    assert "9 becomes 7" in message
    assert "4 in all" in message


def test_an_even_window_does_not_keep_the_size() -> None:
    [(code, _, message)] = found(conv(4, 1, 1), shape=[1, 9])
    assert code == "ARC302"
    assert "9 becomes 8" in message


def test_padding_that_keeps_the_size_is_not_remarked() -> None:
    assert not found(conv(3, 1, 1), conv(5, 1, 2), conv(3, 1, 2, dilation=2), shape=[1, 99])


@pytest.mark.parametrize("norm", ["batch_norm", "instance_norm"])
def test_a_bias_before_a_norm(norm: str) -> None:
    [(code, severity, message)] = found(conv(3, 1, 1), {"op": norm}, shape=[1, 9])
    assert (code, severity) == ("ARC303", "note")
    assert "bias" in message


@pytest.mark.parametrize(
    "layers",
    [
        [conv(3, 1, 1, bias=False), {"op": "batch_norm"}],
        [conv(3, 1, 1), {"op": "relu"}, {"op": "batch_norm"}],
        [{"op": "batch_norm"}, {"op": "batch_norm"}],
        [conv(3, 1, 1), {"op": "layer_norm"}],  # the mean is over the channels, each with a bias of its own
        [conv(3, 1, 1), {"op": "group_norm", "num_groups": 1}],
        [conv(3, 1, 1), {"op": "rms_norm"}],
    ],
)
def test_no_bias_before_a_norm(layers: list[dict[str, Any]]) -> None:
    assert not found(*layers, shape=[1, 9])


def test_a_field_larger_than_the_input() -> None:
    """Three 5×5 see 13 of 9 positions: reported once, at the third layer."""
    [(code, severity, message)] = found(*[conv(5, 1, 2)] * 4, shape=[1, 9])
    assert (code, severity) == ("ARC304", "note")
    assert "13" in message


def test_what_nobody_reads() -> None:
    """An input that is not read is hardly meant; a layer that is not read is a further output."""
    report = report_of("""
        archcalc: 1
        inputs: {image: {shape: [3]}, mask: {shape: [3]}}
        layers:
          - {id: head, op: relu, inputs: [image]}
          - {id: end, op: tanh, inputs: [image]}
    """)
    assert [(one.code, one.severity, one.layer) for one in report.diagnostics] == [
        ("ARC306", "warning", "mask"),
        ("ARC305", "note", "head"),
    ]


def test_findings_change_no_number_and_have_a_place() -> None:
    text = "archcalc: 1\ninput: {shape: [1, 5]}\nlayers:\n  - {id: c, op: conv, out_channels: 1, kernel_size: 2, stride: 2}\n"
    report = report_of(text)
    [diagnostic] = report.diagnostics
    assert (diagnostic.layer, diagnostic.mark.line, diagnostic.mark.column) == ("c", 4, 5)
    assert str(diagnostic).startswith("net.yaml:4:5: warning[ARC301] c: ")
    data = diagnostic.to_dict()
    assert data["message"] in str(diagnostic)
    assert (data["line"], data["column"], data["severity"]) == (4, 5, "warning")
    assert list(report.output) == [1, 2]


# -- paths that do not align ----------------------------------------------------------------------------------------------


def test_paths_with_other_strides_are_named() -> None:
    (code, severity, message), *rest = found(
        {"id": "a", **conv(3, p=1)},
        {"id": "b", **conv(2, 2)},
        {"id": "c", **conv(2, 2)},
        {"id": "d", **conv(13), "inputs": ["a"]},
        {"id": "sum", "op": "add", "inputs": ["c", "d"]},
        {"id": "more", "op": "add", "inputs": ["sum", "c"]},
        shape=[1, 16, 16],
    )
    assert (code, severity) == ("ARC307", "note")
    assert rest == [], "the first place is named, not what follows from it"
    assert message.startswith("paths with effective strides 4 and 1 meet")
    assert message.endswith(": a → b → c → sum, and a → d → sum")


def test_paths_that_are_not_centred_are_named() -> None:
    notes = found(
        {"id": "a", **conv(3, p=1)},
        {"id": "b", **conv(3)},
        {"id": "s", "op": "crop", "inputs": ["a"], "margins": [[0, 2], [0, 2]]},
        {"id": "sum", "op": "add", "inputs": ["b", "s"]},
        shape=[1, 16, 16],
    )
    assert [code for code, _, _ in notes] == ["ARC307"]
    assert notes[0][2].endswith("not centred on each other: a → b → sum, and a → s → sum")


def test_long_paths_are_elided() -> None:
    chain = [{"id": f"b{at}", "op": "relu"} for at in range(40)]
    notes = found(
        {"id": "a", **conv(3, p=1)},
        *chain,
        {"id": "b", **conv(3)},
        {"id": "s", "op": "crop", "inputs": ["a"], "margins": [[0, 2], [0, 2]]},
        {"id": "sum", "op": "add", "inputs": ["b", "s"]},
        shape=[1, 16, 16],
    )
    assert notes[0][2].endswith("a → b0 → b1 → … 37 more … → b39 → b → sum, and a → s → sum")


def test_paths_that_are_aligned_are_not_named() -> None:
    assert not found(
        {"id": "a", **conv(3, p=1)}, {"id": "b", **conv(3, p=1)}, {"op": "add", "inputs": ["a", "b"]}, shape=[1, 16, 16]
    )


# -- the zoo --------------------------------------------------------------------------------------------------------------


# The first convolution has no padding in torchvision/models/squeezenet.py: the last row and column of 224 stay unread.
# So does the stem of Keras' NASNetMobile, 3×3 at stride 2 without padding.
UNREAD = {"torchvision/squeezenet1_0", "torchvision/squeezenet1_1", "keras/nasnetmobile"}


@pytest.mark.parametrize("name", zoo())
def test_no_network_of_the_zoo_has_another_warning(name: str) -> None:
    warnings = [diagnostic.code for diagnostic in network(name).diagnostics if diagnostic.severity == "warning"]
    assert warnings == (["ARC301"] if name in UNREAD else [])


NOTES = {  # how many notes of which code each network has, and why
    "deeplab_largefov": {"ARC304": 1},
    "googlenet": {"ARC301": 1, "ARC304": 1},
    "mobilenet_v1": {"ARC301": 5, "ARC304": 1},  # padding 1 on both sides where an even map needs it on one
    # A 1×1 at stride 2 over an even map reads every second position and never the last: He et al. 2015 mean it so.
    "resnet18": {"ARC144": 5, "ARC301": 8, "ARC304": 1},
    "resnet34": {"ARC144": 13, "ARC301": 8, "ARC304": 1},
    "resnet50": {"ARC144": 12, "ARC301": 8, "ARC304": 1},
    "resnet101": {"ARC144": 29, "ARC301": 8, "ARC304": 1},
    "resnet152": {"ARC144": 46, "ARC301": 8, "ARC304": 1},
    "resnet_cifar": {"ARC144": 9, "ARC301": 4, "ARC304": 1},
    "segnet": {"ARC303": 25},  # Badrinarayanan et al. keep the biases of VGG16
    "unet": {"ARC307": 1},  # up4.joined: valid padding and crops do not centre the paths on each other
    "vgg19": {"ARC304": 1},
    "zfnet": {"ARC301": 1},
}


@pytest.mark.parametrize("name", CLASSICS)
def test_notes_of_the_zoo(name: str) -> None:
    counts: dict[str, int] = {}
    for diagnostic in network(name).diagnostics:
        if diagnostic.severity == "note":
            counts[diagnostic.code] = counts.get(diagnostic.code, 0) + 1
    assert counts == NOTES.get(name, {})

"""`archcalc memory` and `archcalc training` as a user calls them."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Run


def test_vgg16(run: Run) -> None:
    out = run.ok("memory", "vgg16")
    assert "15,237,608 values with the input" in out
    assert "58.13 MiB" in out
    assert "inference peak 25,690,112 bytes (24.50 MiB) of tensors at conv1_2" in out


def test_every_output_without_inplace(run: Run) -> None:
    data = json.loads(run.ok("memory", "vgg16", "--no-inplace", "-f", "json"))
    # With each of the 15 rectifications, 2 dropouts, the view and the softmax: 15,237,608 + 13,589,992.
    assert data["activation_values"] == 28_827_600


def test_training_memory(run: Run) -> None:
    out = run.ok("memory", "lenet5", "--training", "--optimizer", "adam", "--batch", "8")
    assert "optimizer state 480,000 bytes" in out  # 60,000 trained parameters, two values of four bytes each
    data = json.loads(run.ok("memory", "lenet5", "--training", "-f", "json"))
    assert data["gradient_bytes"] == data["state_bytes"] == 240_000
    assert sum(layer["kept_bytes"] for layer in data["layers"]) == data["kept_bytes"]


@pytest.mark.parametrize("format", ["table", "markdown", "csv", "latex", "json"])
def test_formats(run: Run, format: str) -> None:
    assert run.ok("memory", "mlp", "--format", format)
    assert run.ok("training", "mlp", "--format", format)


def test_alexnets_six_days(run: Run) -> None:
    out = run.ok(
        "training",
        "alexnet",
        "--batch",
        "128",
        "--dataset-size",
        "1200000",
        "--epochs",
        "90",
        "--peak",
        "1.581T",
        "--devices",
        "2",
        "--days",
        "6",
    )
    assert "9,375 iterations per epoch, 843,750 in all" in out
    assert "6 days mean a utilisation of 27.3 %" in out


def test_training_as_data(run: Run) -> None:
    data = json.loads(run.ok("training", "alexnet", "--format", "json", "--peak", "1T", "--utilisation", "0.5"))
    assert data["totals"]["mult_adds"] == 108_000_000 * (2 * 724_406_816 + 618_991_616)
    assert data["totals"]["utilisation"] == "1/2"
    assert data["layers"][0]["to_inputs"] == 0


def test_more_than_a_device_can_do_is_said(run: Run) -> None:
    assert "more than the devices can do" in run.ok("training", "alexnet", "--peak", "1G", "--days", "1")


@pytest.mark.parametrize("format", ["table", "markdown", "latex", "json"])
def test_explained(run: Run, format: str) -> None:
    out = run.ok("training", "alexnet", "--explain", "conv2", "--format", format)
    assert "223948800" in out.replace(",", "").replace("\\", "")
    assert "iterations" in run.ok("training", "alexnet", "--explain", "total", "--format", format)


def test_freezing_changes_the_way_back(run: Run) -> None:
    data = json.loads(run.ok("training", "alexnet", "--freeze", "conv*", "-f", "json"))
    assert data["totals"]["to_weights"] == 37_748_736 + 16_777_216 + 4_096_000
    assert data["totals"]["to_inputs"] == 16_777_216 + 4_096_000


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (("training", "mlp", "--optimizer", "sgdm"), "there is no optimizer sgdm"),
        (("training", "mlp", "--days", "6"), "the speed of a device"),
        (("training", "mlp", "--peak", "-1"), "--peak -1 is not a positive number"),
        (("training", "mlp", "--peak", "1e400"), "--peak 1e400 is not a positive number"),
        (("training", "mlp", "--peak", "nan"), "is not a positive number"),
        (("training", "mlp", "--batch", "9", "--dataset-size", "8", "--drop-last"), "fewer than one batch of 9"),
        (("training", "mlp", "--explain", "nowhere"), "has no layer nowhere"),
        (("training", "mlp", "--explain", "z2", "--format", "csv"), "derivations are not written as csv"),
        (("memory", "mlp", "--dtype", "float31"), "there is no data type float31"),
        (("memory", "mlp", "--batch", "0"), "--batch"),
    ],
)
def test_bad_calls(run: Run, arguments: tuple[str, ...], fragment: str) -> None:
    result = run(*arguments)
    assert result.status == 2
    assert fragment in result.err


def test_numbers_of_any_size(run: Run) -> None:
    data = json.loads(run.ok("memory", "mlp", "--batch", str(10**30), "-f", "json"))
    assert data["activation_values"] == 10**30 * (784 + 30 + 10)


@pytest.mark.parametrize(("text", "share"), [("0.3", "3/10"), ("30%", "3/10"), ("12.5%", "1/8"), ("1", "1"), ("100%", "1")])
def test_a_utilisation_is_a_share_or_a_percentage(text: str, share: str, run: Run) -> None:
    data = json.loads(run.ok("training", "alexnet", "--format", "json", "--peak", "1T", "--utilisation", text))
    assert str(data["totals"]["utilisation"]) == share


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("30", "write --utilisation 0.3 or --utilisation 30%"),
        ("1.5", "write --utilisation 0.015"),
        ("130%", "100% at most"),
        ("1K", "100% at most"),
    ],
)
def test_no_device_does_more_than_its_peak(text: str, words: str, run: Run) -> None:
    result = run("training", "alexnet", "--peak", "1T", "--utilisation", text)
    assert result.status == 2
    assert "ARC516" in result.err
    assert words in result.err


@pytest.mark.parametrize("text", ["%", "-3%", "3%%", "0%", "a%"])
def test_what_is_no_percentage(text: str, run: Run) -> None:
    assert "ARC514" in run("training", "alexnet", "--peak", "1T", f"--utilisation={text}").err

"""Mistakes as they are shown: with an excerpt, once, few enough to read, and with what was probably meant."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archcalc.description.source import read
from archcalc.description.zoo import zoo
from archcalc.errors import LIMIT

TOP = "archcalc: 1\ninput: {shape: [3, 32, 32]}\nlayers:\n"
ODD = f"{TOP}  - {{op: conv, out_channels: 8, kernel_size: 3, stride: 2, padding: 1}}\n  - {{op: max_pool, kernel_size: 3, stride: 3}}\n"
"""A network with a warning: 8 positions are no multiple of 3."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def errors(text: str) -> int:
    return len(re.findall(r"error\[ARC\d+\]", text))


# -- excerpts -----------------------------------------------------------------------------------------------------------------


def test_an_error_shows_its_line(run: Any, folder: Path) -> None:
    (folder / "net.yaml").write_text(f"{TOP}  - {{id: c, op: conv, out_channels: 8, kernel_size: 3, groups: 2}}\n")
    head, line, caret, *details = run("params", "net.yaml").err.splitlines()
    assert head == "net.yaml:4:5: error[ARC203] c (conv): groups must divide in_channels: 2 does not divide 3"
    assert line == "    - {id: c, op: conv, out_channels: 8, kernel_size: 3, groups: 2}"
    assert line[caret.index("^")] == "{"
    assert "g = 2  does not divide  C = 3" in details[0]


def test_an_excerpt_is_bounded_and_commands_no_terminal(run: Any, folder: Path) -> None:
    pad = "x" * 5000
    (folder / "net.yaml").write_text(f'{TOP}  - {{id: "{pad}", op: rleu, inputs: "a\\e[31m網"}} # \u202e {pad}\n')
    for error in run("params", "net.yaml").err.split("net.yaml:")[1:]:
        head, line, caret, *_ = error.splitlines()
        assert len(line) < 200
        assert line.isprintable()
        column = caret.index("^")
        assert head.startswith("4:")
        assert line[column:].startswith(("rleu", '"a', '"xxx')), error


def test_the_exception_itself_is_as_before(folder: Path) -> None:
    """`str(error)` has no excerpt: Python code compares it."""
    from archcalc import DescriptionError, load

    (folder / "net.yaml").write_text(f"{TOP}  - {{op: rleu}}\n")
    with pytest.raises(DescriptionError) as caught:
        load("net.yaml")
    assert str(caught.value) == "net.yaml:4:10: error[ARC118] there is no layer kind or block rleu\n  did you mean relu?"


# -- one fault, one error -------------------------------------------------------------------------------------------------------


def one_fault(text: str, choice: random.Random) -> str:
    """A shipped description with one of its words misspelt."""
    words = list(
        re.finditer(r"(?<=op: )(conv|max_pool|relu|linear|batch_norm)\b|\b(kernel_size|out_channels|out_features)(?=:)", text)
    )
    found = choice.choice(words)
    word = found.group()
    at = choice.randrange(1, len(word) - 1)
    return text[: found.start()] + word[:at] + word[at + 1 :] + text[found.end() :]


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "vgg16", "googlenet", "unet", "segnet", "mlp", "zfnet"])
def test_one_slip_in_a_network_of_the_zoo_is_one_error(name: str, run: Any, folder: Path) -> None:
    assert name in zoo()
    choice = random.Random(name)
    text = read(name).text
    for _ in range(4):
        (folder / "net.yaml").write_text(changed := one_fault(text, choice))
        result = run("params", "net.yaml")
        different = [line for line in changed.splitlines() if line not in text.splitlines()]
        assert (result.status, errors(result.err)) == (2, 1), f"{different}\n{result.err}"


# -- bounds ---------------------------------------------------------------------------------------------------------------------


def lines(count: int, line: str) -> str:
    return "".join(line.replace("#", str(number)) for number in range(count))


@pytest.mark.parametrize(
    "text",
    [
        lines(60_000, "key#: 1\n") + TOP + "  - {op: relu}\n",
        TOP + lines(20_000, "  - {op: relux#}\n"),
        TOP + lines(20_000, "  - {op: rleu}\n"),
        TOP + "  - {op: relu, " + lines(20_000, "x#: 1, ") + "}\n",
        TOP + lines(20_000, "  - {" + ", ".join(f"{letter}#: 1" for letter in "abcdefghijkl") + "}\n"),
        TOP + lines(8_000, "  - {id: conv#, op: relu, inputs: [net_conv#]}\n"),
        "variables:\n" + lines(4_000, "  v#: 1\n") + TOP + lines(4_000, "  - {op: linear, out_features: net_v#}\n"),
        TOP + "  - {id: a, op: relu}\n" + lines(8_000, "  - {op: unpool, pool: a, kernel_size: 2}\n"),
    ],
    ids=["keys", "kinds", "one kind", "fields", "no op", "names", "variables", "wrong layers"],
)
def test_of_thousands_of_problems_fifty_are_shown(text: str, folder: Path) -> None:
    (folder / "net.yaml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "archcalc", "params", "net.yaml"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 2
    assert errors(done.stderr) == LIMIT
    assert re.fullmatch(r"and [\d,]+ more", done.stderr.splitlines()[-1])


def test_fifty_problems_are_all_shown(run: Any, folder: Path) -> None:
    (folder / "net.yaml").write_text(TOP + lines(LIMIT, "  - {op: foo#}\n"))
    text = run("params", "net.yaml").err
    assert errors(text) == LIMIT
    assert "more" not in text.splitlines()[-1]
    (folder / "net.yaml").write_text(TOP + lines(8_000, "  - {op: foo#}\n"))
    assert run("params", "net.yaml").err.splitlines()[-1] == "and 7,950 more"


# -- what was probably meant ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "fragment"),
    [
        (("vgg16",), "archcalc summary vgg16"),
        (("edge.yaml",), "archcalc summary edge.yaml"),
        (("paper.claims.yaml",), "archcalc verify paper.claims.yaml"),
        (("notes.md",), "there is no command notes.md; known: "),
        (("parms",), "did you mean params?"),
        (("params", "edge.yml"), "did you mean edge.yaml?"),
        (("params", "edge"), "did you mean edge.yaml?"),
        (("params", "egde.yaml"), "did you mean edge.yaml?"),
        (("explain", "vgg16", "conv1"), "did you mean conv1_1 or conv1_2?"),
        (("params", "vgg16", "--set", "alpha=1"), "it has none"),
        (("params", "net.onnx"), "is an ONNX model"),
        (("params", "net.pth"), "is a PyTorch checkpoint"),
        (("params", "net.keras"), "is a Keras model"),
        (("params", "net.prototxt"), "is a Caffe network"),
        (("params", "net.py"), "is a Python program"),
        (("params", "keras.json"), "JSON without the key archcalc"),
    ],
    ids=" ".join,
)
def test_calls(args: tuple[str, ...], fragment: str, run: Any, folder: Path) -> None:
    (folder / "edge.yaml").write_text(ODD)
    for name in ("net.onnx", "net.pth", "net.keras", "net.prototxt", "net.py"):
        (folder / name).write_bytes(b"\x08\x07\x12")
    (folder / "paper.claims.yaml").write_text("archcalc-claims: 1\nclaims: []\n")
    (folder / "notes.md").write_text("notes")
    (folder / "keras.json").write_text('{"class_name": "Sequential"}')
    result = run(*args)
    assert result.status == 2
    assert fragment in result.err


def test_a_description_in_json_is_read(run: Any, folder: Path) -> None:
    (folder / "net.json").write_text(
        '{"archcalc": 1, "input": {"shape": [8]}, "layers": [{"op": "linear", "out_features": 2}]}'
    )
    assert run.ok("params", "net.json", "--total") == "18\n"


def test_an_error_in_a_block_names_its_use(run: Any, folder: Path) -> None:
    block = "blocks: {b: {layers: [{op: conv, out_channels: 8, kernel_size: 40}]}}\n"
    (folder / "net.yaml").write_text(f"{block}{TOP}  - {{op: relu}}\n  - {{op: b}}\n")
    text = run("params", "net.yaml").err
    assert text.startswith("net.yaml:1:")
    assert "in a block that is used in line 6" in text


# -- quiet, and ignored -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ("params", "--total"),
        ("macs",),
        ("rf",),
        ("shapes",),
        ("summary",),
        ("memory",),
        ("training",),
        ("explain",),
        ("diagram", "-o", "x.svg"),
    ],
    ids=" ".join,
)
def test_quiet(args: tuple[str, ...], run: Any, folder: Path) -> None:
    command, *options = args
    (folder / "net.yaml").write_text(ODD)
    loud = run(command, "net.yaml", *options)
    assert loud.status == 0, loud.err
    assert "ARC301" in loud.err
    for option in ("--quiet", "-q"):
        result = run(command, "net.yaml", *options, option)
        assert (result.status, result.err, result.out) == (0, "", loud.out)
    (folder / "net.yaml").write_text(f"ignore: [ARC301]\n{ODD}")
    assert run(command, "net.yaml", *options).err == ""


def test_what_is_ignored_is_in_no_output(run: Any, folder: Path) -> None:
    (folder / "net.yaml").write_text(ODD)
    assert {one["code"] for one in json.loads(run("params", "net.yaml", "--format", "json").out)["findings"]} >= {"ARC301"}
    (folder / "net.yaml").write_text(f"ignore: [ARC301, ARC304]\n{ODD}")
    assert not json.loads(run.ok("params", "net.yaml", "--format", "json"))["findings"]


def test_a_network_of_the_zoo_is_named_as_such(run: Any) -> None:
    """Not by its path inside the installation."""
    result = run("params", "resnet50", "--notes", "--format", "json")
    assert {one["path"] for one in json.loads(result.out)["findings"]} == {"resnet50 (zoo)"}
    assert all(re.match(r"resnet50 \(zoo\):\d+:\d+: ", line) for line in result.err.splitlines() if "ARC" in line)
    wrong = run("params", "vgg16", "--input", "3x4x4")
    assert wrong.err.startswith("vgg16 (zoo):")
    assert os.sep + "specs" not in wrong.err + result.err + result.out


@pytest.mark.parametrize(("call", "out"), [
    (("explain", "lenet5", "weigths"), "did you mean weights?"), (("params", "VGG16"), "did you mean vgg16?"),
    (("explain", "lenet5", "c3"), "did you mean C3?"),
])  # fmt: skip
def test_suggestions_of_quantities_and_of_other_letters(run, call: tuple[str, ...], out: str) -> None:
    assert run(*call).err.splitlines()[-1].strip() == out


def test_an_unknown_format_is_told_in_plain_words(run) -> None:
    err = run("explain", "lenet5", "--format", "xml").err
    assert "'xml' is not one of" in err
    assert "Value error" not in err


def test_thousands_are_separated_in_all_of_a_formula(run) -> None:
    text = run.ok("explain", "lenet5", "C3", "--format", "latex")
    assert r"2 \cdot 150\,000 + 1\,600" in text

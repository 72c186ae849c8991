"""Streams that are closed, full, or read to a part only: the exit status is that of the command, and nothing is a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from archcalc.cli._streams import set_encodings

ROOT = Path(__file__).parents[2]
SOUND = "archcalc: 1\ninput: {shape: [3, 9, 9]}\nlayers: [{id: a, op: conv, out_channels: 2, kernel_size: 2, stride: 3}]\n"
FALSE = "archcalc-claims: 1\nclaims: [{network: net.yaml, quantity: params, printed: 27}]\n"
"""The network has 26 parameters."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("streams")
    (path / "net.yaml").write_text(SOUND)
    (path / "false.claims.yaml").write_text(FALSE)
    return path


def shell(line: str, folder: Path) -> tuple[int, str]:
    """A line of bash with `pipefail`, in which $A is archcalc: its status, and what reached the streams of the shell."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "A": f"{sys.executable} -B -m archcalc"},
        timeout=120,
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert "Exception ignored" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


STATUS = {
    "params net.yaml": 0,
    "params vgg16 --format json": 0,
    "--help": 0,
    "diagram net.yaml": 0,
    "verify false.claims.yaml": 1,
    "params no_such_network": 2,
    "no_such_command": 2,
}
"""What a command ends with, whoever reads what it prints: the first warns, the second is longer than a buffer."""


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", ">&- 2>&- <&-", "| true", "2>&1 | true", "2> /dev/full"])
@pytest.mark.parametrize("call", STATUS)
def test_nobody_reads(call: str, redirection: str, folder: Path) -> None:
    if "/dev/full" in redirection and not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    status, _ = shell(f"$A {call} {redirection}", folder)
    assert status == STATUS[call]


@pytest.mark.parametrize("call", [call for call, status in STATUS.items() if status < 2])
def test_a_result_that_does_not_fit_on_the_disk(call: str, folder: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    status, text = shell(f"$A {call} > /dev/full", folder)
    assert status == 2
    assert "error[ARC165] the result cannot be written: No space left on device" in text


@pytest.mark.parametrize(("redirection", "reason"), [("<&-", "it is closed"), ("< /dev/null", "is empty")])
def test_standard_input_that_is_none(redirection: str, reason: str, folder: Path) -> None:
    status, text = shell(f"$A params - {redirection}", folder)
    assert status == 2
    assert text.startswith("<stdin>:1:1: error[ARC10")
    assert reason in text


def test_a_reader_that_has_seen_enough(folder: Path) -> None:
    status, text = shell("$A params resnet152 --expand --format csv 2> /dev/null | head -1", folder)
    assert status == 0
    assert text.startswith("Layer")
    assert text.count("\n") == 1


@pytest.mark.parametrize("call", ["x{}", "params net.yaml --x{}", "params net.yaml --format {}", "memory net.yaml {}"])
def test_arguments_command_no_terminal(call: str, folder: Path) -> None:
    status, text = shell(f"$A {call.format(chr(0x202E) + chr(0x1B) + chr(0x9B) + '31m')}", folder)
    assert status == 2
    assert "31m" in text
    assert not {chr(0x202E), chr(0x1B), chr(0x9B)} & {*text}


UNICODE = """archcalc: 1
name: Réseau × 网络 🙂
variables: {n: 6}
input: {shape: [1, 32, 32]}
layers:
  - {id: é网, op: conv, out_channels: n, kernel_size: 5}
  - {op: relu}
claims:
  - {quantity: params, printed: 156}
"""
LOCALES = ["PYTHONIOENCODING=ascii", "PYTHONIOENCODING=cp1252", "LC_ALL=POSIX PYTHONCOERCECLOCALE=0 PYTHONUTF8=0"]
WITH_JSON = [
    "params", "summary", "macs", "shapes", "rf", "memory", "training", "explain", "sweep --set n=1,2", "diagnose --params 5", "verify",
    pytest.param("check", marks=pytest.mark.needs("torch")),
]  # fmt: skip


def raw(line: str, locale: str, folder: Path) -> bytes:
    (folder / "unicode.yaml").write_text(UNICODE, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        **dict(pair.split("=") for pair in locale.split()),
    }
    environment.pop("LC_CTYPE", None)
    command, *options = line.split()
    call = [sys.executable, "-m", "archcalc", command, "unicode.yaml", *options]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, timeout=120, check=False).stdout


@pytest.mark.parametrize("command", WITH_JSON)
def test_json_is_json_on_any_locale(command: str, folder: Path) -> None:
    for locale in LOCALES[: 1 if command == "check" else None]:
        assert json.loads(raw(f"{command} --format json", locale, folder).decode("utf-8")) is not None
    if command == "params":
        assert json.loads(raw("params --format json", LOCALES[0], folder))["name"] == "Réseau × 网络 🙂"


@pytest.mark.parametrize(
    "line", ["params --format csv", "params --format markdown", "params --format latex", "diagram", "explain --format latex"]
)
def test_data_is_utf_8_on_any_locale(line: str, folder: Path) -> None:
    for locale in LOCALES:
        text = raw(line, locale, folder).decode("utf-8")
        assert "\\x" not in text
        assert "é" in text


def test_a_terminal_without_a_sign_shows_what_looks_alike(folder: Path) -> None:
    with tempfile.TemporaryFile() as file:
        stream = io.TextIOWrapper(file, encoding="ascii", errors="strict")
        set_encodings()
        stream.reconfigure(errors="look-alike")
        stream.write("6×28×28 … 网 🙂")
        stream.flush()
        file.seek(0)
        assert file.read() == b"6x28x28 ... \\u7f51 \\ud83d\\ude42"
        stream.detach()

"""`--format json` of every command that has it: valid JSON, safe on a terminal, and nothing lost of a hostile name."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from enum import Enum
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any, get_args

import pytest

from archcalc.cli._bundles import expanded
from archcalc.cli._group import COMMANDS as FOLDER
from archcalc.json_writer import dump

HOSTILE = "rtl\u202egpj \x9b31m \u2028 \U000e0041"
WRITTEN = r'"rtl\u202egpj \x9b31m \u2028 \U000e0041"'  # as YAML writes it
NETWORK = f"""archcalc: 1
name: {WRITTEN}
variables: {{n: 4}}
input: {{shape: [3, 8, 8]}}
layers:
  - {{op: conv, out_channels: n, kernel_size: 3}}
"""
CLAIMS = f"""archcalc-claims: 1
title: T
claims:
  - {{id: {WRITTEN}, network: net.yaml, quantity: params, printed: '112'}}
"""
CALLS: dict[str, tuple[str, ...]] = {
    "zoo": (),
    "layers": (),
    "verify": ("net.claims.yaml",),
    "diagnose": ("net.yaml", "--params", "112"),
    "sweep": ("net.yaml", "--set", "n=4"),
}
"""The arguments of a command, where they are not just the description."""
WITHOUT_THE_NAME = {"zoo", "layers", "sweep"}
"""Lists of what archcalc ships, and the numbers of variants."""


def has_json(command: str) -> bool:
    """The command has an option `--format` that knows `json`."""
    function: Callable[..., Any] = expanded(import_module(f"archcalc.cli.{command}").command)
    option = signature(function, eval_str=True).parameters.get("format")
    return option is not None and any("json" in enum.__members__ for enum in enums(option.annotation))


def enums(annotation: Any) -> Iterator[type[Enum]]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield annotation
    for part in get_args(annotation):
        yield from enums(part)


COMMANDS = [command for command in FOLDER.names if has_json(command)]


def unsafe(text: str) -> set[str]:
    """Characters that a terminal acts on or that turn text around."""
    return {sign for sign in text if sign != "\n" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


def texts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = [*data, *data.values()]
    for item in data if isinstance(data, list) else ():
        yield from texts(item)
    if isinstance(data, str):
        yield data


def with_torch(command: str) -> Any:
    """The command as a parameter; `check` needs PyTorch."""
    return pytest.param(command, marks=pytest.mark.needs("torch")) if command == "check" else command


def test_the_commands_are_found() -> None:
    assert {"params", "memory", "training", "diagnose", "verify", "check", "explain", "sweep", "zoo"} <= {*COMMANDS}


@pytest.mark.parametrize("command", [with_torch(command) for command in COMMANDS])
def test_json_is_safe_and_whole(command: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NETWORK, encoding="utf-8")
    Path("net.claims.yaml").write_text(CLAIMS, encoding="utf-8")
    text = run.ok(command, *CALLS.get(command, ("net.yaml",)), "--format", "json")
    assert not unsafe(text)
    found = [*texts(json.loads(text))]
    assert command in WITHOUT_THE_NAME or any(HOSTILE in one for one in found), "the name must come back as it was"


@pytest.mark.parametrize(
    "data",
    [
        {"a": [1, "é×", None, True]},
        "\x00\x1b[31m\x7f\x85",
        "\u200b\u2066\ufeff",
        "\U000e0001\U0001f600",
        "\ud800",
        "a\nb\u00a0c",
        {HOSTILE: HOSTILE},
    ],
)
def test_the_writer_loses_nothing(data: Any) -> None:
    assert json.loads(dump(data)) == data
    assert not unsafe(dump(data))
    assert "×" not in str(data) or "×" in dump(data), "what can be read stays readable"


def test_the_check_can_fail() -> None:
    assert unsafe(json.dumps(HOSTILE, ensure_ascii=False)) == {"\u202e", "\x9b", "\u2028", "\U000e0041"}


def test_there_is_one_writer() -> None:
    """json.dumps is called by the writer, and by the page whose script reads ASCII."""
    package = Path(__file__).parents[2] / "archcalc"
    found = {
        str(path.relative_to(package)) for path in package.rglob("*.py") if "json.dump" in path.read_text(encoding="utf-8")
    }
    assert found == {"json_writer.py", "views/report/page.py"}

"""Options that several commands share: each is declared once, and every command that reads a description has them all."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import pytest
import typer
from typer.main import get_command

from archcalc.cli._bundles import expanded
from archcalc.cli._group import COMMANDS, app
from archcalc.cli._network import LimitOptions
from archcalc.cli.diagram import FigureArguments
from archcalc.graph import Limits
from archcalc.views.diagram.options import FigureOptions

NETWORK = {"set", "input", "freeze", "max_layers", "max_nesting"}
CHAIN = "archcalc: 1\ninput: {{shape: [3]}}\nlayers: [{{id: fc, op: linear, out_features: 3, repeat: {repeat}}}]\n"
NEEDED: dict[str, tuple[str, ...]] = {"diagnose": ("--params", "36"), "report": ("-o", "page.html"), "sweep": ("--set", "n=3")}
"""What some commands must be given besides a description."""


def parameters(command: str) -> set[str]:
    """The names of all arguments and options of a command, as Typer has them."""
    found = get_command(app).get_command(None, command)  # type: ignore[attr-defined]  # it is a group
    return {parameter.name for parameter in found.params}


ON_A_SPEC = [name for name in COMMANDS.names if parameters(name) & {"spec", "specs"}]


OPTIONAL = {"check": "torch", "report": "jinja2"}
"""Packages that some commands need."""


def with_needs(command: str) -> Any:
    """The command as a parameter, with the package that it needs."""
    return pytest.param(command, marks=pytest.mark.needs(OPTIONAL[command])) if command in OPTIONAL else command


def test_commands_on_a_description_are_found() -> None:
    assert {
        "params",
        "macs",
        "rf",
        "shapes",
        "summary",
        "explain",
        "diagram",
        "report",
        "memory",
        "training",
        "diagnose",
        "sweep",
        "check",
    } <= {*ON_A_SPEC}


@pytest.mark.parametrize("command", ON_A_SPEC)
def test_every_command_on_a_description_has_all_options_of_a_network(command: str) -> None:
    assert parameters(command) >= NETWORK


def test_claims_have_the_bounds_of_a_network() -> None:
    assert parameters("verify") >= {*LimitOptions._fields}


def test_a_bound_has_one_default() -> None:
    assert LimitOptions().limits == Limits()


@pytest.mark.parametrize("command", [with_needs(command) for command in ON_A_SPEC])
def test_the_option_that_a_message_advises_exists(
    command: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many layers: the way out that is printed is one that this command has, and that works."""
    monkeypatch.chdir(tmp_path)
    text = CHAIN.format(repeat=3).replace("input:", "variables: {n: 3}\ninput:", 1)
    Path("net.yaml").write_text(text)
    refused = run(command, "net.yaml", *NEEDED.get(command, ()), "--max-layers", "2")
    assert refused.status == 2
    assert "raise --max-layers" in refused.err
    assert run(command, "net.yaml", *NEEDED.get(command, ()), "--max-layers", "3").status == 0


def test_bounds_of_claims(run: Any, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(CHAIN.format(repeat=3))
    claims = tmp_path / "net.claims.yaml"
    claims.write_text("archcalc-claims: 1\ntitle: T\nclaims:\n  - {network: net, quantity: params, printed: '36'}\n")
    refused = run("verify", str(claims), "--max-layers", "2")
    assert refused.status == 2
    assert "more than 2 layers" in refused.err
    assert run("verify", str(claims)).status == 0, refused.err


def test_options_of_a_figure_are_its_settings() -> None:
    """No option of the call can become a setting of the figure by being added to the command, and none is missing."""
    assert {*FigureArguments._fields} == {field.name for field in fields(FigureOptions)}


# -- the mechanism ----------------------------------------------------------------------------------------------------------


class Inner(NamedTuple):
    """A bundle in a bundle."""

    size: Annotated[int, typer.Option("--size")] = 2


class Outer(NamedTuple):
    """A bundle with a field that commands may declare otherwise."""

    name: Annotated[str, typer.Option("--name")] = "a"
    inner: Inner = Inner()


def test_a_bundle_becomes_its_options() -> None:
    seen: list[Any] = []

    def command(first: str, outer: Outer, name: str = "b") -> None:
        seen.append((first, outer, name))

    made = expanded(command)
    assert list(made.__signature__.parameters) == ["first", "size", "name"]  # type: ignore[attr-defined]
    made(first="x", size=5, name="c")  # type: ignore[call-arg]
    assert seen == [("x", Outer("c", Inner(5)), "c")]


@pytest.mark.parametrize(
    ("setting", "params"),
    [("k=[1,7]", 42), ("k=[1, 7]", 42), (" k = [ 1 , 7 ] ", 42), ("k=3", 54), ("k=max(1,2)", 24), ("k=[max(1,2), 2+1]", 36)],
)
def test_a_list_is_set(setting: str, params: int, run: Any, tmp_path: Path) -> None:
    """Weights 2·3·k_h·k_w; a comma in brackets separates no values."""
    net = tmp_path / "net.yaml"
    net.write_text(
        "archcalc: 1\nvariables: {k: 3}\ninput: {shape: [3, 9, 9]}\n"
        "layers: [{op: conv, out_channels: 2, kernel_size: k, bias: false}]\n",
        encoding="utf-8",
    )
    assert run("params", str(net), "--total", "--set", setting).out.strip() == str(params)
    swept = json.loads(run("sweep", str(net), "-f", "json", "--set", f"{setting},5").out)
    assert [variant["params"] for variant in swept["rows"]] == [params, 150]


@pytest.mark.parametrize(
    "setting", ["k=[1,7", "k=1,7]", "k=[", "k=]", "k=[[[[1]]]]", "k=[1,,2]", "k=[~]", "k=(1,2)", "k=[1](2)", "k=[" * 400]
)
def test_a_list_that_is_none(setting: str, run: Any, tmp_path: Path) -> None:
    net = tmp_path / "net.yaml"
    net.write_text("archcalc: 1\nvariables: {k: 3}\ninput: {shape: [3]}\nlayers: [{op: relu}]\n", encoding="utf-8")
    result = run("params", str(net), "--set", setting)
    assert result.status == 2
    assert "error[ARC1" in result.err

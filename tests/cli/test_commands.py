"""Every command: help, exit status, where what is printed, and calls that are wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import archcalc
from archcalc.cli._group import COMMANDS
from archcalc.description.zoo import zoo
from archcalc.layers import kinds
from tests.analysis.test_zoo import MOBILENET, TOTALS
from tests.networks import NETWORKS

ROOT = Path(__file__).parents[2]
ON_A_SPEC = ("params", "macs", "rf", "shapes", "summary", "explain", "sweep")
SMALL = "archcalc: 1\ninput: {shape: [3]}\nlayers: [{id: fc, op: linear, out_features: 2}]\n"


# -- help -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS.names)
def test_help(command: str, run: Any) -> None:
    text = run.ok(command, "--help")
    assert re.search(rf"Usage: archcalc {command}\b", text)
    sentence = text.split("\n\n")[1].strip()
    assert sentence.endswith((".", ":")) or "`" in sentence, f"{command}: the docstring's first line is its help"
    options = re.findall(r"^  (?:-\w, )?(--[\w-]+)", text, re.MULTILINE)
    for option in options:
        where = text.index(f"{option}")
        assert len(text[where:].split("\n  -")[0].split()) > 2, f"{command} {option} has no help"


def test_the_list_of_commands(run: Any) -> None:
    text = run.ok("--help")
    assert all(re.search(rf"^  {command} ", text, re.MULTILINE) for command in COMMANDS.names)


def test_version(run: Any) -> None:
    assert run.ok("--version") == f"archcalc {archcalc.__version__}\n"
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", archcalc.__version__)


# -- results ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "variables", "params", "macs"), TOTALS, ids=lambda value: str(value))
def test_totals(name: str, variables: dict[str, Any], params: int, macs: int | None, run: Any) -> None:
    """The bare integer, and nothing else."""
    settings = [part for key, value in variables.items() for part in ("--set", f"{key}={value}")]
    assert run.ok("params", name, "--total", *settings) == f"{params}\n"
    if macs is not None:
        assert run.ok("macs", name, "--total", *settings) == f"{macs}\n"


def test_total_of_another_convention(run: Any) -> None:
    assert run.ok("macs", "lenet5", "--total", "--convention", "flops") == "716762\n"


@pytest.mark.parametrize("command", [name for name in ON_A_SPEC if name != "sweep"])
def test_standard_input(command: str, run: Any) -> None:
    assert run.ok(command, "-", stdin=SMALL)
    assert run.process(command, "-", stdin=SMALL).status == 0


def test_sweep_of_mobilenet(run: Any) -> None:
    """Howard et al. 2017, tables 6 and 7: the 16 rows from one call."""
    text = run.ok(
        "sweep", "mobilenet_v1", "--set", "alpha=1,0.75,0.5,0.25", "--set", "resolution=224,192,160,128", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(int(row["Mult-adds"]), int(row["Params"])) for row in rows] == [
        (macs, params) for _, _, macs, params, *_ in MOBILENET
    ]


def test_settings_from_outside(run: Any) -> None:
    assert run.ok("macs", "mobilenet_v1", "--total", "--set", "alpha=0.5", "--input", "3x160x160") == "76524800\n"
    for shape in ("3×160×160", "3,160,160", "3x160x160"):
        assert run.ok("macs", "mobilenet_v1", "--total", "--input", shape) == "290675200\n"
    assert run.ok("params", "vgg16", "--total", "--freeze", "conv*") == "138357544\n"
    frozen = json.loads(run.ok("params", "vgg16", "--freeze", "conv*", "--format", "json"))["totals"]
    assert (frozen["trainable"], frozen["frozen"]) == (123_642_856, 14_714_688)


def test_warnings_go_to_stderr_and_change_nothing(run: Any) -> None:
    result = run("params", "alexnet", "--input", "3x224x224", "--total")  # (224 − 11)/4 leaves 1
    assert result.err.count("warning[ARC301]") == 4  # conv1 and the poolings
    assert "note" not in result.err
    assert "note[ARC304]" in run("params", "resnet18", "--total", "--notes").err
    for name, params in (("vgg16", 138_357_544), ("resnet18", 11_689_512), ("resnet50", 25_557_032)):
        assert run("params", name, "--total") == (0, f"{params}\n", "")


@pytest.mark.parametrize("format", ["table", "markdown", "csv", "json", "latex"])
@pytest.mark.parametrize("command", ["params", "macs", "rf", "shapes", "summary"])
def test_formats(command: str, format: str, run: Any) -> None:
    text = run.ok(command, "lenet5", "--format", format)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    if format == "json":
        assert json.loads(text)["schema"] == 1
    else:
        assert "C3" in text


@pytest.mark.parametrize("kind", kinds())
def test_page_of_a_kind(kind: str, run: Any) -> None:
    text = run.ok("layers", kind)
    for part in (f"# {kind}\n", "## Counts", "## Sources", "## Fields", "## Example"):
        assert part in text
    for name in archcalc.layers.find(kind).example["fields"]:
        assert f"`{name}`" in text


def test_list_of_kinds(run: Any) -> None:
    assert [row["Kind"] for row in csv.DictReader(io.StringIO(run.ok("layers", "--format", "csv")))] == list(kinds())


@pytest.mark.parametrize("format", ["table", "markdown", "csv", "json", "latex"])
def test_zoo(format: str, run: Any) -> None:
    text = run.ok("zoo", "--format", format)
    assert all(name.replace("_", r"\_") in text or name in text for name in zoo())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion(shell: str, run: Any) -> None:
    assert "_ARCHCALC_COMPLETE" in run.ok("completion", shell)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("archcalc par", "params"),
        ("archcalc params mobil", "mobilenet_v1"),
        ("archcalc params --for", "--format"),
    ],
)
def test_completions(words: str, found: str, run: Any) -> None:
    """What the bash script asks for at each press of the key."""
    env = {"_ARCHCALC_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    result = run.process(env=env)
    assert found in result.out.split(), result


# -- explain ----------------------------------------------------------------------------------------------------------------


def test_explain(run: Any) -> None:
    assert "6·(5·5·3 + 1) + 9·(5·5·4 + 1) + 1·(5·5·6 + 1) = 1,516" in run.ok("explain", "lenet5", "C3", "params")
    assert "⌊(227 + 2·0 − (11 − 1) − 1) / 4⌋ + 1 = 55" in run.ok("explain", "alexnet", "conv1")
    assert "= 60,840" in run.ok("explain", "lenet5", "params")
    assert "= 325,680" in run.ok("explain", "lenet5", "macs")
    assert "7: C1 → S2 → C3 → S4 → C5 → F6 → OUTPUT" in run.ok("explain", "lenet5", "depth")


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "json"])
@pytest.mark.parametrize("args", [(), ("C3",), ("C3", "params"), ("params",), ("F6", "rf")])
def test_explain_formats(args: tuple[str, ...], format: str, run: Any) -> None:
    text = run.ok("explain", "lenet5", *args, "--format", format)
    if format == "json":
        data = json.loads(text)
        assert data["schema"] == 1
        assert data["derivations"]
    if format == "latex":
        assert text.count(r"\begin{align*}") == text.count(r"\end{align*}") == 1
        assert text.count(r"\left") == text.count(r"\right")
        assert text.count("{") == text.count("}")


# -- schema -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def validator() -> Any:
    import jsonschema

    from archcalc.description.schema import schema

    made = schema()
    jsonschema.Draft7Validator.check_schema(made)
    return jsonschema.Draft7Validator(made)


@pytest.mark.needs("jsonschema")
@pytest.mark.parametrize("name", NETWORKS)
def test_the_zoo_fits_the_schema(name: str, validator: Any) -> None:
    import yaml

    data = yaml.safe_load((ROOT / "specs" / f"{name}.yaml").read_text(encoding="utf-8"))
    errors = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(data)]
    assert not errors, "\n".join(errors)


@pytest.mark.needs("jsonschema")
@pytest.mark.parametrize(
    "name",
    [
        "unknown_field",
        "missing_fields",
        "unknown_top_key",
        "version",
        "not_a_mapping",
        "no_layers",
        "list_element",
        "padding_pair",
        "connections_rows",
        "list_length",
        "numbers",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(name: str, validator: Any) -> None:
    import yaml

    data = yaml.safe_load((ROOT / "tests" / "invalid" / f"{name}.yaml").read_text(encoding="utf-8"))
    assert list(validator.iter_errors(data)), f"{name}.yaml must be marked in an editor too"


@pytest.mark.needs("jsonschema")
@pytest.mark.parametrize(
    "fields",
    [
        {"padding": "same"},
        {"padding": "p"},
        {"padding": [1, "p"]},
        {"padding": [[1, "p"], [0, 0]]},
        {"stride": ["s", 1]},
        {"groups": "in_channels"},
        {"bias": "project"},
        {"connections": [[0, 1], [2]]},
    ],
)
def test_the_schema_takes_words_and_expressions(fields: dict[str, Any], validator: Any) -> None:
    layer = {"op": "conv", "out_channels": "32*alpha", "kernel_size": 3, **fields}
    data = {"archcalc": 1, "input": {"shape": [3, 8, 8]}, "layers": [layer]}
    assert not list(validator.iter_errors(data))
    assert list(validator.iter_errors({**data, "layers": [{**layer, "stride": None}]})), "what has no value is left out"


def test_schema_is_json(run: Any) -> None:
    made = json.loads(run.ok("schema"))
    assert set(kinds()) <= set(made["$defs"])


# -- calls that are wrong ---------------------------------------------------------------------------------------------------

WRONG: list[tuple[tuple[str, ...], str]] = [
    (("parms", "vgg16"), "did you mean params"),
    (("--nonsense",), "--nonsense"),
    (("params",), "SPEC"),
    (("params", "vgg16", "--fromat", "csv"), "--format"),
    (("params", "vgg16", "--format", "xml"), "markdown"),
    (("params", "vgg61"), "vgg16"),
    (("params", "vgg16", "lenet5"), "lenet5"),
    (("params", "vgg16", "--depth", "0"), "depth"),
    (("params", "vgg16", "--depth", "x"), "depth"),
    (("params", "mobilenet_v1", "--set", "alpha"), "there is no ="),
    (("params", "mobilenet_v1", "--set", "alhpa=1"), "did you mean alpha"),
    (("params", "mobilenet_v1", "--set", "alpha=010"), "octal"),
    (("params", "mobilenet_v1", "--set", "alpha="), "no value"),
    (("params", "mobilenet_v1", "--set", "alpha=1", "--set", "alpha=2"), "twice"),
    (("params", "mobilenet_v1", "--set", "alpha=1,2"), "sweep"),
    (("params", "mobilenet_v1", "--set", "alpha=-1"), "must be"),
    (("params", "mobilenet_v1", "--set", "alpha=0.3"), "round it with floor"),
    (("params", "mobilenet_v1", "--set", "alpha=9**9**9"), "exponent"),
    (("params", "mobilenet_v1", "--set", "=1"), ""),
    (("params", "mobilenet_v1", "--set", "alpha=__import__('os')"), "functions are"),
    (("params", "vgg16", "--input", "3x224"), "3×224×224"),
    (("params", "vgg16", "--input", "224"), "--input"),
    (("params", "vgg16", "--input", "3x0x224"), "not a shape"),
    (("params", "vgg16", "--input", "3x-1x224"), "not a shape"),
    (("params", "vgg16", "--input", ""), "not a shape"),
    (("params", "vgg16", "--input", "a×b×c"), "not a shape"),
    (("params", "vgg16", "--input", "3x²x3"), "not a shape"),
    (("params", "vgg16", "--input", "3x" + "9" * 200 + "x3"), "not a shape"),
    (("params", "vgg16", "--input", "3x1x1"), "ARC20"),
    (("params", "vgg16", "--freeze", "cnov*"), "known: conv1_1"),
    (("macs", "vgg16", "--convention", "mac"), "mult-adds"),
    (("macs", "vgg16", "--convention", "../flops"), "no convention"),
    (("summary", "vgg16", "--dtype", "float31"), "float32"),
    (("layers", "conv2d"), "did you mean conv"),
    (("layers", "../conv"), "no layer kind"),
    (("layers", "_base"), "no layer kind"),
    (("explain", "vgg16", "conv1_l"), "conv1_1"),
    (("explain", "vgg16", "conv1_1", "parms"), "did you mean params"),
    (("completion", "tcsh"), "bash"),
    (("completion",), "shell"),
    (("sweep", "vgg16", "--set", "x=1"), "no variable x"),
    (("sweep", "mobilenet_v1", "--set", "alpha=1,"), "no value"),
    (("sweep", "nowhere"), "no file"),
    (("params", "vgg16", "--max-layers", "3"), "more than 3 layers"),
    (("params", "resnet18", "--max-nesting", "1"), "nest"),
    (("zoo", "extra"), "extra"),
    (("params", "vgg16\x1b[31m"), "no file"),
    (("params", "x" * 5000), ""),
    (("params", "vgg16\0"), ""),
    (("params", "\udcff"), ""),
    (("p\x1b[31m",), "no command"),
    (("params", "--", "-x"), "no file"),
]


@pytest.mark.parametrize(
    ("args", "fragment"), WRONG, ids=lambda part: (" ".join(part) if isinstance(part, tuple) else part)[:40]
)
def test_calls_that_are_wrong(args: tuple[str, ...], fragment: str, run: Any) -> None:
    """Exit 2, nothing on stdout, a sentence on stderr that helps, no traceback, no escape sequence."""
    result = run(*args)
    assert result.status == 2, f"{args} must end with 2"
    assert fragment.lower() in result.err.lower(), result.err
    assert "\x1b" not in result.err


def test_no_arguments_shows_the_help(run: Any) -> None:
    result = run.process()
    assert result.status == 2
    assert "Commands:" in result.err


# -- where it runs ----------------------------------------------------------------------------------------------------------


def test_from_an_empty_folder(run: Any, tmp_path: Path) -> None:
    assert run.process("params", "vgg16.yaml", "--total", cwd=tmp_path).out == "138357544\n"


def test_the_zoo_inside_a_built_package(tmp_path: Path) -> None:
    """In a wheel the descriptions stand in archcalc/zoo (pyproject.toml: force-include); there is no specs/ beside it."""
    import os
    import subprocess
    import sys
    import tomllib

    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert build["force-include"] == {"specs": "archcalc/zoo"}
    home = tmp_path / "site-packages"
    shutil.copytree(ROOT / "archcalc", home / "archcalc", ignore=shutil.ignore_patterns("__pycache__", "zoo"))
    shutil.copytree(ROOT / "specs", home / "archcalc" / "zoo")
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import archcalc, runpy; print(archcalc.__file__); runpy.run_module('archcalc', run_name='__main__')",
            "params",
            "vgg16.yaml",
            "--total",
        ],
        capture_output=True,
        text=True,
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(home)},
    )
    where, total = done.stdout.splitlines()
    assert where.startswith(str(home)), "the copy must be the one that runs"
    assert total == "138357544"


def test_no_typing_with_another_encoding(run: Any) -> None:
    """A terminal that is not UTF-8 gets text all the same, and no traceback."""
    for encoding in ("ascii", "latin-1"):
        result = run.process("params", "lenet5", env={"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONUTF8": "0"})
        assert result.status == 0, result.err
        assert "60,840" in result.out


# -- what cannot be written or read as asked ----------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["json", "csv", "markdown", "latex"])
@pytest.mark.parametrize("call", [("zoo", "vgg16"), ("layers", "conv")])
def test_a_text_is_in_no_format_of_tables(call: tuple[str, str], format: str, run: Any) -> None:
    result = run(*call, "--format", format)
    if (call[0], format) == ("layers", "markdown"):
        assert result.status == 0
    else:
        assert (result.status, result.out) == (2, "")
        assert "ARC164" in result.err


@pytest.mark.parametrize(
    ("option", "text", "way_out"),
    [
        ("--utilisation", "0", "--utilisation 0.3"),
        ("--utilisation", "0%", "--utilisation 0.3"),
        ("--days", "0", "--days 6"),
        ("--peak", "1e-300", "--peak 1.581T"),
    ],
)
def test_what_a_message_proposes_is_accepted(option: str, text: str, way_out: str, run: Any) -> None:
    call = ("training", "alexnet", *(() if option == "--peak" else ("--peak", "1.581T")))
    result = run(*call, option, text)
    assert result.status == 2
    assert f"{option} {text} is not a positive number" in result.err
    assert f"write it as {way_out}\n" in result.err
    run.ok(*call, *way_out.split())


def test_a_page_without_its_text_says_why(run: Any) -> None:
    """`python -OO` drops docstrings, which are the text of these pages."""
    page = run.process("layers", "conv", env={"PYTHONOPTIMIZE": "2"})
    assert page.status == 0
    assert "PYTHONOPTIMIZE" in page.out
    assert "`kernel_size`" in page.out
    assert "PYTHONOPTIMIZE" not in run("layers", "conv").out


def test_verify_reads_what_is_no_regular_file(run: Any) -> None:
    result = run("verify", "/dev/null")
    assert result.status == 2
    assert "/dev/null:1:1: error[ARC107] is empty" in result.err
    claims = "archcalc-claims: 1\nclaims: [{network: lenet5, quantity: params, printed: 60840}]\n"
    assert "1 hold" in run.process("verify", "/dev/stdin", stdin=claims).out


@pytest.mark.parametrize("call", [("verify",), ("diagram", "lenet5", "-o", "x.svg")], ids=lambda call: call[0])
def test_a_folder_that_is_deleted_is_what_cannot_be_read(call: tuple[str, ...], tmp_path: Path, run: Any) -> None:
    import subprocess
    import sys

    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", str(gone), sys.executable, "-m", "archcalc", *call],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("archcalc: error[ARC103] the current folder cannot be read: it has been deleted\n")

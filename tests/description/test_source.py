"""Files: what they may be called, how they are read, and what hostile ones cannot do."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from archcalc.description import source
from archcalc.description.source import Source, compose, find, read
from archcalc.description.zoo import zoo, zoo_folder
from archcalc.errors import ArchcalcError, DescriptionError

GOOD = "archcalc: 1\ninput: {shape: [3]}\nlayers: [{op: linear, out_features: 2}]\n"


def message(text: str) -> str:
    with pytest.raises(ArchcalcError) as caught:
        compose(Source("net.yaml", text))
    return str(caught.value)


# -- names ------------------------------------------------------------------------------------------------------------------


def test_the_zoo_is_found() -> None:
    assert "vgg16" in zoo()
    assert read("vgg16").text == read("vgg16.yaml").text
    assert os.path.isdir(zoo_folder())


def test_a_path_wins_over_the_zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find("vgg16.yaml") == os.path.join(zoo_folder(), "vgg16.yaml"), "no such file here: the zoo is read instead"
    (tmp_path / "vgg16.yaml").write_text(GOOD)
    assert read("vgg16.yaml").text == GOOD
    assert "VGG" in read("vgg16").text, "without the suffix it is still the zoo's"


@pytest.mark.parametrize(
    ("name", "fragment"),
    [
        ("vgg61", "did you mean .*vgg16"),
        ("missing.yaml", "no file missing.yaml"),
        ("../specs/vgg16", "no file"),
        ("", "no file"),
    ],
)
def test_names_that_mean_nothing(name: str, fragment: str) -> None:
    with pytest.raises(DescriptionError, match=fragment):
        find(name)


# -- bytes ------------------------------------------------------------------------------------------------------------------

FILES: list[tuple[bytes, str, str]] = [
    (b"", "ARC107", "empty"),
    (b"\n\n# only a comment\n", "ARC107", "empty"),
    (b"---\n", "ARC11", ""),
    ("archcalc: 1\n".encode("utf-16"), "ARC105", "UTF-8"),
    ("größe: 1".encode("latin-1"), "ARC105", "UTF-8"),
    (b"\x89PNG\r\n\x1a\n\0\0", "ARC105", ""),
    (b"archcalc: 1\n\0", "ARC105", "binary"),
    (b"\x7fELF\x02\x01\x01\0", "ARC105", ""),
    (b"PK\x03\x04" + bytes(range(256)), "ARC105", "UTF-8"),
    (b"archcalc: 1\n\x01", "ARC106", "not YAML"),
    (b"a: [1, 2\nb: 3\n", "ARC106", "not YAML"),
    (b"a: 'x\n", "ARC106", "not YAML"),
    (b"\tarchcalc: 1\n", "ARC106", "not YAML"),
    (b"a: 1\n---\nb: 2\n", "ARC106", "document"),
    (b"%YAML 9.9\n---\na: 1\n", "ARC106", ""),
    (b"a: *x\n", "ARC106", "alias"),
    (b"&a [*a]", "ARC1", ""),
    (b"just a sentence", "ARC115", "mapping"),
    (b"- a list\n", "ARC115", "mapping"),
    (b"!!python/object/apply:os.system ['true']", "ARC1", ""),
    (b"{? [a]: b}", "ARC1", ""),
    (b"? {}\n: 1\n", "ARC1", ""),
    (b"\xff\xfe\x00", "ARC105", ""),
    (b'a: "\\ud800"', "ARC1", ""),
    (b"@", "ARC106", ""),
    (b"a: b: c", "ARC106", ""),
    (b"\xed\xa0\x80", "ARC105", "UTF-8"),
    (b"a: !!binary aGk=", "ARC1", ""),
    (b"? " * 3000 + b"a", "ARC1", ""),
]


@pytest.mark.parametrize(("raw", "code", "fragment"), FILES, ids=lambda part: repr(part)[:24])
def test_files_that_are_no_description(run: Any, written: Any, raw: bytes, code: str, fragment: str) -> None:
    """Exit 2, a place in the file, a sentence, and never a traceback; through standard input too."""
    path = written(raw)
    result = run("params", path)
    assert result.status == 2
    assert code in result.err
    assert fragment in result.err
    assert result.err.startswith(path)
    assert run("params", "-", stdin=raw).status == 2


def test_a_byte_order_mark_is_fine(run: Any, written: Any) -> None:
    assert run.ok("params", written(b"\xef\xbb\xbf" + GOOD.encode()), "--total") == "8\n"
    assert run.ok("params", written(GOOD.replace("\n", "\r\n").encode()), "--total") == "8\n"


def test_folders_and_missing_files(run: Any, tmp_path: Path) -> None:
    for name, code in ((tmp_path, "ARC102"), (tmp_path / "none.yaml", "ARC101"), (tmp_path / "a" / "b", "ARC101")):
        result = run("params", str(name))
        assert result.status == 2
        assert code in result.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(run: Any, written: Any) -> None:
    path = written(GOOD)
    os.chmod(path, 0)
    assert "ARC103" in run("params", path).err


def test_a_device_does_not_hang(run: Any) -> None:
    """/dev/zero has no end: no more is read than the limit."""
    assert run("params", "/dev/zero").status == 2
    assert "ARC107" in run("params", "/dev/null").err


def test_too_large(run: Any, written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 1000)
    path = written("# " + "x" * 2000)
    out = "check that it is a description: a large network becomes short with blocks and repeat"
    assert f"error[ARC104] has 2,002 bytes, more than 1,000\n  {out}\n" in run("params", path).err
    child = written("archcalc: 1\nextends: net.yaml\n", "child.yaml")
    assert "error[ARC148] extends: net.yaml has 2,002 bytes, more than 1,000" in run("params", child).err
    with pytest.raises(DescriptionError, match="has more than 1,000 bytes"):  # of a pipe
        source.decode(b"#" * 1001, "<stdin>")


# -- YAML 1.1's surprises ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "fragment"),
    [
        ("{id: on, op: relu}", ""),  # an id is text: `on` is no truth value
        ("{id: 010, op: relu}", ""),
        ("{id: 1e3, op: relu}", ""),
        ("{op: linear, out_features: 010}", "octal"),
        ("{op: linear, out_features: 12:30}", "neither"),
        ("{op: linear, out_features: 0b11}", ""),
        ("{op: linear, out_features: 1_0}", ""),
        ("{op: linear, out_features: '3'}", ""),
        ("{op: linear, out_features: 3, bias: on}", "truth value"),
        ("{op: linear, out_features: 3, bias: no}", "truth value"),
        ("{op: linear, out_features: 3, out_features: 4}", "out_features is there twice"),
        ("{op: linear, out_features: ~}", "has no value"),
        ("{op: linear, out_features: null}", "has no value"),
        ("{op: linear, out_features: .inf}", "neither a number"),
        ("{op: linear, out_features: .nan}", "neither a number"),
        ("{op: linear, out_features: 2001-01-01}", ""),
        ("{op: linear, out_features: 0o17}", ""),
        ("{op: linear, out_features: {a: 1}}", "a value is a number"),
        ("{op: linear, out_features: !!str 3}", ""),
        ("{<<: {op: linear}, out_features: 3}", "plain name"),
        ("{op: linear, out_features: 3, 7: 8}", "no field 7"),
        ("{op: linear, out_features: 3, [a]: 8}", "plain name"),
        ("{op: linear, out_features:3}", ""),
    ],
)
def test_yaml_surprises(line: str, fragment: str) -> None:
    """Read as it is written, or refused in words; nothing in between, and no traceback."""
    from tests.support import report_of

    text = f"archcalc: 1\ninput: {{shape: [3]}}\nlayers:\n  - {line}\n"
    try:
        report_of(text)
    except ArchcalcError as error:
        assert fragment in str(error)
        assert "net.yaml:4:" in str(error)
    else:
        assert not fragment, f"{line} must be refused"


def test_ids_stay_as_they_are_written() -> None:
    from tests.support import report_of

    report = report_of("archcalc: 1\ninput: {shape: [3]}\nlayers:\n  - {id: 010, op: relu}\n  - {id: on, op: relu}\n")
    assert [layer.id for layer in report.layers] == ["010", "on"]


def test_duplicate_keys_everywhere() -> None:
    from tests.support import errors_of

    reported = errors_of("""
        archcalc: 1
        archcalc: 1
        input: {shape: [3], shape: [4]}
        variables: {a: 1, a: 2}
        layers: [{op: relu, op: relu}]
        layers: [{op: relu}]
    """)
    assert reported.count("is there twice") == 5


# -- hostile files ----------------------------------------------------------------------------------------------------------

BOMB = "archcalc: 1\nx0: &x0 [l, l, l, l, l, l, l, l, l]\n" + "".join(
    f"x{at}: &x{at} [{', '.join([f'*x{at - 1}'] * 9)}]\n" for at in range(1, 12)
)

HOSTILE = {
    "100,000 brackets": "[" * 100_000,
    "100,000 braces": "{a: " * 100_000,
    "closed": "[" * 50_000 + "]" * 50_000,
    "deep indentation": "\n".join(" " * at + "a:" for at in range(2000)),
    "deep dashes": "- " * 20_000 + "a",
    "deep question marks": "? " * 20_000 + "a",
    "a bomb of aliases": BOMB,
    "an alias of itself": "a: &a [*a]",
    "a mapping in itself": "&a {b: *a}",
    "a long line": "a: " + "x" * 5_000_000,
    "many keys": "\n".join(f"k{at}: 1" for at in range(10_000)),
    "many anchors": "\n".join(f"k{at}: &a{at} 1" for at in range(10_000)),
    "a long number": "archcalc: " + "9" * 100_000,
    "a long expression": f"archcalc: 1\ninput: {{shape: [{'1+' * 100_000}1]}}\nlayers: [{{op: relu}}]",
    "quotes": "'" * 99_999,
    "stars": "*" * 99_999,
    "ampersands": "&" * 99_999,
    "bangs": "!" * 99_999,
    "pipes": "|" * 9_999,
    "commas": "[" + "," * 99_999,
    "colons": ":" * 99_999,
    "tabs": "\t" * 99_999,
    "dashes": "-" * 99_999,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text(name: str, run: Any, written: Any) -> None:
    began = time.process_time()
    result = run("params", written(HOSTILE[name]))
    assert result.status == 2
    assert len(result.err) < 20_000_000
    assert time.process_time() - began < 20, f"{name}: refuse it before it costs anything"


@pytest.mark.parametrize(
    "name", ["100,000 brackets", "deep indentation", "deep dashes", "deep question marks", "a bomb of aliases"]
)
def test_hostile_text_in_a_small_process(name: str, written: Any) -> None:
    """The parser is C and recurses: in a process of its own with little stack and memory, it must end in a sentence."""
    path = written(HOSTILE[name])

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_STACK, (8 * 2**20, 8 * 2**20))
        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))

    done = subprocess.run(
        [sys.executable, "-m", "archcalc", "params", path],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=bound,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 2, f"it died with {done.returncode}: {done.stderr[-300:]}"
    assert "Traceback" not in done.stderr
    assert "error[ARC" in done.stderr


def test_aliases_that_share_are_fine() -> None:
    from tests.support import report_of

    report = report_of("""
        archcalc: 1
        input: {shape: [3]}
        layers:
          - &layer {op: linear, out_features: 3}
          - *layer
          - *layer
    """)
    assert report.totals.params == 36
    assert [layer.id for layer in report.layers] == ["linear1", "linear2", "linear3"]

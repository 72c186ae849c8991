"""`archcalc diagram` and `archcalc report` from the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.networks import NETWORKS


@pytest.mark.parametrize("name", NETWORKS)
def test_every_shipped_network_is_drawn(run: Any, tmp_path: Path, name: str) -> None:
    result = run("diagram", name, "-o", str(tmp_path / "x.svg"))
    assert result.status == 0, result.err
    assert (tmp_path / "x.svg").read_text(encoding="utf-8").startswith("<svg")
    assert result.out == ""


def test_a_note_of_a_figure_has_its_way_out(run: Any, tmp_path: Path) -> None:
    note = run("diagram", "resnet50", "--width", "8cm", "-o", str(tmp_path / "x.svg")).err
    assert note.startswith("archcalc: note[ARC487] ResNet 50: ")
    assert "draw a part by --only A..B" in note.splitlines()[1]


def test_without_a_file_svg_goes_to_stdout(run: Any) -> None:
    assert run.process("diagram", "lenet5").out.startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-o", "x.bmp"), "figures are written as"),
        (("--style", "blcks", "-o", "x.svg"), "did you mean blocks"),
        (("--palette", "grey", "-o", "x.svg"), "palette: there is no grey"),
        (("--show", "shapes", "-o", "x.svg"), "did you mean shape"),
        (("--width", "16 miles", "-o", "x.svg"), "write a number and a unit"),
        (("--aspect", "0:9", "-o", "x.svg"), "write 16:9"),
        (("--only", "C9..F6", "-o", "x.svg"), "no layer or block C9"),
        (("--only", "F6..C1", "-o", "x.svg"), "comes after"),
        (("--heat", "money", "-o", "x.svg"), "there is no money"),
        (("--scale", "cubic", "-o", "x.svg"), "there is no cubic"),
        (("--style", "cone", "--layer", "F6", "-o", "x.svg"), "whole input"),
        (("--style", "cone", "--layer", "S4", "--unit", "5,5", "-o", "x.svg"), "counted from 0"),
        (("--style", "connections", "--layer", "C1", "-o", "x.svg"), "reads every map"),
        (("--style", "connections", "--layer", "S2", "-o", "x.svg"), "S2 (subsample) has no filters"),
        (("--width", "60pt", "--expand", "-o", "x.svg"), "does not fit the page"),
        (("-o", "no/such/folder/x.svg"), "does not exist"),
        (("--fragment", "-o", "x.svg"), "only TikZ"),
        (("--style", "blocks", "-o", "x.dot"), "--style graph"),
        (("--check", "-o", "none.svg"), "cannot be checked"),
    ],
)
def test_bad_calls_end_in_a_sentence(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("diagram", "lenet5", *arguments)
    assert result.status == 2
    assert words in result.err
    assert "Traceback" not in result.err
    assert result.out == ""


def test_a_failed_run_leaves_the_old_figure(run: Any, tmp_path: Path) -> None:
    figure = tmp_path / "x.svg"
    figure.write_text("old")
    assert run("diagram", "lenet5", "--width", "60pt", "--expand", "-o", str(figure)).status == 2
    assert figure.read_text() == "old"
    assert os.listdir(tmp_path) == ["x.svg"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable(run: Any, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    result = run("diagram", "lenet5", "-o", str(tmp_path / "x.svg"))
    tmp_path.chmod(0o700)
    assert result.status == 2
    assert "cannot be written" in result.err


def test_a_folder_is_no_file(run: Any, tmp_path: Path) -> None:
    (tmp_path / "x.svg").mkdir()
    result = run("diagram", "lenet5", "-o", str(tmp_path / "x.svg"))
    assert result.status == 2
    assert "is a folder" in result.err


@pytest.mark.parametrize(
    "ending",
    [
        "svg",
        "tex",
        pytest.param("pdf", marks=pytest.mark.needs("svg2pdf_py")),
        pytest.param("png", marks=pytest.mark.needs("resvg_py")),
        "dot",
        pytest.param("pptx", marks=pytest.mark.needs("pptx")),
    ],
)
def test_stale_figures_are_told(run: Any, tmp_path: Path, ending: str) -> None:
    figure = str(tmp_path / f"x.{ending}")
    assert run("diagram", "mobilenet_v1", "-o", figure).status == 0
    fresh = run("diagram", "mobilenet_v1", "-o", figure, "--check")
    assert (fresh.status, fresh.out) == (0, f"{figure}: up to date\n")
    for change in (("--set", "alpha=0.5"), ("--palette", "print"), ("--show", "name")):
        stale = run("diagram", "mobilenet_v1", "-o", figure, "--check", *change)
        assert stale.status == 1, change
        assert "stale" in stale.out


ENDINGS = [
    "svg",
    "tex",
    "dot",
    pytest.param("pdf", marks=pytest.mark.needs("svg2pdf_py")),
    pytest.param("png", marks=pytest.mark.needs("resvg_py")),
    pytest.param("pptx", marks=pytest.mark.needs("pptx")),
]


def checked(run: Any, figure: Path, data: bytes) -> int:
    """The status of `--check` for a figure with this content."""
    figure.write_bytes(data)
    result = run("diagram", "lenet5", "-o", str(figure), "--check")
    assert result.out == f"{figure}: {'stale, draw it again without --check' if result.status else 'up to date'}\n"
    return result.status


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_figure_that_was_cut_or_damaged_is_stale(run: Any, tmp_path: Path, ending: str) -> None:
    figure = tmp_path / f"x.{ending}"
    assert run("diagram", "lenet5", "-o", str(figure)).status == 0
    data = figure.read_bytes()
    assert checked(run, figure, data) == 0
    step = max(1, len(data) // 12)
    for at in range(7, len(data), step):
        assert checked(run, figure, data[:at]) == 1, at
    flips = range(0, len(data), max(1, len(data) // 25))
    if ending != "pptx":  # of an archive, what no entry depends on may change
        assert all(checked(run, figure, data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]) == 1 for at in flips)
    for other in (
        b"",
        b"PK",
        b"PK\x05\x06" + bytes(18),
        data + b"x" if ending != "pptx" else data[1:],
        data[: len(data) // 2] * 2,
    ):
        assert checked(run, figure, other) == 1


@pytest.mark.parametrize("ending", ["svg", "tex", "dot"])
def test_an_edited_label_is_stale_and_line_ends_are_not(run: Any, tmp_path: Path, ending: str) -> None:
    figure = tmp_path / f"x.{ending}"
    assert run("diagram", "lenet5", "-o", str(figure)).status == 0
    data = figure.read_bytes()
    assert data.count(b"120") > 0
    assert checked(run, figure, data.replace(b"120", b"121")) == 1
    assert checked(run, figure, data.replace(b"\n", b"\r\n")) == 0


@pytest.mark.needs("pptx")
def test_a_damaged_presentation_is_stale_or_has_the_same_entries(run: Any, tmp_path: Path) -> None:
    """Bit flips in all of the file, many in the entry that has the stamp: never anything else than one of two answers."""
    import io
    import random
    import re
    import zipfile

    from archcalc.views.diagram.writers.pptx import is_intact

    def entries(data: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(data)) as deck:
            return {name: deck.read(name) for name in deck.namelist()}

    figure = tmp_path / "x.pptx"
    assert run("diagram", "lenet5", "-o", str(figure)).status == 0
    data = figure.read_bytes()
    with zipfile.ZipFile(figure) as deck:
        start = deck.getinfo("docProps/core.xml").header_offset
        stamp = re.search(rb"archcalc-figure:[0-9a-f]{64}", deck.read("docProps/core.xml")).group().decode()
    draw = random.Random(1)
    for number in range(400):
        at = draw.randrange(start, start + 500) if number % 2 else draw.randrange(len(data))
        damaged = data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]
        assert not is_intact(damaged, stamp) or entries(damaged) == entries(data)
    for old, new in ((b"C1", b"C9"), (b"<a:t>", b"<a:t> "), (stamp.encode(), stamp.encode()[:-1] + b"g")):
        edited = io.BytesIO()
        with zipfile.ZipFile(edited, "w") as deck:
            for name, entry in entries(data).items():
                deck.writestr(name, entry.replace(old, new))
        assert entries(edited.getvalue()) != entries(data), old
        assert checked(run, figure, edited.getvalue()) == 1


def test_dot_needs_no_graphviz(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DOT is text: neither pygraphviz nor a program `dot` is there, and nothing is laid out."""
    import sys

    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", "")
    figure = tmp_path / "x.dot"
    assert run("diagram", "lenet5", "-o", str(figure)).status == 0
    text = figure.read_text(encoding="utf-8")
    assert text.splitlines()[1].startswith("digraph")
    assert text.count(" -> ") == 7  # input, five layers with their activations, output
    assert run("diagram", "lenet5", "-o", str(figure), "--check").status == 0
    assert run("diagram", "lenet5", "--style", "graph", "-o", str(tmp_path / "x.svg")).status == 2


@pytest.mark.parametrize(
    "command", [("diagram", "lenet5"), pytest.param(("report", "lenet5"), marks=pytest.mark.needs("jinja2"))], ids=" ".join
)
def test_an_output_that_is_no_regular_file_is_written_into(command: tuple[str, str], tmp_path: Path) -> None:
    import os
    import stat
    import subprocess
    import sys

    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    link = tmp_path / "pipe.svg"
    link.symlink_to(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe")
    call = [sys.executable, "-m", "archcalc", *command, "-o", str(link)]
    with subprocess.Popen(call, env=env) as writer:
        text = (tmp_path / "pipe").read_text(encoding="utf-8")
        assert writer.wait(60) == 0
    assert text.rstrip().endswith(("</svg>", "</html>"))
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert link.is_symlink()


FIGURE = """archcalc: 1
name: tiny
input: {shape: [3, 32, 32]}
layers:
  - {id: a, op: conv, out_channels: 4, kernel_size: 3}
figure:
"""


def test_a_description_keeps_its_settings(run: Any, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(FIGURE + "  style: stacks\n  palette: muted\n  show: [shape, params]\n  width: 16cm\n")
    drawn = run.process("diagram", str(spec)).out
    assert "a: feature maps" in drawn
    assert 'width="453.54pt"' in drawn
    assert "a: feature maps" not in run.process("diagram", str(spec), "--style", "blocks").out


def test_wrong_settings_are_told_with_their_place(run: Any, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(FIGURE + "  style: stacks\n  palete: muted\n  heat: money\n  palette: [muted]\n  style: cube\n")
    result = run("diagram", str(spec), "-o", str(tmp_path / "x.svg"))
    assert result.status == 2
    assert ":8:" in result.err
    assert "\n    palete: muted\n            ^\n" in result.err
    assert "did you mean palette" in result.err
    for line in (9, 10, 11):
        assert f":{line}:" in result.err


def test_a_missing_package_is_named_with_its_command(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for module in ("resvg_py", "svg2pdf_py", "pptx", "pygraphviz", "jinja2"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setenv("PATH", "")
    for ending, extra in (("png", "diagrams"), ("pdf", "diagrams"), ("pptx", "pptx")):
        result = run("diagram", "lenet5", "-o", str(tmp_path / f"x.{ending}"))
        assert result.status == 2, ending
        assert f"pip install '.[{extra}]'" in result.err
        assert not (tmp_path / f"x.{ending}").exists()
    result = run("report", "lenet5", "-o", str(tmp_path / "x.html"))
    assert result.status == 2
    assert "pip install jinja2, or in a checkout of archcalc: pip install '.[report]'" in result.err


@pytest.mark.needs("pygraphviz", "resvg_py", "svg2pdf_py", "fontpkg_fira_sans")
@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_machine_with_only_python(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "none"))
    figure = tmp_path / f"x.{ending}"
    result = run("diagram", "resnet50", "--style", "graph", "-o", str(figure))
    assert result.status == 0, result.err
    assert figure.stat().st_size > 20_000


def long_chain(layers: int) -> str:
    lines = [f"  - {{id: c{at}, op: conv, out_channels: {at + 4}, kernel_size: 3, padding: 1}}" for at in range(layers)]
    return "\n".join(["archcalc: 1", "name: chain", "input: {shape: [3, 64, 64]}", "layers:", *lines, ""])


def many_branches(count: int) -> str:
    lines = [f"  - {{id: b{at}, op: conv, inputs: [stem], out_channels: {at + 1}, kernel_size: 1}}" for at in range(count)]
    names = ", ".join(f"b{at}" for at in range(count))
    return "\n".join(
        [
            "archcalc: 1",
            "name: wide",
            "input: {shape: [3, 64, 64]}",
            "layers:",
            "  - {id: stem, op: conv, out_channels: 8, kernel_size: 1}",
            *lines,
            f"  - {{id: join, op: concat, inputs: [{names}]}}",
            "",
        ]
    )


@pytest.mark.parametrize("style", ["blocks", "volumes", "stacks", pytest.param("graph", marks=pytest.mark.needs("pygraphviz"))])
@pytest.mark.parametrize("text", [long_chain(1000), many_branches(200)], ids=["chain", "branches"])
def test_large_networks_fit_the_page(run: Any, tmp_path: Path, style: str, text: str) -> None:
    spec, figure = tmp_path / "net.yaml", tmp_path / "x.svg"
    spec.write_text(text)
    result = run("diagram", str(spec), "--style", style, "-o", str(figure))
    assert result.status == 0, result.err
    drawn = figure.read_text(encoding="utf-8")
    if "chain" in text:
        assert "steps …" in drawn, "the count of what is left out"
        assert "multiply-adds</text>" in drawn, "and its cost"


@pytest.mark.needs("jinja2")
def test_a_report_tells_what_was_printed_about_the_network(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    run.ok("report", "vgg16", "-o", str(page))
    text = page.read_text(encoding="utf-8")
    # The lecture's total, which its own second pooling row explains, and the paper's.
    assert "138,423,208" in text
    assert "erratum" in text
    assert "138 million" in text


NET = FIGURE.removesuffix("figure:\n")


@pytest.mark.parametrize("output", ["net.yaml", "notes.md", "page", "-", "net.html", "hard.htm"])
def test_a_report_replaces_nothing_that_is_no_page(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    """A page takes the place of a page only; a description stays even if a page's name is one of its own."""
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NET)
    Path("other.yaml").write_text(NET)
    Path("notes.md").write_text("mine")
    Path("net.html").symlink_to("net.yaml")
    Path("hard.htm").hardlink_to("net.yaml")
    result = run("report", "other.yaml", "net.yaml", "-o", output)
    assert result.status == 2
    assert ("ARC480" if output in ("net.html", "hard.htm") else "ARC479") in result.err
    assert Path("net.yaml").read_text() == NET
    assert Path("notes.md").read_text() == "mine"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hard.htm", "net.html", "net.yaml", "notes.md", "other.yaml"]


def test_a_figure_never_replaces_its_description(run: Any, tmp_path: Path) -> None:
    spec, figure = tmp_path / "net.yaml", tmp_path / "net.svg"
    spec.write_text(NET)
    figure.symlink_to(spec)
    result = run("diagram", str(spec), "-o", str(figure))
    assert result.status == 2
    assert "ARC480" in result.err
    assert spec.read_text() == NET

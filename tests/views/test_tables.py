"""Tables: what is folded adds up to what is expanded, no number is ever cut, and text from a file stays text."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
from typing import Any

import pytest

from archcalc.analysis.loading import load
from archcalc.analysis.report import Report, analyze
from archcalc.views.formats import FORMATS, write
from archcalc.views.formats import table as terminal
from archcalc.views.tables import layers
from archcalc.views.tables.folding import rows
from archcalc.views.tables.table import Column, Row, Table, cell_text
from archcalc.views.units import bytes_, rounded, share
from tests.analysis.test_zoo import network
from tests.networks import NETWORKS
from tests.support import describe, report_of

SHEETS = {"params": layers.params, "macs": layers.macs, "summary": layers.summary, "shapes": layers.shapes, "rf": layers.rf}
QUANTITIES = ("params", "weights", "biases", "trainable", "fixed", "buffers", "mult_adds", "flops", "activations", "neurons")


# -- folding --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("depth", [None, 1, 2, 3])
def test_folded_rows_add_up(name: str, depth: int | None) -> None:
    """Folded or not, to whatever depth: the sums over the rows are the totals."""
    report = network(name)
    found = [row for row in rows(report.layers, depth=depth) if not row.heading]
    for quantity in QUANTITIES:
        assert sum(row.sum(quantity) for row in found) == getattr(report.totals, quantity), quantity


@pytest.mark.parametrize("name", NETWORKS)
def test_expanded_is_every_layer(name: str) -> None:
    report = network(name)
    found = rows(report.layers, expand=True)
    assert [row.label for row in found] == [layer.id for layer in report.layers]
    assert all(row.times == 1 for row in found)


def test_repeats_fold_with_their_number() -> None:
    """MobileNet's row marked 5× is one row that stands for five; the convolutions in it count five times."""
    report = network("mobilenet_v1")
    found = {row.label: row for row in rows(report.layers, depth=1)}
    assert found["sep7_11"].times == 5
    pw = report.layer("sep7_11.1.pw")
    assert found["sep7_11"].sum("params") == 5 * sum(
        layer.params for layer in report.layers if layer.id.startswith("sep7_11.1.")
    )
    assert pw.params == 512 * 512
    deep = [row for row in rows(report.layers) if row.label == "pw" and row.times == 5]
    assert [row.sum("params") for row in deep] == [5 * 512 * 512]


def test_only_equal_blocks_fold() -> None:
    """Three copies of which the first differs in its input: two fold, the first stands for itself."""
    text = """
        archcalc: 1
        input: {shape: [3, 8, 8]}
        blocks: {unit: {layers: [{id: c, op: conv, out_channels: 8, kernel_size: 3, padding: 1}, {op: relu}]}}
        layers: [{id: stage, op: unit, repeat: 3}]
    """
    found = [(row.label, row.times, row.heading) for row in rows(report_of(text).layers)]
    assert found == [("stage.1", 1, True), ("c", 1, False), ("stage.2…3", 2, True), ("c", 2, False)]


def test_a_frozen_copy_is_not_folded_with_the_others() -> None:
    text = describe([3], {"id": "fc", "op": "linear", "out_features": 3, "repeat": 4})
    table = layers.params(report_of(text, freeze=("fc.1",)))
    at = {column.name: place for place, column in enumerate(table.columns)}
    assert table.total is not None
    for name in ("Params", "Trainable", "Frozen"):
        assert sum(line.cells[at[name]] or 0 for line in table.rows) == table.total[at[name]], name
    assert table.total[at["Frozen"]] == 12


def test_activations_join_the_layer_they_follow() -> None:
    found = rows(network("vgg16").layers)
    assert [row.kind for row in found][:3] == ["conv 3×3 + relu", "conv 3×3 + relu", "max_pool 2×2/2"]
    assert found[0].sum("flops") == sum(layer.flops for layer in network("vgg16").layers[:2])


def test_of_a_chain_of_activations_the_copies_fold_and_the_rest_is_a_row() -> None:
    layers = ({"op": "relu", "repeat": 3}, {"op": "relu"}, {"op": "dropout"}, {"op": "relu", "repeat": 2}, {"op": "relu"})
    found = [(row.label, row.kind, row.times) for row in rows(report_of(describe([4], *layers)).layers)]
    # The first three are copies; what follows the last of them is one chain, in which the copies are no longer folded.
    assert found == [("relu1", "relu", 3), ("relu2", "relu + dropout + relu + relu + relu", 1)]


def test_a_long_chain_of_activations_takes_memory_in_proportion() -> None:
    """One number for each pair of 4,000 layers would be 64 MB or more."""
    report = report_of(describe([4], {"op": "relu", "repeat": 4000}))
    tracemalloc.start()
    try:
        found = rows(report.layers)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [(row.label, row.times) for row in found] == [("relu1", 4000)]
    assert peak < 10e6


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("sheet", ["params", "macs", "summary"])
@pytest.mark.parametrize("expand", [False, True])
def test_columns_add_up_to_the_total_line(name: str, sheet: str, expand: bool) -> None:
    table = SHEETS[sheet](network(name), expand)
    assert table.total is not None
    checked = 0
    for at, column in enumerate(table.columns):
        cells = [line.cells[at] for line in table.rows if not line.heading]
        if column.numeric and column.name not in ("×", "Share"):
            assert sum(int(cell or 0) for cell in cells) == table.total[at], column.name
            checked += 1
    assert checked >= 2


# -- formats --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "googlenet", "lenet5"])
@pytest.mark.parametrize("format", ["table", "markdown", "latex"])
def test_every_number_stands_whole(name: str, format: str) -> None:
    """Whatever the format: the total and every cell are there with all their digits."""
    table = SHEETS["params"](network(name), True)
    text = re.sub(r"(?<=\d)(,|\\,)(?=\d{3})", "", write(table, format))
    for line in [*(line.cells for line in table.rows), table.total or []]:
        for cell in line:
            if isinstance(cell, int):
                assert re.search(rf"(?<!\d){cell}(?!\d)", text), f"{cell:,} is not in the {format}"


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 200])
@pytest.mark.parametrize("sheet", SHEETS)
def test_a_narrow_terminal_drops_columns_and_says_so(sheet: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers are never cut: whole columns go, and are named."""
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    table = SHEETS[sheet](network("resnet152"))
    text = re.sub(r"\x1b\[[0-9;]*m", "", terminal.render(table))
    kept = [column for column in table.columns if column.name in text.splitlines()[2]]
    for at, column in enumerate(table.columns):
        if column in kept and column.numeric:
            for line in table.rows:
                assert cell_text(line.cells[at]) in text
    gone = [column.name for column in table.columns if column not in kept and column.name != "×"]
    if gone:
        assert "too narrow" in text
        assert all(name in text.partition("too narrow for:")[2] for name in gone)
    assert "…" not in re.sub(r"\d…\d| … ", "", text.partition("\n\n")[0]), "nothing is cut short"


def test_wide_output_where_there_is_no_terminal() -> None:
    """A pipe or a file gets every column, however many."""
    text = terminal.render(layers.params(network("lenet5")))
    assert all(name in text for name in ("Weights", "Biases", "Trainable", "Fixed", "Share"))
    assert "\x1b" not in text, "no colours where there is no terminal"


def test_csv_is_every_layer_with_bare_numbers(run: Any) -> None:
    found = list(csv.DictReader(io.StringIO(run.ok("params", "mobilenet_v1", "--format", "csv"))))
    assert len(found) == len(network("mobilenet_v1").layers)
    assert sum(int(row["Params"]) for row in found) == 4_231_976
    assert sum(int(row["Buffers"]) for row in found) == 21_888


def test_json_is_the_contract(run: Any) -> None:
    for command in ("params", "macs", "rf", "shapes", "summary"):
        assert json.loads(run.ok(command, "lenet5", "--format", "json")) == analyze(load("lenet5")).to_dict()


def test_latex_is_a_whole_table() -> None:
    text = write(layers.params(network("lenet5")), "latex")
    assert text.count(r"\toprule") == text.count(r"\bottomrule") == text.count(r"\begin{tabular}") == 1
    body = [line for line in text.splitlines() if line.endswith(r"\\")]
    columns = len(layers.params(network("lenet5")).columns)
    assert all(len(re.findall(r"(?<!\\)&", line)) == columns - 1 for line in body)
    assert r"48\,120" in text


def test_markdown_is_a_whole_table() -> None:
    lines = [line for line in write(layers.params(network("resnet18")), "markdown").splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1


# -- text from a file is data ---------------------------------------------------------------------------------------------

NASTY = "[bold]x[/bold] |`$\\_{}^~#%&<script>alert(1)</script>\x1b[31m\r\n=cmd()\u202e*"
TABLE = Table(
    NASTY,
    [Column(NASTY), Column("n", True)],
    [Row([NASTY, 1]), Row(["=1+1", 2]), Row(["@x", 3]), Row(["-2+3", 4]), Row(["-2", 5])],
    ["total", 15],
    [NASTY],
)


@pytest.mark.parametrize("format", FORMATS.names)
def test_control_characters_reach_no_format(format: str) -> None:
    text = write(TABLE, format)
    raw = json.dumps(json.loads(text)) if format == "json" else text
    assert "\x1b" not in raw
    assert "\r" not in raw
    assert format == "json" or "\u202e" not in raw, "no character that turns the text around"


def test_terminal_shows_markup_as_text() -> None:
    text = write(TABLE, "table")
    assert "[bold]x[/bold]" in text
    assert "␛[31m" in text


def test_markdown_shows_markup_as_text() -> None:
    text = write(TABLE, "markdown")
    assert "<script" not in text.replace("\\<", "")
    assert r"\|" in text
    assert r"\`\$" in text
    assert r"\[bold\]" in text


def test_latex_shows_commands_as_text() -> None:
    body = "\n".join(line for line in write(TABLE, "latex").splitlines() if not line.startswith("%"))
    assert r"\textbackslash{}\_\{\}\textasciicircum{}\textasciitilde{}\#\%\&" in body
    assert not re.search(r"(?<!\\)[$#%]", body.replace(r"$\times$", ""))


def test_a_title_cannot_leave_its_latex_comment() -> None:
    text = write(Table("a\n\\input{/etc/passwd}\u2028\\x\x0b\\y\x85\\z", [Column("c")], [Row(["x"])]), "latex")
    assert not any(line.strip().startswith((r"\input", r"\x", r"\y", r"\z")) for line in text.splitlines())


def test_csv_runs_no_formula() -> None:
    found = list(csv.reader(io.StringIO(write(TABLE, "csv"))))
    assert [row[0] for row in found[2:]] == ["'=1+1", "'@x", "'-2+3", "-2"]
    assert found[1][0].startswith("[bold]x")
    assert all(len(row) == 2 for row in found)


NAMED = """
archcalc: 1
name: "net [red]\\e[2J</title>|$x$ =cmd"
source: "=HYPERLINK(1)"
input: {shape: [3, 8, 8]}
layers:
  - {id: "=cmd|' /C calc'!A0", op: conv, out_channels: 2, kernel_size: 3}
  - {id: "[link=http://x]a[/link]", op: relu}
  - {id: "x\\\\y{z}_%&#~^<b>", op: conv, out_channels: 2, kernel_size: 2, stride: 2}
"""


@pytest.mark.parametrize("command", SHEETS)
@pytest.mark.parametrize("format", [*FORMATS.names])
def test_names_from_a_description(command: str, format: str, run: Any, written: Any) -> None:
    """Through every command and format: no escape sequence, no markup, no formula; and the names are still there."""
    result = run(command, written(NAMED), "--format", format, "--expand")
    assert result.status == 0
    assert "\x1b" not in result.out + result.err
    if format == "csv":
        for row in csv.reader(io.StringIO(result.out)):
            assert not any(cell.startswith(("=", "@", "+")) for cell in row)
    if format == "table":
        assert "[link=http://x]a[/link]" in result.out
    if format == "markdown":
        assert "<b>" not in result.out.replace(r"\<", "")


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "json"])
def test_names_in_derivations(format: str, run: Any, written: Any) -> None:
    path = written(NAMED)
    for args in ([], ["x\\y{z}_%&#~^<b>"]):
        result = run("explain", path, *args, "--format", format)
        assert result.status == 0, result.err
        assert "\x1b" not in result.out + result.err
        if format == "latex":
            body = "\n".join(line for line in result.out.splitlines() if not line.startswith("%"))
            assert "_%&#" not in body
        if format == "markdown":
            assert "<b>" not in result.out.replace(r"\<", "").replace(r"\textless{}b", "")


# -- readings ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.000 K"),
        (60_840, "60.84 K"),
        (138_357_544, "138.4 M"),
        (15_470_264_320, "15.47 G"),
        (999_949, "999.9 K"),
        (999_950, "1.000 M"),
        (10**15, "1.000 P"),
        (123_456_789_012_345_678, "123.5 P"),
        (999_950 * 10**12, "1.000 E"),
        (123_456 * 10**18, "123,456 E"),
    ],
)
def test_rounded(number: int, text: str) -> None:
    assert rounded(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.000 KiB"),
        (138_357_544 * 4, "527.8 MiB"),
        (2**40, "1.000 TiB"),
    ],
)
def test_bytes(number: int, text: str) -> None:
    assert bytes_(number) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 7, "0.0 %"),
        (1, 10**9, "<0.1 %"),
        (1, 3, "33.3 %"),
        (2, 3, "66.7 %"),
        (7, 7, "100.0 %"),
        (1, 8, "12.5 %"),
        (0, 0, ""),
        (123_642_856, 138_357_544, "89.4 %"),
        (5, 10_000, "0.1 %"),
    ],
)
def test_share(part: int, whole: int, text: str) -> None:
    assert share(part, whole) == text


def test_an_unusual_network_has_a_table() -> None:
    """No parameters, no spatial axes, no operations: no division by zero, no empty column that breaks."""
    report: Report = report_of(describe([3], {"op": "identity"}))
    for name, sheet in SHEETS.items():
        for writer in FORMATS.names:
            assert write(sheet(report), writer), (name, writer)


# -- long tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [10_000, 60])
@pytest.mark.parametrize("name", ["lenet5", "mobilenet_v1", "unet"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_long_tables_look_like_short_ones(monkeypatch: pytest.MonkeyPatch, sheet: str, name: str, width: int) -> None:
    """Beyond some length a table is written without Rich: the same text, without styles."""
    fitting = terminal._fitting
    monkeypatch.setattr(terminal, "_fitting", lambda columns, widths, _: fitting(columns, widths, width))
    table = SHEETS[sheet](network(name))
    styled = write(table, "table")
    monkeypatch.setattr(terminal, "MAX_STYLED", 0)
    assert write(table, "table") == styled


@pytest.mark.parametrize("total", [None, ["total", "", 12]])
@pytest.mark.parametrize("title", ["", "a title"])
def test_plain_tables_of_any_form(monkeypatch: pytest.MonkeyPatch, title: str, total: list[Any] | None) -> None:
    rows = [Row(["block", "卷积", None], 0, True), Row(["x\x1b[31m", "", 0], 1), Row(["y", "conv 3×3", 12], 1)]
    columns = [Column("Layer"), Column("Kind"), Column("Params", True)]
    for table in (Table(title, columns, rows, total, ["a note"]), Table(title, columns, [], total)):
        monkeypatch.setattr(terminal, "MAX_STYLED", 2000)
        styled = write(table, "table")
        monkeypatch.setattr(terminal, "MAX_STYLED", -1)
        assert write(table, "table") == styled


def test_an_activation_stands_beside_what_it_reads() -> None:
    """Branch after branch: the ReLU is that of conv_a, the sigmoid that of conv_b; the second ReLU of conv_a has a row."""
    text = describe(
        [3, 32, 32],
        {"id": "conv_a", "op": "conv", "out_channels": 16, "kernel_size": 3},
        {"id": "conv_b", "op": "conv", "out_channels": 16, "kernel_size": 3, "inputs": "input"},
        {"id": "relu_a", "op": "relu", "inputs": "conv_a"},
        {"id": "sig_b", "op": "sigmoid", "inputs": "conv_b"},
        {"id": "again", "op": "relu", "inputs": "conv_a"},
        {"id": "gate", "op": "multiply", "inputs": ["relu_a", "sig_b", "again"]},
    )
    kinds = {row.label: row.kind for row in rows(report_of(text).layers)}
    assert kinds == {"conv_a": "conv 3×3 + relu", "conv_b": "conv 3×3 + sigmoid", "again": "relu", "gate": "multiply"}


def test_an_activation_of_one_copy_has_its_row() -> None:
    text = describe(
        [4, 8, 8],
        {"id": "c", "op": "conv", "out_channels": 4, "kernel_size": 1, "repeat": 3},
        {"id": "first", "op": "relu", "inputs": "c.1"},
        {"id": "last", "op": "relu", "inputs": "c"},
        {"id": "sum", "op": "add", "inputs": ["first", "last"]},
    )
    found = rows(report_of(text).layers)
    assert [(row.label, row.times) for row in found] == [("c", 3), ("first", 1), ("last", 1), ("sum", 1)]
    assert sum(row.sum("params") for row in found) == 3 * (4 * 4 + 4)


@pytest.mark.parametrize("term", ["xterm", "dumb", "unknown"])
@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_number_is_cut_on_any_terminal(term: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    for name in ("resnet50", "lenet5"):
        text = re.sub("\x1b\\[[0-9;]*m", "", terminal.render(layers.summary(network(name))))
        assert not re.search(r"[\d,×]…(?!\d)", text)
        assert f"{network(name).totals.params:,}" in text
        assert max(map(len, text.split("\n\n")[1].splitlines())) <= width


def test_a_folded_row_shows_the_fields_of_its_first_and_last_copy() -> None:
    """3×3 after 3×3 see 3, 5, 7; two more in each of two blocks 9, 11 and 13, 15."""
    same = {"op": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1}
    text = describe(
        [4, 40, 40],
        {"id": "c", **same, "repeat": 3},
        {"id": "x", "op": "b", "repeat": 2},
        blocks={"b": {"layers": [{"id": "d", **same, "repeat": 2}]}},
    )
    table = layers.summary(report_of(text))
    fields = [row.cells[-1] for row in table.rows]
    assert fields == ["3…7", "", "9…15"]
    assert [row.cells[-1] for row in layers.summary(report_of(text), depth=1).rows] == ["3…7", "11…15"]
    assert any("first…last" in note for note in table.notes)


@pytest.mark.parametrize("name", ["unet", "segnet", "resnet18", "googlenet"])
def test_the_footer_of_fields_is_true_of_its_rows(name: str) -> None:
    """u·stride − padding … + size − 1 is what units see, except where the row says that it depends on the phase."""
    report = network(name)
    sheet = layers.rf(report, expand=True)
    phased = {row.cells[0] for row in sheet.rows if "per phase" in str(row.cells[-1])}
    assert bool(phased) == (name in ("unet", "segnet")) == any(", except in rows per phase" in note for note in sheet.notes)
    for layer in report.layers:
        field = layer.receptive_field
        if field.status in ("whole input", "unknown") or None in field.size:
            continue
        by_rule = [
            [(unit * stride - padding, unit * stride - padding + size - 1) for unit in range(min(64, extent))]
            for size, stride, padding, extent in zip(field.size, field.stride, field.padding, layer.output.spatial, strict=True)
        ]
        seen = [[axis.span(unit) for unit in range(min(64, extent))] for axis, extent in zip(field.axes, layer.output.spatial)]
        assert (seen == by_rule) != (layer.id in phased), layer.id


def test_unaligned_rows_of_unet_are_per_phase() -> None:
    """By hand: unit 194 of score sees 192 … 379, not 194 … 397 as its stride, padding and size would have it."""
    status = {row.cells[0]: row.cells[-1] for row in layers.rf(network("unet")).rows}
    assert (status["score"], status["up4.up"], status["pool4"]) == ("unaligned, per phase", "per phase", "exact")
    assert network("unet").layer("score").receptive_field.axes[0].span(194) == (192, 379)


@pytest.mark.parametrize(
    ("entries", "labels"),
    [
        ([{"id": "l1..3"}], ["l1…l3"]),
        ([{"id": "l1..3"}, {"id": "m1..2"}], ["l1 … m2"]),
        ([{"id": "l", "repeat": 3}, {"id": "m", "repeat": 2}], ["l.1 … m.2"]),
        ([{"id": "l", "repeat": 3}, {"id": "m"}], ["l.1 … m"]),
        ([{"id": "l", "repeat": 3, "n": "8*copy"}], ["l.1", "l.2", "l.3"]),
        ([{"id": "l", "repeat": 3, "n": "8+1//copy"}], ["l.1", "l.2…3"]),
    ],
)
def test_a_run_of_equal_blocks_has_the_names_of_its_ends(entries: list[dict[str, Any]], labels: list[str]) -> None:
    """Blocks of two entries are never the copies of one."""
    block = {"arguments": {"n": 8}, "layers": [{"op": "linear", "out_features": "n"}, {"op": "linear", "out_features": 8}]}
    report = report_of(describe([8], *({"op": "s"} | entry for entry in entries), blocks={"s": block}))
    assert [row.label for row in rows(report.layers, depth=1)] == labels

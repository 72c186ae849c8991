"""Printed tables, pasted as they stand."""

from __future__ import annotations

import pytest

from tests.claims.claims_files import judged

WAYS = {
    "markdown": "| conv3-64 | 3×3 | 1,792 |\n|---|---|---|\n| maxpool | 2×2 | 0 |\n| Total | | 138,357,544 |",
    "tabs": "conv3-64\t3×3\t1792\nmaxpool\t2×2\t0\nTotal\t\t138357544",
    "csv": 'conv3-64,3×3,"1,792"\nmaxpool,2×2,0\nTotal,,"138,357,544"',
    "aligned csv": 'conv3-64,  3×3,  1792\nmaxpool,   2×2,  0\nTotal,     -,    "138,357,544"',
    "csv aligned before": "conv3-64  ,3×3  ,1792\nmaxpool   ,2×2  ,0\nTotal     ,     ,138357544",
    "spaces": "conv3-64  3×3  1,792\nmaxpool   2×2  0\nTotal     -    138,357,544",
}


def table(text: str, more: str = "", rows: str = "[conv1_1, pool1, total]") -> str:
    lines = "".join(f"  {line}\n" for line in text.split("\n"))
    return f'id: t\nnetwork: vgg16\ncolumns: ["-", kernel_size, params]\nrows: {rows}\n{more}table: |\n{lines}'


@pytest.mark.parametrize("way", WAYS)
def test_every_cell_is_a_claim(way: str) -> None:
    outcomes, problems = judged(table(WAYS[way]))
    assert not problems
    assert [(one.claim.id, one.status, one.verdict) for one in outcomes] == [
        ("t.conv1_1.kernel_size", "holds", "exact"), ("t.conv1_1.params", "holds", "exact"),
        ("t.pool1.kernel_size", "holds", "exact"), ("t.pool1.params", "holds", "exact"),
        ("t.total.params", "holds", "exact"),
    ]  # fmt: skip


def test_a_cell_knows_its_place() -> None:
    """Line and column of the figure in the file, for editors and excerpts."""
    outcomes, _ = judged(table(WAYS["markdown"].replace("1,792", "1,793")))
    wrong = next(one for one in outcomes if one.status == "fails")
    assert wrong.claim.excerpt[wrong.claim.mark.column - 1 :].startswith("1,793")


def test_a_ragged_row_is_told_and_the_others_are_checked() -> None:
    outcomes, problems = judged(table(WAYS["markdown"].replace("| 2×2 | 0 |", "| 0 |")))
    assert len(problems) == 1
    assert "paper.yaml:11:1: error[ARC420] this row has 2 cells, not 3" in problems[0]
    assert len(outcomes) == 3


def test_a_row_too_many_is_told() -> None:
    _, problems = judged(table(WAYS["tabs"], rows="[conv1_1, pool1]"))
    assert "error[ARC421] the table has 3 rows, rows names 2" in problems[0]


def test_single_cells_can_be_told_apart() -> None:
    more = "cells:\n  pool1.params: {erratum: {formula: 2*2*64*64 + 64}}\n  total.params: '-'\n"
    outcomes, problems = judged(table(WAYS["tabs"].replace("\t0", "\t16448"), more))
    assert not problems
    assert [one.status for one in outcomes] == ["holds", "holds", "holds", "erratum"]
    _, problems = judged(table(WAYS["tabs"], "cells:\n  pool9.params: {verdict: exact}\n"))
    assert "the table has no cell pool9.params" in problems[0]


def test_text_around_a_figure() -> None:
    """MobileNet's table 1 prints "Conv dw / s2" and "3×3×64 dw"."""
    claim = (
        "id: t\nnetwork: mobilenet_v1\ncolumns: [{quantity: stride, after: / s}, {quantity: weights, before: dw}]\n"
        "rows: [sep2.dw]\ntable: |\n  | Conv dw / s2 | 3 × 3 × 64 dw |\n"
    )
    outcomes, problems = judged(claim)
    assert not problems
    assert [one.verdict for one in outcomes] == ["exact", "exact"]


def test_a_table_with_the_line_ends_of_old_macs() -> None:
    outcomes, problems = judged(
        '{id: t, network: vgg16, columns: ["-", params], rows: [conv1_1, pool1], table: "a,1792\\rb,0"}'
    )
    assert not problems
    assert [one.verdict for one in outcomes] == ["exact", "exact"]


def test_a_row_that_csv_cannot_read() -> None:
    """Its field limit is 131,072 characters."""
    _, problems = judged(
        f'{{network: vgg16, columns: [params], rows: [total], table: "x,\\"{"1" * 140_000}"}}',
        "{network: vgg16, quantity: layers}",
    )
    assert ["ARC410" in problems[0], "ARC404" in problems[1], len(problems)] == [True, True, 2]

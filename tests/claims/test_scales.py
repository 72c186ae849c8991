"""Figures whose scale is outside their marks, or that are on another scale than what is computed, are never rewritten."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from archcalc.claims.printed_number import read_printed_number
from archcalc.claims.verdicts import scale_apart, value_text
from tests.conftest import Run

MILLION = "<!-- archcalc: vgg16 params -->138.4<!-- /archcalc -->"
FULL = "<!-- archcalc: vgg16 params -->138,357,544<!-- /archcalc -->"
BY_WORDS = [
    f"It has {MILLION} million parameters.",
    f"It has **{MILLION}** million parameters.",
    f"It has {MILLION}\nmillion parameters.",
    f"It has {MILLION}&nbsp;M parameters.",
    "It takes <!-- archcalc: vgg16 mult_adds -->15.5<!-- /archcalc -->GFLOPs.",
    "It has <!-- archcalc: vgg16 params -->138<!-- /archcalc --> M weights.",
    "It has <!-- archcalc: lenet5 params -->60<!-- /archcalc -->k weights.",
    "It has <!-- archcalc: lenet5 params -->61<!-- /archcalc --> thousand weights.",
    "It takes <!-- archcalc: vgg16 bytes -->553<!-- /archcalc --> MB.",
    "It takes <!-- archcalc: vgg16 bytes -->528<!-- /archcalc --> MiB.",
    "It has <!-- archcalc: vgg16 params -->13.8<!-- /archcalc --> crore parameters.",
    "Es hat <!-- archcalc: vgg16 params -->138.4<!-- /archcalc --> Millionen Parameter.",
    "它有 <!-- archcalc: vgg16 params -->1.384<!-- /archcalc -->亿 参数",
    "A <!-- archcalc: vgg16 params -->138<!-- /archcalc -->M-parameter network.",
    "A <!-- archcalc: vgg16 params -->138<!-- /archcalc -->-million-parameter network.",
    f"It has {MILLION} parameters (in millions).",
    f"It has {MILLION} (in millions) parameters.",
    f"It has (in millions) {MILLION} parameters.",
    f"In millions of parameters: {MILLION}",
    f"Params (M): {MILLION}",
    f"MFLOPs = {MILLION}",
    f"| Million parameters | {MILLION} |",
    f"It has {MILLION} ×10⁶ parameters.",
    f"It has {MILLION} × 10<sup>6</sup> parameters.",
    f"It has {MILLION} x 1,000,000 parameters.",
    "It has <!-- archcalc: vgg16 params -->1.384<!-- /archcalc -->e8 parameters.",
    "A share of <!-- archcalc: vgg16 params/total_params of=fc* -->89.4<!-- /archcalc -->%.",
    f"| net | params (M) |\n|---|---|\n| vgg | {MILLION} |",
    f"| net | params [10⁶] |\n|---|---|\n| a | 1 |\n| vgg | {MILLION} |",
    f"<table><tr><th>net<th>params (M)<tr><td>vgg<td>{MILLION}</table>",
    f"It has {FULL} million parameters.",
    f"| net | params (M) |\n|---|---|\n| vgg | {FULL} |",
]
MARK = "% archcalc: vgg16 params\n"
BY_WORDS_TEX = [
    f"{MARK}It has 138.4 (in millions) parameters.",
    f"{MARK}It has 138.4 parameters (in millions).",
    f"{MARK}In millions of parameters: 138.4",
    f"\\begin{{tabular}}{{lr}}\nnet & params [$10^6$] \\\\\n{MARK}vgg & 138.4 \\\\\n\\end{{tabular}}",
    f"\\begin{{tabular}}{{lr}}\nnet & params (M) \\\\ \\hline\na & 1 \\\\\n{MARK}vgg & 138.4 \\\\\n\\end{{tabular}}",
    f"{MARK}It has $138.4$ (\\si{{\\mega}}) parameters.",
]
BY_THEIR_SIZE = [
    f"It has {MILLION} of them, and all numbers here are in units of 10⁶.",
    "It has <!-- archcalc: vgg16 params -->13,835,754<!-- /archcalc --> parameters.",
    "It has <!-- archcalc: alexnet params -->138<!-- /archcalc --> of them.",  # a stale figure of another network
    "It has <!-- archcalc: vgg16 params -->138,000,544.0<!-- /archcalc --> parameters.",
    "It takes <!-- archcalc: vgg16 bytes -->540,459<!-- /archcalc --> of 1024.",
]


@pytest.mark.parametrize(("name", "text"), [
    *(("t.md", text) for text in BY_WORDS), *(("t.html", text) for text in BY_WORDS),
    *(("t.tex", text) for text in BY_WORDS_TEX), *(("t.md", text) for text in BY_THEIR_SIZE),
])  # fmt: skip
def test_a_figure_on_another_scale_is_left_alone(run: Run, written, name: str, text: str) -> None:
    path = written(text + "\n", name)
    result = run("verify", path, "--fix")
    assert result.status == 1
    assert Path(path).read_text(encoding="utf-8") == text + "\n"
    assert "1 claim: 0 hold, 1 fail" in result.out
    assert "ARC427" in result.err
    assert any(out in result.err for out in ("write the whole figure", "write the scale", " out\n"))


@pytest.mark.parametrize(("name", "old", "new"), [
    ("t.md", "<!-- archcalc: vgg16 params -->139.9 million<!-- /archcalc --> of them", "138.4 million"),
    ("t.md", "<!-- archcalc: vgg16 params -->139 M<!-- /archcalc --> parameters (in millions)", "138 M"),
    ("t.md", "| params (M) |\n|---|\n| <!-- archcalc: vgg16 params -->139 M<!-- /archcalc --> |", "138 M"),
    ("t.md", "| a (M) | b |\n|---|---|\n| 1 | <!-- archcalc: vgg16 params -->139,357,544<!-- /archcalc --> |", "138,357,544"),
    ("t.md", "of 138 million weights: <!-- archcalc: vgg16 params -->139,357,544<!-- /archcalc --> (138 M)", "138,357,544"),
    ("t.md", "(b) <!-- archcalc: vgg16 params -->139,357,544<!-- /archcalc --> parameters, M of them", "138,357,544"),
    ("t.md", "It has <!-- archcalc: vgg16 layers of=conv -->12<!-- /archcalc -->\n\nmillion", "13"),
    ("t.md", "a <!-- archcalc: vgg16 layers of=conv -->12<!-- /archcalc -->-layer network × 10 crops", "13"),
    ("t.md", "a map of <!-- archcalc: vgg16 output of=pool5 -->256×7×7<!-- /archcalc --> M", "512×7×7"),
    ("t.tex", "% archcalc: vgg16 params\nIt has \\num{139357544} parameters.", "138357544"),
    ("t.tex", "% archcalc: vgg16 params\nIt has \\SI{139}{M} parameters.", "138"),
    ("t.tex", "\\begin{tabular}{ll}\na (M) & b \\\\\n% archcalc: vgg16 params\nvgg & 139357544 \\\\\n", "138357544"),
])  # fmt: skip
def test_a_whole_figure_is_still_rewritten(run: Run, written, name: str, old: str, new: str) -> None:
    path = written(old, name)
    assert run("verify", path, "--fix").status == 0
    text = Path(path).read_text(encoding="utf-8")
    assert new in text
    assert text != old


@pytest.mark.parametrize(("printed", "value", "apart"), [
    ("138.4", 138_357_544, True), ("13.84", 138, True), ("1,384", 138, True), ("569 M", 149_497_088, False),
    ("138 M", 138_357_544, False), ("0", 64, False), ("7", 64, False), ("2", 199, False), ("2", 200, True), ("200", 2, True),
])  # fmt: skip
def test_scales(printed: str, value: int, apart: bool) -> None:
    assert (scale_apart(read_printed_number(printed), value) is not None) == apart


def test_no_exponents_in_differences() -> None:
    assert value_text(Fraction(1383574056, 10)) == "138,357,405.6"
    assert value_text(Fraction(-123456789, 1000)) == "-123,456.8"
    assert value_text(Fraction(1, 3)) == "0.333333"


def test_a_small_relative_error_is_not_0(run: Run, written) -> None:
    result = run("verify", written("<!-- archcalc: vgg16 params -->138,353,448<!-- /archcalc -->", "t.md"))
    assert "is 4,096 less than the computed value (0.003%)" in result.out

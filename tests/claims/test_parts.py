r"""Parts of a figure beside its mark, in a command of LaTeX, or in an argument before it: read as the page shows them, or refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Run

OPEN, CLOSE = "<!-- archcalc: vgg16 params -->", "<!-- /archcalc -->"
MARK = "% archcalc: vgg16 params\n"
GLUED = [
    "«138,357»,544", "«138,357,544».5", "«138,357,544»0", "«138 M»00", "«138»d6", "1«138»", "1,«138,357,544»",
    "1.«138,357,544»", ".«138,357,544»", "-«138 M»", "−«138 M»", "±«138,357,544»", "√«138 M»", "«138 M»%", "«138 M» × 10^3",
    "«138,357,544»²", "«138» 357 544", "1 «138 357 544»", "**-**«138 M»", "«**138,357**»,544",
]  # fmt: skip
ALONE = [
    "«138 M».", "«138 M», 3 of", "VGG-«138 M»", "x-«138 M»", "(«138 M»)", "≈«138 M»", "– «138 M» –", "| 1 | «138 M» | 3 |",
    "- «138 M»\n- 3", "1. «138 M»", "params=«138 M»", "«138 M»<sup>1</sup>", "«138,357,544»<sup>1</sup>", "«138,357,544»[^1]",
    "«138 M»*", "«138 M»/«138 M»", "«138 M»; 2", "...«138 M»...", "3 × «138 M»", "«138,357,544» 224×224", "end.\n\n«138 M»",
]  # fmt: skip
SCALED = ["«138»<sup>1</sup> M", "«138»[^1] M", "«138»\\* M", "«138»† million", "«138»* M", '«138»" M']
SCALED_TEX = [
    r"138\footnote{x} M", r"138\footnotemark[1] million", r"138\cite{a} M", r"\num{138}\footnote{see {b}}~million",
    '138"~million', "138†  M", "138''~million", r"138\label{a} M", "138 % a\n% b\n million",
    "138 % " + 200 * "a" + "\n million", "\\num{138}\n million", "$1.38\n\\times 10^8$",
]  # fmt: skip
REFUSED_TEX = [
    r"138\textsuperscript{1} M", r"138\textsuperscript{*} million", r"\setcounter{page}{12} 138 M", r"\foo{3}138 M", r"\foo{138} M", r"\foo{\bar{3}}138 M", r"\num{138 357 544 000,5}", r"\num{138 apples}", r"\num{138 \pm 1}",
    r"-\num{138} M", r"1\num{138357544}", r"130--\num{138} M", "138 mil", "138 Mill.", "138 mn", r"139\kern1pt000",
    r"{\foo{3}}138 M", r"\phantom{1}138 M",
]  # fmt: skip
READ_TEX = [
    r"\num{138 e6}", r"\num{138d6}", r"\num{138 D 6}", r"\num{138 E+6}", r"\num{1.38 \times 10^8}", r"\num{ 138357544 }",
    r"\SI{138}{M}", r"\cellcolor{gray!20}138 M", r"\multicolumn{2}{c}{138 M}", r"\multirow{3}{*}{138 M}", r"\textsc{vgg} 138 M",
    r"\textcolor{red}{138} M", r"\textcolor{red!20}{138 M}", r"\foo{} 138 M", r"\foo{a}138 M", r"{\foo{a}} 138 M", r"{138} M",
    r"ResNet\num{138357544}", r"$1.38\cdot10\textsuperscript{8}$", r"138 M\cite{a3}",
]  # fmt: skip


def marked(text: str) -> str:
    """The text with its marks."""
    return text.replace("«", OPEN).replace("»", CLOSE) + "\n"


@pytest.mark.parametrize(("name", "text"), [
    *(("t.md", marked(text)) for text in GLUED), *(("t.html", marked(text)) for text in GLUED),
    *(("t.tex", f"{MARK}{text} w\n") for text in REFUSED_TEX),
])  # fmt: skip
def test_a_part_beside_a_figure_is_refused(run: Run, written, name: str, text: str) -> None:
    refused(run, written(text, name), "ARC445")


def test_a_footnote_before_a_figure_is_a_figure_too(run: Run, written) -> None:
    """Its text is read as such, so that the line has two figures, and neither is meant by itself."""
    refused(run, written(f"{MARK}\\footnote{{see 3}}138 M w\n", "t.tex"), "ARC422")


def refused(run: Run, path: str, code: str) -> None:
    """A figure is not rewritten, by one problem with this code."""
    text = Path(path).read_text(encoding="utf-8")
    result = run("verify", path, "--fix")
    assert (result.status, Path(path).read_text(encoding="utf-8")) == (2, text)
    assert re.findall(r"ARC\d+", result.err) == [code]
    assert not any("\ue000" <= sign <= "\uf8ff" for sign in result.err + result.out)


@pytest.mark.parametrize(("name", "text"), [
    *(("t.md", marked(text)) for text in ALONE), *(("t.tex", f"{MARK}{text} w\n") for text in READ_TEX),
])  # fmt: skip
def test_what_is_no_part_is_not_refused(run: Run, written, name: str, text: str) -> None:
    path = written(text, name)
    assert " fail" not in run.ok("verify", path, "--fix").replace(" 0 fail", "")
    assert Path(path).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(("name", "text"), [
    *(("t.md", marked(text)) for text in SCALED), *(("t.tex", f"{MARK}{text} w\n") for text in SCALED_TEX),
])  # fmt: skip
def test_a_scale_behind_a_note_is_seen(run: Run, written, name: str, text: str) -> None:
    path = written(text, name)
    result = run("verify", path, "--fix")
    assert (result.status, Path(path).read_text(encoding="utf-8")) == (1, text)
    assert "it is scaled by" in result.err


def test_a_figure_in_a_command_keeps_its_exponent(run: Run, written) -> None:
    path = written(f"{MARK}\\num{{139 e6}}\n", "t.tex")
    run.ok("verify", path, "--fix")
    assert Path(path).read_text(encoding="utf-8") == f"{MARK}\\num{{138 e6}}\n"


@pytest.mark.parametrize("quantity", ["params", "bytes", "mult_adds", "neurons", "layers"])
@pytest.mark.parametrize("figure", ["139%", "0.01 percent"])
def test_a_count_is_no_percentage(run: Run, written, quantity: str, figure: str) -> None:
    path = written(f"<!-- archcalc: vgg16 {quantity} -->{figure}{CLOSE}", "t.md")
    result = run("verify", path, "--fix")
    assert result.status == 2
    assert f"no figure of {quantity}: the figure is in percent" in result.err
    assert figure in Path(path).read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["1" * 5000, "1 x " * 5000 + "1", "\\num{" + "1" * 5000 + "}", "\\num{" + "1," * 3000 + "1}"])
def test_a_long_number_is_refused_in_our_words(run: Run, written, text: str) -> None:
    result = run("verify", written(f"{MARK}{text}\n", "t.tex"))
    assert result.status == 2
    assert "ARC445" in result.err
    assert "set_int_max_str_digits" not in result.err
    assert len(result.err) < 2_000

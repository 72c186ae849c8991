"""Numbers inside prose, and the stale ones rewritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from archcalc.claims.files.rewriting import reformatted
from archcalc.claims.printed_number import read_printed_number
from tests.conftest import Run

MARKDOWN = """# Notes

VGG 16 has <!-- archcalc: vgg16 params -->**138 M**<!-- /archcalc --> parameters, 138 M of them unmarked, and
<!-- archcalc: vgg16 mult_adds -->15,470,264,321<!-- /archcalc --> multiply-adds; half of a MobileNet has
<!-- archcalc: mobilenet_v1 alpha=0.5 mult_adds -->569 M<!-- /archcalc -->. conv1_1 gives
<!-- archcalc: vgg16 output of=conv1_1 -->224×224×63<!-- /archcalc -->.
"""
LATEX = r"""Text with 5 numbers before.
% archcalc: vgg16 params
The network has \num{138357544} parameters in 16 layers.
% archcalc: vgg16 params/total_params of=fc* after="share of"
In 2014 it had a share of 88.4\% in its dense layers.
"""


def test_marked_figures_are_claims(run: Run, written, tmp_path: Path) -> None:
    path = written(MARKDOWN, "notes.md")
    result = run("verify", path)
    assert result.status == 1
    assert "4 claims: 1 hold (1 rounded), 3 fail" in result.out
    assert f"{path}:4:35: error[ARC450]" in result.out


def test_fix_rewrites_stale_figures_and_nothing_else(run: Run, written) -> None:
    path = written(MARKDOWN, "notes.md")
    result = run("verify", path, "--fix")
    assert result.status == 0
    assert "3 figures rewritten" in result.out
    wanted = MARKDOWN.replace("15,470,264,321", "15,470,264,320").replace("569 M", "149 M").replace("×63", "×64")
    assert Path(path).read_text(encoding="utf-8") == wanted
    assert run("verify", path, "--fix").out.count("rewritten") == 0


def test_line_ends_are_kept(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    old = b"\xef\xbb\xbf" + MARKDOWN.replace("\n", "\r\n").replace("Notes", "No\x0ctes").encode()
    path.write_bytes(old)
    assert run("verify", str(path), "--fix").status == 0
    assert path.read_bytes() == old.replace(b"470,264,321", b"470,264,320").replace(b"569 M", b"149 M").replace(
        "×63".encode(), "×64".encode()
    )


def test_latex(run: Run, written) -> None:
    path = written(LATEX, "notes.tex")
    result = run("verify", path)
    assert result.status == 1  # 89.4 %, says the arithmetic: 123,642,856 of 138,357,544
    assert "2 claims: 1 hold (1 exact), 1 fail" in result.out
    run("verify", path, "--fix")
    assert Path(path).read_text(encoding="utf-8") == LATEX.replace("88.4", "89.4")


@pytest.mark.parametrize(("mark", "part"), [
    ("vgg16", "names no network and quantity"),
    ("vgg61 params", "did you mean vgg16?"),
    ("vgg16 params input=big", "is not a shape"),
])  # fmt: skip
def test_bad_marks(run: Run, written, mark: str, part: str) -> None:
    result = run("verify", written(f"<!-- archcalc: {mark} -->138 M<!-- /archcalc -->\n", "notes.md"))
    assert result.status == 2
    assert part in result.err


@pytest.mark.parametrize(("text", "value", "new"), [
    ("138 M", 143_667_240, "144 M"), ("4.2 million", 2_585_560, "2.6 million"), ("1,000", 1_234_567, "1,234,567"),
    ("3.8×10⁹", 7_570_194_432, "7.6×10⁹"), ("27×27×256", (96, 55, 55), "96×55×55"), ("0.5 M", 340_000, "0.3 M"),
])  # fmt: skip
def test_a_figure_keeps_its_style(text: str, value: object, new: str) -> None:
    assert reformatted(read_printed_number(text), value) == new


def test_a_setting_may_be_a_word(run: Run, written, tmp_path: Path) -> None:
    """As in `where` of a claims file."""
    (tmp_path / "net.yaml").write_text(
        "archcalc: 1\nvariables: {padding: same}\ninput: {shape: [3, 6, 8]}\nlayers:\n"
        "  - {op: conv, out_channels: 4, kernel_size: 3, padding: padding}\n",
        encoding="utf-8",
    )
    path = written("It is <!-- archcalc: net padding=valid output -->4×4×6<!-- /archcalc --> large.", "notes.md")
    assert "1 claim: 1 hold (1 exact)" in run.ok("verify", path)


@pytest.mark.parametrize(("mark", "meant"), [
    ("vgg16 pool5 output", "vgg16 output of=pool5"), ("vgg16 params of fc6", "vgg16 params of=fc6"),
    ("vgg16 fc6.params", "vgg16 params of=fc6"), ("vgg16 fc6 params", "vgg16 params of=fc6"),
    ("resnet50 conv2_x.0.conv1.params", "resnet50 params of=conv2_x.0.conv1"),
])  # fmt: skip
def test_a_mark_of_a_layer_is_told_how_it_is_written(run: Run, written, mark: str, meant: str) -> None:
    result = run("verify", written(f"<!-- archcalc: {mark} -->138 M<!-- /archcalc -->\n", "notes.md"))
    assert result.status == 2
    assert f"a layer is named by of: {meant}\n" in result.err


def test_expressions_of_a_mark_have_spaces(run: Run, written) -> None:
    text = "<!-- archcalc: lenet5 weights + biases -->60,840<!-- /archcalc -->"
    assert "1 hold (1 exact)" in run.ok("verify", written(text, "notes.md"))

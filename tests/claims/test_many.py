"""Many claims in one run: equal ones are diagnosed once, few are in all, and networks of other settings are not kept."""

from __future__ import annotations

import time

import pytest

from archcalc.claims import near_misses, reports
from archcalc.claims.files.line_numbers import line_numbers
from archcalc.claims.files.prose import read_prose
from archcalc.claims.library import Library
from archcalc.claims.verify import verify
from archcalc.description.source import Source
from tests.conftest import Run

ONE = "<!-- archcalc: {} -->{}<!-- /archcalc -->\n"
MARK = "% archcalc: vgg16 params\n"
HINT = "would match if"


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The networks in which near misses are searched."""
    found: list[str] = []
    search = near_misses._near_misses

    def counted(claim, library):
        found.append(claim.about)
        return search(claim, library)

    monkeypatch.setattr(near_misses, "_near_misses", counted)
    return found


@pytest.mark.parametrize(("name", "text"), [
    ("t.md", ONE.format("vgg16 params", "138,344,128") * 40), ("t.tex", MARK * 40 + "x 138,344,128 of them\n"),
])  # fmt: skip
def test_equal_claims_are_diagnosed_once(run: Run, written, searches: list[str], name: str, text: str) -> None:
    result = run("verify", written(text, name))
    assert result.status == 1
    assert len(searches) == 1
    assert result.out.count(HINT) == 40  # without biases
    assert "not searched" not in result.out


def test_claims_that_differ_are_diagnosed_apart(run: Run, written, searches: list[str]) -> None:
    marks = [("vgg16 params", "139 M"), ("vgg16 params", "141 M"), ("vgg19 params", "139 M"), ("vgg16 weights", "139 M"),
             ("vgg16 params of=fc6", "139 M"), ("vgg16 params input=3x256x256", "139 M")]  # fmt: skip
    run("verify", written("".join(ONE.format(*mark) for mark in marks * 2), "t.md"))
    assert len(searches) == 6


def test_few_near_misses_are_searched_in_a_run(run: Run, written, searches: list[str]) -> None:
    result = run("verify", written("".join(ONE.format("vgg16 params", f"{n} M") for n in range(200, 260)), "t.md"))
    count = len(searches)
    assert 10 < count == near_misses.MAX_LAYERS // 40 < 60  # vgg16 has 40 layers
    assert f"near misses of {60 - count} failing figures not searched: see archcalc diagnose" in result.out


def test_reports_of_other_settings_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MAX_LAYERS", 100)
    text = "".join(ONE.format(f"vgg16 params input=3x{side}x224", "138,357,544") for side in (224, 225, 226, 227, 224))
    publication, _ = read_prose(Source("t.md", text))
    library = Library([publication])
    assert [outcome.status for outcome in verify([publication], library)] == ["holds"] * 5
    assert len(library.reports._reports) == 2
    assert library.reports._layers == 80


def test_a_report_larger_than_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MAX_LAYERS", 10)
    publication, _ = read_prose(Source("t.md", ONE.format("vgg16 params", "138,357,544") * 2))
    assert [outcome.status for outcome in verify([publication], Library([publication]))] == ["holds"] * 2


@pytest.mark.parametrize(
    "repeated", ["1 ", "1 x ", "(1 x ", "1, ", "1 ~", "\\num{", "\\num{1 ", "\\num[1", "\\foo{1}", "\\foo{", "1.1"]
)
def test_a_long_line_is_read_in_linear_time(repeated: str) -> None:
    line = "x " + repeated * (20_000 // len(repeated))
    start = time.process_time()
    numbers = line_numbers(line, "params")
    assert time.process_time() - start < 2
    assert all(len(number.shown) <= 60 and len(str(number.error)) < 300 for number in numbers)


def test_copies_of_a_block_are_counted_before_they_are_made(run: Run, written) -> None:
    start = time.process_time()
    result = run("verify", written(ONE.format("resnet_cifar n=100000000 params", "1 M"), "t.md"))
    assert time.process_time() - start < 1.5
    assert result.status == 2
    assert "ARC132" in result.err
    assert "more than 200,000 layers" in result.err

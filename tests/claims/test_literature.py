"""The shipped literature: all of it holds, and none of it would hold if a digit were changed."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from archcalc.claims.files.reader import read_claims
from archcalc.claims.library import Library, literature_files
from archcalc.claims.model import Claim, Publication
from archcalc.claims.verify import ERRATUM, verify, verify_claim
from archcalc.description.source import Source, read
from tests.conftest import Run

PUBLICATIONS = [read_claims(read(path))[0] for path in literature_files()]
LIBRARY = Library(PUBLICATIONS)
OUTCOMES = {(one.publication.name, one.claim.id): one for one in verify(PUBLICATIONS, LIBRARY)}
NAMES = [publication.name for publication in PUBLICATIONS]
FIRST = {"chen2014", "he2015", "howard2017", "krizhevsky2012", "lecture", "lecun1998", "ronneberger2015", "simonyan2014",
         "szegedy2014"}  # fmt: skip

# What the lecture prints wrongly, as far as a calculator can decide it: claim, printed, true.
LECTURE = {
    "vgg16.pool2.params": ("65664", 0),
    "vgg16.total.params": ("138,423,208", 138_357_544),
    "S4": ("12", 32),
    "C5": ("42120", 48_120),
    "mobilenet-table1.sep13.dw.stride": ("2", (1, 1)),
    "deconv-output": ("4 x 4", (1, 3, 3)),
    "mobilenet-table8.googlenet.params": ("6.8", 6_998_552),
    "mobilenet-table8.vgg16.mult_adds": ("15300", 15_470_264_320),
    "lenet-crop": ("28x28", (1, 32, 32)),
}
# What it prints loosely, with the verdict that says so: 659,272 neurons, 60,965,224 weights, 227 for the paper's 224.
LOOSE = {"alexnet-neurons": "truncated", "alexnet-weights": "rounded", "alexnet-input": "exact",
         "mobilenet-table8.googlenet.mult_adds": "approximate"}  # fmt: skip


def test_every_publication_is_there() -> None:
    assert {*NAMES} > FIRST
    assert sorted(NAMES) == NAMES
    assert all(publication.claims and publication.title for publication in PUBLICATIONS)


def test_the_number_of_figures_in_the_readme() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    [written] = re.findall(r"more than ([\d,]+) figures", text)
    assert int(written.replace(",", "")) == (len(OUTCOMES) - 1) // 100 * 100


def test_verify_in_the_checkout(run: Run) -> None:
    """Without arguments: the claims of the project, which are the shipped literature."""
    out = run.ok("verify")
    assert f"{len(OUTCOMES)} claims: " in out
    assert out.rstrip().endswith("0 fail")


@pytest.mark.parametrize("publication", PUBLICATIONS, ids=NAMES)
def test_every_claim_holds_or_is_explained(publication: Publication) -> None:
    for claim in publication.claims:
        one = OUTCOMES[publication.name, claim.id]
        assert one.ok, f"{claim.mark}: {claim.id}: {one.why} {one.problems}"
        assert claim.verdict or claim.bound, f"{claim.mark}: record the verdict, so that a change of it fails: {one.verdict}"
        assert claim.cause is None or claim.cause.why, f"{claim.mark}: say in words why it is wrong"


@pytest.mark.parametrize("name", LECTURE)
def test_errata_of_the_lecture(name: str) -> None:
    one = OUTCOMES["lecture", name]
    assert one.status == ERRATUM
    assert (one.claim.printed.text, one.computed) == LECTURE[name]


@pytest.mark.parametrize("name", LOOSE)
def test_loose_figures_of_the_lecture(name: str) -> None:
    assert OUTCOMES["lecture", name].verdict == LOOSE[name]


def test_the_table_of_vgg16() -> None:
    """Its 21 rows of 12 figures and its total: 20 rows are right, and the errata are the pool's row and the sum."""
    cells = [one for one in OUTCOMES.values() if one.publication.name == "lecture" and one.claim.id.startswith("vgg16.")]
    assert len(cells) == 18 * 12 + 3 * 11 + 1  # dense layers have no stride
    wrong = {one.claim.row for one in cells if one.status == ERRATUM}
    assert wrong == {"pool2", "total"}


def mutations(claim: Claim) -> list[Claim]:
    """The claim with another leading digit, and of an exact one with each digit changed."""
    digits = claim.printed.digits
    places = [at for at, character in enumerate(digits) if character.isdigit()]
    found = []
    for at in places if claim.verdict == "exact" else places[:1]:
        other = str((int(digits[at]) + 1 + at % 8) % 10)
        changed = digits[:at] + other + digits[at + 1 :]
        found.append(replace(claim, printed=claim.printed.with_digits(changed)))
    return [one for one in found if one.printed.value != claim.printed.value or one.printed.volume != claim.printed.volume]


@pytest.mark.parametrize("publication", PUBLICATIONS, ids=NAMES)
def test_no_changed_digit_survives(publication: Publication) -> None:
    for claim in publication.claims:
        changed = mutations(claim)
        assert changed, f"{claim.id}: nothing to change in {claim.printed.text}"
        for other in changed:
            one = verify_claim(other, publication, LIBRARY)
            assert one.status == "fails", f"{claim.id}: {other.printed.text} for {claim.printed.text} goes unseen"


def test_a_changed_digit_in_the_file(run: Run, tmp_path: Path) -> None:
    """As a reader would change it: exit 1, the right line, what is printed and what is computed."""
    for path in literature_files():
        shutil.copy(path, tmp_path)
    lecture = tmp_path / "lecture.yaml"
    lines = lecture.read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if line.rstrip().endswith("| 102764544 |"))
    lines[at] = lines[at].replace("102764544", "202764544")
    lecture.write_text("\n".join(lines), encoding="utf-8")
    result = run("verify", str(lecture))
    assert result.status == 1
    assert f"lecture.yaml:{at + 1}:" in result.out
    assert "printed   202764544 (the lecture, table" in result.out
    assert "computed  102,764,544 (vgg16: params of fc6)" in result.out


def test_a_changed_verdict_fails() -> None:
    text = read(next(path for path in literature_files() if "simonyan" in path)).text
    publication, problems = read_claims(Source("paper.yaml", text.replace("verdict: rounded", "verdict: truncated")))
    assert not problems
    changed = [one for one in verify([publication]) if one.status == "fails"]
    assert {one.why for one in changed} == {"was entered as truncated and is now: rounded"}

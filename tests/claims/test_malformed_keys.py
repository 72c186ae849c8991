"""A malformed key is one error, and no claim that has it is evaluated without it."""

from __future__ import annotations

import pytest

from archcalc.claims.files.reader import read_claims
from archcalc.description.source import Source
from tests.claims.claims_files import HEAD, judged

RIGHT = "quantity: params, printed: 60840"  # of lenet5
TWO = f"claims: [{{{RIGHT}}}, {{{RIGHT}}}]"


@pytest.mark.parametrize(("claim", "count"), [
    ("{network: lenet5, quantity: params, of: [c1, c2], printed: 60840}", 1),
    ("{network: lenet5, quantity: params, printed: [3]}", 1), ("{network: lenet5, quantity: params, printed: {a: 3}}", 1),
    ("{network: lenet5, quantity: params, at_most: [3]}", 1),
    *((f"{{network: lenet5, {key}, {TWO}}}", 2) for key in (
        "of: [c1]", "where: [c1]", "where: {input: [a]}", "changed: 3", "about: [3]", "figures: [3]", "figures: x", "units: x",
        "verdict: x", "erratum: {}", "note: [x]", "dtype: {a: b}", "convention: []",
    )),
    (f"{{network: [lenet5], {TWO}}}", 2), (f"{{network: {{}}, {TWO}}}", 2),
    ('{network: lenet5, table: "1 2\\n", rows: [{name: a, of: [c1]}], columns: [params, weights]}', 2),
    ('{network: lenet5, table: "1\\n", rows: [{name: a}], columns: [{name: b, quantity: params, unit: [M]}]}', 1),
    ('{network: lenet5, table: "1\\n", rows: [{name: a}], columns: [{name: b, quantity: params, after: [M]}]}', 1),
    ('{network: lenet5, table: "1 2\\n", rows: [[c1]], columns: [params, biases]}', 0),
])  # fmt: skip
def test_one_error_and_no_claim(claim: str, count: int) -> None:
    publication, problems = read_claims(Source("paper.yaml", HEAD + f"  - {claim}\n"))
    assert len(problems) == 1, problems
    assert (publication.claims, len(publication.malformed)) == ([], count)


def test_the_claims_beside_it_are_evaluated() -> None:
    outcomes, problems = judged(f"{{network: lenet5, of: [c1], {RIGHT}}}", f"{{network: lenet5, {RIGHT}}}")
    assert [outcome.status for outcome in outcomes] == ["holds"]
    assert len(problems) == 1


@pytest.mark.parametrize(("row", "hint"), [
    ("| 3 |", "leave one out with -"), ("3\t4\t5", "leave one out with -"), ("3  4  5", "leave one out with -"),
    ("3 4 5", "it is 3 words; separate columns by two spaces, tabs or |"),
])  # fmt: skip
def test_a_row_that_is_separated_is_not_told_to_be(row: str, hint: str) -> None:
    claim = f"network: lenet5\ntable: |\n  {row}\nrows: [total]\ncolumns: [params, biases]"
    _, problems = judged(claim)
    assert len(problems) == 1
    assert hint in problems[0]

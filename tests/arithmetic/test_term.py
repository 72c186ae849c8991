"""Numbers in several arithmetics: random sums are plain = symbolic = read again = every entry of the array."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.arithmetic.notation import LATEX
from archcalc.arithmetic.term import (
    Implicit,
    Term,
    Varying,
    ceil_div,
    exact_div,
    gcd,
    maximum,
    minimum,
    product,
    sum_,
    term,
)
from archcalc.arithmetic.variants import VariantArray, VariantFraction, as_variants
from archcalc.errors import printable
from archcalc.suggestions import suggest
from tests.reread import latex_value, value

NUMBERS = st.one_of(st.integers(-50, 50), st.integers(1, 10**6), st.integers(2**62, 2**65), st.integers(-(2**65), 2**65))
OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "ceil": ceil_div,
    "min": minimum,
    "max": maximum,
    "gcd": gcd,
}
DIVIDES = {"//", "%", "ceil"}
TREES = st.recursive(
    st.integers(0, 3), lambda inner: st.tuples(st.sampled_from(sorted(OPERATIONS)), inner, inner), max_leaves=8
)


def work_out(tree: Any, leaves: list[Any]) -> Any:
    """The value of a tree of operations whose leaves are places in `leaves`."""
    if isinstance(tree, int):
        return leaves[tree]
    op, left, right = tree
    return OPERATIONS[op](work_out(left, leaves), work_out(right, leaves))


@given(TREES, st.lists(NUMBERS, min_size=4, max_size=4))
def test_symbolic_is_plain_and_reads_back(tree: Any, leaves: list[int]) -> None:
    try:
        plain = work_out(tree, leaves)
    except ZeroDivisionError:
        return
    symbolic = term(work_out(tree, [Term(leaf, f"x_{at}") for at, leaf in enumerate(leaves)]))
    names = {f"x_{at}": leaf for at, leaf in enumerate(leaves)}
    assert int(symbolic) == plain
    assert value(symbolic.text()) == plain, symbolic.text()
    assert value(symbolic.text(names=True), names) == plain, symbolic.text(names=True)
    assert latex_value(symbolic.text(notation=LATEX)) == plain, symbolic.text(notation=LATEX)
    assert latex_value(symbolic.text(names=True, notation=LATEX), names) == plain


@given(TREES, st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=4, max_size=4))
def test_array_is_plain(tree: Any, leaves: list[list[int]]) -> None:
    together = as_variants(work_out(tree, [VariantArray.of(leaf) for leaf in leaves]))
    for at in range(3):
        try:
            plain = work_out(tree, [leaf[at] for leaf in leaves])
        except ZeroDivisionError:
            continue  # such a variant is masked out by its requirement
        assert int(np.broadcast_to(together.values, (3,))[at]) == plain
        assert abs(plain) <= together.bound, "the bound decides where int64 is safe: it must never be too small"


@given(st.lists(st.tuples(st.fractions(max_denominator=50), st.fractions(max_denominator=50)), min_size=1, max_size=4))
def test_ratios_are_fractions(pairs: list[Any]) -> None:
    left, right = VariantFraction.of([a for a, _ in pairs]), VariantFraction.of([b for _, b in pairs])
    results = {"sum": left + right, "difference": left - right, "product": left * right, "larger": left.maximum(right)}
    for at, (a, b) in enumerate(pairs):
        wanted = {"sum": a + b, "difference": a - b, "product": a * b, "larger": max(a, b)}
        for name, ratio in results.items():
            tops = np.broadcast_to(ratio.numerator.values, (len(pairs),))
            bottoms = np.broadcast_to(as_variants(ratio.denominator).values, (len(pairs),))
            assert int(tops[at]) == wanted[name] * int(bottoms[at]), name
            assert int(bottoms[at]) > 0


def test_beyond_64_bits() -> None:
    """2⁶³ − 1 is the last number of int64: one more must be exact all the same."""
    edge = VariantArray.of([2**63 - 1, 1])
    assert (edge + 1).values.tolist() == [2**63, 2]
    assert (edge * edge).values.tolist() == [(2**63 - 1) ** 2, 1]
    assert (edge - (-edge.bound)).values.tolist() == [2 * (2**63 - 1), 2**63]
    assert VariantArray.of([2**200, 3]).values.tolist() == [2**200, 3]
    assert ((edge + 1) // 2).values.tolist() == [2**62, 1]


@pytest.mark.parametrize(
    ("sum_", "text", "named"),
    [
        # Krizhevsky et al. 2012, conv1, by the textbook's rule ⌊(x + 2p − d(k − 1) − 1)/s⌋ + 1.
        (
            lambda x, p, k, s: (x + 2 * p - (k - 1) - 1) // s + 1,
            "⌊(227 + 2·0 − (11 − 1) − 1) / 4⌋ + 1 = 55",
            "⌊(x + 2·p − (k − 1) − 1) / s⌋ + 1",
        ),
        (lambda x, p, k, s: x - (p - k), "227 − (0 − 11) = 238", "x − (p − k)"),
        (lambda x, p, k, s: x - p - k, "227 − 0 − 11 = 216", "x − p − k"),
        (lambda x, p, k, s: (x + k) * s, "(227 + 11)·4 = 952", "(x + k)·s"),
        (lambda x, p, k, s: exact_div(x + 1, s) * k, "((227 + 1) / 4)·11 = 627", "((x + 1) / s)·k"),
        (lambda x, p, k, s: minimum(ceil_div(x, s), k), "min(⌈227 / 4⌉, 11) = 11", "min(⌈x / s⌉, k)"),
        (lambda x, p, k, s: (p - x) * s, "(0 − 227)·4 = −908", "(p − x)·s"),
    ],
)
def test_as_the_textbook_writes_it(sum_: Any, text: str, named: str) -> None:
    found = sum_(Term(227, "x"), Term(0, "p"), Term(11, "k"), Term(4, "s"))
    assert " = ".join(found.steps()[1:]) == text
    assert found.text(names=True) == named


def test_what_changes_nothing_is_not_written() -> None:
    k = Term(3, "k")
    assert (Implicit(1) * (k - 1)).text(names=True) == "k − 1", "a dilation of 1 is left away, as in the textbook"
    assert exact_div(k, Implicit(1)).text(names=True) == "k", "one group is left away"
    assert (k + 0).text(names=True) == "k", "no bias is left away"
    assert (2 * Term(0, "p")).text() == "2·0", "but a field that happens to be 0 is shown"


def test_a_rule_cannot_branch_on_a_size() -> None:
    with pytest.raises(TypeError, match="requirement"):
        bool(Term(3, "k") - 3)
    with pytest.raises(TypeError, match="int"):
        _ = Term(3) == 3


def test_sums_of_any_depth() -> None:
    """A concatenation of 50,000 volumes: neither adding nor writing may recurse."""
    long = sum_(Term(1, "C") for _ in range(50_000))
    assert int(long) == 50_000
    assert long.text().count("+") == 49_999


def test_empty_sums_and_products() -> None:
    assert sum_([]) == 0
    assert product([]) == 1
    assert (Term(7, "C") * product([])).text(names=True) == "C"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[31mred", "a␛[31mred"),
        ("tab\there", "tab␉here"),
        ("bell\x07", "bell␇"),
        ("del\x7f", "del␡"),
        ("rtl\u202eevil", "rtl\\u202eevil"),
        ("line\u2028end", "line\\u2028end"),
        ("ümläut ×", "ümläut ×"),
    ],
)
def test_text_from_a_file_is_data(raw: str, shown: str) -> None:
    assert printable(raw) == shown


@pytest.mark.parametrize(
    ("word", "known", "way_out"),
    [
        ("con", ["conv", "concat", "add"], "did you mean conv"),
        ("xyz", ["conv", "add"], "known: add, conv"),
        ("xyz", [], "no name is similar"),
        ("q" * 10_000, ["conv"], "known: conv"),
    ],
)
def test_suggestions(word: str, known: list[str], way_out: str) -> None:
    assert way_out in suggest(word, known)


def test_what_varies_is_known_by_its_class() -> None:
    """Along the second of three axes; a number and an array of sizes are no values of expressions that vary."""
    varying = VariantFraction.of([1, Fraction(1, 2)], axis=1, axes=3)
    assert isinstance(varying, Varying)
    assert varying.axes == (1,)
    for other in (1, Fraction(1, 2), Term(1), "x", [varying], VariantArray.of([1, 2])):
        assert not isinstance(other, Varying)


def test_asking_what_varies_needs_no_numpy() -> None:
    code = "import sys; from archcalc.arithmetic.term import Varying; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

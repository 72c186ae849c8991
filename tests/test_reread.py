"""The tests' own reader of sums: it must be able to say no, or what it confirms is worth nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.reread import UnreadableError, latex_value, value


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("6·(5·5·3 + 1) + 9·(5·5·4 + 1) + 1·(5·5·6 + 1)", 1516),
        ("⌊(227 + 2·0 − 1·(11 − 1) − 1) / 4⌋ + 1", 55),
        ("⌈7 / 2⌉", 4),
        ("⌊−7 / 2⌋", -4),
        ("−3 + 5", 2),
        ("10 − 3 − 2", 5),
        ("12 / 2 / 3", 2),
        ("7 / 2", Fraction(7, 2)),
        ("(17 mod 5) + min(3, max(1, 2)) + gcd(12, 18)", 10),
        ("2 + 3·4", 14),
    ],
)
def test_reads(text: str, result: object) -> None:
    assert value(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (r"\left\lfloor \frac{227 + 2 \cdot 0 - \left(11 - 1\right) - 1}{4} \right\rfloor + 1", 55),
        (r"C_{\mathrm{out}} \cdot \left(k_h \cdot k_w + 1\right)", 70),
        (r"\min(3, \left\lceil \frac{\left\lfloor \frac{9}{2} \right\rfloor}{3} \right\rceil)", 2),
    ],
)
def test_reads_latex(text: str, result: int) -> None:
    assert latex_value(text, {"C_out": 10, "k_h": 2, "k_w": 3}) == result


@pytest.mark.parametrize("text", ["", "1 +", "(1", "1)", "2 3", "⌊1", "k", "1 ** 2", "min(1)", "⌊3 / 2⌉"])
def test_says_no(text: str) -> None:
    with pytest.raises(UnreadableError):
        value(text)

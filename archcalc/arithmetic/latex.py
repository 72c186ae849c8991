"""Text as LaTeX text: no character in it acts as a command. Symbols and tables both need it."""

from __future__ import annotations

from archcalc.errors import printable

_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "[": "{[}", "]": "{]}", "*": "{*}",
    '"': r"\textquotedbl{}", "×": r"$\times$", "−": r"$-$", "·": r"$\cdot$", "⌊": r"$\lfloor$",
    "⌋": r"$\rfloor$", "⌈": r"$\lceil$", "⌉": r"$\rceil$", "≥": r"$\geq$", "≤": r"$\leq$", "…": r"\dots{}",
    "½": r"$\frac{1}{2}$", "β": r"$\beta$", "α": r"$\alpha$", "γ": r"$\gamma$", "ε": r"$\varepsilon$",
    "Σ": r"$\Sigma$", "√": r"$\surd$", "→": r"$\to$",
    "ⁿ": "$^n$", "ˣ": "$^x$", "⁻": "$^-$", "²": "$^2$", "σ": r"$\sigma$", "–": "--", "≈": r"$\approx$",
}  # fmt: skip


def escape(text: str) -> str:
    """The text with every special character of LaTeX escaped, and signs such as × as mathematics."""
    return "".join(_ESCAPES.get(character, character) for character in printable(text))

"""Text as LaTeX text: nothing in it becomes a command. Known to every room, since symbols and tables both need it."""

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
    """The text with every character that LaTeX would read as something else written out."""
    return "".join(_ESCAPES.get(character, character) for character in printable(text))

"""Text for LaTeX and Markdown in which nothing becomes a command or markup. (For XML and HTML there is `html.escape`.)

Every room may import it, since formulas, tables, claims and figures all need it.
"""

from __future__ import annotations

import re

from archcalc.errors import printable

LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "[": "{[}", "]": "{]}", "*": "{*}",
    '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "×": r"$\times$", "−": r"$-$", "·": r"$\cdot$", "⌊": r"$\lfloor$",
    "⌋": r"$\rfloor$", "⌈": r"$\lceil$", "⌉": r"$\rceil$", "≥": r"$\geq$", "≤": r"$\leq$", "…": r"\dots{}",
    "½": r"$\frac{1}{2}$", "β": r"$\beta$", "α": r"$\alpha$", "γ": r"$\gamma$", "ε": r"$\varepsilon$",
    "Σ": r"$\Sigma$", "√": r"$\surd$", "→": r"$\to$",
    "ⁿ": "$^n$", "ˣ": "$^x$", "⁻": "$^-$", "²": "$^2$", "σ": r"$\sigma$", "–": "--", "≈": r"$\approx$",
}  # fmt: skip
"""How each character is written that LaTeX would otherwise read as something else."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#~&!$])")


def latex(text: str, table: dict[str, str] = LATEX) -> str:
    """The text for LaTeX; `table` is for a context in which further characters have a meaning."""
    return "".join(table.get(character, character) for character in printable(text))


def markdown(text: str) -> str:
    """The text for Markdown as GitHub reads it, cells of tables included."""
    return _MARKDOWN.sub(r"\\\1", printable(text))

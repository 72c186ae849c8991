"""Derivations as text, Markdown, LaTeX or JSON: the formula in names, in numbers, and its result."""

from __future__ import annotations

from collections.abc import Callable

from archcalc import escapes
from archcalc.analysis.derivation import Derivation, SymbolDefinition
from archcalc.analysis.explanation import Explanation
from archcalc.analysis.report import Report
from archcalc.arithmetic.notation import LATEX
from archcalc.errors import printable
from archcalc.json_writer import dump
from archcalc.views.tables.folding import describe


def write(title: str, derivations: list[Derivation], symbols: list[SymbolDefinition], format: str) -> str:
    """All derivations below a title, with the meaning of their symbols. Raises KeyError for an unknown format."""
    return writers()[format](title, derivations, symbols)


def title(report: Report, explanation: Explanation) -> str:
    """The subject of an explanation in one line."""
    layer = explanation.layer
    if layer is None:
        subject = f"{explanation.block} of {report.name}" if explanation.block else report.name
        return f"{subject}: totals over its layers"
    inputs = f"input {', '.join(map(str, layer.inputs))}" if layer.inputs else "no input"
    return f"{layer.id} ({describe(layer)}) of {report.name}: {inputs}, output {layer.output}"


def writers() -> dict[str, Callable[[str, list[Derivation], list[SymbolDefinition]], str]]:
    """The formats by name."""
    return {"text": _text, "markdown": _markdown, "latex": _latex, "json": _json}


def _text(title: str, derivations: list[Derivation], symbols: list[SymbolDefinition]) -> str:
    lines = [title, ""]
    for derivation in derivations:
        unit = f"  [{derivation.unit}]" if derivation.unit else ""
        lines.append(f"{derivation.label}{unit}")
        if derivation.sum is None:
            lines.append(f"  {derivation.sentence}")
        else:
            names, *rest = derivation.sum.steps()
            lines.append(f"  {names}")
            lines += [f"  = {' = '.join(rest)}"] if rest else []
        lines += [f"  {derivation.note}"] if derivation.note else []
    if symbols:
        width = max(len(symbol.letter) for symbol in symbols)
        lines += ["", *(f"{symbol.letter:{width}}  {symbol.meaning}: {symbol.value}" for symbol in symbols)]
    return "\n".join(printable(line) for line in lines) + "\n"


def _markdown(title: str, derivations: list[Derivation], symbols: list[SymbolDefinition]) -> str:
    lines = [f"### {escapes.markdown(title)}", ""]
    for derivation in derivations:
        unit = f" ({escapes.markdown(derivation.unit)})" if derivation.unit else ""
        derived = (
            escapes.markdown(derivation.sentence) if derivation.sum is None else f"${' = '.join(derivation.sum.steps(LATEX))}$"
        )
        note = f"; {escapes.markdown(derivation.note)}" if derivation.note else ""
        lines.append(f"- **{escapes.markdown(derivation.label)}**{unit}: {derived}{note}")
    if symbols:
        lines += ["", *(f"- `{s.letter}`: {escapes.markdown(s.meaning)}: {s.value}" for s in symbols)]
    return "\n".join(lines) + "\n"


def _latex(title: str, derivations: list[Derivation], symbols: list[SymbolDefinition]) -> str:
    lines = [rf"% {printable(title)} (needs \usepackage{{amsmath}})", r"\begin{align*}"]
    for derivation in derivations:
        left = rf"  \text{{{escapes.latex(derivation.label)}}} &= "
        note = rf" \quad\text{{({escapes.latex(derivation.note)})}}" if derivation.note else ""
        if derivation.sum is None:
            lines.append(left + rf"\text{{{escapes.latex(derivation.sentence)}}}{note} \\")
        else:
            lines.append(left + " \\\\\n    &= ".join(derivation.sum.steps(LATEX)) + note + r" \\")
    lines[-1] = lines[-1].removesuffix(r" \\")
    lines.append(r"\end{align*}")
    lines += [f"% {printable(f'{s.letter}: {s.meaning}: {s.value}')}" for s in symbols]
    return "\n".join(lines) + "\n"


def _json(title: str, derivations: list[Derivation], symbols: list[SymbolDefinition]) -> str:
    data = {
        "schema": 1,
        "title": title,
        "derivations": [
            {
                "quantity": derivation.quantity,
                "label": derivation.label,
                "unit": derivation.unit,
                "value": None if derivation.sum is None else derivation.sum.value,
                "names": None if derivation.sum is None else derivation.sum.text(names=True),
                "numbers": None if derivation.sum is None else derivation.sum.text(),
                "latex": None if derivation.sum is None else " = ".join(derivation.sum.steps(LATEX)),
                "sentence": derivation.sentence,
                "note": derivation.note,
            }
            for derivation in derivations
        ],
        "symbols": [{"letter": s.letter, "meaning": s.meaning, "value": s.value} for s in symbols],
    }
    return dump(data)

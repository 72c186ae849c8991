"""Derivations as text, Markdown, LaTeX or JSON: the rule in names, in numbers, and its result."""

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
    """All derivations below a title, with the meaning of their letters."""
    return writers()[format](title, derivations, symbols)


def title(report: Report, explanation: Explanation) -> str:
    """What an explanation is about, in one line."""
    layer = explanation.layer
    if layer is None:
        whose = f"{explanation.block} of {report.name}" if explanation.block else report.name
        return f"{whose}: totals over its layers"
    reads = ", ".join(map(str, layer.inputs))
    return f"{layer.id} ({describe(layer)}) of {report.name}: reads {reads}, gives {layer.output}"


def writers() -> dict[str, Callable[[str, list[Derivation], list[SymbolDefinition]], str]]:
    """The formats by name."""
    return {"text": _text, "markdown": _markdown, "latex": _latex, "json": _json}


def _text(title: str, derivations: list[Derivation], symbols: list[SymbolDefinition]) -> str:
    lines = [title, ""]
    for one in derivations:
        unit = f"  [{one.unit}]" if one.unit else ""
        lines.append(f"{one.label}{unit}")
        if one.sum is None:
            lines.append(f"  {one.sentence}")
            continue
        names, *rest = one.sum.steps()
        lines.append(f"  {names}")
        if rest:
            lines.append(f"  = {' = '.join(rest)}")
    if symbols:
        wide = max(len(symbol.letter) for symbol in symbols)
        lines += ["", *(f"{symbol.letter:{wide}}  {symbol.meaning}: {symbol.value}" for symbol in symbols)]
    return "\n".join(printable(line) for line in lines) + "\n"


def _markdown(title: str, derivations: list[Derivation], symbols: list[SymbolDefinition]) -> str:
    lines = [f"### {escapes.markdown(title)}", ""]
    for one in derivations:
        unit = f" ({escapes.markdown(one.unit)})" if one.unit else ""
        derived = escapes.markdown(one.sentence) if one.sum is None else f"${' = '.join(one.sum.steps(LATEX))}$"
        lines.append(f"- **{escapes.markdown(one.label)}**{unit}: {derived}")
    if symbols:
        lines += ["", *(f"- `{s.letter}`: {escapes.markdown(s.meaning)}: {s.value}" for s in symbols)]
    return "\n".join(lines) + "\n"


def _latex(title: str, derivations: list[Derivation], symbols: list[SymbolDefinition]) -> str:
    lines = [rf"% {printable(title)} (needs \usepackage{{amsmath}})", r"\begin{align*}"]
    for one in derivations:
        left = rf"  \text{{{escapes.latex(one.label)}}} &= "
        if one.sum is None:
            lines.append(left + rf"\text{{{escapes.latex(one.sentence)}}} \\")
        else:
            lines.append(left + " \\\\\n    &= ".join(one.sum.steps(LATEX)) + r" \\")
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
                "quantity": one.quantity,
                "label": one.label,
                "unit": one.unit,
                "value": None if one.sum is None else one.sum.value,
                "names": None if one.sum is None else one.sum.text(names=True),
                "numbers": None if one.sum is None else one.sum.text(),
                "latex": None if one.sum is None else " = ".join(one.sum.steps(LATEX)),
                "sentence": one.sentence,
            }
            for one in derivations
        ],
        "symbols": [{"letter": s.letter, "meaning": s.meaning, "value": s.value} for s in symbols],
    }
    return dump(data)

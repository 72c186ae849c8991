"""Explanations: the derivations of the numbers of a layer, a block or the whole network."""

from __future__ import annotations

from typing import NamedTuple

from archcalc.analysis.derivation import Derivation, SymbolDefinition, derive, symbol_definitions
from archcalc.analysis.layer_report import SUMMED, LayerReport
from archcalc.analysis.report import Report
from archcalc.analysis.total_derivation import DEPTH, derive_totals


class Explanation(NamedTuple):
    """Derivations of one layer, or of totals over a block (by its id) or, with neither, over the whole network."""

    derivations: list[Derivation]
    symbols: list[SymbolDefinition]
    layer: LayerReport | None = None
    block: str | None = None


def explain(report: Report, name: str | None = None, quantity: str | None = None) -> Explanation:
    """The derivations of a layer, of a block, or of the totals; of all quantities, or of one.

    A `name` that is not a layer may be a quantity: the derivation is then that of its total. Raises `DescriptionError` for
    an unknown layer or quantity.
    """
    if name is None or (name not in report.by_id and name.replace("-", "_") in (*SUMMED, "macs", DEPTH)):
        return Explanation(derive_totals(report, name), [])
    if name not in report.by_id and report.block(name):
        return Explanation(derive_totals(report, quantity, name), [], block=name)
    layer = report.layer(name, (*SUMMED, "macs", DEPTH))
    derivations = derive(report, layer, quantity)
    return Explanation(derivations, symbol_definitions(layer, derivations), layer)

"""Figures that the shipped literature prints about a network: a line for each total, and its own tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from archcalc.analysis.report import Report
from archcalc.claims.files.discovery import find_claims
from archcalc.claims.files.reader import read_claims
from archcalc.claims.library import Library, literature_files, read_literature
from archcalc.claims.model import Claim, Publication, variable_text
from archcalc.claims.published.setting import has_setting
from archcalc.claims.selection import QuantityError, select
from archcalc.claims.verdicts import EXACT, difference
from archcalc.claims.verify import ERRATUM, Outcome, verify_claim
from archcalc.description.source import read
from archcalc.description.zoo import full_name
from archcalc.errors import ArchcalcError, call_error
from archcalc.suggestions import suggest

QUANTITIES = ("params", "trainable", "mult_adds", "connections", "neurons")
"""Totals that people print."""


def published_lines(report: Report) -> Iterator[tuple[dict[str, str], str, str]]:
    """The totals in the claims of the network's own file: the setting, the quantity and the line."""
    publication = read_claims(report.graph.document.origin)[0]
    for network, setting, quantity, line in _lines(publication, Library([publication])):
        if network == publication.path:
            yield setting, quantity, line


def all_published() -> dict[str, list[dict[str, object]]]:
    """The totals that the shipped literature prints, by network."""
    totals: dict[str, list[dict[str, object]]] = {}
    publications = read_literature()
    library = Library(publications)
    for publication in publications:
        for name, setting, quantity, line in _lines(publication, library):
            total: dict[str, object] = {"quantity": quantity, "set": setting, "line": line}
            network = full_name(name)
            if network is not None and total not in totals.setdefault(network, []):
                totals[network].append(total)
    return totals


def _lines(publication: Publication, library: Library) -> Iterator[tuple[str, dict[str, str], str, str]]:
    """The network, the setting, the quantity and the line of each claim on a total."""
    for claim in publication.claims:
        setting = claim.setting
        if claim.of == "total" and claim.quantity in QUANTITIES and not claim.bound and not setting.changed:
            where = {name: variable_text(value) for name, value in setting.variables}
            where |= {"input": "x".join(map(str, setting.input))} if setting.input else {}
            if line := _line(verify_claim(claim, publication, library)):
                yield setting.network, where, claim.quantity, line


def _line(outcome: Outcome) -> str:
    """`the lecture prints 138,423,208: pool2 charged as a 2×2 convolution, +65,664`; empty if the claim fails."""
    claim, publication = outcome.claim, outcome.publication
    if not outcome.ok or outcome.computed is None:
        return ""
    sentence = f"{publication.called} {publication.prints} {claim.printed.with_unit}"
    if outcome.status != ERRATUM or claim.cause is None:
        return f"{sentence}: {outcome.verdict}"
    off = difference(claim.printed, outcome.computed)
    exact = off is not None and off.denominator == 1 and claim.printed.step == 1
    return f"{sentence}: {claim.cause.why}{f', {int(off):+,}' if exact and off is not None else ''}"


@dataclass(frozen=True)
class PrintedRow:
    """A row of a source's own table: the figure as printed, the true one, and why they differ."""

    name: str
    printed: str
    value: int
    computed: int
    why: str


@dataclass(frozen=True)
class PrintedTable:
    """A source's own table of one quantity, errata included."""

    publication: Publication
    place: str
    rows: list[PrintedRow]
    total: PrintedRow | None

    @property
    def sum(self) -> int:
        """The printed total, or the sum of the rows where none is printed."""
        return self.total.value if self.total is not None else sum(row.value for row in self.rows)


def as_printed(report: Report, spec: str, quantity: str, name: str) -> PrintedTable:
    """The table that a publication prints of a network. Raises `DescriptionError` if it prints none."""
    network = os.path.basename(spec).removesuffix(".yaml")
    names = {network, spec, report.graph.document.origin.path}
    publications, _ = find_claims([name])
    library = Library(publications)
    for publication in publications:
        claims = [claim for claim in publication.claims if _is_row(claim, report, names, quantity)]
        if any(claim.of != "total" for claim in claims):
            outcomes = [verify_claim(claim, publication, library) for claim in claims]
            rows = [_row(outcome) for outcome in outcomes if outcome.computed is not None]
            layers = [row for row in rows if row.name != "total"]
            return PrintedTable(publication, claims[0].place, layers, next((row for row in rows if row.name == "total"), None))
    known = list(_publications_with(network, quantity))
    hint = suggest(name, known) if known else "no shipped publication does"
    raise call_error("ARC470", f"{name} prints no {quantity} of {network}, layer by layer", hint)


def _is_row(claim: Claim, report: Report, names: set[str], quantity: str) -> bool:
    setting = {name: variable_text(value) for name, value in claim.setting.variables}
    same_network = claim.setting.network in names and not claim.setting.changed and has_setting(report, setting)
    same_quantity = quantity in {claim.quantity, claim.column}
    return same_network and bool(claim.row) and same_quantity and (claim.of == "total" or _has_layers(claim, report))


def _has_layers(claim: Claim, report: Report) -> bool:
    try:
        return bool(select(report, claim.of).layers)
    except QuantityError:
        return False


def _row(outcome: Outcome) -> PrintedRow:
    claim = outcome.claim
    why = "" if outcome.verdict == EXACT else outcome.verdict
    if outcome.status == ERRATUM and claim.cause:
        why = claim.cause.why
    return PrintedRow(claim.of, claim.printed.with_unit, int(claim.printed.value), int(outcome.computed or 0), why)


def _publications_with(network: str, quantity: str) -> Iterator[str]:
    """The names of the shipped publications that print the quantity of the network, layer by layer."""
    for path in literature_files():
        try:
            claims = read_claims(read(path))[0].claims
        except ArchcalcError:
            continue
        about_it = (claim for claim in claims if claim.setting.network == network and claim.quantity == quantity)
        if any(claim.row and claim.of != "total" for claim in about_it):
            yield os.path.basename(path).removesuffix(".yaml")

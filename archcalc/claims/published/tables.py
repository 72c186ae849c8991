"""What the shipped literature prints about a network: a line for each total, and its own tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from archcalc.analysis.report import Report
from archcalc.claims.files.discovery import find_claims
from archcalc.claims.files.reader import read_claims
from archcalc.claims.library import Library, literature_files
from archcalc.claims.model import Claim, Publication
from archcalc.claims.published.setting import is_set
from archcalc.claims.selection import QuantityError, select
from archcalc.claims.verdicts import EXACT, difference
from archcalc.claims.verify import ERRATUM, Outcome, outcome
from archcalc.description.source import read, zoo
from archcalc.errors import ArchcalcError, call_error, suggest

QUANTITIES = ("params", "trainable", "mult_adds", "connections", "neurons")
"""Totals that people print."""
VERBS = {"rounds": "rounded", "truncates": "truncated", "exact": "exact", "about": "about right"}


def published_lines(report: Report) -> Iterator[tuple[dict[str, str], str, str]]:
    """What the network's own file prints of its totals: the setting, the quantity and the line."""
    publication = read_claims(report.graph.document.text)[0]
    yield from _lines(publication, Library([publication]), {publication.path})


def all_published() -> dict[str, list[dict[str, object]]]:
    """What the shipped literature prints of totals, by network."""
    found: dict[str, list[dict[str, object]]] = {}
    publications = [read_claims(read(path))[0] for path in literature_files()]
    library = Library(publications)
    for network in zoo():
        for publication in publications:
            for setting, quantity, line in _lines(publication, library, {network}):
                entry: dict[str, object] = {"quantity": quantity, "set": setting, "line": line}
                if entry not in found.setdefault(network, []):
                    found[network].append(entry)
    return {network: lines for network, lines in found.items() if lines}


def _lines(publication: Publication, library: Library, names: set[str]) -> Iterator[tuple[dict[str, str], str, str]]:
    for claim in publication.claims:
        setting = claim.setting
        plain = claim.of == "total" and claim.quantity in QUANTITIES and not claim.bound and not setting.changed
        if plain and setting.network in names:
            line = _line(outcome(claim, publication, library))
            where = {name: str(value) for name, value in setting.variables}
            where |= {"input": "x".join(map(str, setting.input))} if setting.input else {}
            if line:
                yield where, claim.quantity, line


def _line(one: Outcome) -> str:
    """`the lecture prints 138,423,208: pool2 charged as a 2×2 convolution, +65,664`."""
    claim = one.claim
    if not one.ok or one.computed is None:
        return ""
    said = f"{one.publication.called} prints {claim.printed.said}"
    if one.status != ERRATUM or claim.cause is None:
        return f"{said}: {VERBS.get(one.verdict, one.verdict)}"
    off = difference(claim.printed, one.computed)
    exact = off is not None and off.denominator == 1 and claim.printed.step == 1
    return f"{said}: {claim.cause.why}{f', {int(off):+,}' if exact and off is not None else ''}"


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
        """What the source prints as the total, or its rows added up."""
        return self.total.value if self.total is not None else sum(row.value for row in self.rows)


def as_printed(report: Report, spec: str, quantity: str, name: str) -> PrintedTable:
    """The table that a publication prints of a network. Raises SpecError if it prints none."""
    network = os.path.basename(spec).removesuffix(".yaml")
    names = {network, spec, report.graph.document.text.path}
    publications, _ = find_claims([name])
    library = Library(publications)
    for publication in publications:
        own = [claim for claim in publication.claims if _is_row(claim, report, names, quantity)]
        if any(one.of != "total" for one in own):
            outcomes = [outcome(claim, publication, library) for claim in own]
            rows = [_row(one) for one in outcomes if one.computed is not None and one.claim.of != "total"]
            total = next((_row(one) for one in outcomes if one.computed is not None and one.claim.of == "total"), None)
            return PrintedTable(publication, own[0].place, rows, total)
    known = [name for name in _printing(network, quantity) if name]
    raise call_error("ARC470", f"{name} prints no {quantity} of {network}, layer by layer",
                     suggest(name, known) if known else "no shipped publication does")  # fmt: skip


def _is_row(claim: Claim, report: Report, names: set[str], quantity: str) -> bool:
    setting = {name: str(value) for name, value in claim.setting.variables}
    own = claim.setting.network in names and not claim.setting.changed and is_set(report, setting)
    asked = quantity in {claim.quantity, claim.column}
    return own and bool(claim.row) and asked and (claim.of == "total" or _one_layer(claim, report))


def _one_layer(claim: Claim, report: Report) -> bool:
    try:
        return bool(select(report, claim.of).layers)
    except QuantityError:
        return False


def _row(one: Outcome) -> PrintedRow:
    claim = one.claim
    why = claim.cause.why if one.status == ERRATUM and claim.cause else "" if one.verdict == EXACT else one.verdict
    name = "total" if claim.of == "total" else claim.of
    return PrintedRow(name, claim.printed.said, int(claim.printed.value), int(one.computed or 0), why)


def _printing(network: str, quantity: str) -> Iterator[str]:
    for path in literature_files():
        try:
            claims = read_claims(read(path))[0].claims
        except ArchcalcError:
            continue
        own = (one for one in claims if one.setting.network == network and one.quantity == quantity)
        if any(one.row and one.of != "total" for one in own):
            yield os.path.basename(path).removesuffix(".yaml")

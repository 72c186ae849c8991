"""The page of errata: the printed figure, the true one, and why they differ, from the claims files."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.claims.library import Library, read_literature
from archcalc.claims.model import Publication
from archcalc.claims.verdicts import value_text
from archcalc.claims.verify import ERRATUM, verify
from archcalc.escapes import markdown as escape

HEAD = """# Errata in print

Figures of the shipped literature that do not follow from the networks they describe. Each is entered with its cause,
and `archcalc verify --zoo` checks that exactly the printed figure follows from it.
"""


def errata_page() -> str:
    """The page as Markdown."""
    publications = read_literature()
    library = Library(publications)
    return "\n".join([HEAD, *(line for publication in publications for line in _section(publication, library))])


def _section(publication: Publication, library: Library) -> Iterator[str]:
    errata = [outcome for outcome in verify([publication], library) if outcome.status == ERRATUM]
    if not errata:
        return
    yield f"## {publication.called}\n"
    yield f"{_reference(publication)}\n"
    yield "| place | about | printed | true | why |"
    yield "|---|---|---:|---:|---|"
    for outcome in errata:
        claim = outcome.claim
        why = claim.cause.why if claim.cause else ""
        true = value_text(outcome.computed) if outcome.computed is not None else ""
        cells = (claim.place, claim.about, claim.printed.with_unit, true, why)
        yield f"| {' | '.join(map(escape, cells))} |"
    yield ""


def _reference(publication: Publication) -> str:
    """The publication as a list of references cites it, with a link where it has an address."""
    authors = f"{publication.authors}{f', {publication.year}' if publication.year else ''}"
    place = f"[{publication.place or publication.url}]({publication.url})" if publication.url else publication.place
    return ". ".join(filter(None, (publication.title, authors, place)))

"""The page of errata: what is printed, what is true, and why, worked out from the claims."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.claims.files.reader import read_claims
from archcalc.claims.library import Library, literature_files
from archcalc.claims.model import Publication
from archcalc.claims.verdicts import shown
from archcalc.claims.verify import ERRATUM, verify
from archcalc.description.source import read
from archcalc.escapes import markdown as escape

HEAD = """# Errata in print

Figures of the shipped literature that do not follow from the networks they describe. Each is entered with its cause,
and `archcalc verify --zoo` checks that exactly the printed figure follows from it.
"""


def errata_page() -> str:
    """The page as Markdown."""
    publications = [read_claims(read(path))[0] for path in literature_files()]
    library = Library(publications)
    return "\n".join([HEAD, *(line for one in publications for line in _section(one, library))])


def _section(publication: Publication, library: Library) -> Iterator[str]:
    found = [one for one in verify([publication], library) if one.status == ERRATUM]
    if not found:
        return
    own = publication
    by = f"{own.authors}{f', {own.year}' if own.year else ''}. {own.place}".strip(", ")
    yield f"## {own.short or own.title}\n"
    yield f"{own.title}. {by}\n"
    yield "| place | about | printed | true | why |"
    yield "|---|---|---:|---:|---|"
    for one in found:
        claim = one.claim
        why = claim.cause.why if claim.cause else ""
        true = shown(one.computed) if one.computed is not None else ""
        cells = (claim.place, claim.about, claim.printed.said, true, why)
        yield "| " + " | ".join(map(escape, cells)) + " |"
    yield ""

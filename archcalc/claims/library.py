"""The publications of a run, the shipped literature, and how claims are found in them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from archcalc.claims.files.reader import read_claims
from archcalc.claims.model import Claim, Publication
from archcalc.claims.reports import Reports
from archcalc.claims.selection import QuantityError
from archcalc.description.source import read
from archcalc.description.zoo import zoo_folder

if TYPE_CHECKING:
    from archcalc.graph import Limits


class Library:
    """Publications by path, and the reports that their claims are about; `limits` bounds the networks."""

    def __init__(self, publications: Iterable[Publication] = (), limits: Limits | None = None) -> None:
        self.publications = {publication.path: publication for publication in publications}
        self.reports = Reports(limits)

    def other_claims(self, pattern: str, asking: Claim) -> list[Claim]:
        """The claims, other than the asking one, whose id matches; `file:pattern` searches another publication.

        Raises `QuantityError` if there are none.
        """
        name, colon, id_pattern = pattern.rpartition(":")
        publication = self.publication(name) if colon else self.publications[asking.mark.path]
        claims = [claim for claim in publication.claims if fnmatchcase(claim.id, id_pattern) and claim.id != asking.id]
        if not claims:
            raise QuantityError(f"no claim matches {pattern}")
        return claims

    def publication(self, name: str) -> Publication:
        """The publication of that name, of this run or else of the literature. Raises `QuantityError`."""
        for publication in (*self.publications.values(), *self.literature):
            if publication.name == name:
                return publication
        raise QuantityError(f"there is no publication {name}")

    @cached_property
    def literature(self) -> tuple[Publication, ...]:
        """The shipped literature."""
        return tuple(read_literature())


def read_literature() -> list[Publication]:
    """The publications of the claims files that archcalc ships."""
    return [read_claims(read(path))[0] for path in literature_files()]


def literature_files() -> list[str]:
    """The paths of the claims files that archcalc ships."""
    folder = os.path.join(zoo_folder(), "claims")
    if not os.path.isdir(folder):
        return []
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".yaml")]

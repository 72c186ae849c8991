"""The publications at hand and the reports their claims are about, each worked out once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from archcalc.claims.files.reader import read_claims
from archcalc.claims.model import Claim, NetworkSetting, Publication
from archcalc.claims.quantities import value_of
from archcalc.claims.selection import QuantityError, select
from archcalc.claims.verdicts import Value, difference
from archcalc.claims.what_if import changed_report
from archcalc.description.source import read, zoo_folder
from archcalc.errors import ArchcalcError

if TYPE_CHECKING:
    from archcalc.analysis.report import Report
    from archcalc.graph import Limits


class Library:
    """Publications by their name, and reports by network and setting; `limits` bounds the networks."""

    def __init__(self, publications: Iterable[Publication] = (), limits: Limits | None = None) -> None:
        self.limits = limits
        self.publications = {publication.path: publication for publication in publications}
        self._reports: dict[tuple[str, NetworkSetting], Report] = {}

    # -- reports ----------------------------------------------------------------------------------------------------

    def report(self, claim: Claim) -> Report:
        """The report of a claim's network; a file beside the claims stands before a network of the zoo."""
        return self._report(claim.setting, os.path.dirname(claim.mark.path))

    def _report(self, setting: NetworkSetting, folder: str) -> Report:
        beside = os.path.join(folder, setting.network)
        path = next((p for p in (beside, f"{beside}.yaml") if os.path.isfile(p)), setting.network)
        if (path, setting) not in self._reports:
            from archcalc.analysis.loading import load_source
            from archcalc.analysis.report import analyze

            shape = list(setting.input) if setting.input else None
            graph = load_source(read(path), dict(setting.variables), shape, limits=self.limits)
            report = analyze(graph, setting.convention, setting.dtype, setting.inplace)
            changes = {layer: dict(fields) for layer, fields in setting.changed}
            self._reports[path, setting] = changed_report(report, changes) if changes else report
        return self._reports[path, setting]

    def elsewhere(self, claim: Claim) -> Callable[[str], Report]:
        """Other networks that a formula names, under the claim's convention but as they are written."""

        def other(network: str) -> Report:
            try:
                plain = replace(claim.setting, network=network, variables=(), input=None, changed=())
                return self._report(plain, os.path.dirname(claim.mark.path))
            except ArchcalcError as error:
                raise QuantityError(error.problems[0].message) from None

        return other

    # -- values -----------------------------------------------------------------------------------------------------

    def value(self, claim: Claim, text: str | None = None) -> Value:
        """What a claim's quantity, or another expression in its place, comes to. Raises QuantityError."""
        selection = select(self.report(claim), claim.of)
        functions: dict[str, Callable[..., Value]] = {
            "printed": lambda pattern: sum(one.printed.value for one in self.claims(pattern, claim)),
            "difference": lambda pattern: sum((self.off(one) for one in self.claims(pattern, claim)), Fraction(0)),
        }
        return value_of(text or claim.quantity, selection, self.elsewhere(claim), functions)

    def off(self, claim: Claim) -> Fraction:
        """Printed minus computed."""
        return difference(claim.printed, self.value(claim)) or Fraction(0)

    def claims(self, pattern: str, asking: Claim) -> list[Claim]:
        """The claims whose id matches; `file:pattern` looks in another publication."""
        name, colon, rest = pattern.rpartition(":")
        publications = [self.publications[asking.mark.path]] if not colon else [self.publication(name)]
        found = [
            one
            for publication in publications
            for one in publication.claims
            if fnmatchcase(one.id, rest) and one.id != asking.id
        ]
        if not found:
            raise QuantityError(f"no claim matches {pattern}")
        return found

    def publication(self, name: str) -> Publication:
        """A publication at hand, or one of the shipped literature."""
        at_hand = (one for one in (*self.publications.values(), *self.literature) if one.name == name)
        found = next(at_hand, None)
        if found is None:
            raise QuantityError(f"there is no publication {name}")
        return found

    @cached_property
    def literature(self) -> tuple[Publication, ...]:
        """The shipped literature."""
        return tuple(read_claims(read(path))[0] for path in literature_files())


def literature_files() -> list[str]:
    """The claims files that archcalc ships."""
    folder = os.path.join(zoo_folder(), "claims")
    if not os.path.isdir(folder):
        return []
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".yaml")]

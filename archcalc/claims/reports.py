"""The reports of the networks that claims are about, each computed once."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from archcalc.claims.model import Claim, NetworkSetting
from archcalc.claims.selection import QuantityError
from archcalc.claims.what_if import changed_report
from archcalc.description.source import read
from archcalc.errors import ArchcalcError

if TYPE_CHECKING:
    from archcalc.analysis.report import Report
    from archcalc.graph import Limits


class Reports:
    """Reports by network and setting; `limits` bounds the networks."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits
        self._reports: dict[tuple[str, NetworkSetting], Report] = {}

    def of(self, claim: Claim) -> Report:
        """The report of a claim's network. Raises `ArchcalcError` if the network is malformed."""
        return self._report(claim.setting, os.path.dirname(claim.mark.path))

    def of_other(self, network: str, claim: Claim) -> Report:
        """The report of another network under the claim's convention and data type. Raises `QuantityError`."""
        try:
            setting = replace(claim.setting, network=network, variables=(), input=None, changed=())
            return self._report(setting, os.path.dirname(claim.mark.path))
        except ArchcalcError as error:
            raise QuantityError(error.problems[0].message) from None

    def _report(self, setting: NetworkSetting, folder: str) -> Report:
        """A file in the folder of the claims takes precedence over a network of the zoo."""
        local = os.path.join(folder, setting.network)
        path = next((path for path in (local, f"{local}.yaml") if os.path.isfile(path)), setting.network)
        if (path, setting) not in self._reports:
            self._reports[path, setting] = self._compute(path, setting)
        return self._reports[path, setting]

    def _compute(self, path: str, setting: NetworkSetting) -> Report:
        from archcalc.analysis.loading import load_source
        from archcalc.analysis.report import analyze

        shape = list(setting.input) if setting.input else None
        graph = load_source(read(path), dict(setting.variables), shape, limits=self._limits)
        report = analyze(graph, setting.convention, setting.dtype, setting.inplace)
        changes = {layer: dict(fields) for layer, fields in setting.changed}
        return changed_report(report, changes) if changes else report

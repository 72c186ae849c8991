"""The reports of the networks that claims are about, each computed once."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from archcalc.claims.model import Claim, NetworkSetting
from archcalc.claims.selection import QuantityError
from archcalc.claims.what_if import changed_report
from archcalc.description.source import read_found
from archcalc.errors import ArchcalcError, Problem

if TYPE_CHECKING:
    from archcalc.analysis.report import Report
    from archcalc.graph import Limits


class BrokenNetwork(NamedTuple):
    """The problems of a network, and in words that it is broken."""

    text: str
    problems: tuple[Problem, ...]


MAX_LAYERS = 20_000
"""Layers of all reports that are kept, besides the last one."""


class Reports:
    """Reports by network and setting, of which the last ones are kept; `limits` bounds the networks."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits
        self._reports: dict[tuple[str, NetworkSetting], Report | ArchcalcError] = {}
        self._layers = 0
        self._broken: dict[str, BrokenNetwork] = {}

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

    def broken(self, claim: Claim) -> BrokenNetwork:
        """What is wrong with a claim's network in its own setting; without problems, the setting of the claim is at fault.

        A network that cannot be found has no place of its own: its place is the first claim about it.
        """
        folder = os.path.dirname(claim.mark.path)
        path = _path(claim.setting.network, folder)
        if path not in self._broken:
            try:
                self._report(NetworkSetting(claim.setting.network), folder)
                self._broken[path] = BrokenNetwork("", ())
            except ArchcalcError as error:
                own = tuple(problem if problem.mark.line else replace(problem, mark=claim.mark) for problem in error.closed())
                text = f"{path} is broken" if own == error.closed() else f"there is no network {path}"
                self._broken[path] = BrokenNetwork(text, own)
        return self._broken[path]

    def _report(self, setting: NetworkSetting, folder: str) -> Report:
        """The report of a network. Raises `ArchcalcError` if it is malformed, of which it keeps the problems too."""
        key = _path(setting.network, folder), setting
        if key not in self._reports:
            try:
                self._keep(key, self._compute(*key))
            except ArchcalcError as error:
                self._keep(key, error)
        result = self._reports[key]
        if isinstance(result, ArchcalcError):
            raise result
        return result

    def _keep(self, key: tuple[str, NetworkSetting], result: Report | ArchcalcError) -> None:
        """Keep a report, and the ones before it as far as there is room."""
        self._layers += _size(result)
        while self._reports and self._layers > MAX_LAYERS:
            self._layers -= _size(self._reports.pop(next(iter(self._reports))))
        self._reports[key] = result

    def _compute(self, path: str, setting: NetworkSetting) -> Report:
        from archcalc.analysis.loading import load_source
        from archcalc.analysis.report import analyze

        shape = list(setting.input) if setting.input else None
        graph = load_source(read_found(path), dict(setting.variables), shape, limits=self._limits)
        report = analyze(graph, setting.convention, setting.dtype, setting.inplace)
        changes = {layer: dict(fields) for layer, fields in setting.changed}
        return changed_report(report, changes) if changes else report


def _size(result: Report | ArchcalcError) -> int:
    """The layers of a report; problems count as one."""
    return 1 if isinstance(result, ArchcalcError) else len(result.layers)


def _path(network: str, folder: str) -> str:
    """A file in the folder of the claims takes precedence over a network of the zoo."""
    local = os.path.join(folder, network)
    path = next((path for path in (local, f"{local}.yaml") if os.path.isfile(path)), "")
    short = os.path.normpath(path)  # another file where `..` follows a link
    return short if path and os.path.isfile(short) and os.path.samefile(short, path) else path or network

"""The catalogue of the zoo: what each network is and counts, computed once for all and shipped beside the descriptions."""

from __future__ import annotations

import json
import os
import re
from typing import Any, NamedTuple

from archcalc.description.zoo import zoo, zoo_folder

FILE = "zoo.json"
_NUMBER_AT_END = re.compile(r"(?<=[a-z]{3})_?v?\d+[a-z]?\Z")


class CatalogueEntry(NamedTuple):
    """A network of the zoo as it is without settings: parameters, multiply-adds and depth, with what can be set."""

    name: str
    family: str
    title: str
    params: int
    mult_adds: int
    depth: int
    variables: dict[str, str]
    source: str


def read_catalogue() -> list[CatalogueEntry]:
    """The shipped catalogue: families in alphabetical order, in each the networks from small to large."""
    with open(os.path.join(zoo_folder(), FILE), encoding="utf-8") as file:
        return [CatalogueEntry(**entry) for entry in json.load(file)]


def catalogue() -> list[CatalogueEntry]:
    """The catalogue as it is today, from the descriptions."""
    return sorted(map(_entry, zoo()), key=lambda entry: (entry.family, entry.params, entry.name))


def _entry(name: str) -> CatalogueEntry:
    from archcalc.analysis.loading import load
    from archcalc.analysis.report import analyze

    report = analyze(load(name))
    document = report.graph.document
    extended: Any = document.nodes.get("extends")
    family = os.path.basename(extended.value).removesuffix(".yaml").lstrip("_") if extended is not None else name
    variables = {key: str(value) for key, value in report.graph.variables.items()}
    totals = report.totals
    return CatalogueEntry(
        name,
        _NUMBER_AT_END.sub("", family.rpartition("/")[2]),
        report.name,
        totals.params,
        totals.mult_adds,
        report.depth,
        variables,
        report.source,
    )

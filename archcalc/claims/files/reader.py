"""A claims file as data, each claim with its place. What is malformed is reported; the other claims are still read.

A claim is a mapping. One that holds `claims` is a group whose other keys its members inherit, and one that holds a
`table` is a table whose cells are claims.
"""

from __future__ import annotations

import os
import re
from fractions import Fraction
from typing import Any

from archcalc.claims.files import pasted_table
from archcalc.claims.files.settings_and_causes import SettingsAndCauses
from archcalc.claims.model import Claim, Publication
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError, read_printed_number
from archcalc.claims.verdicts import CONTRADICTED, VERDICTS
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source
from archcalc.errors import DescriptionError, Mark, Problem, Problems, suggest

MAPPINGS = ("where", "changed", "erratum")
VERSION = "1"
MAX_CLAIMS = 100_000
TOP = ("archcalc-claims", "title", "short", "authors", "year", "place", "url", "claims")
OWN = (
    "id",
    "printed",
    "at_most",
    "at_least",
    "claims",
    "table",
    "rows",
    "columns",
    "cells",
    "name",
    "unit",
    "after",
    "before",
)
"""What a claim says for itself; everything else is inherited."""
INHERITED = (
    "network",
    "where",
    "convention",
    "dtype",
    "inplace",
    "quantity",
    "of",
    "at",
    "note",
    "verdict",
    "figures",
    "about",
    "units",
    "changed",
    "erratum",
)


def read_claims(source: Source) -> tuple[Publication, Problems]:
    """The publication in a claims file, or in the `claims` of a network's own file."""
    reader = _Reader(source)
    root = source.root()
    reader.top(root)
    return reader.result, reader.problems


class _Reader(SettingsAndCauses):
    def __init__(self, source: Source) -> None:
        super().__init__(source)
        stem = os.path.basename(source.path).removesuffix(".yaml").removesuffix(".claims")
        self.result = Publication(source.path, stem)
        self.ids: dict[str, int] = {}

    def top(self, root: Node) -> None:
        network = isinstance(root, MappingNode) and any(key.value == "layers" for key, _ in root.value)
        keys = self.mapping(root, "a claims file", None if network else TOP)
        inherited: dict[str, Any] = {}
        if network:
            inherited["network"] = self.source.path
            self.result.title = self.text(keys.get("source")) or self.text(keys.get("name"))
        else:
            if self.text(keys.get("archcalc-claims")) != VERSION:
                self.problem(
                    "ARC401",
                    root,
                    "the format version is missing or not known",
                    f"begin the file with `archcalc-claims: {VERSION}`",
                )
            for name in ("title", "short", "authors", "year", "place", "url"):
                setattr(self.result, name, self.text(keys.get(name)))
        self.members(keys.get("claims"), inherited, "")

    def members(self, node: Node | None, inherited: dict[str, Any], prefix: str) -> None:
        if node is None:
            return
        if not isinstance(node, SequenceNode):
            self.problem("ARC402", node, "claims are a list", "begin each with `- {network: …}`")
            return
        for item in node.value:
            try:
                self.entry(item, inherited, prefix)
            except DescriptionError as error:
                self.problems += error.problems

    def entry(self, node: Node, inherited: dict[str, Any], prefix: str) -> None:
        if len(self.result.claims) >= MAX_CLAIMS:
            raise DescriptionError([Problem("ARC403", f"more than {MAX_CLAIMS:,} claims", self.source.mark(node))])
        own = self.mapping(node, "a claim", (*OWN, *INHERITED))
        keys = self.inherit(inherited, own)
        name = self.text(own.get("id"))
        prefix = ".".join(filter(None, (prefix, name)))
        if "claims" in own:
            self.members(own["claims"], keys, prefix)
        elif "table" in own:
            self.table(own, keys, prefix)
        else:
            figures = [key for key in ("printed", "at_most", "at_least") if key in own]
            if len(figures) != 1:
                self.problem(
                    "ARC404",
                    node,
                    "a claim needs exactly one of printed, at_most and at_least",
                    "write printed: 138,357,544",
                )
                return
            figure = own[figures[0]]
            text = self.text(figure)
            full = prefix if name else ".".join(filter(None, (prefix, self.made(keys))))
            self.claim(keys, text, self.source.mark(figure), full, "" if figures[0] == "printed" else figures[0])

    def inherit(self, inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        """The keys of an entry over those of the group around it; `where` settings add up."""
        keys = inherited | {key: value for key, value in own.items() if key in INHERITED}
        if "where" in own:
            keys["where"] = [*inherited.get("where", ()), own["where"]]
        return keys

    # -- tables -----------------------------------------------------------------------------------------------------

    def table(self, own: dict[str, Any], keys: dict[str, Any], prefix: str) -> None:
        for wanted in ("columns", "rows"):
            if not isinstance(own.get(wanted), SequenceNode):
                self.problem("ARC405", own["table"], f"a table needs {wanted}, a list", f"{wanted}: [conv1, …]")
                return
        columns = [self.part(node, "quantity") for node in own["columns"].value]
        rows = [self.part(node, "of") for node in own["rows"].value]
        cells = self.mapping(own["cells"], "cells") if "cells" in own else {}
        found = pasted_table.cells(self.source, own["table"], len(columns), len(rows), self.problems)
        used = set()
        for cell in found:
            row, column = rows[cell.row], columns[cell.column]
            if column is None or row is None or cell.text.strip() in pasted_table.NOTHING:
                continue
            names = [
                self.text(part.get("name")) or self.text(part.get(key) or part.get("network"))
                for part, key in ((row, "of"), (column, "quantity"))
            ]
            special = cells.get(".".join(names))
            used.add(".".join(names) if special is not None else "")
            if isinstance(special, ScalarNode) and special.value in pasted_table.NOTHING:
                continue
            layers = [row, column] + ([self.mapping(special, "a cell", INHERITED)] if special is not None else [])
            merged = keys
            for part in layers:
                merged = self.inherit(merged, part)
            self.cell(cell, merged, column, ".".join(filter(None, (prefix, *names))), names)
        for name in sorted(set(cells) - used):
            self.problem("ARC406", cells[name], f"the table has no cell {name}", "a cell is named row.column")

    def part(self, node: Node, main: str) -> dict[str, Any] | None:
        """A row or column: what is said of all its cells; a bare text is its main key, - leaves it out."""
        if isinstance(node, ScalarNode):
            return None if node.value in {"", "-", "~"} else {main: node}
        return self.mapping(node, "a row or column", (*OWN, *INHERITED))

    def cell(
        self, cell: pasted_table.TableCell, keys: dict[str, Any], column: dict[str, Any], name: str, names: list[str]
    ) -> None:
        text = cell.text
        after, before = self.text(column.get("after")), self.text(column.get("before"))
        if after and after in text:
            text = text.split(after, 1)[1]
        if before and before in text:
            text = text.split(before, 1)[0]
        self.claim(keys, text.strip(), cell.mark, name, "", self.text(column.get("unit")), *names)

    # -- one claim --------------------------------------------------------------------------------------------------

    def claim(
        self,
        keys: dict[str, Any],
        text: str,
        mark: Mark,
        name: str,
        bound: str,
        unit: str = "",
        row: str = "",
        column: str = "",
    ) -> None:
        before = len(self.problems)
        say = {key: self.text(keys.get(key)) for key in INHERITED if key not in MAPPINGS}
        self.check(say, keys, mark)
        printed, tolerance = self.figure(say, text, unit, mark)
        cause = self.cause(keys["erratum"]) if "erratum" in keys else None
        setting = self.setting(say, keys.get("where", ()), keys.get("changed"))
        if len(self.problems) > before or setting is None or printed is None:
            return
        claim = Claim(
            self.unique(name), setting, say["quantity"], say["of"] or "total", printed, say["at"], mark,
            self.line(mark),
            CONTRADICTED if cause else say["verdict"], tolerance, bound, cause, say["note"], row, column,
        )  # fmt: skip
        self.result.claims.append(claim)

    def check(self, say: dict[str, str], keys: dict[str, Any], mark: Mark) -> None:
        """What every claim needs, and words that are none."""
        for needed in ("network", "quantity"):
            if not say[needed]:
                self.problem("ARC407", mark, f"the claim names no {needed}", f"write {needed}: …")
        if say["verdict"] and say["verdict"] not in VERDICTS:
            sentence = f"there is no verdict {say['verdict']}"
            self.problem("ARC408", keys["verdict"], sentence, suggest(say["verdict"], VERDICTS))
        if say["figures"] and not re.fullmatch(r"[1-9]\d?", say["figures"]):
            self.problem("ARC409", keys["figures"], "figures is the number of significant digits", "write figures: 3")
            say["figures"] = ""

    def figure(self, say: dict[str, str], text: str, unit: str, mark: Mark) -> tuple[PrintedNumber | None, Fraction | None]:
        """The printed figure, and the tolerance of one that is only about right."""
        try:
            printed = read_printed_number(text, int(say["figures"] or 0) or None, say["units"] == "binary", unit)
            return printed, read_printed_number(say["about"]).value if say["about"] else None
        except PrintedNumberError as error:
            self.problem("ARC410", mark, str(error))
            return None, None

    def made(self, keys: dict[str, Any]) -> str:
        """An id for a claim that has none."""
        network = os.path.basename(self.text(keys.get("network"))).removesuffix(".yaml")
        return ".".join(filter(None, (network, self.text(keys.get("of")), self.text(keys.get("quantity")))))

    def unique(self, name: str) -> str:
        self.ids[name] = count = self.ids.get(name, 0) + 1
        return name if count == 1 else f"{name}-{count}"


def is_claims(text: str) -> bool:
    """Whether a YAML text is a claims file, or a description with claims of its own."""
    return bool(re.search(r"^(archcalc-claims|claims)\s*:", text, re.M))

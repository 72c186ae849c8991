"""Reads a claims file, each claim with its place. Malformed claims are reported; the others are still read.

A claim is a mapping. One with `claims` is a group whose other keys its members inherit, and one with a `table` is a
table whose cells are claims.
"""

from __future__ import annotations

import os
import re
from fractions import Fraction
from typing import Any

from archcalc.claims.files import pasted_table
from archcalc.claims.files.settings_and_causes import SettingsAndCauses
from archcalc.claims.model import Claim, MalformedClaim, Publication
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError, read_printed_number, read_tolerance
from archcalc.claims.verdicts import CONTRADICTED, FORMER_NAMES, VERDICTS
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source
from archcalc.errors import DescriptionError, Mark, Problem, unexpected
from archcalc.suggestions import suggest

PRINTED_KEYS = ("printed", "at_most", "at_least")
"""The keys of a claim that hold a printed number."""
MAPPINGS = ("where", "changed", "erratum")
UNITS = ("", "binary", "decimal")
VERSION_KEY, VERSION = "archcalc-claims", "1"
MAX_CLAIMS = 20_000
TOP = (VERSION_KEY, "title", "short", "authors", "year", "place", "url", "claims")
LAYERS = ("layers", "extends")
"""The keys of which a description has one: its layers are its own, or those of another network."""
OWN = (
    "id",
    *PRINTED_KEYS,
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
"""Keys of one claim or table; all others are inherited."""
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


def read_claims(source: Source) -> tuple[Publication, list[Problem]]:
    """The publication in a claims file, or in the `claims` of a description, and its problems.

    Raises `DescriptionError` if the file is not YAML.
    """
    reader = _Reader(source)
    reader.file(source.root())
    return reader.result, reader.problems.closed()


class _Reader(SettingsAndCauses):
    """The reader of one file; `result` collects its claims."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        stem = os.path.basename(source.path).removesuffix(".yaml").removesuffix(".claims")
        self.result = Publication(source.path, stem)
        self.ids: dict[str, int] = {}

    def file(self, root: Node) -> None:
        """Read the keys of the file and its claims."""
        is_description = isinstance(root, MappingNode) and any(key.value in LAYERS for key, _ in root.value)
        keys = self.mapping(root, "a claims file", None if is_description else TOP)
        inherited: dict[str, Any] = {}
        if is_description:
            inherited["network"] = self.source.path
            self.result.title = self.text(keys.get("source")) or self.text(keys.get("name"))
        else:
            if self.text(keys.get(VERSION_KEY)) != VERSION:
                hint = f"begin the file with `{VERSION_KEY}: {VERSION}`"
                self.problem("ARC401", root, "the format version is missing or unknown", hint)
            for name in ("title", "short", "authors", "year", "place", "url"):
                setattr(self.result, name, self.text(keys.get(name)))
        self.members(keys.get("claims"), inherited, "")

    def members(self, node: Node | None, inherited: dict[str, Any], prefix: str) -> None:
        """Read a list of claims, whose ids begin with `prefix`."""
        if node is None:
            return
        if not isinstance(node, SequenceNode):
            self.problem("ARC402", node, "claims are a list", "begin each with `- {network: …}`")
            return
        for item in node.value:
            try:
                self.entry(item, inherited, prefix)
            except DescriptionError as error:
                self.problems.merge(error.problems)
            except Exception as error:
                self.problems.append(unexpected(error, self.source.mark(item)))

    def entry(self, node: Node, inherited: dict[str, Any], prefix: str) -> None:
        """Read a claim, a group or a table. Raises `DescriptionError` where the file has too many claims."""
        if len(self.result.claims) >= MAX_CLAIMS:
            raise DescriptionError([Problem("ARC403", f"more than {MAX_CLAIMS:,} claims", self.source.mark(node))])
        before, start = self.problems.total, len(self.problems)
        own = self.mapping(node, "a claim", (*OWN, *INHERITED))
        keys = self.inherit(inherited, own)
        name = self.text(own.get("id"))
        prefix = ".".join(filter(None, (prefix, name)))
        if "claims" in own:
            self.members(own["claims"], keys, prefix)
        elif "table" in own:
            self.table(own, keys, prefix)
        else:
            printed = [key for key in PRINTED_KEYS if key in own]
            claim_id = prefix if name else ".".join(filter(None, (prefix, self.default_id(keys))))
            if len(printed) != 1:
                message = "a claim needs exactly one of printed, at_most and at_least"
                if self.problems.total == before:  # else the figure may be under a key that is reported
                    self.problem("ARC404", node, message, 'write printed: "138,357,544"')
                self.leave_out(keys, "", self.source.mark(node), claim_id, start)
                return
            node = own[printed[0]]
            bound = "" if printed[0] == "printed" else printed[0]
            self.claim(keys, node, self.source.mark(node), claim_id, bound, start=start)

    def inherit(self, inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        """The inherited keys with those of an entry, which take precedence; the settings of `where` accumulate."""
        keys = inherited | {key: value for key, value in own.items() if key in INHERITED}
        if "where" in own:
            keys["where"] = [*inherited.get("where", ()), own["where"]]
        return keys

    # -- tables -----------------------------------------------------------------------------------------------------

    def table(self, own: dict[str, Any], keys: dict[str, Any], prefix: str) -> None:
        """Read a table: each cell is a claim with the keys of its row, its column and its own, in this order."""
        if not isinstance(own["table"], ScalarNode):
            self.problem("ARC413", own["table"], "a table is a text", "paste it as a block, after `table: |`")
            return
        for key in ("columns", "rows"):
            if not isinstance(own.get(key), SequenceNode):
                self.problem("ARC405", own["table"], f"a table needs {key}, a list", f"{key}: [conv1, …]")
                return
        columns = [self.row_or_column(node, "quantity") for node in own["columns"].value]
        rows = [self.row_or_column(node, "of") for node in own["rows"].value]
        special_cells = self.mapping(own["cells"], "cells") if "cells" in own else {}
        used = set()
        for cell in pasted_table.cells(self.places, own["table"], len(columns), len(rows), self.problems):
            row, column = rows[cell.row], columns[cell.column]
            if column is None or row is None or cell.text.strip() in pasted_table.NO_CLAIM:
                continue
            names = self.name(row, "of"), self.name(column, "quantity")
            special = special_cells.get(".".join(names))
            used.add(".".join(names) if special is not None else "")
            if isinstance(special, ScalarNode) and special.value in pasted_table.NO_CLAIM:
                continue
            merged = self.inherit(self.inherit(keys, row), column)
            if special is not None:
                merged = self.inherit(merged, self.mapping(special, "a cell", INHERITED))
            self.cell(cell, merged, column, ".".join(filter(None, (prefix, *names))), names)
        for name in sorted(set(special_cells) - used):
            self.problem("ARC406", special_cells[name], f"the table has no cell {name}", "a cell is named row.column")

    def row_or_column(self, node: Node, main: str) -> dict[str, Any] | None:
        """The keys that all cells of a row or column inherit; a bare text is its main key, - leaves it out."""
        if isinstance(node, ScalarNode):
            return None if node.value in {"", "-", "~"} else {main: node}
        keys = self.mapping(node, "a row or column", (*OWN, *INHERITED))
        return keys if isinstance(node, MappingNode) else None

    def name(self, keys: dict[str, Any], main: str) -> str:
        """The name of a row or column: its `name`, else its main key, else its network."""
        return self.text(keys.get("name")) or self.text(keys.get(main) or keys.get("network"))

    def cell(
        self,
        cell: pasted_table.TableCell,
        keys: dict[str, Any],
        column: dict[str, Any],
        claim_id: str,
        names: tuple[str, str],
    ) -> None:
        """Read the claim of a cell."""
        text, faults, start = cell.text, self.faults, len(self.problems)
        after, before, unit = (self.text(column.get(key)) for key in ("after", "before", "unit"))
        if self.faults > faults:
            self.leave_out(keys, text, cell.mark, claim_id, start)
            return
        if after and after in text:
            text = text.split(after, 1)[1]
        if before and before in text:
            text = text.split(before, 1)[0]
        self.claim(keys, text.strip(), cell.mark, claim_id, "", unit, *names)

    # -- one claim --------------------------------------------------------------------------------------------------

    def claim(
        self,
        keys: dict[str, Any],
        printed_node: Node | str,
        mark: Mark,
        claim_id: str,
        bound: str,
        unit: str = "",
        row: str = "",
        column: str = "",
        start: int | None = None,
    ) -> None:
        """Read one claim from its keys and its figure. Its problems begin with the one of number `start`."""
        before, start = self.faults, len(self.problems) if start is None else start
        text = self.text(printed_node)
        is_text = self.faults == before
        texts = {key: self.text(keys.get(key)) for key in INHERITED if key not in MAPPINGS}
        texts["verdict"] = FORMER_NAMES.get(texts["verdict"], texts["verdict"])
        self.check(texts, keys, mark)
        printed, tolerance = self.printed_number(texts, keys, text, unit, mark) if is_text else (None, None)
        cause = self.cause(keys["erratum"]) if "erratum" in keys else None
        setting = self.setting(texts, keys)
        if self.faults > before or setting is None or printed is None:
            self.leave_out(keys, text, mark, claim_id, start)
            return
        claim = Claim(
            self.unique(claim_id), setting, texts["quantity"], texts["of"] or "total", printed, texts["at"], mark,
            self.places.line(mark),
            CONTRADICTED if cause else texts["verdict"], tolerance, bound, cause, texts["note"], row, column,
            problems=tuple(self.problems[start:]),
        )  # fmt: skip
        self.result.claims.append(claim)

    def leave_out(self, keys: dict[str, Any], text: str, mark: Mark, claim_id: str, start: int) -> None:
        """Record a claim that cannot be read, with its problems, of which the first has the number `start`."""
        network, quantity, of = (self.text(keys.get(key)) for key in ("network", "quantity", "of"))
        about = f"{network}: {quantity}{f' of {of}' if of else ''}".strip(": ") or "a claim"
        claim_id = self.unique(claim_id) if claim_id else "a claim"
        own = tuple(self.problems[start:])
        self.result.malformed.append(MalformedClaim(claim_id, about, text, mark, self.result.name, own))

    def check(self, texts: dict[str, str], keys: dict[str, Any], mark: Mark) -> None:
        """Report keys that are missing and words that are unknown."""
        for needed in ("network", "quantity"):
            if not texts[needed] and isinstance(keys.get(needed), (ScalarNode, str, type(None))):
                self.problem("ARC407", mark, f"the claim names no {needed}", f"write {needed}: …")
        if texts["verdict"] and texts["verdict"] not in VERDICTS:
            message = f"there is no verdict {texts['verdict']}"
            self.problem("ARC408", keys["verdict"], message, suggest(texts["verdict"], VERDICTS))
        if texts["units"] not in UNITS:
            message = f"units is binary or decimal, not {texts['units']}"
            self.problem("ARC415", keys["units"], message, "write units: binary if K is 1024, else leave it out")
        if texts["figures"] and not re.fullmatch(r"[1-9]\d?", texts["figures"]):
            self.problem("ARC409", keys["figures"], "figures is the number of significant digits", "write figures: 3")
            texts["figures"] = ""

    def printed_number(
        self, texts: dict[str, str], keys: dict[str, Any], text: str, unit: str, mark: Mark
    ) -> tuple[PrintedNumber | None, Fraction | None]:
        """The printed figure and the tolerance of an approximate one; None, and a problem, where one is malformed."""
        try:
            tolerance = read_tolerance(texts["about"]) if texts["about"] else None
        except PrintedNumberError as error:
            self.problem(error.code or "ARC410", keys["about"], str(error), error.out)
            return None, None
        try:
            significant, binary = int(texts["figures"] or 0) or None, texts["units"] == "binary"
            return read_printed_number(text, significant, binary, unit, texts["quantity"]), tolerance
        except PrintedNumberError as error:
            self.problem(error.code or "ARC410", mark, str(error), error.out)
            return None, None

    def default_id(self, keys: dict[str, Any]) -> str:
        """The id of a claim that has none in the file."""
        network = os.path.basename(self.text(keys.get("network"))).removesuffix(".yaml")
        return ".".join(filter(None, (network, self.text(keys.get("of")), self.text(keys.get("quantity")))))

    def unique(self, claim_id: str) -> str:
        """The id, with a number from its second use on."""
        self.ids[claim_id] = count = self.ids.get(claim_id, 0) + 1
        return claim_id if count == 1 else f"{claim_id}-{count}"

"""Reads the parts of a claim that are mappings: the setting of its network, and the cause of an erratum."""

from __future__ import annotations

from typing import Any

from archcalc.claims.files.yaml_nodes import YamlNodes
from archcalc.claims.model import Cause, NetworkSetting
from archcalc.description.source import Node

CAUSES = ("formula", "counted_as", "where", "changed", "misprint")


class SettingsAndCauses(YamlNodes):
    """Reads settings and causes."""

    def setting(self, texts: dict[str, str], keys: dict[str, Any]) -> NetworkSetting | None:
        """The network and its options; None, and a problem, where they are malformed."""
        variables: dict[str, Any] = {}
        shape: tuple[int, ...] | None = None
        for node in keys.get("where", ()):
            for name, value in self.mapping(node, "where").items():
                if name == "input":
                    shape = self.shape(value)
                else:
                    variables[name] = self.number(value)
        if texts["inplace"] not in {"", "true", "false"}:
            self.problem("ARC411", keys["inplace"], "inplace is true or false", "write inplace: false, or leave it out")
            return None
        return NetworkSetting(
            texts["network"],
            tuple(sorted(variables.items())),
            shape,
            texts["convention"] or "mult-adds",
            texts["dtype"] or "float32",
            texts["inplace"] != "false",
            self.changes(keys.get("changed")),
        )

    def changes(self, node: Node | None) -> tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]:
        """`{layer: {field: value}}` as nested tuples, which are hashable."""
        if node is None:
            return ()
        layers = self.mapping(node, "changed")
        return tuple(
            (name, tuple((field, self.plain(value)) for field, value in self.mapping(fields, name).items()))
            for name, fields in layers.items()
        )

    def cause(self, node: Node) -> Cause | None:
        """The explanation of an erratum; it has exactly one."""
        keys = self.mapping(node, "an erratum", (*CAUSES, "why"))
        kinds = [key for key in CAUSES if key in keys]
        if len(kinds) != 1:
            what = "without a cause" if not kinds else f"with {len(kinds)} causes"
            self.problem("ARC412", node, f"an erratum {what}", f"write exactly one of {', '.join(CAUSES)}")
            return None
        kind = kinds[0]
        read = self.text if kind in {"formula", "misprint"} else self.plain
        return Cause(kind, read(keys[kind]), self.text(keys.get("why")), self.source.mark(keys[kind]))

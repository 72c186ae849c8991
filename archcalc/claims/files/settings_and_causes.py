"""Reads the parts of a claim that are mappings: the setting of its network, and the cause of an erratum."""

from __future__ import annotations

from typing import Any

from archcalc.claims.files.yaml_nodes import YamlNodes
from archcalc.claims.model import Cause, NetworkSetting
from archcalc.description.source import Node, SequenceNode

CHANGED = "write changed: {conv1: {stride: 2}}"
CAUSES = ("formula", "counted_as", "where", "changed", "misprint")


class SettingsAndCauses(YamlNodes):
    """Reads settings and causes."""

    def setting(self, texts: dict[str, str], keys: dict[str, Any]) -> NetworkSetting | None:
        """The network and its options; None, and a problem, where they are malformed."""
        variables: dict[str, Any] = {}
        for node in keys.get("where", ()):
            variables |= self.where(node)
        shape = variables.pop("input", None)
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
            tuple((layer, tuple(fields.items())) for layer, fields in self.changes(keys.get("changed")).items()),
        )

    def where(self, node: Node) -> dict[str, Any]:
        """Variables, and the sizes of an `input`."""
        pairs = self.mapping(node, "where").items()
        return {name: self.shape(value) if name == "input" else self.variable(value) for name, value in pairs}

    def variable(self, node: Node) -> Any:
        """The value of a variable; a list as a tuple."""
        return tuple(map(self.variable, node.value)) if isinstance(node, SequenceNode) else self.number(node)

    def changes(self, node: Node | None) -> dict[str, dict[str, Any]]:
        """`{layer: {field: value}}`."""
        layers = {} if node is None else self.mapping(node, "changed", of="layers to their fields", out=CHANGED)
        return {layer: self.fields(fields, f"what is changed in {layer}") for layer, fields in layers.items()}

    def fields(self, node: Node, what: str = "counted_as") -> dict[str, Any]:
        """`{field: value}`, also with the keys `op` and `layer`."""
        return {name: self.plain(value) for name, value in self.mapping(node, what, of="fields to values").items()}

    def cause(self, node: Node) -> Cause | None:
        """The explanation of an erratum; it has exactly one."""
        keys = self.mapping(node, "an erratum", (*CAUSES, "why"))
        kinds = [key for key in CAUSES if key in keys]
        if len(kinds) != 1:
            what = "without a cause" if not kinds else f"with {len(kinds)} causes"
            self.problem("ARC412", node, f"an erratum {what}", f"write exactly one of {', '.join(CAUSES)}")
            return None
        kind = kinds[0]
        readers = {"where": self.where, "changed": self.changes, "counted_as": self.fields}
        data = readers.get(kind, self.text)(keys[kind])
        return Cause(kind, data, self.text(keys.get("why")), self.source.mark(keys[kind]))

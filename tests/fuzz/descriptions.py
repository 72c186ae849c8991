"""Descriptions from a grammar: variables, blocks, repeats, expressions, references; sound ones and others."""

from __future__ import annotations

import json
import random
from functools import cache
from typing import Any

from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, field_syntaxes, field_types, required_fields
from archcalc.layers._types import alternatives, minimum
from tests.fuzz.calls import call
from tests.fuzz.case import HOSTILE, Case

NUMBERS: list[Any] = [
    1,
    1,
    1,
    2,
    2,
    2,
    3,
    3,
    4,
    "n",
    "w",
    "2*n",
    "in_channels",
    "n + 1",
    "n//2",
    "floor(n/2)",
    "divisible(n, 2)",
]
PER_AXIS: list[Any] = [1, 1, 1, 2, 2, 3, 3, "n - 1", "k", "k//2", "k//2 + 1", [2, 1], ["n", 1], "max(k//2, 1)"]
LITTLE: list[Any] = [0, 0, 0, 1, 1, "k//2", [0, 1], [[0, 1], [1, 0]], "n - 2"]
IDS = ["a", "b", "c", "d", "e", "conv1", "c.1", "1", "in put", "é × 网", "<b>&", "$x$", "=1+1", "input", "relu"]
TOP = {
    "name": ["t", "Réseau × 网络 🙂", "", 5, None, "\u202eabc", "<script>", "a\nb", "\\input{x}", "x" * 3000],
    "frozen": [["*"], ["a", "conv*"], "a", [], ["nosuch"], [["a"]], {}, ["*a*b*c*"] * 40],
    "ignore": [["ARC301"], ["x"], "ARC301", []],
    "figure": [{}, {"style": "volumes"}, {"style": "cone", "layer": "a"}, {"x": 1}, 3, {"width": "5cm", "show": "name,rf"}],
    "claims": [[{"quantity": "params", "printed": 5}], [{}], 3, [{"quantity": "output", "of": "a", "printed": "1×2"}]],
}


@cache
def fields_of(op: str) -> dict[str, Any]:
    """The syntax of each field of a kind; empty for a block."""
    return dict(field_syntaxes(kind_of(op))) if find(op) is not None else {}


def kind_of(op: str) -> type[Layer]:
    kind = find(op)
    assert kind is not None
    return kind


@cache
def usual() -> list[str]:
    """The kinds; those that read any map and name no other layer more often, so that many descriptions are sound."""
    plain = [op for op in kinds() if kind_of(op).max_inputs == 1 and not any(one.is_id for one in fields_of(op).values())]
    anywhere = [op for op in plain if not required_fields(kind_of(op))]
    return [*kinds(), *plain, *anywhere, *(["conv", "max_pool", "add"] * 5)]


class Draw:
    """Draws one description; `wild` is the chance of a hostile value in place of a usual one."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.wild = chance.choice([0.0, 0.0, 0.01, 0.05, 0.3])
        self.ids: list[str] = []

    def is_wild(self) -> bool:
        return self.chance.random() < self.wild

    def value(self, usual: list[Any]) -> Any:
        return Raw(self.chance.choice(HOSTILE)) if self.is_wild() else self.chance.choice(usual)

    def layer(self, number: int, blocks: list[str]) -> dict[str, Any]:
        chance = self.chance
        op = chance.choice([*usual(), *(blocks * 20)])
        entry: dict[str, Any] = {}
        if chance.random() < 0.6:
            entry["id"] = chance.choice(IDS) if self.is_wild() else f"l{number}"
        entry["op"] = self.value([op])
        merges = op not in blocks and kind_of(op).max_inputs != 1
        if merges or (chance.random() < 0.15 and self.ids):
            source = chance.choice(self.ids[-3:] or ["input"])
            read = (
                [source] * chance.choice([2, 2, 3, 5])
                if chance.random() < 0.6
                else [source, chance.choice(self.ids or ["input"])]
            )
            entry["inputs"] = read if merges else self.value([source, [source]])
        entry |= self.fields(op)
        if op in blocks:
            entry |= {"w": self.value(NUMBERS[:-4]), "k": self.value([3, [3, 5], "k", "n - 1", "k-1"])}
        for key, values in {
            "repeat": [1, 2, 3, "n"],
            "when": ["flag", "n > 2", True, "not flag"],
            "weights_of": self.ids or ["a"],
        }.items():
            if chance.random() < (0.08 if key != "weights_of" else 0.01):
                entry[key] = self.value(values)
        if self.is_wild():
            entry[chance.choice(["activation", "kernel_size", "padding", "x", "op2", "w", ""])] = Raw(chance.choice(HOSTILE))
        if "id" in entry:
            self.ids.append(str(entry["id"]))
        return entry

    def fields(self, op: str) -> dict[str, Any]:
        """Values for some fields of a kind, drawn from their declarations."""
        syntaxes = fields_of(op)
        result: dict[str, Any] = {}
        for name, syntax in syntaxes.items():
            is_needed = name in required_fields(kind_of(op)) or (name == "out_channels" and "connections" not in result)
            if is_needed or self.chance.random() < (0.02 if syntax.is_plain or name == "groups" else 0.25):
                result[name] = self.field(syntax, field_types(kind_of(op))[name])
        if {"scale_factor", "size"} <= set(syntaxes) and len({"scale_factor", "size"} & set(result)) != 1:
            result = {"scale_factor": self.value([1, 2, "n", [2, 3]])}
        return result

    def field(self, syntax: Any, held: Any) -> Any:
        if syntax.is_id:
            return self.value(self.ids or ["a"])
        if syntax.is_text:
            return self.value(["Einsum", "a text: with signs, 3 × 3", ""])
        if syntax.is_truth:
            return self.value([True, False, "flag", "not flag", "flag == true"])
        if syntax.is_plain:
            return self.value([[[0], [0, 0]], [[0, 1], [1, 2], [0, 2]]])
        if {"per axis", "per side"} & set(alternatives(held)):
            return self.value([*(syntax.words * 2), *(PER_AXIS if minimum(held) else LITTLE)])
        return self.value(list(syntax.words) or NUMBERS)

    def block(self) -> dict[str, Any]:
        block = {"arguments": {"w": "required", "k": self.value([3, "n"])}, "layers": self.layers([])}
        if self.chance.random() < 0.1:
            block["inputs"] = self.value([["left", "right"], ["input", "skip"]])
        return block

    def layers(self, blocks: list[str]) -> list[dict[str, Any]]:
        outer, self.ids = self.ids, []
        result = [self.layer(number, blocks) for number in range(self.chance.choice([1, 2, 3, 3, 4, 5, 7]))]
        self.ids = outer + self.ids
        return result

    def description(self) -> dict[str, Any]:
        chance = self.chance
        axes = chance.choice([0, 1, 2, 2, 2, 2, 2, 3])
        shape = [self.value([1, 2, 3, 4, "n"]), *(self.value([16, 17, 32, "9*n"]) for _ in range(axes))]
        data: dict[str, Any] = {"archcalc": self.value([1])}
        if chance.random() < 0.12:
            data["inputs"] = {"left": {"shape": shape}, "right": {"shape": self.value([shape, [4]])}}
            self.ids += ["left", "right"]
        else:
            data["input"] = {"shape": shape}
        data["variables"] = {
            "n": self.value([2, 3, 4]),
            "k": self.value([3, 3, [3, 5], "n + 1"]),
            "flag": self.value([True, False]),
            "w": self.value([4, "2*n"]),
        }
        names = chance.choice([[], ["b1"], ["b1", "b2"], ["b1"]])
        if names:
            data["blocks"] = {name: self.block() for name in names}
        data["layers"] = self.layers(names)
        for key, values in TOP.items():
            if chance.random() < (0.1 if self.wild or key in ("name", "figure") else 0):
                data[key] = self.value(values)
        return data


class Raw:
    """Text that stands in YAML as it is, without quotes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def written(data: Any) -> str:
    """YAML in flow style, hostile values as they are."""
    if isinstance(data, Raw):
        return data.text
    if isinstance(data, dict):
        return "{" + ", ".join(f"{written(key)}: {written(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(written, data)) + "]"
    return json.dumps(data, ensure_ascii=False)


def text(data: dict[str, Any]) -> str:
    """A description with a line for each key, and for each layer."""
    rows: list[str] = []
    for key, value in data.items():
        if key == "layers" and isinstance(value, list):
            rows += ["layers:", *(f"  - {written(layer)}" for layer in value)]
        else:
            rows.append(f"{key}: {written(value)}")
    return "\n".join(rows) + "\n"


def case(chance: random.Random) -> Case:
    draw = Draw(chance)
    content = text(draw.description()).encode("utf-8", "surrogatepass")
    names = [*draw.ids, "nosuch"] if draw.ids else ["conv1", "l0"]
    return Case({"net.yaml": content}, [call(chance, "net.yaml", names) for _ in range(chance.choice([1, 1, 2]))])

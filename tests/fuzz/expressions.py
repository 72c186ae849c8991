"""Expressions of any shape, as a variable, a field, a condition, a repeat and a block's argument."""

from __future__ import annotations

import random

from tests.fuzz.case import HOSTILE, Case

ATOMS = [
    "n",
    "k",
    "f",
    "w",
    "in_channels",
    "1",
    "2",
    "3",
    "0",
    "10",
    "0.5",
    "1.15",
    "9" * 60,
    "true",
    "false",
    "'a'",
    "x",
    "m",
    "1/3",
]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "<", ">", "==", "!=", "<=", "and", "or", "@", "<<", "in"]
CALLS = ["floor", "ceil", "round", "min", "max", "divisible", "abs", "__import__", "len"]


def expression(chance: random.Random, depth: int = 0) -> str:
    """An expression; deeper parts are shorter."""
    way = chance.random()
    if depth > 4 or way < 0.3:
        return chance.choice(ATOMS) if chance.random() < 0.95 else chance.choice(HOSTILE)
    inner = [expression(chance, depth + 1) for _ in range(3)]
    if way < 0.65:
        return f"{inner[0]} {chance.choice(BINARY)} {inner[1]}"
    if way < 0.75:
        return f"({inner[0]})"
    if way < 0.82:
        return f"{chance.choice(['-', 'not ', '+', '~'])}{inner[0]}"
    if way < 0.94:
        return f"{chance.choice(CALLS)}({', '.join(inner[: chance.randint(1, 3)])})"
    return f"{inner[0]} if {inner[1]} else {inner[2]}"


def case(chance: random.Random) -> Case:
    def quoted() -> str:
        return "'" + expression(chance).replace("'", "''") + "'"

    rows = [
        "archcalc: 1",
        f"variables: {{n: {chance.choice(['3', '4', '0', '2.5'])}, k: {chance.choice(['[3, 5]', '[1]', '[[0, 1], [2, 0]]', '7'])}, f: true, w: same, m: {quoted()}}}",
        "input: {shape: [3, 16, 16]}",
        "blocks:",
        "  b: {arguments: {a: required}, layers: [{op: conv, out_channels: 2, kernel_size: a, padding: a//2}]}",
        "layers:",
        f"  - {{op: conv, out_channels: {quoted()}, kernel_size: {quoted()}, padding: {quoted()}}}",
        f"  - {{op: relu, when: {quoted()}, repeat: {quoted()}}}",
        f"  - {{op: b, a: {quoted()}}}",
        f"  - {{op: conv, out_channels: 4, kernel_size: [{quoted()}, 3], bias: {quoted()}}}",
    ]
    kept = [row for row in rows if not row.startswith("  - ") or chance.random() < 0.5] + ["  - {op: relu}"]
    network = "\n".join(kept).encode("utf-8", "surrogatepass")
    if chance.random() < 0.2:
        return Case(
            {"net.yaml": network}, [["sweep", "net.yaml", "--set", f"n={chance.choice(['1,2,3', '3', '10,0', '0.5,1'])}"]]
        )
    return Case({"net.yaml": network}, [["params", "net.yaml"]])

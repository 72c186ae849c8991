"""Figures and reports of networks of any form: branches, copies of one input, side outputs, deep and flat ones."""

from __future__ import annotations

import random
from typing import Any

from tests.fuzz.calls import STYLES, diagram
from tests.fuzz.case import Case
from tests.fuzz.descriptions import text


def layers(chance: random.Random, count: int, start: list[str], blocks: bool) -> list[dict[str, Any]]:
    """Layers that keep C×H×W, so that every graph of them is sound."""
    names, result = list(start), []
    for number in range(count):
        name = f"l{number}"
        way = chance.random()
        entry: dict[str, Any] = {"id": name}
        if way < 0.35:
            entry |= {"op": "conv", "out_channels": 4, "kernel_size": chance.choice([1, 3, 5]), "padding": "same"}
        elif way < 0.55:
            entry |= {"op": chance.choice(["relu", "batch_norm", "sigmoid", "lrn", "identity", "dropout"])}
        elif way < 0.75 or not blocks:
            reads = [chance.choice(names[-4:]) for _ in range(chance.choice([2, 2, 3, 5]))]
            entry |= {"op": chance.choice(["add", "multiply"]), "inputs": reads}
        else:
            entry |= {"op": "b"}
        if chance.random() < 0.15 and "inputs" not in entry:
            entry["repeat"] = chance.choice([2, 3, 7, 40])
        elif chance.random() < 0.25 and "inputs" not in entry:
            entry["inputs"] = [chance.choice(names)]
        names.append(name)
        result.append(entry)
    return result


def case(chance: random.Random) -> Case:
    data: dict[str, Any] = {"archcalc": 1, "name": chance.choice(["t", "é × 网 <&> $_$"])}
    start = chance.choice([["input"], ["input"], ["left", "right", "third"][: chance.randint(2, 3)]])
    shape = {"shape": [4, *chance.choice([[8, 8], [9, 5], [16], [4, 4, 4]])]}
    data |= {"input": shape} if start == ["input"] else {"inputs": dict.fromkeys(start, shape)}
    blocks = chance.random() < 0.5
    if blocks:
        data["blocks"] = {"b": {"layers": layers(chance, chance.randint(1, 4), ["input"], False)}}
    data["layers"] = layers(chance, chance.choice([1, 2, 4, 6, 9, 14]), start, blocks)
    names = [entry["id"] for entry in data["layers"]]
    calls = [["diagram", "net.yaml", "-o", "out.svg", "--style", chance.choice(STYLES[:-1]), *narrow(chance)]]
    calls.append(
        ["report", "net.yaml", "-o", "out.html"] if chance.random() < 0.1 else ["diagram", "net.yaml", *diagram(chance, names)]
    )
    return Case({"net.yaml": text(data).encode()}, calls)


def narrow(chance: random.Random) -> list[str]:
    """Often a page so small that something is left out."""
    if chance.random() < 0.4:
        return []
    return [
        "--width",
        chance.choice(["3cm", "5cm", "8.4cm", "12cm", "17.4cm"]),
        *(["--aspect", "16:9"] if chance.random() < 0.3 else []),
    ]

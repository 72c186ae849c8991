"""Claims files from a grammar, on a small network beside them."""

from __future__ import annotations

import random
from typing import Any

from tests.fuzz.calls import FIGURES
from tests.fuzz.case import HOSTILE, Case
from tests.fuzz.descriptions import Raw, text

NETWORK = b"""archcalc: 1
name: p
variables: {padding: same, n: 4, flag: true}
input: {shape: [1, 12, 12]}
layers:
  - {id: c1, op: conv, out_channels: n, kernel_size: [3, 5], padding: padding}
  - {id: p1, op: max_pool, kernel_size: 2}
  - {id: c2, op: conv, out_channels: 6, kernel_size: 3, padding: [[0, 1], [0, 1]], when: flag}
  - {id: u, op: unpool, pool: p1, when: false}
  - {op: flatten}
  - {id: fc, op: linear, out_features: 10}
"""
QUANTITIES = [
    "params", "mult_adds", "flops", "output", "output[0]", "input", "receptive_field", "receptive_field[0]", "padding", "padding + 2", "op", "id",
    "kernel_size", "depth", "bytes", "activations", "neurons", "n", "flag", "params/2", "params('c*')", "mult_adds('total', 'vgg11')", "peak",
    "operations", "layers", "comparisons", "total_params - params", "'abc'", "1/0", "params**params", "x", "10**10**10",
]  # fmt: skip
OF = [
    "total",
    "c1",
    "c*",
    "conv",
    'op == "conv"',
    "kernel_size > 3",
    "stride < 2",
    "max(kernel_size, 1) == 3",
    "padding == 'same'",
    "nosuch",
    "kernel_size + 1 == 4",
    "",
]
ERRATA = [
    "{misprint: 27 → 72}", "{misprint: 1}", "{formula: params + 1}", "{formula: 'printed(\"a\")'}", "{where: {n: 5}}", "{where: {input: [1, 9, 9]}}",
    "{where: {input: 1}}", "{counted_as: {layer: p1, op: conv, out_channels: 3, kernel_size: 2}}", "{counted_as: {layer: p1, op: unpool, pool: p1}}",
    "{counted_as: {layer: p1, op: conv, out_channels: 3, kernel_size: [2]}}", "{changed: {p1: 5}}", "{changed: {c1: {op: unpool, pool: p1}}}",
    "{changed: {c1: {kernel_size: 7}}}", "{changed: {u: {op: flatten}}}", "{}", "5", "{x: 1}",
]  # fmt: skip
TABLES = ["1 2 3", "a | b\n1 | 2", '"1\\r2\\n3"', "{a: 1}", "", "| x | 10 |\n| y | 20 |"]


def claim(chance: random.Random, wild: float) -> dict[str, Any]:
    """One claim, or a group, or a table."""

    def value(usual: list[str]) -> Raw:
        return Raw(chance.choice(HOSTILE if chance.random() < wild else usual))

    quoted = [f"'{one}'" if "'" not in one else f'"{one}"' for one in QUANTITIES]
    entry: dict[str, Any] = {"quantity": value(quoted)}
    if chance.random() < 0.9:
        entry["network"] = value(["net.yaml", "net.yaml", "net.yaml", "lenet5", "vgg11", "bad.yaml", "nosuch"])
    figures = [f"'{one}'" for one in FIGURES] + [str(chance.randint(0, 5000)), "4×12×12", "12×12×4", "same", "3×5", "527 M"]
    entry[chance.choice(["printed", "printed", "printed", "at_most", "at_least"])] = value(figures)
    options = {
        "of": [f"'{one}'" if "'" not in one else f'"{one}"' for one in OF],
        "where": ["{n: 5}", "{padding: valid}", "{input: [1, 9, 9]}", "{input: 1x9x9}", "{nosuch: 1}"],
        "changed": ["{c1: {kernel_size: 7}}", "{p1: 5}", "{u: {op: flatten}}"],
        "erratum": ERRATA,
        "verdict": ["exact", "rounded", "truncated", "contradicted", "x"],
        "about": ["4%", "0.1", "4", "x"],
        "units": ["binary", "x"],
        "figures": ["3", "0", "99"],
        "convention": ["fvcore", "calflops", "x"],
        "dtype": ["float16", "x"],
        "inplace": ["true", "false", "maybe"],
        "id": ["a", "b", "a.b"],
        "table": TABLES,
        "columns": ["[name, params]", "[-, output]", "5"],
        "rows": ["[{name: c1, of: c1}]", "[]"],
    }
    for key, usual in options.items():
        if chance.random() < (0.12 if key not in ("table", "columns", "rows") else 0.03):
            entry[key] = value(usual)
    return entry


def case(chance: random.Random) -> Case:
    wild = chance.choice([0.0, 0.02, 0.2])
    claims: list[Any] = [claim(chance, wild) for _ in range(chance.randint(1, 4))]
    if chance.random() < 0.2:
        claims = [{"network": Raw("net.yaml"), "of": Raw("c1"), "claims": claims}]
    data = {
        "archcalc-claims": Raw("1"),
        "title": Raw("t"),
        "short": Raw(chance.choice(["t", "'\u202et'", "é × 网"])),
        "claims": claims,
    }
    files = {
        "net.yaml": NETWORK,
        "bad.yaml": b"archcalc: 1\nlayers: 3\n",
        "t.claims.yaml": text(data).encode("utf-8", "surrogatepass"),
    }
    formats = ["text", "text", "json", "junit", "sarif", "github", "concise", "markdown"]
    return Case(files, [["verify", "t.claims.yaml", "-f", chance.choice(formats)]])

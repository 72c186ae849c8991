"""Texts with marked figures, checked, rewritten, and rewritten again: the second time nothing may change."""

from __future__ import annotations

import random

from tests.fuzz.case import Case
from tests.fuzz.claims import NETWORK

MARKS = ["net.yaml params", "net.yaml output of=c1", "net.yaml output", "vgg11 params", "lenet5 mult_adds", "net.yaml padding=valid output", "vgg16 flops", "vgg16 bytes", "x", "net.yaml nosuch", "net.yaml n=5 params", ""]  # fmt: skip
NUMBERS = [
    "138357544", "138,357,544", "138.4 M", "1.38\\times 10^8", "$1.38\\times 10^{8}$", "138\\,357\\,544", "138 357 544", "138\u00a0357\u00a0544", "138\u2009357\u2009544",
    "\\num{138357544}", "\\SI{138}{M}", "\\qty{31.0}{GFLOPs}", "31.0 GFLOPs", "553 MB", "527.8 MiB", "15.5 B", "61 thousand", "1.38e8", "3×10⁸", "1{,}234", "$1{,}234$",
    "4×12×12", "512\\times 7\\times 7", "$512\\times 7\\times 7$", "12×12", "1000", "-3", "−7", "", "many", "١٤٠٠٠٠٠٠٠", "1'234", "99 %", "0", "1.234.567", "2^{20}",
]  # fmt: skip
AROUND = ["It has ", "VGG 16 has ", "about ", "(", "$", "**", "see 3.1: ", "", "| ", "é × 网 ", "conv3 "]
BEHIND = [" parameters.", "", "\\,M", " million", ")", "$", ".", ",", " |", "%", " × 3", "e5", "--7", " of 12"]


def line(chance: random.Random, tex: bool) -> str:
    """A marked figure as one of the two kinds of texts writes it."""
    mark, figure = chance.choice(MARKS), chance.choice([*NUMBERS, str(chance.randint(0, 10**9))])
    before, after = chance.choice(AROUND), chance.choice(BEHIND)
    if tex:
        return f"% archcalc: {mark}\n{before}{figure}{after}\n"
    closing = chance.choice(["<!-- /archcalc -->"] * 9 + [""])
    return f"{before}<!-- archcalc: {mark} -->{figure}{closing}{after}\n"


def case(chance: random.Random) -> Case:
    tex = chance.random() < 0.5
    ending = chance.choice(["\n", "\n", "\r\n"])
    content = "".join(line(chance, tex) for _ in range(chance.randint(1, 3))).replace("\n", ending)
    name = "t.tex" if tex else chance.choice(["t.md", "t.html"])
    fix = ["verify", name, "--fix"]
    return Case({name: content.encode(), "net.yaml": NETWORK}, [["verify", name], fix, fix], unchanged_by_last=True)

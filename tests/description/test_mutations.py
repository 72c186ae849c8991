"""Descriptions that were almost right: shipped networks with something changed end in numbers or in sentences.

Nothing else may come out: no other exception, no number below 0, and no size below 1.
"""

from __future__ import annotations

import random
import re

import pytest

from archcalc.analysis.derivation import derive
from archcalc.analysis.layer_report import SUMMED
from archcalc.analysis.loading import load_source
from archcalc.analysis.report import analyze
from archcalc.description.source import Source, read
from archcalc.errors import ArchcalcError
from archcalc.views.formats import write
from archcalc.views.tables import layers
from tests.networks import CLASSICS

TOKENS = [
    "0",
    "1",
    "-1",
    "2.5",
    "10**50",
    "true",
    "same",
    "valid",
    "in_channels",
    "stride",
    "''",
    "[]",
    "[1, 2]",
    "[[1, 2]]",
    "{}",
    "input",
    "conv1",
    "add",
    "concat",
    "unpool",
    "crop",
    "linear",
    "flatten",
    "null",
    "1e9",
    "x",
    "[conv1, pool1]",
    "~",
    "&a",
    "repeat: 3",
    "when: false",
    "weights_of: conv1",
    "like: conv1",
    "pool: pool1",
    "groups: 3",
    "dilation: 2",
    "inputs: [input]",
]
NUMBERS = ["0", "1", "2", "3", "7", "100000", "999999999999", "-3", "1/3", "3*alpha", "in_channels"]


def mutated(text: str, chance: random.Random) -> str:
    """One to three changes: of a number, a word, a key, a line, a character."""
    for _ in range(chance.randint(1, 3)):
        lines = text.splitlines()
        at = chance.randrange(len(lines))
        way = chance.choice(["number", "number", "token", "token", "drop", "twice", "swap", "character", "cut", "field"])
        if way == "number":
            text = _one(text, r"\b\d+\b", chance.choice(NUMBERS), chance)
        elif way == "token":
            text = _one(text, r"(?<=: )[^,}\n]+", chance.choice(TOKENS), chance)
        elif way == "field":
            text = _one(text, r"\}", f", {chance.choice(TOKENS)}}}", chance)
        elif way == "character":
            text = _one(text, r".", chance.choice(list("{}[]:,-*&!#'\"x0 \t")), chance)
        elif way == "cut":
            text = text[: chance.randrange(len(text))]
        else:
            other = chance.randrange(len(lines))
            lines = {
                "drop": lines[:at] + lines[at + 1 :],
                "twice": [*lines[: at + 1], *lines[at:]],
                "swap": [*lines[:at], lines[other], *lines[at + 1 :]],
            }[way]
            text = "\n".join(lines) + "\n"
        if not text.strip():
            return text
    return text


def _one(text: str, pattern: str, new: str, chance: random.Random) -> str:
    places = list(re.finditer(pattern, text))
    if not places:
        return text
    match = chance.choice(places)
    return text[: match.start()] + new + text[match.end() :]


@pytest.mark.parametrize("name", CLASSICS)
def test_almost_right(name: str) -> None:
    chance = random.Random(name)
    original = read(name).text
    fine = 0
    for _ in range(40):
        text = mutated(original, chance)
        try:
            report = analyze(load_source(Source("net.yaml", text)))
        except ArchcalcError as error:
            assert str(error).startswith("net.yaml"), f"every error has its place:\n{error}"
            continue
        fine += 1
        assert all(getattr(report.totals, quantity) >= 0 for quantity in SUMMED), text
        assert all(size >= 1 for layer in report.layers for size in layer.output), text
        assert report.to_dict()["findings"] is not None
        assert write(layers.summary(report), "table")
        assert derive(report, report.layers[-1])
    assert fine >= 1, "most changes should not be so large that nothing is left to work out"

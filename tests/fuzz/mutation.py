"""Shipped files with something changed: descriptions, claims, examples and the refused files of the tests."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

from tests.fuzz.calls import call
from tests.fuzz.case import HOSTILE, Case

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("specs/*.yaml", "specs/*/[a-z]*.yaml", "docs/examples/*.yaml", "tests/invalid/*.yaml")
LIBRARIES = ("specs/claims/keras.yaml", "specs/claims/torchvision.yaml")
"""Claims on 40 and on 86 networks: under the fuzzer's tracer of memory, sound work of more than its 5 s."""
SIGNS = [
    *list("{}[]:,-*&!#'\"|>%@`x0 \t\n\r\\"),
    "\x00",
    "\x9b",
    "\u2028",
    "\u202e",
    "<<: *a",
    "---\n",
    "&a ",
    "*a",
    "!!python/object:os.system ",
]


@cache
def shipped() -> list[tuple[str, str]]:
    """Name and text of every shipped file that archcalc reads."""
    libraries = {ROOT / path for path in LIBRARIES}
    paths = sorted(path for pattern in SHIPPED for path in ROOT.glob(pattern) if path not in libraries)
    return [(path.name, path.read_text(encoding="utf-8")) for path in paths]


def mutated(text: str, chance: random.Random) -> str:
    """One to three changes: of a number, a value, a key, lines, a character, a cut."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        text = chance.choice([number, value, field, character, character, lines, lines, cut])(text, chance)
        if not text.strip():
            break
    return text


def number(text: str, chance: random.Random) -> str:
    return replaced(text, r"\b\d+\b", chance.choice(HOSTILE), chance)


def value(text: str, chance: random.Random) -> str:
    return replaced(text, r"(?<=: )[^,}\n]+", chance.choice(HOSTILE), chance)


def field(text: str, chance: random.Random) -> str:
    """A field more, whose name stands elsewhere in the text."""
    names = re.findall(r"\b[a-z_]+(?=:)", text) or ["op"]
    return replaced(text, r"\}", f", {chance.choice(names)}: {chance.choice(HOSTILE)}}}", chance)


def character(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(SIGNS) + text[at + chance.randint(0, 1) :]


def lines(text: str, chance: random.Random) -> str:
    """A line dropped, doubled, replaced by another, or indented."""
    rows = text.splitlines()
    at, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    ways = [rows[:at] + rows[at + 1 :], [*rows[: at + 1], *rows[at:]], [*rows[:at], rows[other], *rows[at + 1 :]]]
    ways.append([*rows[:at], f"  {rows[at]}", *rows[at + 1 :]])
    return "\n".join(chance.choice(ways)) + "\n"


def cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


def replaced(text: str, pattern: str, new: str, chance: random.Random) -> str:
    """The text with one match of the pattern replaced."""
    matches = list(re.finditer(pattern, text))
    if not matches:
        return text
    match = chance.choice(matches)
    return text[: match.start()] + new + text[match.end() :]


def case(chance: random.Random) -> Case:
    name, text = chance.choice(shipped())
    content = mutated(text, chance).encode("utf-8", "surrogatepass")
    if chance.random() < 0.03 and content:
        at = chance.randrange(len(content))
        content = content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
    if "archcalc-claims" in text:
        return Case(
            {"t.claims.yaml": content}, [["verify", "t.claims.yaml", "-f", chance.choice(["text", "json", "junit", "github"])]]
        )
    return Case({name: content}, [call(chance, name, re.findall(r"id: ([\w.]+)", text))])

"""One input of the fuzzer: the files of a folder and the calls made in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple


class Case(NamedTuple):
    """Files by name, and calls of the command line in their folder, one after the other.

    `unchanged_by_last`: the last call repeats the one before it and must change no file (`verify --fix` twice).
    """

    files: dict[str, bytes]
    calls: list[list[str]]
    unchanged_by_last: bool = False

    def __str__(self) -> str:
        files = [f"--- {name}\n{content.decode('utf-8', 'backslashreplace')}" for name, content in self.files.items()]
        return "\n".join([*(f"$ archcalc {' '.join(call)}" for call in self.calls), *files])


Make = Callable[[random.Random], Case]

HOSTILE = [
    "0", "1", "-1", "2", "3", "7", "1.5", "0.1", "-0", "1e9", "1e400", "100000", "999999999999", "10**50", "2**63", "9" * 30, "9" * 5000,
    "true", "false", "null", "~", "''", "same", "valid", "x", "on", "no", "12:30", "010", "0x10", ".inf", ".nan", "required",
    "[]", "[1, 2]", "[3, 5]", "[[1, 2], [3, 4]]", "[1, [2]]", "[null]", "{}", "{a: 1}", "[[0, 1], [0, 1]]",
    "in_channels", "input", "k", "n", "kernel", "k//2", "k - 1", "k-1", "2*k", "k*10**8", "n/2", "n**n", "floor(k)", "max(k, 1)", "k > 2",
    "divisible(n, 8)", "1/0", "n % 0", "round(n/3)", "n if flag else 1", "flag == true", "not flag", "((((n))))", "-" * 40 + "n",
    "conv1", "c.1", "1", "pool1", "'*'", "[conv1, pool1]", "\u0661\u0664", "\u202eabc", "\u200b", "\u00a0", "é × 网络", '"\\x9b[31m"', '"\\0"',
]  # fmt: skip
"""Values of every kind, sound somewhere and unsound elsewhere, as they are written in YAML."""


def some(chance: random.Random, *choices: tuple[int, str]) -> str:
    """One of several words, weighted."""
    return chance.choices([word for _, word in choices], [weight for weight, _ in choices])[0]

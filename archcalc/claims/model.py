"""A claim as data: what was printed, where, and about which quantity of which network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archcalc.claims.printed_number import PrintedNumber
from archcalc.claims.verdicts import shown as plain
from archcalc.errors import Mark


@dataclass(frozen=True)
class Cause:
    """Why a printed figure is wrong: `kind` is the way it is computed, `data` what that way needs."""

    kind: str
    data: Any
    why: str
    mark: Mark


@dataclass(frozen=True)
class NetworkSetting:
    """Which network, set how: variables, input shape, convention, data type, and whether in-place kinds are free."""

    network: str
    variables: tuple[tuple[str, Any], ...] = ()
    input: tuple[int, ...] | None = None
    convention: str = "mult-adds"
    dtype: str = "float32"
    inplace: bool = True
    changed: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()
    """Layers of the network that the publication writes differently, with the fields that differ."""


@dataclass(frozen=True)
class Claim:
    """One printed figure. `verdict` is the one it had when it was entered; empty where any agreement will do."""

    id: str
    setting: NetworkSetting
    quantity: str
    of: str
    printed: PrintedNumber
    place: str
    mark: Mark
    """Where the figure stands in the claims file."""
    excerpt: str
    verdict: str = ""
    tolerance: Any = None
    bound: str = ""
    """`at_most` or `at_least` for a budget."""
    cause: Cause | None = None
    note: str = ""
    row: str = ""
    column: str = ""
    """Where it stands in a printed table, if it does."""

    @property
    def about(self) -> str:
        """What the claim is about, in words."""
        variables = ", ".join(f"{name} {plain(value)}" for name, value in self.setting.variables)
        at = "×".join(map(str, self.setting.input or ()))
        settings = ", ".join(filter(None, (variables, at)))
        of = "" if self.of == "total" else f" of {self.of}"
        return f"{self.setting.network}{f' ({settings})' if settings else ''}: {self.quantity}{of}"


@dataclass
class Publication:
    """A claims file: one publication and what it prints."""

    path: str
    name: str
    title: str = ""
    short: str = ""
    """How a sentence names it: "the lecture"."""
    authors: str = ""
    year: str = ""
    place: str = ""
    url: str = ""
    claims: list[Claim] = field(default_factory=list)

    @property
    def called(self) -> str:
        """Its name in a sentence."""
        return self.short or self.title or self.name

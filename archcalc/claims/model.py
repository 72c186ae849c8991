"""A claim as data: what is printed, where, and about which quantity of which network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from archcalc.claims.printed_number import PrintedNumber
from archcalc.claims.verdicts import value_text
from archcalc.errors import Mark, Problem


@dataclass(frozen=True)
class Cause:
    """Why a printed figure is wrong: `kind` names the way it is evaluated, `data` is the input of that way."""

    kind: str
    data: Any
    why: str
    mark: Mark


@dataclass(frozen=True)
class NetworkSetting:
    """A network and its options: variables, input shape (C×H×W), convention, data type, in-place activations."""

    network: str
    variables: tuple[tuple[str, Any], ...] = ()
    input: tuple[int, ...] | None = None
    convention: str = "mult-adds"
    dtype: str = "float32"
    inplace: bool = True
    changed: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()
    """Layers of the network that the publication describes differently, with the fields that differ."""


def variable_text(value: Any, text: Callable[[Any], str] = str) -> str:
    """The value of a variable, of which numbers and words are written by `text`, and lists as in a description."""
    return f"[{', '.join(variable_text(part, text) for part in value)}]" if isinstance(value, tuple) else text(value)


@dataclass(frozen=True)
class Claim:
    """One printed figure. `verdict` is the expected one; empty where any agreement will do."""

    id: str
    setting: NetworkSetting
    quantity: str
    of: str
    printed: PrintedNumber
    place: str
    mark: Mark
    """The place of the figure in the claims file."""
    excerpt: str
    verdict: str = ""
    tolerance: Any = None
    bound: str = ""
    """`at_most` or `at_least` for a bound; empty for a figure that is compared."""
    cause: Cause | None = None
    note: str = ""
    row: str = ""
    column: str = ""
    """Row and column of a printed table, if it is a cell of one."""
    scale_outside: str = ""
    """The scale that a text prints beside its mark, and the figure does not contain."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the claim although its meaning is clear, such as a misspelt key: it counts as malformed."""

    @property
    def about(self) -> str:
        """The network, its setting and the quantity, in words."""
        variables = ", ".join(f"{name} {variable_text(value, value_text)}" for name, value in self.setting.variables)
        shape = "×".join(map(str, self.setting.input or ()))
        settings = ", ".join(filter(None, (variables, shape)))
        of = "" if self.of == "total" else f" of {self.of}"
        return f"{self.setting.network}{f' ({settings})' if settings else ''}: {self.quantity}{of}"


@dataclass(frozen=True)
class MalformedClaim:
    """A claim that cannot be read: what is known of it. Without own problems, what is wrong is reported elsewhere."""

    id: str
    about: str
    printed: str
    mark: Mark
    publication: str
    problems: tuple[Problem, ...] = ()

    @property
    def why(self) -> str:
        """What is wrong with it."""
        return self.problems[0].message if self.problems else "is malformed; what is wrong is reported at another place"


@dataclass
class Publication:
    """A claims file: one publication and what it prints."""

    path: str
    name: str
    title: str = ""
    short: str = ""
    """Its name in a sentence: "the lecture"."""
    authors: str = ""
    year: str = ""
    place: str = ""
    url: str = ""
    claims: list[Claim] = field(default_factory=list)
    malformed: list[MalformedClaim] = field(default_factory=list)

    @property
    def called(self) -> str:
        """Its name in a sentence."""
        return self.short or self.title or self.name

    @property
    def prints(self) -> str:
        """The verb that agrees with its name: several authors "print", "the lecture" "prints"."""
        return "print" if any(word in self.short for word in (" & ", " and ", " et al")) else "prints"

"""A layer that does not fit its inputs: its failing rules as derivations, and the part of its output that is known anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archcalc.arithmetic.term import MAX_DIGITS, Number, Term
from archcalc.arithmetic.unknown import UNKNOWN
from archcalc.layers._base import Layer, Requirement, Volume, field_of
from archcalc.layers._fields import AXIS_NAMES, Role
from archcalc.layers._window import Window

RELATIONS: dict[str, tuple[Callable[[int, int], bool], str]] = {
    "==": (lambda a, b: a == b, "is not"),
    "<=": (lambda a, b: a <= b, "is more than"),
    "divides": (lambda a, b: a != 0 and b % a == 0, "does not divide"),
    "repeats": (lambda a, b: a == b or 1 in (a, b), "is not"),
}
"""For each relation of a requirement its test in plain integers, and the words for its failure."""


def as_symbols(layer: Layer, inputs: tuple[Volume, ...]) -> tuple[Layer, tuple[Volume, ...]]:
    """The layer and its inputs with symbols in place of numbers; several inputs are distinguished by an index."""
    several = len(inputs) > 1
    volumes = tuple(x.symbolic(str(number) if several else "") for number, x in enumerate(inputs, 1))
    return layer.symbolic(len(inputs[0].spatial) if inputs else 0), volumes


class Misfit:
    """A layer that does not fit its inputs, in symbols."""

    def __init__(self, layer: Layer, inputs: tuple[Volume, ...]) -> None:
        self.layer = layer
        self.inputs = inputs
        # No failing rule contains an unknown size, so that any number may replace it.
        known = tuple(Volume(1 if size is UNKNOWN else size for size in x) for x in inputs)
        self.symbolic, self.volumes = as_symbols(layer, known)

    def sentences(self, failing: list[int]) -> Iterator[tuple[str, str]]:
        """The sentence and the derivation of each failing requirement; one for several axes."""
        reported: set[str] = set()
        for left, relation, right, sentence in self._failing(failing):
            if sentence not in reported:
                reported.add(sentence)
                words = RELATIONS[relation][1]
                if isinstance(left, Term) or isinstance(right, Term):
                    numbers = f"{int(left)} {words} {int(right)}"
                    yield f"{sentence}: {numbers}", f"{_steps(left)}  {words}  {_steps(right)}"
                else:  # a wrong number of axes or of fields: there is no derivation
                    yield sentence, ""

    def invalid_size(self, output: Volume, axis: int) -> tuple[str, str, str]:
        """The sentence, the derivation and the way out of an output size that is not valid."""
        name = ("channels", *AXIS_NAMES.get(len(output) - 1, ()))[axis]
        size = output[axis]
        message = f"output {name} is {size}, must be at least 1"
        if size > 0:
            message = f"output {name} has more than {MAX_DIGITS} digits"
        slides = any(isinstance(window, Window) for window in self.layer.receptive_window(*self.inputs) or ())
        window_field = field_of(type(self.layer), Role.WINDOW)
        out = f"; enlarge the input or reduce {window_field}" if size < 1 and slides and window_field else ""
        derived = _steps(self.symbolic.output(*self.volumes)[axis])
        return message, derived if len(derived) < 400 else "", out

    def output(self, failing: list[int]) -> Volume | None:
        """The output, with unknown sizes where they depend on what a failing requirement is about.

        None if a requirement on the structure fails (a number of axes, of fields): nothing is known then.
        """
        about = [_symbols(left) | _symbols(right) for left, _, right, _ in self._failing(failing)]
        if not all(about):
            return None
        faulty = set().union(*about)
        sizes = zip(self.layer.output(*self.inputs), self.symbolic.output(*self.volumes), strict=True)
        # A size below 1 may be another fault of the same layer, which is mended with it: it hides what follows.
        return Volume(UNKNOWN if _symbols(derived) & faulty or _is_below_1(size) else size for size, derived in sizes)

    def _failing(self, failing: list[int]) -> list[Requirement]:
        requirements = list(self.symbolic.requirements(*self.volumes))
        return [requirements[index] for index in failing]


def _is_below_1(size: Number) -> bool:
    return isinstance(size, int) and size < 1


def _symbols(number: Number) -> set[str]:
    return number.symbols() if isinstance(number, Term) else set()


def _steps(number: Number) -> str:
    return " = ".join(number.steps()) if isinstance(number, Term) else str(number)

"""What every layer kind answers: its output volume and its counts, as rules over numbers of any arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from archcalc.layers._fields import AXES, LayerName, Padding, Real, Rows, Whole
from archcalc.layers._reach import Reach
from archcalc.quantity import Number, Term, product


class Volume(tuple[Number, ...]):
    """The shape of a layer's input or output, channels first: C, C×L, C×H×W or C×D×H×W."""

    __slots__ = ()

    @property
    def channels(self) -> Number:
        return self[0]

    @property
    def spatial(self) -> tuple[Number, ...]:
        return self[1:]

    @property
    def elements(self) -> Number:
        return product(self)

    def __str__(self) -> str:
        return "×".join(map(str, self))

    def spelled(self, index: str = "") -> Volume:
        """The same sizes as symbols: C, H, W, with an index if several volumes meet in one sum."""
        letters = ("C", *AXES.get(len(self) - 1, ()))
        return Volume(Term(size, f"{letter}_{index}" if index else letter) for size, letter in zip(self, letters))


class Requirement(NamedTuple):
    """What must hold for a rule to make sense. A rule states it and never raises; the walker checks it.

    `relation` is one of `==`, `<=` and `divides` (left divides right); `sentence` says what it means.
    """

    left: Number
    relation: Literal["==", "<=", "divides"]
    right: Number
    sentence: str


def vector_requirement(x: Volume) -> Requirement:
    """The kind reads a vector C and no map."""
    return Requirement(len(x.spatial), "==", 0, "the input is a vector: put flatten before it")


def spatial_requirement(x: Volume) -> Requirement:
    """The kind reads a map with at least one spatial axis."""
    return Requirement(1, "<=", len(x.spatial), "the input has 1 to 3 spatial axes, such as C×H×W")


def equal_volumes(inputs: tuple[Volume, ...], from_axis: int) -> Iterable[Requirement]:
    """All volumes are alike, from axis 0 (the channels) or 1 (the first spatial axis) on."""
    first = inputs[0]
    for other in inputs[1:]:
        yield Requirement(len(first), "==", len(other), "all volumes have as many axes")
        for size, theirs in zip(first[from_axis:], other[from_axis:], strict=False):
            yield Requirement(size, "==", theirs, "the volumes that meet are alike")


Tallies = dict[str, Number]
"""Operations by their name: multiply_adds, additions, multiplications, comparisons, divisions, exponentials …"""


class Layer(BaseModel):
    """A layer kind: its fields are what a description may say of it, its methods the rules.

    A rule takes the volumes that arrive (`*inputs`), a tally also the one that leaves (`y`), and is ordinary Python
    over numbers (see `archcalc.quantity`). It may branch on structure (a bias, a mode), never on a size.
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    summary: ClassVar[str] = ""
    family: ClassVar[str] = "other"
    """What sort of layer it is, for the colours and the legend of figures: convolution, pooling, dense, upsampling,
    normalisation, activation, merge, shape or other."""
    glyph: ClassVar[str] = ""
    """A sign that figures draw in a circle in place of a box, such as + for a sum."""
    example: ClassVar[dict[str, Any]] = {}
    """`inputs`: volumes, and the fields of a small layer that pages and contract tests work out."""
    min_inputs: ClassVar[int] = 1
    max_inputs: ClassVar[int | None] = 1
    """How many volumes it reads (None: any number), not counting those that name a layer for its volume only."""
    in_place: ClassVar[bool] = False
    """It may overwrite its input, or is only a view of it: its output takes no memory of its own."""
    has_neurons: ClassVar[bool] = False
    """Its outputs are neurons in the papers' sense: units with weights of their own or shared per map."""
    has_fixed_weights: ClassVar[bool] = False
    """Its weights are set by design and never trained."""
    reads_everything: ClassVar[bool] = False
    """Each of its outputs reads all positions of its input, so that it sees the whole input of the network."""
    normalizes: ClassVar[bool] = False
    """It subtracts a mean per channel, so that a constant added before it has no effect."""

    @property
    def rounds_up(self) -> bool:
        """It keeps a last window that hangs over the border, so that no input stays unread."""
        return False

    def output(self, *inputs: Volume) -> Volume:
        """The volume that leaves the layer."""
        return inputs[0]

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        """What must hold of the fields and the volumes that arrive."""
        return ()

    def weights(self, *inputs: Volume) -> Number:
        """Weights, without biases."""
        return 0

    def biases(self, *inputs: Volume) -> Number:
        """Biases, or what is added per channel or unit."""
        return 0

    def params(self, *inputs: Volume) -> Number:
        """Weights and biases, in the textbook's grouping; equal to weights + biases."""
        return self.weights(*inputs) + self.biases(*inputs)

    def buffers(self, *inputs: Volume) -> Number:
        """Numbers that are kept with the layer but are no parameters, such as moving statistics."""
        return 0

    def links(self, y: Volume, *inputs: Volume) -> Number:
        """Connections: inputs read by each unit, taps in the padding too, + 1 for a bias, over all units."""
        return 0

    def taps(self, y: Volume, *inputs: Volume) -> Number:
        """Window positions over all outputs: what conventions that count a pooling by its window need."""
        return 0

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        """Operations of one forward pass over one example."""
        return {}

    def reach(self, *inputs: Volume) -> tuple[Reach, ...] | None:
        """Along each spatial axis, what a unit reads. None: each unit reads its own position."""
        return None

    def spelled(self, axes: int) -> Layer:
        """The same layer with symbols in its fields, for volumes of `axes` spatial axes."""
        return self.model_copy(
            update={name: field.spell(getattr(self, name), axes) for name, field in wholes(type(self)).items()}
        )


def declared(kind: type[Layer]) -> dict[str, Any]:
    """What each field holds: its declaration, or its annotation where that says all (bool, a Literal)."""
    known = (Whole, Rows, Real, LayerName)
    return {
        name: next((entry for entry in field.metadata if isinstance(entry, known)), field.annotation)
        for name, field in kind.model_fields.items()
    }


def wholes(kind: type[Layer]) -> dict[str, Whole]:
    """The fields with a symbol."""
    return {name: entry for name, entry in declared(kind).items() if isinstance(entry, Whole)}


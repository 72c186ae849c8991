"""What every layer kind answers: its output volume and its counts, as rules over numbers of any arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from archcalc.arithmetic.term import Number, Term, product
from archcalc.layers._fields import AXIS_LETTERS, Follows, Rewrite, Role, Symbol, symbolic
from archcalc.layers._miscount import Miscount
from archcalc.layers._receptive_window import ReceptiveWindow
from archcalc.layers._types import FieldSyntax, expects_with_unit, field_syntax, metadata


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

    def symbolic(self, index: str = "") -> Volume:
        """The same sizes as symbols: C, H, W, with an index if several volumes meet in one sum."""
        letters = ("C", *AXIS_LETTERS.get(len(self) - 1, ()))
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
    return Requirement(len(x.spatial), "==", 0, "the input must be a vector: put flatten before it")


def spatial_requirement(x: Volume) -> Requirement:
    """The kind reads a map with at least one spatial axis."""
    return Requirement(1, "<=", len(x.spatial), "the input must have 1 to 3 spatial axes, such as C×H×W")


def equal_volumes(inputs: tuple[Volume, ...], from_axis: int) -> Iterable[Requirement]:
    """All volumes are alike, from axis 0 (the channels) or 1 (the first spatial axis) on."""
    first = inputs[0]
    for other in inputs[1:]:
        yield Requirement(len(first), "==", len(other), "all volumes must have the same number of axes")
        for size, theirs in zip(first[from_axis:], other[from_axis:], strict=False):
            yield Requirement(size, "==", theirs, "the volumes must have equal sizes")


Tallies = dict[str, Number]
"""Operations by their name: multiply_adds, additions, multiplications, comparisons, divisions, exponentials …"""


def _describe(schema: dict[str, Any], kind: type[BaseModel]) -> None:
    """In the JSON schema of a kind, the words of each field."""
    for name, field in kind.model_fields.items():
        schema["properties"][name]["description"] = expects_with_unit(field.rebuild_annotation())


class Layer(BaseModel):
    """A layer kind: its fields are what a description may say of it, its methods the rules.

    A kind is a Pydantic model. `Conv(out_channels=64, kernel_size=3)` makes a layer from plain values, which are
    checked; raises `pydantic.ValidationError`.

    A rule takes the volumes that arrive (`*inputs`), a tally also the one that leaves (`y`), and is ordinary Python
    over numbers (see `archcalc.arithmetic.term`). It may branch on structure (a bias, a mode), never on a size.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, json_schema_extra=_describe)

    summary: ClassVar[str] = ""
    family: ClassVar[str] = "other"
    """What sort of layer it is, for the colours and the legend of figures: convolution, pooling, dense, upsampling,
    normalisation, activation, merge, shape or other."""
    merge_sign: ClassVar[str] = ""
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
    is_global: ClassVar[bool] = False
    """Each of its outputs reads all positions of its input, so that it sees the whole input of the network."""
    returns_indices: ClassVar[bool] = False
    """It picks values, and which place each came from can be asked of it afterwards."""
    saved_for_backward: ClassVar[tuple[str, ...]] = ()
    """What its gradient to the inputs needs of the forward pass: `inputs`, `output`, `places` or `mask` (one entry for
    each output: where a value came from, or whether it was dropped)."""
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ()
    """What the gradient to its weights needs besides."""
    normalizes: ClassVar[bool] = False
    """It subtracts a mean per channel, so that a constant added before it has no effect."""
    counts_in_depth: ClassVar[bool] = False
    """Papers count it as a layer when they say how deep a network is."""
    scales_first_input: ClassVar[bool] = False
    """Its further inputs scale the first one, and are gates where they hold one factor per channel or per position."""

    def replace(self, **values: Any) -> Self:
        """The same layer with other values, of any arithmetic and unchecked."""
        return self.model_copy(update=values)

    def effective(self, name: str) -> Any:
        """The value of a field; where it is left out and follows another field, the value of that one."""
        value = getattr(self, name)
        follows = field_metadata(type(self), Follows).get(name) if value is None else None
        return value if follows is None else getattr(self, follows.field)

    def role(self, role: Role, otherwise: Any = None) -> Any:
        """The value of the field with a role, `otherwise` where the kind has no such field."""
        name = field_of(type(self), role)
        return otherwise if name is None else getattr(self, name)

    def rewrites(self) -> Iterable[tuple[str, Rewrite]]:
        """The fields that people may have taken for another value, each with that value."""
        for name, field_type in field_types(type(self)).items():
            for rewrite in metadata(field_type, Rewrite):
                if rewrite.changes(getattr(self, name)):
                    yield name, rewrite

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

    def input_channels_of(self, unit: int, *inputs: Volume) -> Iterable[int] | None:
        """The input maps that an output map reads, counted from 0; None where each reads all, or only its own."""
        return None

    def weight_shape(self, *inputs: Volume) -> tuple[Number, ...]:
        """The axes of its weights: layers can share weights only where these agree."""
        return (self.weights(*inputs),)

    def connection_count(self, y: Volume, *inputs: Volume) -> Number:
        """Connections: inputs read by each unit, taps in the padding too, + 1 for a bias, over all units."""
        return 0

    def taps(self, y: Volume, *inputs: Volume) -> Number:
        """Window positions over all outputs: what conventions that count a pooling by its window need."""
        return 0

    def multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        """Multiply-accumulates of one forward pass over one example; a tally too, where the kind has any."""
        return 0

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        """Operations of one forward pass over one example."""
        return {}

    def receptive_window(self, *inputs: Volume) -> tuple[ReceptiveWindow, ...] | None:
        """Along each spatial axis, what a unit reads. None: each unit reads its own position."""
        return None

    def miscounts(self, y: Volume, *inputs: Volume) -> Iterable[Miscount]:
        """How people miscount this layer, in the plain arithmetic."""
        return ()

    def miscounted_as(self, name: str, y: Volume, *inputs: Volume, **fields: Any) -> Miscount:
        """The confusion of this layer with one of its kind that has other fields."""
        other = self.replace(**fields)
        tallies = other.tallies(y, *inputs)
        counts = {
            "weights": other.weights(*inputs),
            "biases": other.biases(*inputs),
            "connections": other.connection_count(y, *inputs),
            "mult_adds": tallies.get("multiply_adds", 0),
        }
        return Miscount(name, counts)

    def symbolic(self, axes: int) -> Self:
        """The same layer with symbols in its fields, for volumes of `axes` spatial axes."""
        symbols = field_metadata(type(self), Symbol).items()
        return self.replace(**{name: symbolic(getattr(self, name), symbol, axes) for name, symbol in symbols})


Metadata = TypeVar("Metadata")


@cache
def field_types(kind: type[Layer]) -> Mapping[str, Any]:
    """The declared type of each field of a kind, with its metadata."""
    return {name: field.rebuild_annotation() for name, field in kind.model_fields.items()}


@cache
def field_syntaxes(kind: type[Layer]) -> Mapping[str, FieldSyntax]:
    """The syntax of each field of a kind in a description."""
    return {name: field_syntax(field_type) for name, field_type in field_types(kind).items()}


@cache
def required_fields(kind: type[Layer]) -> tuple[str, ...]:
    """The fields without a default."""
    return tuple(name for name, field in kind.model_fields.items() if field.is_required())


@cache
def field_metadata(kind: type[Layer], metadata_class: type[Metadata]) -> Mapping[str, Metadata]:
    """The fields of a kind that are declared with metadata of a class, such as `Symbol`, and that metadata."""
    return {name: entry for name, field_type in field_types(kind).items() for entry in metadata(field_type, metadata_class)}


@cache
def field_of(kind: type[Layer], role: Role) -> str | None:
    """The field of a kind with a role, None if it has none."""
    return next((name for name, declared_role in field_metadata(kind, Role).items() if declared_role is role), None)

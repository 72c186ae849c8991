"""The base class of layer kinds: the output volume and the counts, as rules over numbers of any arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from archcalc.arithmetic.term import Number
from archcalc.layers._fields import DefaultsTo, Rewrite, Role, Symbol, symbolic
from archcalc.layers._grades import Grade
from archcalc.layers._miscount import Miscount
from archcalc.layers._receptive_window import ReceptiveWindow
from archcalc.layers._types import FieldSyntax, Metadata, expects_with_unit, field_syntax, metadata
from archcalc.layers._volume import Requirement as Requirement
from archcalc.layers._volume import Volume as Volume

Tallies = dict[str, Number]
"""Operations by name: multiply_adds, additions, multiplications, comparisons, divisions, exponentials …"""


def per_value(volume: Volume, **counts: int) -> Tallies:
    """So many operations of each name for each value of a volume."""
    elements = volume.elements
    return {name: elements if count == 1 else count * elements for name, count in counts.items() if count}


def _describe(schema: dict[str, Any], kind: type[BaseModel]) -> None:
    """Adds to the JSON schema of a kind what each field expects."""
    for name, field in kind.model_fields.items():
        schema["properties"][field.alias or name]["description"] = expects_with_unit(field.rebuild_annotation())


class Layer(BaseModel):
    """A layer kind: its fields are the keys of a description, its methods the rules.

    A kind is a Pydantic model: `Conv(out_channels=64, kernel_size=3)` checks plain values, and raises
    `pydantic.ValidationError`.

    A rule takes the input volumes (`*inputs`, channels first), some also the output volume (`y`), and is ordinary Python
    over numbers (see `archcalc.arithmetic.term`). It may branch on structure (a bias, a mode), never on a size. All
    counts are those of one example.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, json_schema_extra=_describe)

    summary: ClassVar[str] = ""
    family: ClassVar[str] = "other"
    """Its family, for the colours and the legend of figures: convolution, pooling, dense, attending, upsampling,
    normalisation, activation, merge, shape or other."""
    merge_sign: ClassVar[str] = ""
    """The sign that figures draw in a circle instead of a box, such as + for a sum."""
    example: ClassVar[dict[str, Any]] = {}
    """A small layer for pages and contract tests: its `inputs`, as volumes, and its `fields`."""
    min_inputs: ClassVar[int] = 1
    max_inputs: ClassVar[int | None] = 1
    """How many volumes it reads (None: any number), without those of layers that a field names.

    A kind that reads none (0) does not read the layer before it either, and the next layer does not read it unasked.
    """
    leaves_out_dropped: ClassVar[bool] = False
    """A dropped layer among those it names is left out of its inputs. Else it reads what the dropped one would have read."""
    in_place: ClassVar[bool] = False
    """It may overwrite its input, or is a view of it: its output takes no memory of its own."""
    is_view: ClassVar[bool] = False
    """Of the kinds that are `in_place`: at inference its output is its input, which remains whole if it is read later."""
    has_neurons: ClassVar[bool] = False
    """Its outputs are neurons in the papers' sense: units with weights of their own or shared per map."""
    has_fixed_weights: ClassVar[bool] = False
    """Its weights are set by design and never trained."""
    returns_indices: ClassVar[bool] = False
    """It selects values, and returns the index of each for unpooling (PyTorch's `return_indices`)."""
    saved_for_backward: ClassVar[tuple[str, ...]] = ()
    """What its gradient to the inputs needs of the forward pass: `inputs`, `input_indices` (its inputs as the integers that
    they are), `output`, `indices` or `mask` (one entry for each output value: where it came from, or whether it was
    dropped), or `workspace`."""
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ()
    """What the gradient to its weights needs in addition."""
    normalizes: ClassVar[bool] = False
    """It subtracts a mean per channel, so that a constant added before it has no effect."""
    counts_in_depth: ClassVar[bool] = False
    """Papers count it in the depth of a network."""
    exchanges_positions: ClassVar[bool] = False
    """Its output's channels are the positions of its input, and the other way round."""
    scales_first_input: ClassVar[bool] = False
    """Its further inputs scale the first one, and are gates if they contain one factor per channel or per position."""

    def replace(self, **values: Any) -> Self:
        """The same layer with other values, of any arithmetic and not checked."""
        return self.model_copy(update=values)

    def effective(self, name: str) -> Any:
        """The value of a field; if it is left out and defaults to another field, the value of that one."""
        value = getattr(self, name)
        default = field_metadata(type(self), DefaultsTo).get(name) if value is None else None
        return value if default is None else getattr(self, default.field)

    def role(self, role: Role, default: Any = None) -> Any:
        """The value of the field with a role; `default` if the kind has no such field."""
        name = field_of(type(self), role)
        return default if name is None else getattr(self, name)

    def rewrites(self) -> Iterable[tuple[str, Rewrite]]:
        """The fields for which another value is a common mistake, each with that value."""
        for name, field_type in field_types(type(self)).items():
            for rewrite in metadata(field_type, Rewrite):
                if rewrite.changes(getattr(self, name)):
                    yield name, rewrite

    @property
    def is_global(self) -> bool:
        """Whether each of its outputs reads all positions of its input, so that its receptive field is the whole input."""
        return False

    @property
    def global_reason(self) -> str:
        """What else there is to say of a receptive field that is the whole input, such as how far a causal one reaches."""
        return ""

    @property
    def layers_in_depth(self) -> int:
        """As how many layers it is counted in the depth of a network."""
        return int(self.counts_in_depth)

    @property
    def acts_per_position(self) -> bool:
        """Whether it acts on the channels of each position of C×L, where a reader may expect that it reads them all."""
        return False

    @property
    def joined_axis(self) -> int | None:
        """The position axis, from 0, along which its inputs follow one another; None if they meet in each position."""
        return None

    @property
    def rounds_up(self) -> bool:
        """Whether the output size is rounded up, so that no input position is left out."""
        return False

    @property
    def stands_for(self) -> str:
        """What it was in its source, if that is not understood, so that its rules are not known; else empty."""
        return ""

    def grade(self, quantity: str) -> Grade:
        """How a quantity of the layer is known: params, mult_adds, tallies …; a quantity that is not counted is 0 in sums."""
        return Grade.BY_RULE

    def output(self, *inputs: Volume) -> Volume:
        """The output volume, channels first (C×H×W)."""
        return inputs[0]

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        """The conditions on the fields and the input volumes."""
        return ()

    def values(self, y: Volume) -> Number:
        """The values that it computes: one for each element of its output."""
        return y.elements

    def neurons(self, y: Volume) -> Number:
        """Its neurons: the values that it computes, if its kind has any."""
        return self.values(y) if self.has_neurons else 0

    def weights(self, *inputs: Volume) -> Number:
        """Weights, without biases."""
        return 0

    def biases(self, *inputs: Volume) -> Number:
        """Biases, one per output channel or unit."""
        return 0

    def params(self, *inputs: Volume) -> Number:
        """Weights and biases, grouped as in the textbook; equal to weights + biases."""
        return self.weights(*inputs) + self.biases(*inputs)

    def active_params(self, *inputs: Volume) -> Number:
        """The parameters that one position uses: of copies side by side those of the active ones, else all."""
        return self.params(*inputs)

    def active_biases(self, *inputs: Volume) -> Number:
        """The biases among them."""
        return self.biases(*inputs)

    def buffers(self, *inputs: Volume) -> Number:
        """Numbers stored with the layer that are not parameters, such as moving statistics."""
        return 0

    def input_channels_of(self, unit: int, *inputs: Volume) -> Iterable[int] | None:
        """The input channels that an output channel reads, from 0; None if each reads all, or only its own."""
        return None

    def weight_shapes(self, *inputs: Volume) -> tuple[tuple[Number, ...], ...]:
        """The sizes of each of its weight tensors, equal ones as one with an axis more: only equal ones can be shared."""
        return ((self.weights(*inputs),),)

    def connection_count(self, y: Volume, *inputs: Volume) -> Number:
        """Connections: inputs read by each unit, padding included, + 1 for a bias, summed over all units."""
        return 0

    def taps(self, y: Volume, *inputs: Volume) -> Number:
        """Window positions over all outputs, for conventions that count a pooling by its window."""
        return 0

    def multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        """Multiply-adds of one forward pass; equal to the tally, if the kind has one."""
        return 0

    def gradient_multiply_adds(
        self, inputs_need: tuple[bool, ...], weights_need: bool, y: Volume, *inputs: Volume
    ) -> tuple[Number, Number]:
        """Multiply-adds of the gradients to those of its inputs that need one, and of what its weights need besides."""
        forward = self.multiply_adds(y, *inputs)
        return forward if any(inputs_need) else 0, forward if weights_need else 0

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        """Operations of one forward pass by name."""
        return {}

    def receptive_window(self, *inputs: Volume) -> tuple[ReceptiveWindow, ...] | None:
        """Along each spatial axis the input positions of a unit; None if each unit reads its own position."""
        return None

    def unknown_field(self, *inputs: Volume) -> str:
        """Why no interval along an axis describes what its units read; empty if one does."""
        return ""

    def workspace(self, y: Volume, *inputs: Volume) -> Number:
        """Values that it computes on the way and that take memory while it runs, beside its inputs and its output."""
        return 0

    def miscounts(self, y: Volume, *inputs: Volume) -> Iterable[Miscount]:
        """Common miscounts of this layer, in the plain arithmetic."""
        return ()

    def miscounted_as(self, name: str, y: Volume, *inputs: Volume, **fields: Any) -> Miscount:
        """The miscount of this layer as one of its kind with other fields."""
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
        """The same layer with symbols as its fields, for volumes with `axes` spatial axes."""
        symbols = field_metadata(type(self), Symbol).items()
        return self.replace(**{name: symbolic(getattr(self, name), symbol, axes) for name, symbol in symbols})


@cache
def field_types(kind: type[Layer]) -> Mapping[str, Any]:
    """The declared type of each field of a kind as descriptions name it, with its metadata."""
    return {field.alias or name: field.rebuild_annotation() for name, field in kind.model_fields.items()}


@cache
def field_syntaxes(kind: type[Layer]) -> Mapping[str, FieldSyntax]:
    """The syntax of each field of a kind in a description."""
    return {name: field_syntax(field_type) for name, field_type in field_types(kind).items()}


@cache
def required_fields(kind: type[Layer]) -> tuple[str, ...]:
    """The fields without a default."""
    return tuple(field.alias or name for name, field in kind.model_fields.items() if field.is_required())


@cache
def field_attributes(kind: type[Layer]) -> Mapping[str, str]:
    """The attribute that has the value of a field, by the field's name in descriptions; nearly always the same."""
    return {field.alias or name: name for name, field in kind.model_fields.items()}


def field_default(kind: type[Layer], name: str) -> Any:
    """The default of a field, by its name in descriptions."""
    return kind.model_fields[field_attributes(kind)[name]].default


@cache
def field_metadata(kind: type[Layer], metadata_class: type[Metadata]) -> Mapping[str, Metadata]:
    """The fields of a kind that are declared with metadata of a class, such as `Symbol`, and that metadata."""
    return {name: entry for name, field_type in field_types(kind).items() for entry in metadata(field_type, metadata_class)}


@cache
def field_of(kind: type[Layer], role: Role) -> str | None:
    """The name of the field of a kind with a role; None if it has none."""
    return next((name for name, declared_role in field_metadata(kind, Role).items() if declared_role is role), None)

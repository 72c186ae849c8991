"""The description format as Pydantic models: its keys, the type of each, and which are required.

The reader takes its keys and their syntax from here, the JSON schema its definitions and the documentation its tables.
`Description.model_validate` raises Pydantic's ValidationError with the `loc` of each invalid key or value. What depends
on the whole (a kind's own fields, names of layers, exactly one of `input` and `inputs`) is checked by `archcalc.load`.
A dumped model, as Python values or as JSON, describes the same network.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from math import isfinite
from types import NoneType
from typing import Annotated, Any, Literal, TypeAlias, TypeGuard, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    Strict,
    WithJsonSchema,
    model_serializer,
)

from archcalc.description.values import MAX_LISTS

VERSION = 1
"""The version of the format."""
MAX_TEXT = 2_000
"""Characters of a name or another text, enough for 64 nested blocks with names of 30 characters."""
MAX_AXES = 4
"""Sizes of an input: its channels and up to three spatial axes."""


class KeySyntax(Enum):
    """How the text of a key is read; a key with a structure of its own has none."""

    text = "a text"
    texts = "a text or a list of texts"
    value = "a number, a truth value, a word, an expression, or a list of such"
    truth = "true, false or an expression that is one of them"


def _value(value: Any, depth: int = 0) -> Any:
    if hasattr(value, "tolist"):  # a NumPy number or array
        value = value.tolist()
    if isinstance(value, list | tuple) and depth < MAX_LISTS:
        return [_value(item, depth + 1) for item in value]
    if not isinstance(value, int | float | Fraction | str) or (isinstance(value, float) and not isfinite(value)):
        raise ValueError("a value is a number, a word, an expression or a list")
    return value


def _written(value: Any) -> Any:
    """A value in JSON, where a fraction is an expression."""
    if isinstance(value, list):
        return [_written(item) for item in value]
    return str(value) if isinstance(value, Fraction) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def is_shape(value: Any) -> TypeGuard[list[Any]]:
    """Whether the value is a list of 1 to `MAX_AXES` sizes, whatever each of them is."""
    return isinstance(value, list) and 1 <= len(value) <= MAX_AXES and not any(isinstance(size, list) for size in value)


def _sizes(value: Any) -> Any:
    if not is_shape(value):
        raise ValueError(f"a shape has 1 to {MAX_AXES} sizes, channels first")
    return value


_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string"}]}
_ANY = {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}, {"type": "array"}]}
_TRUTH = {"type": ["boolean", "string"]}
_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_SHAPE = {"type": "array", "items": _NUMBER, "minItems": 1, "maxItems": MAX_AXES}
_JSON = PlainSerializer(_written, when_used="json")

Text: TypeAlias = Annotated[str, Strict(), Field(max_length=MAX_TEXT), KeySyntax.text]
Texts: TypeAlias = Annotated[
    list[Text],
    BeforeValidator(_as_list),
    WithJsonSchema(_TEXTS),
    KeySyntax.texts,
]
Value: TypeAlias = Annotated[Any, AfterValidator(_value), _JSON, WithJsonSchema(_ANY), KeySyntax.value]
Number: TypeAlias = Annotated[Any, AfterValidator(_value), _JSON, WithJsonSchema(_NUMBER), KeySyntax.value]
Truth: TypeAlias = Annotated[Any, AfterValidator(_value), _JSON, WithJsonSchema(_TRUTH), KeySyntax.truth]
Shape: TypeAlias = Annotated[
    Any, AfterValidator(_value), AfterValidator(_sizes), _JSON, WithJsonSchema(_SHAPE), KeySyntax.value
]


class Part(BaseModel):
    """A part of a description. A key that is None is not written."""

    # Reading a file needs only the keys: the validators are built when a model is first used.
    model_config = ConfigDict(extra="forbid", validate_assignment=True, defer_build=True)

    @model_serializer(mode="wrap")
    def _without_none(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The keys that are not None, without an empty list of layers; of a block that is a network its own keys only."""
        values = {key: value for key, value in written(self).items() if value is not None and (value or key != "layers")}
        return {key: values[key] for key in ("network", "until", "set") if key in values} if "network" in values else values


class Input(Part):
    """An input of the network, by the shape of its volume (C×H×W)."""

    shape: Shape = Field(description="channels first, then 1 to 3 spatial axes, or channels alone for a vector")


class Entry(Part):
    """One entry of `layers`: a layer with the fields of its kind, or the use of a block with its arguments.

    Every entry may have the keys below; the fields and arguments are further keys, each a `Value`.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Value]

    id: Text | None = Field(
        None,
        description="its name, without a dot; left out, it is made from the kind and a counter (`relu1`); "
        "`layer1..4` are four copies with these names",
    )
    op: Text = Field(description="its kind, or the name of a block")
    inputs: Texts | None = Field(
        None, description="the layers it reads, `[a, b]` or `a`, or a pattern, `[l.*.skip]`; left out, the layer before it"
    )
    repeat: Number | None = Field(None, description="a chain of that many copies, `name.1`, `name.2`, …; 0 drops it")
    when: Truth = Field(True, description="use it only if this is true; it cannot depend on a size")
    weights_of: Text | None = Field(
        None,
        description="the layer whose weights it uses, counted there, of its kind or with a tensor of the same sizes; for a "
        "block, layer by layer: a siamese network",
    )
    parallel: Number | None = Field(
        None, description="of a block: so many copies side by side on the same input, added up (a mixture of experts)"
    )
    active: Number | None = Field(None, description="of `parallel` copies: how many each position uses; left out, all")
    weights: Text | None = Field(
        None, description="of `parallel` copies: the layer whose channels are the weights in their sum, such as a router"
    )


class Block(Part):
    """A named sequence of layers, or a network, used like a kind."""

    arguments: dict[str, Value] = Field({}, description="names with a default, or `required`")
    inputs: Texts = Field(["input"], description="the names of its inputs")
    layers: list[Entry] = Field([], min_length=1, description="its layers; the last one is its output")
    network: Text | None = Field(
        None,
        description="instead of layers, a network: one of the zoo, or a file beside this one; its variables are the arguments",
    )
    until: Text | None = Field(None, description="the last layer or block of the network that is used")
    set: dict[str, Value] | None = Field(None, description="values of the network's variables")


class Description(Part):
    """A network for archcalc."""

    archcalc: Literal[1] = Field(description="the format version: `1`")
    name: Text = Field("", description="what the network is called")
    source: Text = Field("", description="where it was published: paper, section, table")
    extends: Text | None = Field(
        None, description="a network, of the zoo or in a file beside this one, whose keys hold where this file has none"
    )
    variables: dict[str, Value] = Field(
        {}, description="names with a number, a truth value or a word, which `--set NAME=VALUE` changes"
    )
    input: Input | None = Field(
        None,
        description="the input volume, `{shape: [3, 224, 224]}`: channels first, then 1 to 3 spatial axes, or "
        "channels alone for a vector",
    )
    inputs: dict[str, Input] | None = Field(
        None, description="instead of `input`, several by name: `{image: {shape: …}, mask: {shape: …}}`"
    )
    positions: Text = Field(
        "", description="the word for the positions of a sequence C×L, with which volumes are printed: `tokens`"
    )
    blocks: dict[str, Block] = Field({}, description="sequences of layers with arguments, used like a kind")
    layers: list[Entry] = Field([], min_length=1, description="the layers, each a mapping; required without `extends`")
    frozen: Texts = Field(
        [],
        description="patterns of ids of layers, or of blocks, that are not trained: `[conv1*, stage2]`; with `.bias` or "
        "`.weight` at the end that part alone: `[fc.bias, stage2.*.weight]`",
    )
    ignore: Texts = Field([], description="codes of warnings and notes that are not shown")
    claims: Any = Field(None, description="published numbers, which `archcalc verify` checks")
    figure: Any = Field(None, description="options of the network's figure, which the command `diagram` uses")


def key_syntaxes(part: type[Part]) -> dict[str, KeySyntax | None]:
    """The syntax of each key of a part, in the order of its declaration; None for a key with a structure of its own."""
    syntaxes: dict[str, KeySyntax | None] = {}
    for key, field in part.model_fields.items():
        kinds = get_args(field.annotation)
        inner = getattr(kinds[0], "__metadata__", ()) if NoneType in kinds else ()
        metadata = (*field.metadata, *inner)
        syntaxes[key] = next((entry for entry in metadata if isinstance(entry, KeySyntax)), None)
    return syntaxes

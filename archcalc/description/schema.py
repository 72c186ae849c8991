"""The JSON schema of a description, for completion and errors in an editor. Made from the layer kinds by Pydantic."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, declared, required

_EXPRESSION = {"anyOf": [{"type": "number"}, {"type": "string"}]}
Expression = Annotated[Any, WithJsonSchema(_EXPRESSION)]
Value = Annotated[
    Any,
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}, {"type": "array"}]}),
]
Shape = Annotated[Any, WithJsonSchema({"type": "array", "items": _EXPRESSION, "minItems": 1, "maxItems": 4})]
Names = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Input(_Model):
    """A volume that arrives from outside."""

    shape: Shape = Field(description="channels, then 1 to 3 spatial axes")


class Common(_Model):
    """What every layer may say, whatever its kind."""

    id: str = Field("", description="its name; made from the kind and a counter if left out")
    inputs: Names = Field([], description="the layers it reads; the one before it if left out")
    repeat: Expression = Field(1, description="a chain of so many copies")
    when: Annotated[Any, WithJsonSchema({"type": ["boolean", "string"]})] = Field(
        True, description="keep the layer only if this holds; structure only, no sizes"
    )
    weights_of: str = Field("", description="the layer whose weights it uses")


class Block(_Model):
    """A named sequence of layers, used like a kind."""

    arguments: dict[str, Value] = Field({}, description="names with a default, or `required`")
    inputs: Names = Field(["input"], description="the names of what it reads")
    layers: list[Any]


class Document(_Model):
    """A network for archcalc."""

    archcalc: Literal[1] = Field(description="the format version")
    name: str = Field("", description="the network's name")
    source: str = Field("", description="where it was published: paper, section, table")
    variables: dict[str, Value] = Field({}, description="numbers, truth values or words that can be set from outside")
    input: Input | None = Field(None, description="the one volume that arrives")
    inputs: dict[str, Input] | None = Field(None, description="several volumes that arrive, by name")
    blocks: dict[str, Block] = Field({}, description="named sequences of layers")
    frozen: Names = Field([], description="patterns of ids of layers that are not trained")
    claims: Any = Field(None, description="published figures to check")
    figure: Any = Field(None, description="settings of the network's figure")
    layers: list[Any] = Field(min_length=1)


def schema() -> dict[str, Any]:
    """JSON schema (draft 7, which editors read) of the description format, version 1."""
    whole = Document.model_json_schema()
    definitions = whole["$defs"] | {op: _of_kind(op, _kind(op)) for op in kinds()}
    definitions["layer"] = {
        "type": "object",
        "required": ["op"],
        "properties": {"op": {"anyOf": [{"enum": list(kinds())}, {"type": "string"}]}},
        "allOf": [
            {"if": {"properties": {"op": {"const": op}}, "required": ["op"]}, "then": {"$ref": f"#/$defs/{op}"}}
            for op in kinds()
        ],
    }
    for holder in (whole, definitions["Block"]):
        holder["properties"]["layers"]["items"] = {"$ref": "#/$defs/layer"}
    return {"$schema": "http://json-schema.org/draft-07/schema#"} | whole | {"$defs": definitions}


def _kind(op: str) -> type[Layer]:
    kind = find(op)
    assert kind is not None
    return kind


def _of_kind(op: str, kind: type[Layer]) -> dict[str, Any]:
    fields: dict[str, Any] = {"op": (Literal[op], Field(description=kind.summary))}
    for name, holds in declared(kind).items():
        default = ... if name in required(kind) else getattr(kind, name)
        about = f"{holds.wants}{f' ({holds.unit})' if hasattr(holds, 'unit') else ''}"
        fields[name] = (Annotated[Any, WithJsonSchema(holds.json())], Field(default, description=about))
    model = create_model(op, __base__=Common, __doc__=inspect.cleandoc(kind.__doc__ or ""), **fields)
    return model.model_json_schema()

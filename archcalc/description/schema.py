"""The JSON schema of a description, for completion and errors in an editor. Made from the layer kinds by Pydantic."""

from __future__ import annotations

import inspect
from typing import Any, Literal

from pydantic import Field, create_model
from pydantic.json_schema import GenerateJsonSchema

from archcalc.description.model import Description, Entry
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, field_types, required_fields
from archcalc.layers._types import expects_with_unit


class _Written(GenerateJsonSchema):
    """The schema of what is written: an expression may replace a number, and None, a key left out, is never in a file."""

    def int_schema(self, schema: Any) -> dict[str, Any]:
        return {"anyOf": [super().int_schema(schema), {"type": "string"}]}

    def float_schema(self, schema: Any) -> dict[str, Any]:
        return {"anyOf": [super().float_schema(schema), {"type": "string"}]}

    def bool_schema(self, schema: Any) -> dict[str, Any]:
        return {"anyOf": [super().bool_schema(schema), {"type": "string"}]}

    def tagged_union_schema(self, schema: Any) -> dict[str, Any]:
        """A word of the field may be read as an expression too, so that more than one alternative fits."""
        return {"anyOf": super().tagged_union_schema(schema)["oneOf"]}

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> dict[str, Any]:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if key != "default" or value is not None}


class _OneKind(Entry, extra="forbid"):
    pass


def schema() -> dict[str, Any]:
    """JSON schema (draft 7, which editors read) of the description format, version 1."""
    whole = Description.model_json_schema(schema_generator=_Written)
    definitions = whole["$defs"] | {op: _of_kind(op, _kind(op)) for op in kinds()}
    definitions["Entry"] = {
        "type": "object",
        "required": ["op"],
        "properties": {"op": {"anyOf": [{"enum": list(kinds())}, {"type": "string"}]}},
        "allOf": [
            {"if": {"properties": {"op": {"const": op}}, "required": ["op"]}, "then": {"$ref": f"#/$defs/{op}"}}
            for op in kinds()
        ],
    }
    return {"$schema": "http://json-schema.org/draft-07/schema#"} | whole | {"$defs": definitions}


def _kind(op: str) -> type[Layer]:
    kind = find(op)
    assert kind is not None
    return kind


def _of_kind(op: str, kind: type[Layer]) -> dict[str, Any]:
    """The entries of one kind: the keys that every layer may have, and the kind's own fields."""
    fields: dict[str, Any] = {"op": (Literal[op], Field(description=kind.summary))}
    for name, held in field_types(kind).items():
        default = ... if name in required_fields(kind) else kind.model_fields[name].default
        fields[name] = (held, Field(default, description=expects_with_unit(held)))
    model = create_model(op, __base__=_OneKind, __doc__=inspect.cleandoc(kind.__doc__ or ""), **fields)
    return model.model_json_schema(schema_generator=_Written)

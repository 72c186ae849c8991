"""Which layers a claim is about: all of them, one, those of a block, a kind, an id pattern or a predicate."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from archcalc.description.expressions import Expression, ExpressionError
from archcalc.errors import suggest
from archcalc.layers import kinds
from archcalc.layers._base import Layer, field_types
from archcalc.layers._fields import each
from archcalc.layers._types import alternatives

if TYPE_CHECKING:
    from archcalc.analysis.layer_report import LayerReport
    from archcalc.analysis.report import Report

TOTAL = "total"


class QuantityError(ValueError):
    """A claim asks for something that the report does not have; the sentence says what."""


class Selection:
    """Some layers of a report, in order; `everything` means the network as a whole."""

    def __init__(self, report: Report, layers: tuple[LayerReport, ...], written: str) -> None:
        self.report = report
        self.layers = layers
        self.written = written
        self.everything = written == TOTAL


def select(report: Report, written: str) -> Selection:
    """The layers that `written` names. Raises QuantityError.

    An id or block stands before a kind of that name; a text with an operator in it is a predicate over op, id, the
    layer's fields, in_channels and out_channels.
    """
    if written == TOTAL:
        return Selection(report, report.layers, written)
    found = _named(report, written)
    if not found and written in kinds():
        found = [layer for layer in report.layers if layer.op == written]
    if not found and any(sign in written for sign in "*?["):
        found = [layer for layer in report.layers if fnmatchcase(layer.id, written)]
    if not found and any(sign in written for sign in "=<>"):
        found = _satisfying(report, written)
    if not found:
        known = [TOTAL, *(layer.id for layer in report.layers)]
        raise QuantityError(f"{report.name} has no layer {written}; {suggest(written, known)}")
    return Selection(report, tuple(found), written)


def _named(report: Report, written: str) -> list[LayerReport]:
    if written in report.by_id:
        return [report.by_id[written]]
    return list(report.block(written))


def _satisfying(report: Report, written: str) -> list[LayerReport]:
    try:
        predicate = Expression(written)
    except ExpressionError as error:
        raise QuantityError(str(error)) from None
    known = {name for layer in report.layers for name in properties(layer)}
    if unknown := predicate.names - known:
        name = min(unknown)
        raise QuantityError(f"no layer has a property {name}; {suggest(name, known)}")
    return [layer for layer in report.layers if _holds(predicate, properties(layer))]


def _holds(predicate: Expression, values: dict[str, Any]) -> bool:
    """Whether a layer satisfies the predicate; a property that it does not have satisfies nothing."""

    def look(name: str) -> Any:
        if values.get(name) is None:
            raise ExpressionError(name)
        return values[name]

    try:
        return predicate.evaluate(look) is True
    except ExpressionError:
        return False


def fields_of(layer: Layer) -> dict[str, Any]:
    """The fields of a layer and their values."""
    return {name: getattr(layer, name) for name in field_types(type(layer))}


def properties(layer: LayerReport) -> dict[str, Any]:
    """What a predicate or a formula may ask of one layer; a field that is alike along all axes is one number."""
    x = layer.counts.inputs[0]
    held = layer.counts.layer
    return {name: _plain(held.effective(name)) for name in field_types(type(held))} | {
        "op": layer.op,
        "id": layer.id,
        "in_channels": int(x.channels),
        "out_channels": int(layer.output.channels),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple) and len(set(value)) == 1 and not isinstance(value[0], tuple):
        return value[0]
    return value if isinstance(value, (bool, int, str, tuple)) else None


def is_per_axis(layer: LayerReport, name: str) -> bool:
    """The layer has a field of that name with one number for each spatial axis."""
    value = properties(layer).get(name)
    held = field_types(type(layer.counts.layer)).get(name)
    return (
        "per axis" in alternatives(held)
        and isinstance(value, (int, tuple))
        and not (value and isinstance(value, tuple) and isinstance(value[0], tuple))
    )


def per_axis(layer: LayerReport, name: str) -> tuple[int, ...]:
    """A field of a layer with one value for each spatial axis."""
    value = properties(layer).get(name)
    axes = len(layer.counts.inputs[0].spatial)
    if isinstance(value, bool) or not isinstance(value, (int, tuple)):
        raise QuantityError(f"{layer.id} ({layer.op}) has no number {name}")
    return each(value, axes)

"""Selects the layers that a claim is about: all, one, those of a block, a kind, an id pattern or a predicate."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from archcalc.claims.axes import Values, along_axes, leaves, one_number
from archcalc.description.expressions import Expression
from archcalc.description.operators import ExpressionError
from archcalc.layers import kinds
from archcalc.layers._base import Layer, field_attributes, field_types
from archcalc.layers._fields import each
from archcalc.layers._types import alternatives
from archcalc.suggestions import suggest

if TYPE_CHECKING:
    from archcalc.analysis.layer_report import LayerReport
    from archcalc.analysis.report import Report

TOTAL = "total"


class QuantityError(ValueError):
    """A claim asks for something that the report does not have; the message says what."""


class LowerBoundError(QuantityError):
    """A quantity is not counted in every layer, so that only a lower bound of it is known."""

    def __init__(self, sentence: str, bound: int) -> None:
        super().__init__(sentence)
        self.bound = bound


class Selection:
    """Some layers of a report, in order; `everything` means the network as a whole."""

    def __init__(self, report: Report, layers: tuple[LayerReport, ...], text: str) -> None:
        self.report = report
        self.layers = layers
        self.text = text
        self.everything = text == TOTAL


def select(report: Report, text: str) -> Selection:
    """The layers that `text` names. Raises `QuantityError` if there are none.

    An id or block takes precedence over a kind of that name; a text with a comparison in it is a predicate over op, id,
    the layer's fields, in_channels and out_channels. A layer whose fields differ between the axes must satisfy it along
    every axis.
    """
    if text == TOTAL:
        return Selection(report, report.layers, text)
    layers = _named(report, text)
    if not layers and text in kinds():
        layers = [layer for layer in report.layers if layer.op == text]
    if not layers and any(sign in text for sign in "*?["):
        layers = [layer for layer in report.layers if fnmatchcase(layer.id, text)]
    if not layers and any(sign in text for sign in "=<>"):
        layers = _satisfying(report, text)
        if not layers:
            raise QuantityError(f"no layer of {report.name} satisfies {text}{_why_none(report, text)}")
    if not layers:
        known = [TOTAL, *(layer.id for layer in report.layers)]
        raise QuantityError(f"{report.name} has no layer {text}; {suggest(text, known)}")
    return Selection(report, tuple(layers), text)


def _named(report: Report, name: str) -> list[LayerReport]:
    if name in report.by_id:
        return [report.by_id[name]]
    return list(report.block(name))


def _satisfying(report: Report, text: str) -> list[LayerReport]:
    try:
        predicate = Expression(text)
    except ExpressionError as error:
        raise QuantityError(str(error)) from None
    known = {name for layer in report.layers for name in properties(layer)}
    if unknown := predicate.names - known:
        name = min(unknown)
        raise QuantityError(f"no layer has a property {name}; {suggest(name, known)}")
    return [layer for layer in report.layers if _satisfies(predicate, properties(layer))]


class _AbsentError(ExpressionError):
    """A layer does not have a property that the predicate names."""


def _why_none(report: Report, text: str) -> str:
    """Why a predicate has no value at any layer, if that is why none satisfies it; a missing property is no reason."""
    predicate, reason = Expression(text), ""
    for layer in report.layers:
        try:
            _holds(predicate, properties(layer))
        except _AbsentError:
            continue
        except ExpressionError as error:
            reason = reason or f": {error}"
        else:
            return ""
    return reason


def _satisfies(predicate: Expression, values: dict[str, Any]) -> bool:
    """Whether a layer satisfies the predicate; it does not where the predicate has no value."""
    try:
        return _holds(predicate, values)
    except ExpressionError:
        return False


def _holds(predicate: Expression, values: dict[str, Any]) -> bool:
    """Whether the predicate holds along every axis. Raises `ExpressionError` if it has no value."""

    def evaluate(known: Values) -> Any:
        def look(name: str) -> Any:
            if known.get(name) is None:
                raise _AbsentError(name)
            return known[name]

        return predicate.evaluate(look)

    results = leaves(along_axes(evaluate, {name: values.get(name) for name in predicate.names}))
    return all(result is True for result in results)


def fields_of(layer: Layer) -> dict[str, Any]:
    """The fields of a layer and their values."""
    return {name: getattr(layer, attribute) for name, attribute in field_attributes(type(layer)).items()}


def properties(layer: LayerReport) -> dict[str, Any]:
    """The names of a predicate or formula and their values at one layer; a field equal along all axes is one number."""
    x = layer.counts.first_input
    fields = layer.counts.layer
    attributes = field_attributes(type(fields))
    return {name: _plain(fields.effective(attributes[name]), field) for name, field in field_types(type(fields)).items()} | {
        "op": layer.op,
        "id": layer.id,
        "in_channels": int(x.channels),
        "out_channels": int(layer.output.channels),
    }


def _plain(value: Any, field_type: Any) -> Any:
    """The value of a field in a formula; None of a table or another value that no formula computes with."""
    if isinstance(value, tuple):
        return one_number(value) if "per axis" in alternatives(field_type) else None
    return value if isinstance(value, (bool, int, str)) else None


def is_per_axis(layer: LayerReport, name: str) -> bool:
    """Whether the layer has a field of that name with one number for each spatial axis."""
    value = properties(layer).get(name)
    field = field_types(type(layer.counts.layer)).get(name)
    return (
        "per axis" in alternatives(field)
        and isinstance(value, (int, tuple))
        and not (value and isinstance(value, tuple) and isinstance(value[0], tuple))
    )


def per_axis(layer: LayerReport, name: str) -> tuple[int, ...]:
    """A field of a layer, one value for each spatial axis. Raises `QuantityError` if it is not a number."""
    value = properties(layer).get(name)
    axes = len(layer.counts.first_input.spatial)
    if isinstance(value, bool) or not isinstance(value, (int, tuple)):
        raise QuantityError(f"{layer.id} ({layer.op}) has no number {name}")
    return each(value, axes)

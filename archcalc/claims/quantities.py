"""What a claim is about, worked out from reports: a quantity, or an expression over quantities.

`params`, `mult_adds / total_mult_adds`, `output[0]`, `mult_adds("op == 'conv'")`, `params("total", "vgg19")`: a bare
name means the layers the claim selects, a name with a selection in brackets those, and a second text another network.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc.analysis.depth import longest_path
from archcalc.analysis.layer_report import SUMMED
from archcalc.claims.selection import TOTAL, QuantityError, Selection, is_per_axis, per_axis, properties, select
from archcalc.description.expressions import FUNCTIONS, Expression, ExpressionError
from archcalc.errors import suggest

if TYPE_CHECKING:
    from archcalc.analysis.layer_report import LayerReport
    from archcalc.analysis.report import Report

SIZES = {
    "output": "output",
    "input": "input",
    "receptive_field": "size",
    "receptive_field_stride": "stride",
    "receptive_field_padding": "padding",
}
"""Quantities that are several numbers, one for each axis."""
ALIASES = {"bytes": "weight_bytes", "macs": "mult_adds"}
QUANTITIES = (*SUMMED, *ALIASES, *SIZES, "layers", "depth", "input_elements")
Functions = dict[str, Callable[..., Any]]


def value_of(
    text: str, selection: Selection, other: Callable[[str], Report] | None = None, functions: Functions | None = None
) -> Any:
    """The value of a quantity or expression: an int, a Fraction or sizes. Raises QuantityError.

    `other` finds the report of another network, and `functions` are further names that may be called with texts.
    """
    formula = _Formula(selection, other, functions or {})
    try:
        expression = Expression(text)
        expression.tree = formula.visit(expression.tree)
        if isinstance(expression.tree, ast.Name):
            return formula.look(expression.tree.id)
        return expression.evaluate(formula.number)
    except ExpressionError as error:
        raise QuantityError(str(error)) from None
    except RecursionError:
        raise QuantityError("the expression is nested too deeply") from None


class _Formula(ast.NodeTransformer):
    """Puts a name in the place of every call and every index, so that what is left is plain arithmetic."""

    def __init__(self, selection: Selection, other: Callable[[str], Report] | None, functions: Functions) -> None:
        self.selection = selection
        self.other = other
        self.functions = functions
        self.values: dict[str, Any] = {}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in FUNCTIONS:
            return self.generic_visit(node)
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if len(texts) != len(node.args) or not 1 <= len(texts) <= 2 or node.keywords:
            raise QuantityError(f'{name or "a call"} takes one or two texts, such as params("fc6")')
        if name in self.functions:
            return self.put(self.functions[name](*texts))
        report = self.selection.report if len(texts) == 1 else self.elsewhere(texts[1])
        return self.put(quantity(name, select(report, texts[0])))

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        whole = self.visit(node.value)
        value = self.look(whole.id) if isinstance(whole, ast.Name) else None
        at = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(value, tuple) and len(value) == 1:
            value = (*value, 1, 1)  # a vector is a map of 1×1, as tables of dense layers have it
        if not isinstance(value, tuple) or not isinstance(at, int) or not 0 <= at < len(value):
            raise QuantityError(f"{ast.unparse(node)}: there is no such axis")
        return self.put(value[at])

    def put(self, value: Any) -> ast.Name:
        name = f"value{len(self.values)}"
        self.values[name] = value
        return ast.Name(name)

    def elsewhere(self, network: str) -> Report:
        if self.other is None:
            raise QuantityError(f"{network}: another network is not allowed here")
        return self.other(network)

    def look(self, name: str) -> Any:
        return self.values[name] if name in self.values else quantity(name, self.selection)

    def number(self, name: str) -> Any:
        value = self.look(name)
        if isinstance(value, tuple):
            if len(set(value)) != 1:
                raise QuantityError(f"{name} is {'×'.join(map(str, value))}: name an axis, such as {name}[0]")
            value = value[0]
        return value


def quantity(name: str, selection: Selection) -> Any:
    """One quantity of the selected layers. Raises QuantityError."""
    name = ALIASES.get(name, name)
    if name.startswith("total_") and name not in QUANTITIES:
        return quantity(name.removeprefix("total_"), select(selection.report, TOTAL))
    if name in SUMMED:
        if selection.everything:
            return getattr(selection.report.totals, name)
        return sum(getattr(layer, name) for layer in selection.layers)
    if name == "layers":
        return len(selection.layers)
    if name == "depth":
        if selection.everything:
            return selection.report.depth
        return len(longest_path(selection.report.layers, frozenset(selection.layers)))
    if name == "input_elements":
        return selection.report.input_elements
    if name in SIZES:
        return _sizes(name, selection)
    return _other(name, selection)


def _sizes(name: str, selection: Selection) -> tuple[Any, ...]:
    report, layers = selection.report, selection.layers
    if selection.everything and name == "input":
        return tuple(report.input_volumes[0])
    if name == "output":
        return _alike(selection, name, lambda layer: tuple(layer.output))
    if name == "input":
        return _alike(selection, name, lambda layer: tuple(layer.inputs[0]))
    field = layers[-1].receptive_field
    sizes = getattr(field, SIZES[name])
    if not sizes or any(size is None for size in sizes):
        raise QuantityError(f"{layers[-1].id} has no {name.replace('_', ' ')}: {field.reason or field.status}")
    return tuple(sizes)


def _alike(selection: Selection, name: str, read: Callable[[LayerReport], tuple[int, ...]]) -> tuple[int, ...]:
    """The sizes that all layers of a pattern share; of a block or the network, those of its last or first layer."""
    layers = selection.layers
    block = selection.written in selection.report.graph.blocks
    if not block and not selection.everything:
        found = {read(layer) for layer in layers}
        if len(found) > 1:
            raise QuantityError(f"the layers of {selection.written} have different sizes of {name}")
    return read(layers[-1] if name == "output" else layers[0])


def _other(name: str, selection: Selection) -> Any:
    """A tally, a layer's property or a variable of the network."""
    tallies = [layer.tallies for layer in selection.layers]
    if any(name in one for one in tallies):
        return sum(one.get(name, 0) for one in tallies)
    if not selection.everything:
        found = {properties(layer).get(name) for layer in selection.layers}
        if len(found) == 1 and None not in found:
            return per_axis(selection.layers[0], name) if is_per_axis(selection.layers[0], name) else found.pop()
    variables = selection.report.graph.variables
    if isinstance(variables.get(name), (int, Fraction)):
        return variables[name]
    raise QuantityError(f"there is no quantity {name} of {selection.written}; {suggest(name, QUANTITIES)}")

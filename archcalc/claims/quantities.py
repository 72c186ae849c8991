"""The quantities of claims, computed from reports, and expressions over quantities.

`params`, `mult_adds / total_mult_adds`, `output[0]`, `mult_adds("op == 'conv'")`, `params("total", "vgg19")`: a bare
name means the layers that the claim selects, a name with a selection in brackets those, and a second text another
network.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc.analysis.depth import depth_of, longest_path
from archcalc.analysis.grades import total_grade
from archcalc.analysis.layer_report import SUMMED
from archcalc.claims.axes import along_axes, leaves, one_number
from archcalc.claims.selection import (
    TOTAL,
    LowerBoundError,
    QuantityError,
    Selection,
    is_per_axis,
    per_axis,
    properties,
    select,
)
from archcalc.description.expressions import Expression
from archcalc.description.operators import FUNCTIONS, ExpressionError
from archcalc.suggestions import suggest

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
    text: str,
    selection: Selection,
    other_report: Callable[[str], Report] | None = None,
    functions: Functions | None = None,
) -> Any:
    """The value of a quantity or expression: an int, a Fraction or sizes. Raises `QuantityError`.

    `other_report` returns the report of another network, and `functions` are further names that may be called with texts.
    An expression over sizes is computed axis by axis; a padding that differs between the sides has two sizes for each axis.
    """
    formula = _Formula(selection, other_report, functions or {})
    try:
        expression = Expression(text)
        is_quantity = text.strip().isidentifier()
        expression.tree = formula.visit(expression.tree)
        if isinstance(expression.tree, ast.Name):
            value = formula.value(expression.tree.id)
        else:
            value = along_axes(
                lambda known: expression.evaluate(lambda name: known[name] if name in known else formula.number(name)),
                formula.sizes(expression.tree),
            )
        return _numbers(value, text, selection)
    except LowerBoundError as error:
        if is_quantity:
            raise
        raise QuantityError(str(error)) from None  # the bound of a part is none of the whole
    except ExpressionError as error:
        raise QuantityError(str(error)) from None
    except RecursionError:
        raise QuantityError("the expression is nested too deeply") from None


def _numbers(value: Any, text: str, selection: Selection) -> Any:
    """The value, if it is a number or sizes. Raises `QuantityError` for a word or a truth value."""
    numbers = leaves(value)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, (int, Fraction)):
            what = f"{str(number).lower()}, a truth value" if isinstance(number, bool) else f"the word {number}"
            raise QuantityError(f"{text} of {selection.text} is {what}: a claim is about a number or sizes")
    return numbers if isinstance(value, tuple) else value


class _Formula(ast.NodeTransformer):
    """Replaces every call and every index by a name with a value, so that plain arithmetic remains."""

    def __init__(self, selection: Selection, other_report: Callable[[str], Report] | None, functions: Functions) -> None:
        self.selection = selection
        self.other_report = other_report
        self.functions = functions
        self.values: dict[str, Any] = {}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in FUNCTIONS:
            self.generic_visit(node)
            values = [self.value(arg.id) for arg in node.args if name == "len" and isinstance(arg, ast.Name)]
            return self.named(len(values[0])) if len(values) == 1 and isinstance(values[0], tuple) else node
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if len(texts) != len(node.args) or not 1 <= len(texts) <= 2 or node.keywords:
            raise QuantityError(f'{name or "a call"} takes one or two texts, such as params("fc6")')
        if name in self.functions:
            if len(texts) != 1:
                raise QuantityError(f'{name} takes one text, such as {name}("conv*") or {name}("file:conv*")')
            return self.named(self.functions[name](*texts))
        report = self.selection.report if len(texts) == 1 else self.report_of(texts[1])
        return self.named(quantity(name, select(report, texts[0])))

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        whole = self.visit(node.value)
        value = self.value(whole.id) if isinstance(whole, ast.Name) else None
        axis = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(value, tuple) and len(value) == 1 and not isinstance(value, _ListValue):
            value = (*value, 1, 1)  # tables of dense layers print a vector as a map of 1×1
        if not isinstance(value, tuple) or not isinstance(axis, int) or not 0 <= axis < len(value):
            what = "element" if isinstance(value, _ListValue) else "axis"
            numbers = f"; they are numbered from 0 to {len(value) - 1}" if isinstance(value, tuple) and value else ""
            raise QuantityError(f"{ast.unparse(node)}: there is no such {what}{numbers}")
        return self.named(value[axis])

    def named(self, value: Any) -> ast.Name:
        """A new name for a value."""
        name = f"value{len(self.values)}"
        self.values[name] = value
        return ast.Name(name)

    def report_of(self, network: str) -> Report:
        if self.other_report is None:
            raise QuantityError(f"{network}: another network is not allowed here")
        return self.other_report(network)

    def value(self, name: str) -> Any:
        return self.values[name] if name in self.values else quantity(name, self.selection)

    def number(self, name: str) -> Any:
        """A value for arithmetic: sizes that are equal along all axes are one number."""
        return one_number(self.value(name))

    def sizes(self, tree: ast.AST) -> dict[str, tuple[Any, ...]]:
        """The names in an expression that have different values along the axes, and these values."""
        found: dict[str, tuple[Any, ...]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id not in FUNCTIONS:
                try:
                    value = self.number(node.id)
                except QuantityError:
                    continue  # reported when the name is needed
                if isinstance(value, tuple):
                    found[node.id] = value
        return found


def quantity(name: str, selection: Selection) -> Any:
    """One quantity of the selected layers. Raises `QuantityError` if they do not have it."""
    name = ALIASES.get(name, name)
    if name.startswith("total_") and name not in QUANTITIES:
        return quantity(name.removeprefix("total_"), select(selection.report, TOTAL))
    if name in SUMMED:
        if selection.everything:
            return _complete(getattr(selection.report.totals, name), name, selection)
        return _complete(sum(getattr(layer, name) for layer in selection.layers), name, selection)
    if name == "layers":
        return len(selection.layers)
    if name == "depth":
        if selection.everything:
            return _complete(selection.report.depth, name, selection)
        depth = depth_of(longest_path(selection.report.layers, frozenset(selection.layers)))
        return _complete(depth, name, selection)
    if name == "input_elements":
        return selection.report.input_elements
    if name in SIZES:
        return _sizes(name, selection)
    return _other(name, selection)


class _ListValue(tuple[Any, ...]):
    """The value of a variable that is a list, which has no axes."""

    __slots__ = ()


def _list_value(value: Any) -> Any:
    return _ListValue(map(_list_value, value)) if isinstance(value, list) else value


def _complete(number: int, name: str, selection: Selection) -> int:
    """The number, if all layers are counted in it. Raises `LowerBoundError` if not."""
    grade = selection.report.totals.grade(name) if selection.everything else total_grade(selection.layers, name)
    if not grade.is_complete:
        raise LowerBoundError(f"{name} of {selection.text} is {grade.text(number)}: {grade.sentence}", number)
    return number


def _sizes(name: str, selection: Selection) -> tuple[Any, ...]:
    report, layers = selection.report, selection.layers
    if selection.everything and name == "input":
        return tuple(report.input_volumes[0])
    if name == "output":
        return _common(selection, name, lambda layer: tuple(layer.output))
    if name == "input":
        return _common(selection, name, lambda layer: tuple(layer.counts.first_input))
    receptive_field = layers[-1].receptive_field
    sizes = getattr(receptive_field, SIZES[name])
    if not sizes or any(size is None for size in sizes):
        raise QuantityError(
            f"{layers[-1].id} has no {name.replace('_', ' ')}: {receptive_field.reason or receptive_field.status}"
        )
    return tuple(sizes)


def _common(selection: Selection, name: str, sizes_of: Callable[[LayerReport], tuple[int, ...]]) -> tuple[int, ...]:
    """The sizes that all layers of a pattern share; of a block or the network, those of its last or first layer."""
    layers = selection.layers
    block = selection.text in selection.report.graph.blocks
    if not block and not selection.everything and len({sizes_of(layer) for layer in layers}) > 1:
        raise QuantityError(f"the layers of {selection.text} have different sizes of {name}")
    return sizes_of(layers[-1] if name == "output" else layers[0])


def _other(name: str, selection: Selection) -> Any:
    """A tally, a layer's property or a variable of the network."""
    tallies = [layer.tallies for layer in selection.layers]
    if any(name in counts for counts in tallies):
        return _complete(sum(counts.get(name, 0) for counts in tallies), "tallies", selection)
    if not selection.everything:
        values = {properties(layer).get(name) for layer in selection.layers}
        if len(values) == 1 and None not in values:
            return per_axis(selection.layers[0], name) if is_per_axis(selection.layers[0], name) else values.pop()
    value = selection.report.graph.variables.get(name)
    if value is not None:
        return _list_value(value)
    raise QuantityError(f"there is no quantity {name} of {selection.text}; {suggest(name, QUANTITIES)}")

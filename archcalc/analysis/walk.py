"""The walk: layer by layer, binds the fields to the input volume, checks the requirements, and computes the counts.

The walk is the same in the plain and in the array arithmetic. In the first, a requirement that is not met is a problem
with its derivation; in the second it is a mask over the variants. Equal layers with equal inputs are computed once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.tied_weights import check_tied_weights
from archcalc.analysis.unpooling import matches_pooling
from archcalc.arithmetic.term import MAX_DIGITS, NUMBER_LIMIT, Number, Term, Varying
from archcalc.description.binding import BindError, Loc, bind, bind_variants, loc_text, part_at, refusals
from archcalc.description.operators import ExpressionError, ReportedError, first_varying
from archcalc.description.values import Word, evaluated, has_expression, is_word
from archcalc.errors import Problem, Problems, suggest
from archcalc.graph import Graph, Node, OutputRef, misplaced, name_of
from archcalc.layers._base import Layer, Requirement, Volume, field_of, field_syntaxes, field_types
from archcalc.layers._fields import AXIS_NAMES, Role
from archcalc.layers._types import expects
from archcalc.layers._window import Window

RELATIONS: dict[str, tuple[Callable[[int, int], bool], str]] = {
    "==": (lambda a, b: a == b, "is not"),
    "<=": (lambda a, b: a <= b, "is more than"),
    "divides": (lambda a, b: a != 0 and b % a == 0, "does not divide"),
}
"""For each relation of a requirement its test in plain integers, and the words for its failure."""


@dataclass
class WalkResult:
    """What a walk computes: input volumes, counts per layer (None after a problem), problems, masks over the variants."""

    inputs: tuple[Volume, ...]
    counts: list[LayerCounts | None]
    problems: list[Problem]
    masks: list[Any]


def walk(graph: Graph) -> WalkResult:
    """Compute every layer of a graph in order; linear in its layers."""
    walker = _Walker(graph)
    for node in graph.nodes:
        walker.counts.append(walker.visit(node))
    check_tied_weights(walker)
    return WalkResult(walker.inputs, walker.counts, walker.problems, walker.masks)


class _Walker:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.counts: list[LayerCounts | None] = []
        self.problems = Problems()
        self.masks: list[Any] = []
        self.inputs = tuple(self.network_input(shape) for shape in graph.inputs.values())
        self.known_counts: dict[Any, LayerCounts | None] = {}
        self.known_layers: dict[Any, Layer] = {}
        self.reported: set[Any] = set()
        """What is reported already: a repeated layer repeats its mistake, which is looked into once."""

    def network_input(self, shape: list[Any]) -> Volume:
        if first_varying(shape) is None:
            return Volume(shape)
        sizes = []
        for size in shape:
            if isinstance(size, Varying):
                number, exact = size.integers()
                self.masks += [exact, number.compare("<=", 0) == False]  # noqa: E712  (a NumPy mask)
                size = number
            sizes.append(size)
        return Volume(sizes)

    def problem(self, node: Node, code: str, message: str, *details: str, key: str = "", indices: Loc = ()) -> None:
        """Report a problem of a layer. A block that is used often repeats its mistake: it is reported once."""
        entry = node.entry
        once = id(entry), code, key, indices, message
        self.problems.add(code, entry.mark(key, *indices), f"{node.id} ({entry.op}): {message}", *details, once=once)

    # -- volumes ----------------------------------------------------------------------------------------------------

    def volume(self, index: int) -> Volume | None:
        """The output volume of a layer, or the volume of a network input (−1 − i); None after a problem."""
        if index < 0:
            return self.inputs[-1 - index] or None
        counts = self.counts[index] if index < len(self.counts) else None
        return counts.output if counts is not None else None

    def input_volumes(self, node: Node) -> tuple[Volume, ...] | None:
        """All volumes a layer reads, and last those of layers that it names for a volume; None after a problem."""
        volumes = [self.volume(source) for source in node.sources]
        for index, volume_role in node.shape_sources:
            if volume_role == "output" or index < 0:
                volumes.append(self.volume(index))
            else:
                counts = self.counts[index]
                volumes.append(counts.inputs[0] if counts is not None else None)
        known = tuple(volume for volume in volumes if volume is not None)
        return known if node.sources and len(known) == len(volumes) else None

    def channels(self, output_ref: OutputRef) -> Any:
        """The channels of an output, as an expression computes with them. Raises `ExpressionError` if they are unknown."""
        index = output_ref.resolve()
        volume = self.volume(index) if index is not None else None
        if volume is None:
            raise ExpressionError("in_channels is not known here")
        return _as_value(volume.channels)

    # -- one layer --------------------------------------------------------------------------------------------------

    def visit(self, node: Node) -> LayerCounts | None:
        inputs = self.input_volumes(node)
        if inputs is None or node.entry.broken:
            # A layer after a problem may have problems of its own: its expressions are checked one by one.
            if self.is_first(node, (id(node.scope), inputs and inputs[0])):
                self.report_invalid_expressions(node, self.values(node, inputs))
            return None
        layer = node.layer or self.bind(node, inputs)
        if layer is None:
            return None
        node.layer = layer
        # The pooling belongs to another layer: equal layers with equal inputs may differ in it.
        if node.shape_sources and not matches_pooling(self, node, layer, inputs):
            return None
        key = id(layer), node.named_inputs, inputs
        if (counts := self.known_counts.get(key)) is None and self.is_first(node, key):
            counts = self.known_counts[key] = self.compute(node, layer, inputs)
        return counts

    def is_first(self, node: Node, key: Any) -> bool:
        """Whether the entry of a layer was not yet found faulty at this key."""
        count = len(self.reported)
        self.reported.add((id(node.entry), key))
        return len(self.reported) > count

    def bind(self, node: Node, inputs: tuple[Volume, ...]) -> Layer | None:
        """The layer with its expressions evaluated; equal layers are one object."""
        entry = node.entry
        values = self.values(node, inputs)
        if entry.kind is None:
            return None
        if len(values) < len(entry.fields):
            self.report_invalid_expressions(node, values)
            return None
        key = entry.op, repr(values)
        try:
            if any(first_varying(value) is not None for value in values.values()):
                layer, masks = bind_variants(entry.kind, values)
                self.masks += masks
                return layer
            if key not in self.known_layers and self.is_first(node, key):
                self.known_layers[key] = bind(entry.kind, values)
        except BindError as error:
            self.report_refused(node, values, error.refused)
            return None
        return self.known_layers.get(key)

    def report_invalid_expressions(self, node: Node, values: dict[str, Any]) -> None:
        """Report what the kind refuses among the values of expressions; the reader has checked the plain ones."""
        fields = node.entry.fields
        evaluated_values = {name: value for name, value in values.items() if has_expression(fields[name])}
        if node.entry.kind is not None and all(first_varying(value) is None for value in evaluated_values.values()):
            if evaluated_values and self.is_first(node, repr(evaluated_values)):
                self.report_refused(node, evaluated_values, refusals(node.entry.kind, evaluated_values))

    def report_refused(self, node: Node, values: dict[str, Any], refused: list[tuple[Loc, str]]) -> None:
        """Report the fields that the kind refuses, each with what is written."""
        for loc, sentence in refused:
            name = str(loc[0])
            if isinstance(word := part_at(values, loc), Word):
                self.report_word(node, word, name, f"{loc_text(loc)} {sentence}")
                continue
            written = f"written as {name}: {node.entry.fields[name]}" if name in node.entry.fields else ""
            self.problem(node, "ARC121", f"{loc_text(loc)} {sentence}", written, key=name, indices=loc[1:])

    def values(self, node: Node, inputs: tuple[Volume, ...] | None) -> dict[str, Any]:
        """The fields that have a value (without inputs those that need none); reports why the others have none."""
        lookup = node.scope.lookup(self.channels, _as_value(inputs[0].channels) if inputs else None)
        values: dict[str, Any] = {}
        for name, value in node.entry.fields.items():
            if inputs is None and not node.scope.is_fixed(value):
                continue
            try:
                values[name] = evaluated(value, lookup)
            except ExpressionError as error:
                self.report_no_value(node, name, value, error)
        return values

    def report_word(self, node: Node, word: Word, name: str, sentence: str) -> None:
        """Report where it was written a bare word that a field inside a block refuses."""
        words = field_syntaxes(node.entry.kind)[name].words if node.entry.kind is not None else ()
        problem = misplaced(word, f"{node.id} ({node.entry.op}): {sentence}", words)
        if not any(other.mark == word.mark for other in self.graph.problems):  # it may decide structure too
            self.problems.add(*problem, once=(word.mark, word.key))

    def report_no_value(self, node: Node, name: str, value: Any, error: ExpressionError) -> None:
        kind = node.entry.kind
        words = field_syntaxes(kind)[name].words if kind is not None else ()
        if isinstance(error.value, Word):
            self.report_word(node, error.value, name, f"{name}: {error}")
        elif words and kind is not None and is_word(value, node.scope.defines):
            message = f"{name} must be {expects(field_types(kind)[name])}, not {value}"
            if self.is_first(node, message):
                self.problem(node, "ARC121", message, suggest(value.text, words), key=name)
        elif not isinstance(error, ReportedError):
            self.problem(node, "ARC131", f"{name}: {error}", key=name)

    def compute(self, node: Node, layer: Layer, inputs: tuple[Volume, ...]) -> LayerCounts | None:
        """The counts of a layer; None, with a problem, if it does not fit its inputs."""
        count = node.named_inputs
        if count < layer.min_inputs or (layer.max_inputs is not None and count > layer.max_inputs):
            needed = f"{layer.min_inputs}" if layer.min_inputs == layer.max_inputs else f"{layer.min_inputs} or more"
            message = f"reads {count} volumes, needs {needed}"
            self.problem(node, "ARC202", message, "name them with inputs: [a, b]", key="inputs")
            return None
        failing = [i for i, requirement in enumerate(layer.requirements(*inputs)) if not self.is_satisfied(requirement)]
        if failing:
            self.report_requirements(node, layer, inputs, failing)
            return None
        output = layer.output(*inputs)
        for axis, size in enumerate(output):
            if not self.is_valid_size(size):
                self.report_size(node, layer, inputs, output, axis)
                return None
        return LayerCounts(layer, inputs, output)

    def is_satisfied(self, requirement: Requirement) -> bool:
        """Whether a requirement is met; over variants True, with a mask of the variants in which it is."""
        left, relation, right, _ = requirement
        if isinstance(left, int) and isinstance(right, int):
            test, _ = RELATIONS[relation]
            return test(left, right)
        from archcalc.arithmetic.variants import as_variants

        self.masks.append(as_variants(left).compare(relation, right))
        return True

    def is_valid_size(self, size: Number) -> bool:
        """Whether a size is at least 1 and of bounded length; over variants True, with a mask."""
        if isinstance(size, int):
            return 1 <= size < NUMBER_LIMIT
        self.masks.append(1 - size.compare("<=", 0))
        return True

    # -- problems ---------------------------------------------------------------------------------------------------

    def report_requirements(self, node: Node, layer: Layer, inputs: tuple[Volume, ...], failing: list[int]) -> None:
        symbolic, volumes = as_symbols(layer, inputs)
        requirements = list(symbolic.requirements(*volumes))
        reported: set[str] = set()
        for index in failing:
            left, relation, right, sentence = requirements[index]
            if sentence not in reported:
                reported.add(sentence)
                derived = f"{_steps(left)}  {RELATIONS[relation][1]}  {_steps(right)}"
                if isinstance(left, int) and isinstance(right, int):
                    derived = ""  # a number of axes or of fields is wrong: there is no derivation
                self.problem(node, "ARC203", sentence, derived, self.input_origin(node))

    def report_size(self, node: Node, layer: Layer, inputs: tuple[Volume, ...], output: Volume, axis: int) -> None:
        symbolic, volumes = as_symbols(layer, inputs)
        name = ("channels", *AXIS_NAMES.get(len(output) - 1, ()))[axis]
        size = output[axis]
        message = f"output {name} is {size}, must be at least 1"
        if size > 0:
            message = f"output {name} has more than {MAX_DIGITS} digits"
        slides = any(isinstance(window, Window) for window in layer.receptive_window(*inputs) or ())
        window_field = field_of(type(layer), Role.WINDOW)
        out = f"; enlarge the input or reduce {window_field}" if size < 1 and slides and window_field else ""
        derived = _steps(symbolic.output(*volumes)[axis])
        self.problem(node, "ARC201", message, derived if len(derived) < 400 else "", self.input_origin(node) + out)

    def input_origin(self, node: Node) -> str:
        """Which layers or network inputs the input volumes come from, for a message."""
        origins = [f"{name_of(self.graph, index)} as {self.volume(index)}" for index in node.sources[:4]]
        return f"the input comes from {', '.join(origins)}"


def as_symbols(layer: Layer, inputs: tuple[Volume, ...]) -> tuple[Layer, tuple[Volume, ...]]:
    """The layer and its inputs with symbols in place of numbers; several inputs are distinguished by an index."""
    several = len(inputs) > 1
    volumes = tuple(x.symbolic(str(number) if several else "") for number, x in enumerate(inputs, 1))
    return layer.symbolic(len(inputs[0].spatial)), volumes


def _steps(number: Number) -> str:
    return " = ".join(number.steps()) if isinstance(number, Term) else str(number)


def _as_value(channels: Number) -> Any:
    """A number of channels as an expression computes with it."""
    if isinstance(channels, int):
        return channels
    from archcalc.arithmetic.variants import VariantFraction

    return VariantFraction(channels)

"""The walk: layer by layer, binds the fields to the input volume, checks the requirements, and computes the counts.

The walk is the same in the plain and in the array arithmetic. In the first, a requirement that is not met is a problem
with its derivation; in the second it is a mask over the variants. Equal layers with equal inputs are computed once.
After a problem the walk goes on with what is known of the layer's output, so that one run reports the problems behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archcalc.analysis.arity import has_right_arity
from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.misfit import RELATIONS, Misfit
from archcalc.analysis.outcome import NOTHING, Outcome, UnknownChannels
from archcalc.analysis.side_by_side import SideBySide
from archcalc.analysis.tied_weights import check_tied_weights
from archcalc.analysis.unpooling import matches_pooling
from archcalc.arithmetic.term import NUMBER_LIMIT, Number, Varying
from archcalc.arithmetic.unknown import UNKNOWN
from archcalc.description.binding import BindError, Loc, bind, bind_variants, loc_text, part_at, refusals
from archcalc.description.operators import ExpressionError, ReportedError, first_varying
from archcalc.description.values import Word, evaluated, first_word, has_expression, is_word
from archcalc.errors import Problems
from archcalc.graph import Graph, Node, OutputRef, misplaced, name_of
from archcalc.layers._base import Layer, Requirement, Volume, field_syntaxes, field_types
from archcalc.layers._types import expects
from archcalc.suggestions import suggest


@dataclass
class WalkResult:
    """What a walk computes: input volumes, counts per layer (None after a problem), problems, masks over the variants."""

    inputs: tuple[Volume, ...]
    counts: list[LayerCounts | None]
    problems: Problems
    masks: list[Any]


def walk(graph: Graph) -> WalkResult:
    """Compute every layer of a graph in order; linear in its layers."""
    walker = _Walker(graph)
    for node in graph.nodes:
        outcome = walker.visit(node)
        walker.counts.append(outcome.counts)
        walker.outputs.append(outcome.output)
    check_tied_weights(walker)
    return WalkResult(walker.inputs, walker.counts, walker.problems, walker.masks)


class _Walker:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.is_swept = first_varying(list(graph.variables.values())) is not None
        self.counts: list[LayerCounts | None] = []
        self.outputs: list[Volume | None] = []
        self.problems = Problems()
        self.masks: list[Any] = []
        self.inputs = tuple(self.network_input(shape) for shape in graph.inputs.values())
        self.side_by_side = SideBySide()
        self.outcomes: dict[Any, Outcome] = {}
        self.known_layers: dict[Any, Layer] = {}
        self.reported: set[Any] = set()  # a repeated layer repeats its mistake, which is looked into once

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
        use = f"in a block that is used {node.groups[0].entry.mark().seen_from(entry.mark())}" if node.groups else ""
        self.problems.add(code, entry.mark(key, *indices), f"{node.id} ({entry.op}): {message}", *details, use, once=once)

    # -- volumes ----------------------------------------------------------------------------------------------------

    def volume(self, index: int) -> Volume | None:
        """The output volume of a layer, or the volume of a network input (−1 − i); None if nothing is known of it."""
        if index < 0:
            return self.inputs[-1 - index] or None
        return self.outputs[index] if index < len(self.outputs) else None

    def input_volumes(self, node: Node) -> tuple[Volume, ...] | None:
        """All volumes a layer reads, and last those of layers that it names for a volume; None if one is not known."""
        volumes = [self.volume(source) for source in node.sources]
        for index, volume_role in node.shape_sources:
            if volume_role == "output" or index < 0:
                volumes.append(self.volume(index))
            else:
                counts = self.counts[index]
                volumes.append(counts.first_input if counts is not None else None)
        known = tuple(volume for volume in volumes if volume is not None)
        return known if (node.sources or node.entry.reads_nothing) and len(known) == len(volumes) else None

    def channels(self, output_ref: OutputRef) -> Any:
        """The channels of an output, as an expression computes with them.

        Raises `ExpressionError` if the output is not computed yet, `UnknownChannels` if a problem hides them.
        """
        index = output_ref.resolve()
        if index is None or index >= len(self.outputs):
            raise ExpressionError("in_channels is not known here")
        volume = self.volume(index)
        if volume is None or volume.channels is UNKNOWN:
            raise UnknownChannels("in_channels is not known after a problem")
        return _as_value(volume.channels)

    def visit(self, node: Node) -> Outcome:
        inputs = self.input_volumes(node)
        if inputs is None or node.entry.broken:
            # A layer after a problem may have problems of its own: its expressions are checked one by one.
            if self.is_first(node, (id(node.scope), inputs and inputs[0])):
                self.report_invalid_expressions(node, self.values(node, inputs))
            return NOTHING
        layer = node.layer or self.bind(node, inputs)
        if layer is None or not has_right_arity(self, node, layer):
            return NOTHING
        node.layer = layer = self.side_by_side.of(node, layer)
        # The pooling belongs to another layer: equal layers with equal inputs may differ in it.
        if node.shape_sources and not matches_pooling(self, node, layer, inputs):
            return NOTHING
        key = id(layer), node.named_inputs, inputs
        # Each entry with a problem is reported, but not each copy of a repeated one.
        if (outcome := self.outcomes.get(key)) is None or (outcome.counts is None and self.is_first(node, key)):
            outcome = self.outcomes[key] = self.compute(node, layer, inputs)
            if outcome.counts is None:
                self.reported.add((id(node.entry), key))
        return outcome

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
            if word := first_word(part_at(values, loc)):
                self.report_word(node, word, name, f"{loc_text(loc)} {sentence}")
                continue
            written = f"written as {name}: {node.entry.fields[name]}" if name in node.entry.fields else ""
            self.problem(node, "ARC121", f"{loc_text(loc)} {sentence}", written, key=name, indices=loc[1:])

    def values(self, node: Node, inputs: tuple[Volume, ...] | None) -> dict[str, Any]:
        """The fields that have a value, without known channels those that need none; reports why the others have none."""
        own = inputs[0].channels if inputs else UNKNOWN
        lookup = node.scope.lookup(self.channels, None if node.entry.reads_nothing else _as_value(own))
        values: dict[str, Any] = {}
        for name, value in node.entry.fields.items():
            if own is UNKNOWN and not node.entry.reads_nothing and not node.scope.is_fixed(value):
                continue
            try:
                values[name] = evaluated(value, lookup)
            except UnknownChannels:
                continue
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
            self.problem(node, "ARC131", f"{name}: {self.problems.text_of(error)}", key=name)

    def compute(self, node: Node, layer: Layer, inputs: tuple[Volume, ...]) -> Outcome:
        """The counts of a layer; if it does not fit its inputs, a problem, and what of its output is known anyway."""
        failing = [i for i, requirement in enumerate(layer.requirements(*inputs)) if not self.is_satisfied(requirement)]
        if failing:
            return Outcome(None, self.report_requirements(node, layer, inputs, failing))
        output = layer.output(*inputs)
        invalid = [axis for axis, size in enumerate(output) if not self.is_valid_size(size)]
        if invalid:
            self.report_size(node, layer, inputs, output, invalid[0])
            return Outcome(None, Volume(UNKNOWN if axis in invalid else size for axis, size in enumerate(output)))
        return Outcome(LayerCounts(layer, inputs, output), output)

    def is_satisfied(self, requirement: Requirement) -> bool:
        """Whether a requirement is met, as far as is known; over variants True, with a mask of those in which it is."""
        left, relation, right, _ = requirement
        if left is UNKNOWN or right is UNKNOWN:
            return True
        if isinstance(left, int) and isinstance(right, int):
            test, _ = RELATIONS[relation]
            return test(left, right)
        from archcalc.arithmetic.variants import as_variants

        self.masks.append(as_variants(left).compare(relation, right))
        return True

    def is_valid_size(self, size: Number) -> bool:
        """Whether a size is at least 1 and of bounded length, as far as is known; over variants True, with a mask."""
        if size is UNKNOWN:
            return True
        if isinstance(size, int):
            return 1 <= size < NUMBER_LIMIT
        self.masks.append(1 - size.compare("<=", 0))
        return True

    # -- problems ---------------------------------------------------------------------------------------------------

    def report_requirements(self, node: Node, layer: Layer, inputs: tuple[Volume, ...], failing: list[int]) -> Volume | None:
        """Report the failing requirements; returns the output as far as it does not depend on them."""
        if self.is_swept:
            self.report_in_all_variants(node, "ARC203")
            return None
        misfit = Misfit(layer, inputs)
        for sentence, derived in misfit.sentences(failing):
            self.problem(node, "ARC203", sentence, derived, self.input_origin(node))
        return misfit.output(failing)

    def report_size(self, node: Node, layer: Layer, inputs: tuple[Volume, ...], output: Volume, axis: int) -> None:
        if self.is_swept:
            self.report_in_all_variants(node, "ARC201")
            return
        message, derived, out = Misfit(layer, inputs).invalid_size(output, axis)
        self.problem(node, "ARC201", message, derived, self.input_origin(node) + out)

    def report_in_all_variants(self, node: Node, code: str) -> None:
        """Numbers that vary have no derivation: the message of a variant is computed for that variant alone."""
        self.problem(node, code, "does not fit its input in any variant")

    def input_origin(self, node: Node) -> str:
        """Which layers or network inputs the input volumes come from, for a message."""
        origins = [f"{name_of(self.graph, index)} as {self.volume(index)}" for index in node.sources[:4]]
        return f"the input comes from {', '.join(origins)}"


def _as_value(channels: Number) -> Any:
    """A number of channels as an expression computes with it."""
    if isinstance(channels, int) or channels is UNKNOWN:
        return channels
    from archcalc.arithmetic.variants import VariantFraction

    return VariantFraction(channels)

"""The walk: each layer's fields are bound when its input arrives, its requirements checked, its figures worked out.

The walk is the same in the plain and in the array arithmetic. In the first a requirement that fails is a problem with
its failing sum; in the second it is a mask over the variants. Equal layers at equal inputs are worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archcalc.analysis.counts import LayerCounts as LayerCounts
from archcalc.analysis.tied_weights import check_tied_weights
from archcalc.analysis.unpooling import matches_pooling
from archcalc.arithmetic.term import Number, Term, Varying
from archcalc.description.binding import BindError, Place, bind, bind_variants, refusals, symbolic
from archcalc.description.expressions import MAX_DIGITS, ExpressionError
from archcalc.description.values import evaluated, has_expression, is_word
from archcalc.errors import Problem, Problems, suggest
from archcalc.graph import Graph, Node, OutputRef, name_of
from archcalc.layers._base import Layer, Requirement, Volume, declared, field_of, forms
from archcalc.layers._fields import Role
from archcalc.layers._types import expects
from archcalc.layers._window import Window

AXIS_NAMES = {0: (), 1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
RELATIONS = {
    "==": (lambda a, b: a == b, "is not"),
    "<=": (lambda a, b: a <= b, "is more than"),
    "divides": (lambda a, b: a != 0 and b % a == 0, "does not divide"),
}
_LARGEST = 10**MAX_DIGITS


@dataclass
class Walk:
    """What a walk leaves behind: figures per layer (None behind a problem), problems, and masks over the variants."""

    inputs: tuple[Volume, ...]
    counts: list[LayerCounts | None]
    problems: list[Problem]
    masks: list[Any]


def walk(graph: Graph) -> Walk:
    """Work out every layer of a graph in order; linear in its layers."""
    work = _Walk(graph)
    for node in graph.nodes:
        work.counts.append(work.visit(node))
    check_tied_weights(graph, work.counts, work.problem, work.masks)
    return Walk(work.inputs, work.counts, work.problems, work.masks)


class _Walk:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.counts: list[LayerCounts | None] = []
        self.problems = Problems()
        self.masks: list[Any] = []
        self.inputs = tuple(self.network_input(shape) for shape in graph.inputs.values())
        self.known: dict[Any, LayerCounts | None] = {}
        self.layers: dict[Any, Layer] = {}

    def network_input(self, shape: list[Any]) -> Volume:
        if not any(isinstance(size, Varying) for size in shape):
            return Volume(shape)
        sizes = []
        for size in shape:
            if isinstance(size, Varying):
                number, exact = size.whole()
                self.masks += [exact, number.compare("<=", 0) == False]  # noqa: E712  (a NumPy mask)
                size = number
            sizes.append(size)
        return Volume(sizes)

    def problem(self, node: Node, code: str, message: str, *details: str, key: str = "", indices: Place = ()) -> None:
        """A problem of a layer. A block that is used often makes a mistake often: it is named once."""
        entry = node.entry
        once = id(entry), code, key, indices, message
        self.problems.add(code, entry.at(key, *indices), f"{node.id} ({entry.op}): {message}", *details, once=once)

    # -- volumes ----------------------------------------------------------------------------------------------------

    def volume(self, at: int) -> Volume | None:
        """The volume that leaves a layer, or a network input; None behind a problem."""
        if at < 0:
            volume = self.inputs[-1 - at]
            return volume if volume else None
        counts = self.counts[at] if at < len(self.counts) else None
        return counts.output if counts is not None else None

    def inputs_of(self, node: Node) -> tuple[Volume, ...] | None:
        """All volumes a layer reads; those of named models last."""
        volumes = [self.volume(source) for source in node.sources]
        for at, gives in node.shape_sources:
            if gives == "output" or at < 0:
                volumes.append(self.volume(at))
            else:
                counts = self.counts[at]
                volumes.append(counts.inputs[0] if counts is not None else None)
        if not node.sources or any(volume is None for volume in volumes):
            return None
        return tuple(volumes)  # type: ignore[arg-type]  # None was just ruled out

    def channels(self, port: OutputRef) -> Any:
        at = port.resolve()
        volume = self.volume(at) if at is not None else None
        if volume is None:
            raise ExpressionError("in_channels is not known here")
        return _as_value(volume.channels)

    # -- one layer --------------------------------------------------------------------------------------------------

    def visit(self, node: Node) -> LayerCounts | None:
        inputs = self.inputs_of(node)
        if inputs is None or node.entry.broken:
            self.check_fields(node, inputs)
            return None
        layer = node.layer or self.bind(node, inputs)
        if layer is None:
            return None
        node.layer = layer
        # What it undoes is another layer's, so that equal layers at equal inputs may differ in it.
        if not matches_pooling(self, node, layer, inputs):
            return None
        key = id(layer), len(node.sources), inputs
        if (counts := self.known.get(key)) is None:
            counts = self.known[key] = self.compute(node, layer, inputs)
        return counts

    def bind(self, node: Node, inputs: tuple[Volume, ...]) -> Layer | None:
        """The layer with its expressions worked out; equal layers are one."""
        entry = node.entry
        values = self.values(node, inputs)
        if entry.kind is None:
            return None
        if len(values) < len(entry.fields):
            self.refuse(node, values)
            return None
        key = entry.op, repr(values)
        try:
            if any(isinstance(part, Varying) for value in values.values() for part in _flat(value)):
                layer, masks = bind_variants(entry.kind, values)
                self.masks += masks
                return layer
            if key not in self.layers:
                self.layers[key] = bind(entry.kind, values)
        except BindError as error:
            self.report_refused(node, error.refused)
            return None
        return self.layers[key]

    def check_fields(self, node: Node, inputs: tuple[Volume, ...] | None) -> None:
        """A layer that cannot be worked out may be wrong in itself too: its expressions are checked one by one."""
        self.refuse(node, self.values(node, inputs))

    def refuse(self, node: Node, values: dict[str, Any]) -> None:
        """Report what the kind refuses among the values of expressions; the reader has checked the plain ones."""
        fields = node.entry.fields
        found = {name: value for name, value in values.items() if has_expression(fields[name])}
        if node.entry.kind is not None and not any(isinstance(part, Varying) for v in found.values() for part in _flat(v)):
            self.report_refused(node, refusals(node.entry.kind, found))

    def report_refused(self, node: Node, refused: list[tuple[Place, str]]) -> None:
        """Fields that the kind refuses."""
        for place, sentence in refused:
            name = str(place[0])
            written = f"{name}: {node.entry.fields[name]}" if name in node.entry.fields else ""
            out = f"written as {written}" if written else ""
            self.problem(node, "ARC121", f"{symbolic(place)} {sentence}", out, key=name, indices=place[1:])

    def values(self, node: Node, inputs: tuple[Volume, ...] | None) -> dict[str, Any]:
        """The fields that have a value, without inputs those that need none; what stands in the way is reported."""
        lookup = node.scope.lookup(self.channels, _as_value(inputs[0].channels) if inputs else None)
        values: dict[str, Any] = {}
        for name, value in node.entry.fields.items():
            if inputs is None and not node.scope.fixed(value):
                continue
            try:
                values[name] = evaluated(value, lookup)
            except ExpressionError as error:
                known = forms(node.entry.kind)[name].words if node.entry.kind is not None else ()
                if known and node.entry.kind is not None and is_word(value):
                    wants = expects(declared(node.entry.kind)[name])
                    out = suggest(value.text, known)
                    self.problem(node, "ARC121", f"{name} must be {wants}, not {value}", out, key=name)
                else:
                    self.problem(node, "ARC131", f"{name}: {error}", key=name)
        return values

    def compute(self, node: Node, layer: Layer, inputs: tuple[Volume, ...]) -> LayerCounts | None:
        read = len(node.sources)
        if read < layer.min_inputs or (layer.max_inputs is not None and read > layer.max_inputs):
            wants = f"{layer.min_inputs}" if layer.min_inputs == layer.max_inputs else f"{layer.min_inputs} or more"
            self.problem(node, "ARC202", f"reads {read} volumes, needs {wants}", "name them with inputs: [a, b]", key="inputs")
            return None
        failing = [at for at, one in enumerate(layer.requirements(*inputs)) if not self.holds(one)]
        if failing:
            self.report_requirements(node, layer, inputs, failing)
            return None
        output = layer.output(*inputs)
        for axis, size in enumerate(output):
            if not self.is_positive(size):
                self.report_size(node, layer, inputs, output, axis)
                return None
        return LayerCounts(layer, inputs, output)

    def holds(self, requirement: Requirement) -> bool:
        left, relation, right, _ = requirement
        if isinstance(left, int) and isinstance(right, int):
            return bool(RELATIONS[relation][0](left, right))
        from archcalc.arithmetic.variants import as_variants

        self.masks.append(as_variants(left).compare(relation, right))
        return True

    def is_positive(self, size: Number) -> bool:
        if isinstance(size, int):
            return 1 <= size < _LARGEST
        self.masks.append(1 - size.compare("<=", 0))
        return True

    # -- problems ---------------------------------------------------------------------------------------------------

    def report_requirements(self, node: Node, layer: Layer, inputs: tuple[Volume, ...], failing: list[int]) -> None:
        symbolic, volumes = as_symbols(layer, inputs)
        requirements = list(symbolic.requirements(*volumes))
        reported: set[str] = set()
        for at in failing:
            left, relation, right, sentence = requirements[at]
            if sentence not in reported:
                reported.add(sentence)
                derived = f"{_steps(left)}  {RELATIONS[relation][1]}  {_steps(right)}"
                if isinstance(left, int) and isinstance(right, int):
                    derived = ""  # the structure is wrong, not a sum
                self.problem(node, "ARC203", sentence, derived, self.input_origin(node))

    def report_size(self, node: Node, layer: Layer, inputs: tuple[Volume, ...], output: Volume, axis: int) -> None:
        symbolic, volumes = as_symbols(layer, inputs)
        names = ("channels", *AXIS_NAMES.get(len(output) - 1, ()))
        size = output[axis]
        what = f"output {names[axis]} is {size}, must be at least 1"
        if size > 0:
            what = f"output {names[axis]} has more than {MAX_DIGITS} digits"
        slides = any(isinstance(receptive_window, Window) for receptive_window in layer.receptive_window(*inputs) or ())
        window = field_of(type(layer), Role.WINDOW)
        out = f"; enlarge the input or reduce {window}" if size < 1 and slides and window else ""
        derived = _steps(symbolic.output(*volumes)[axis])
        self.problem(node, "ARC201", what, derived if len(derived) < 400 else "", self.input_origin(node) + out)

    def input_origin(self, node: Node) -> str:
        """Where the volumes come from, for a message."""
        come = [f"{name_of(self.graph, at)} as {self.volume(at)}" for at in node.sources[:4]]
        return f"the input comes from {', '.join(come)}"


def as_symbols(layer: Layer, inputs: tuple[Volume, ...]) -> tuple[Layer, tuple[Volume, ...]]:
    """The layer and its inputs as symbols that remember; several inputs are told apart by an index."""
    several = len(inputs) > 1
    volumes = tuple(x.symbolic(str(at) if several else "") for at, x in enumerate(inputs, 1))
    return layer.symbolic(len(inputs[0].spatial)), volumes


def _steps(number: Number) -> str:
    return " = ".join(number.steps()) if isinstance(number, Term) else str(number)


def _as_value(channels: Number) -> Any:
    """Channels as an expression computes with them."""
    if isinstance(channels, int):
        return channels
    from archcalc.arithmetic.variants import VariantFraction

    return VariantFraction(channels)


def _flat(value: Any) -> list[Any]:
    return [part for one in value for part in _flat(one)] if isinstance(value, list) else [value]

"""One box of a figure, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass

from archcalc.analysis.grades import total_grade
from archcalc.analysis.layer_report import LayerReport
from archcalc.graph import Group
from archcalc.layers._base import Volume


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One box of a figure: an input, a layer with the layers attached to it, a folded block, or steps that are left out."""

    name: str
    layers: tuple[LayerReport, ...] = ()
    input: Volume | None = None
    block: Group | None = None
    left_out: tuple[Step, ...] = ()
    """The steps that this one is drawn in place of."""
    hidden: tuple[Step, ...] = ()
    """The steps before this one that no box shows: its counts include theirs."""
    copies: tuple[Step, ...] = ()
    """All equal steps for which this one is drawn, in order; empty if there is only itself."""

    refers_to: Step | None = None
    """The step elsewhere in the figure that is read here: its name and output are shown, and no line leads to it."""
    called: str = ""
    """The name by which references call this step, where no block around it has that name."""

    @property
    def begins_path(self) -> bool:
        """Whether it reads nothing of the network though it is no input: a reference, or a trained tensor."""
        tensor = bool(self.layers) and not (self.block or self.elided or any(layer.node.sources for layer in self.layers))
        return self.refers_to is not None or tensor

    @property
    def times(self) -> int:
        """The number of equal steps for which this one is drawn."""
        return len(self.copies) or 1

    @property
    def elided(self) -> int:
        """The number of steps left out here."""
        return len(self.left_out)

    @property
    def head(self) -> LayerReport:
        """The first layer, by which the step is named."""
        return self.layers[0]

    @property
    def shown(self) -> LayerReport:
        """The layer whose output the box shows: the last one, or the last before one that flattens a map."""
        layers = [layer for layer in self.layers if layer.node.sources] or self.layers
        if not self.attached or not self.head.output.spatial:
            return layers[-1]
        flat = next((index for index, layer in enumerate(layers) if not layer.output.spatial), len(layers))
        return layers[flat - 1]

    @property
    def output(self) -> Volume:
        """The output volume; a map that an attached layer flattens is shown as the map."""
        if self.input is not None:
            return self.input
        return self.left_out[-1].output if self.left_out else self.shown.output

    @property
    def family(self) -> str:
        """The family of kinds that determines its colour."""
        if self.input is not None:
            return "input"
        return "other" if self.block or self.elided else self.head.counts.layer.family

    @property
    def merge_sign(self) -> str:
        """The sign of a merge that is drawn as a circle (`+`), else empty."""
        return "" if self.input is not None or self.block or self.elided else self.head.counts.layer.merge_sign

    @property
    def attached(self) -> tuple[LayerReport, ...]:
        """The pointwise layers behind the head, drawn at its box."""
        return () if self.block or self.elided else self.layers[1:]

    def sum(self, quantity: str) -> int:
        """The sum of a quantity of the Report (`params`, `mult_adds`, `activations`) over its layers and the hidden steps."""
        own = sum(getattr(layer, quantity) for layer in self.layers)
        return own + sum(step.sum(quantity) for step in self.hidden)

    def words(self, quantity: str) -> str:
        """What is written before that sum: `at least ` if a layer is not counted in it."""
        return total_grade(self.layers, quantity).words or next(
            filter(None, (step.words(quantity) for step in self.hidden)), ""
        )

    @property
    def signature(self) -> tuple[object, ...]:
        """Equal for steps that are equal: same kinds, fields and volumes, layer by layer."""
        if self.refers_to is not None:
            return (id(self.refers_to),)
        if self.input is not None or self.elided:
            return (id(self),)
        return (self.block.op if self.block else "", *(layer.signature for layer in self.layers))

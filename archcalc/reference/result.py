"""The result of a check: for each layer the predicted and the measured value of every quantity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archcalc.errors import Problem


@dataclass(frozen=True)
class Comparison:
    """A prediction and its measurement; one that is not `exact` may be larger in PyTorch."""

    predicted: Any
    measured: Any
    exact: bool = True

    @property
    def agrees(self) -> bool:
        """Whether the measurement equals the prediction, or need not."""
        return not self.exact or bool(self.predicted == self.measured)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data."""
        return {"predicted": self.predicted, "measured": self.measured, "exact": self.exact, "agrees": self.agrees}


@dataclass
class LayerResult:
    """The comparisons of one layer, in `cells` by the name of the quantity."""

    id: str
    op: str
    cells: dict[str, Comparison] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    timing: dict[str, Any] = field(default_factory=dict)

    @property
    def differing(self) -> list[str]:
        """The quantities whose measurement is not the prediction."""
        return [name for name, cell in self.cells.items() if not cell.agrees]

    def to_dict(self) -> dict[str, Any]:
        """The layer as plain data."""
        cells = {name: cell.to_dict() for name, cell in self.cells.items()}
        data: dict[str, Any] = {"id": self.id, "op": self.op, "agrees": not self.differing, "quantities": cells}
        return data | ({"timing": self.timing} if self.timing else {}) | ({"notes": self.notes} if self.notes else {})


@dataclass
class CheckResult:
    """The check of one network. `finished` is false if it was interrupted: it then has only what was measured before."""

    name: str
    device: str
    machine: str
    dtype: str
    batch: int
    versions: dict[str, str]
    rows: list[LayerResult] = field(default_factory=list)
    totals: dict[str, Comparison] = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)
    """Layers that PyTorch refuses to run; the layers after them were not measured."""
    training_step: list[LayerResult] = field(default_factory=list)
    """The comparisons of one training step, if it was run."""
    not_measured: list[str] = field(default_factory=list)
    timing: dict[str, Any] = field(default_factory=dict)
    finished: bool = False

    @property
    def differing(self) -> list[LayerResult]:
        """The rows in which a measurement is not the prediction."""
        return [row for row in (*self.rows, *self.training_step) if row.differing]

    @property
    def agrees(self) -> bool:
        """Whether all layers ran, and every exact quantity agrees."""
        totals = all(cell.agrees for cell in self.totals.values())
        return not self.differing and not self.refused and totals

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data, version 1."""
        return {
            "name": self.name,
            "device": self.device,
            "machine": self.machine,
            "dtype": self.dtype,
            "batch": self.batch,
            "versions": self.versions,
            "finished": self.finished,
            "agrees": self.agrees,
            "layers": [row.to_dict() for row in self.rows],
            "totals": {name: cell.to_dict() for name, cell in self.totals.items()},
            "refused": [str(problem) for problem in self.refused],
            "training_step": [row.to_dict() for row in self.training_step],
            "timing": self.timing,
            "not_measured": self.not_measured,
        }

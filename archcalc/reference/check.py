"""The check: a network is run, and what PyTorch says of each layer is laid beside what was calculated."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from archcalc.analysis.memory.inference import Memory
from archcalc.analysis.memory.training_step import TrainingMemory
from archcalc.analysis.report import Report
from archcalc.analysis.training.backward import backward_pass
from archcalc.errors import call_error
from archcalc.graph import Graph
from archcalc.reference import connectivity, devices, receptive_field, timing, training_step
from archcalc.reference.flop_count import Counts, counted_steps
from archcalc.reference.memory_tracking import TensorMemoryTracker
from archcalc.reference.network import ForwardStep, Network, RefusedError, first_layers
from archcalc.reference.result import CheckResult, Comparison, LayerResult

Progress = Callable[[str, int, int], None]
"""Told the stage, how many of its layers are done, and how many there are."""


@dataclass(frozen=True)
class Options:
    """What is measured. The data type is the report's own."""

    device: str = "auto"
    batch: int = 1
    train: bool = False
    loss: str = "cross_entropy"
    repeats: int = 3
    """Timed runs; 0 leaves times out."""
    seed: int = 0


class Check:
    """The check of one report; `result` grows while `run` goes on, so that a run that is broken off leaves its part.

    `built` may be another graph than the one that was calculated: then the check says where they differ.
    """

    def __init__(self, report: Report, options: Options, built: Graph | None = None, progress: Progress | None = None):
        self.report = report
        self.options = options
        self.device, self.dtype = devices.resolve(options.device, report.options.dtype)
        self.progress = progress or (lambda stage, done, of: None)
        self.built = built or report.graph
        self.result = CheckResult(
            report.name,
            self.device,
            devices.describe(self.device),
            report.options.dtype,
            options.batch,
            {
                "torch": torch.__version__,
                "python": platform.python_version(),
                "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            },
        )

    def run(self) -> CheckResult:
        """All stages. Raises SpecError where the call cannot be met, such as a batch that does not fit in memory."""
        network = self._network()
        if network is not None:
            self._refuse_too_large()
            try:
                network.place(self.device, self.dtype, self.options.seed)
                self._figures(network)
                self._geometry(network)
                self._times(network)
                self._lesson(network)
            except (torch.OutOfMemoryError, MemoryError) as error:
                raise self._too_large() from error
            except RefusedError as error:
                if _no_memory(error.__cause__):
                    raise self._too_large() from error
                self.result.refused += error.problems
        self.result.finished = True
        return self.result

    def _network(self) -> Network | None:
        """The graph as modules; None where PyTorch refuses a layer, with what runs before it checked."""
        try:
            return Network(self.built, self.options.batch)
        except RefusedError as error:
            self.result.refused += error.problems
            rest = len(self.built.nodes) - error.at
            self.result.not_measured.append(f"{rest} layers from {self.built.nodes[error.at].id} on, which is refused")
            self._figures(Network(first_layers(self.built, error.at), self.options.batch))
            return None

    # -- memory -----------------------------------------------------------------------------------------------------

    def need(self) -> int:
        """Bytes that the run needs on paper."""
        if self.options.train:
            return TrainingMemory(self.report, self.options.batch).training_bytes
        return Memory(self.report, self.options.batch, lambda tensors, at: None).inference_bytes

    def _refuse_too_large(self) -> None:
        free = devices.free_memory(self.device)
        if free is not None and self.need() > free:
            raise self._too_large(free)

    def _too_large(self, free: int | None = None) -> Exception:
        there = f", {free:,} are free" if free is not None else ""
        return call_error(
            "ARC505",
            f"{self.report.name} with a batch of {self.options.batch:,} does not fit into the memory of "
            f"{self.device}: it needs about {self.need():,} bytes{there}",
            "lower --batch, or use --device meta",
        )

    # -- stages -----------------------------------------------------------------------------------------------------

    def _figures(self, network: Network) -> None:
        """Volumes, parameters, multiply-adds and bytes, in one run."""
        needs = backward_pass(self.report)
        shared: dict[int, int | None] = {}
        leave_out = [*network.parameters(), *network.buffers()]
        on_cuda = self.device.startswith("cuda")
        if on_cuda:
            torch.cuda.reset_peak_memory_stats(self.device)
            before = torch.cuda.memory_allocated(self.device)
        with TensorMemoryTracker(leave_out) as ledger:
            for step, counts in counted_steps(network, network.example(self.options.seed), self.options.train):
                shared[step.at] = _overwritten(network, step)
                layer = self.report.layers[step.at]
                row = LayerResult(layer.id, layer.op, dict(self._cells(network, step, counts, needs[step.at])))
                ledger.paused = True
                if not _finite(step):
                    row.cells["finite values"] = Comparison(True, False)
                ledger.paused = False
                self.result.rows.append(row)
                self.progress("layers", step.at + 1, len(self.report.layers))
                del step, layer, row
        whole = len(shared) == len(self.report.layers)
        if whole and not self.options.train:
            predicted = Memory(self.report, self.options.batch, lambda tensors, at: shared[at]).peak.bytes
            peak = torch.cuda.max_memory_allocated(self.device) - before if on_cuda else ledger.peak
            self.result.totals["inference peak bytes"] = Comparison(predicted, peak, exact=False)
        self._totals()

    def _cells(self, network: Network, step: ForwardStep, counts: Counts, needs: Any) -> Iterator[tuple[str, Comparison]]:
        layer, batch = self.report.layers[step.at], self.options.batch
        params = network.own_parameters(step.at)
        yield "output", Comparison(list(layer.output), list(step.output.shape[1:]))
        yield "params", Comparison(layer.params, sum(one.numel() for one in params))
        yield "trainable", Comparison(layer.trainable, sum(one.numel() for one in params if one.requires_grad))
        yield "buffers", Comparison(layer.buffers, sum(one.numel() for one in network.own_buffers(step.at)))
        yield "mult_adds", Comparison(batch * layer.mult_adds, counts.forward)
        if self.options.train:
            yield "mult_adds to inputs", Comparison(batch * needs.to_inputs, counts.to_inputs)
            yield "mult_adds to weights", Comparison(batch * needs.to_weights, counts.to_weights)
        yield "weight_bytes", Comparison(layer.weight_bytes, sum(one.numel() * one.element_size() for one in params))
        size = batch * int(layer.counts.elements) * self.report.options.bytes
        yield "output_bytes", Comparison(size, step.output.numel() * step.output.element_size())

    def _totals(self) -> None:
        """Sums over the rows, where all layers ran."""
        for name in (
            "params",
            "trainable",
            "buffers",
            "mult_adds",
            "mult_adds to inputs",
            "mult_adds to weights",
            "weight_bytes",
        ):
            cells = [row.cells[name] for row in self.result.rows if name in row.cells]
            if cells:
                self.result.totals[name] = Comparison(sum(c.predicted for c in cells), sum(c.measured for c in cells))

    def _geometry(self, network: Network) -> None:
        """Receptive fields and connections, by gradients."""
        if self.device == "meta":
            self.result.not_measured.append("receptive fields, connections, times and values: meta knows shapes only")
            return
        for at, seen in receptive_field.fields_seen(self.report, self.built):
            if seen:
                self.result.rows[at].cells["receptive field"] = Comparison(
                    [[list(unit.unit), _spans(unit.predicted)] for unit in seen],
                    [[list(unit.unit), _spans(unit.measured)] for unit in seen],
                )
                if seen[0].holes:
                    self.result.rows[at].notes.append(f"{seen[0].holes:,} positions within it are not read")
            self.progress("receptive fields", at + 1, len(self.report.layers))
        for at, cell in connectivity.connections_seen(self.report, network):
            self.result.rows[at].cells["connected maps"] = cell
            self.progress("connections", at + 1, len(self.report.layers))

    def _times(self, network: Network) -> None:
        if self.options.repeats and self.device != "meta":
            timing.measure(self.report, network, self.result, self.options.repeats, self.progress)

    def _lesson(self, network: Network) -> None:
        if self.options.train:
            training_step.compare_training_step(self.report, network, self.result, self.options.loss, self.progress)


def _overwritten(network: Network, step: ForwardStep) -> int | None:
    """The tensor in whose memory a layer's output lies, as a view of it does."""
    mine = step.output.untyped_storage()._cdata
    sources = network.graph.nodes[step.at].sources
    return next((at for at, x in zip(sources, step.read, strict=True) if x.untyped_storage()._cdata == mine), None)


def _finite(step: ForwardStep) -> bool:
    return step.output.device.type == "meta" or bool(torch.isfinite(step.output).all())


def _spans(spans: Any) -> list[list[int] | None]:
    return [list(span) if span is not None else None for span in spans]


def _no_memory(error: BaseException | None) -> bool:
    """A refusal that is in truth a lack of memory."""
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "allocate memory" in str(error)

"""The check: runs a network in PyTorch and compares the measurements of each layer with the computed values."""

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

MAX_BYTES = 2**62
"""More than PyTorch has on any device, meta included: its sizes of tensors are signed numbers of 64 bits."""
Progress = Callable[[str, int, int], None]
"""Called with the stage, the number of its layers that are complete, and the number of all."""


@dataclass(frozen=True)
class Options:
    """What is measured, and on which device. The data type is that of the report."""

    device: str = "auto"
    batch: int = 1
    train: bool = False
    loss: str = "cross_entropy"
    repeats: int = 3
    """Timed runs; 0 leaves times out."""
    seed: int = 0


class Check:
    """The check of one report. `run` adds to `result`, so that an interrupted run leaves the results until then.

    `graph` may differ from the graph of the report: then the check shows where.
    """

    def __init__(self, report: Report, options: Options, graph: Graph | None = None, progress: Progress | None = None):
        self.report = report
        self.options = options
        self.device, self.dtype = devices.resolve(options.device, report.options.dtype)
        self.progress = progress or (lambda stage, completed, total: None)
        self.graph = graph or report.graph
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
        """Run all stages. Raises `DescriptionError` if the network fits neither the memory of the device nor PyTorch."""
        if self.needed_bytes() > MAX_BYTES:
            raise self._too_large_for_pytorch()
        network = self._network()
        if network is not None:
            self._refuse_too_large()
            try:
                network.place(self.device, self.dtype, self.options.seed)
                self._counts(network)
                self._geometry(network)
                self._times(network)
                self._training_step(network)
            except (torch.OutOfMemoryError, MemoryError) as error:
                raise self._too_large() from error
            except RefusedError as error:
                if _is_out_of_memory(error.__cause__):
                    raise self._too_large() from error
                self.result.refused += error.closed()
        self.result.finished = True
        return self.result

    def _network(self) -> Network | None:
        """The graph as modules; None if PyTorch refuses a layer, after a check of the layers before it."""
        try:
            return Network(self.graph, self.options.batch)
        except RefusedError as error:
            self.result.refused += error.closed()
            rest = len(self.graph.nodes) - error.index
            self.result.not_measured.append(f"{rest} layers from {self.graph.nodes[error.index].id} on, which is refused")
            self._counts(Network(first_layers(self.graph, error.index), self.options.batch))
            return None

    # -- memory -----------------------------------------------------------------------------------------------------

    def needed_bytes(self) -> int:
        """The bytes that the run needs, as computed."""
        if self.options.train:
            return TrainingMemory(self.report, self.options.batch).training_bytes
        return Memory(self.report, self.options.batch, lambda tensors, index: None).inference_bytes

    def _refuse_too_large(self) -> None:
        free = devices.free_memory(self.device)
        if free is not None and self.needed_bytes() > free:
            raise self._too_large(free)

    def _too_large_for_pytorch(self) -> Exception:
        return call_error(
            "ARC505",
            f"{self.report.name} with a batch of {self.options.batch:,} needs about {self.needed_bytes():,} bytes, more than "
            f"the {MAX_BYTES:,} (2^62) that PyTorch's sizes allow on any device",
            "lower --batch, or set a smaller --input or smaller variables",
        )

    def _too_large(self, free: int | None = None) -> Exception:
        available = f", {free:,} are free" if free is not None else ""
        return call_error(
            "ARC505",
            f"{self.report.name} with a batch of {self.options.batch:,} does not fit into the memory of "
            f"{self.device}: it needs about {self.needed_bytes():,} bytes{available}",
            "lower --batch, or use --device meta",
        )

    # -- stages -----------------------------------------------------------------------------------------------------

    def _counts(self, network: Network) -> None:
        """Volumes, parameters, multiply-adds and bytes, in one run."""
        backward = backward_pass(self.report)
        overwritten: dict[int, int | None] = {}
        excluded = [*network.parameters(), *network.buffers()]
        on_cuda = self.device.startswith("cuda")
        if on_cuda:
            torch.cuda.reset_peak_memory_stats(self.device)
            before = torch.cuda.memory_allocated(self.device)
        with TensorMemoryTracker(excluded) as tracker:
            for step, counts in counted_steps(network, network.example(self.options.seed), self.options.train):
                overwritten[step.index] = _overwritten(network, step)
                layer = self.report.layers[step.index]
                row = LayerResult(layer.id, layer.op, dict(self._cells(network, step, counts, backward[step.index])))
                tracker.paused = True
                if not _finite(step):
                    row.cells["finite values"] = Comparison(True, False)
                tracker.paused = False
                self.result.rows.append(row)
                self.progress("layers", step.index + 1, len(self.report.layers))
                del step, layer, row
        complete = len(overwritten) == len(self.report.layers)
        if complete and not self.options.train:
            predicted = Memory(self.report, self.options.batch, lambda tensors, index: overwritten[index]).peak.bytes
            peak = torch.cuda.max_memory_allocated(self.device) - before if on_cuda else tracker.peak
            self.result.totals["inference peak bytes"] = Comparison(predicted, peak, exact=False)
        self._totals()

    def _cells(self, network: Network, step: ForwardStep, counts: Counts, backward: Any) -> Iterator[tuple[str, Comparison]]:
        layer, batch = self.report.layers[step.index], self.options.batch
        params = network.own_parameters(step.index)
        yield "output", Comparison(list(layer.output), list(step.output.shape[1:]))
        yield "params", Comparison(layer.params, sum(weights.numel() for weights in params))
        yield "trainable", Comparison(layer.trainable, sum(weights.numel() for weights in params if weights.requires_grad))
        yield "buffers", Comparison(layer.buffers, sum(buffer.numel() for buffer in network.own_buffers(step.index)))
        yield "mult_adds", Comparison(batch * layer.mult_adds, counts.forward)
        if self.options.train:
            yield "mult_adds to inputs", Comparison(batch * backward.to_inputs, counts.to_inputs)
            yield "mult_adds to weights", Comparison(batch * backward.to_weights, counts.to_weights)
        yield (
            "weight_bytes",
            Comparison(layer.weight_bytes, sum(weights.numel() * weights.element_size() for weights in params)),
        )
        size = batch * int(layer.counts.elements) * self.report.options.bytes
        yield "output_bytes", Comparison(size, step.output.numel() * step.output.element_size())

    def _totals(self) -> None:
        """Sums over the rows."""
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
                self.result.totals[name] = Comparison(
                    sum(cell.predicted for cell in cells), sum(cell.measured for cell in cells)
                )

    def _geometry(self, network: Network) -> None:
        """Receptive fields and connections, by gradients."""
        if self.device == "meta":
            self.result.not_measured.append("receptive fields, connections, times and values: the device meta has only shapes")
            return
        for index, fields in receptive_field.measured_fields(self.report, self.graph):
            if fields:
                self.result.rows[index].cells["receptive field"] = Comparison(
                    [[list(unit.unit), _spans(unit.predicted)] for unit in fields],
                    [[list(unit.unit), _spans(unit.measured)] for unit in fields],
                )
                if fields[0].holes:
                    self.result.rows[index].notes.append(f"{fields[0].holes:,} positions within it are not read")
            self.progress("receptive fields", index + 1, len(self.report.layers))
        for index, cell in connectivity.measured_connections(self.report, network):
            self.result.rows[index].cells["connected maps"] = cell
            self.progress("connections", index + 1, len(self.report.layers))

    def _times(self, network: Network) -> None:
        if self.options.repeats and self.device != "meta":
            timing.measure(self.report, network, self.result, self.options.repeats, self.progress)

    def _training_step(self, network: Network) -> None:
        if self.options.train:
            objective = training_step.Objective(self.options.loss, self.options.seed)
            training_step.compare_training_step(self.report, network, self.result, objective, self.progress)


def _overwritten(network: Network, step: ForwardStep) -> int | None:
    """The index of the input in whose memory a layer writes its output; None if it has memory of its own."""
    storage = step.output.untyped_storage()._cdata
    sources = network.graph.nodes[step.index].sources
    pairs = zip(sources, step.inputs, strict=True)
    return next((source for source, x in pairs if x.untyped_storage()._cdata == storage), None)


def _finite(step: ForwardStep) -> bool:
    return step.output.device.type == "meta" or bool(torch.isfinite(step.output).all())


def _spans(spans: Any) -> list[list[int] | None]:
    return [list(span) if span is not None else None for span in spans]


def _is_out_of_memory(error: BaseException | None) -> bool:
    """Whether the cause of a refusal is a lack of memory."""
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "allocate memory" in str(error)

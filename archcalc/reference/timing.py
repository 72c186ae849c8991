"""Times: each layer and the whole network, and what bounds a layer on this device, arithmetic or memory.

A layer's operations per byte (Williams, Waterman & Patterson 2009, "Roofline") are held against the device's own
ratio, from ceilings that are measured on the spot.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from statistics import median
from typing import Any

import torch
from torch import nn

from archcalc.analysis.report import Report
from archcalc.reference import devices
from archcalc.reference.network import Network
from archcalc.reference.result import CheckResult

measured_ceilings = cache(devices.ceilings)


def measure(
    report: Report, network: Network, result: CheckResult, repeats: int, progress: Callable[[str, int, int], None]
) -> None:
    """Run a network once to warm up, then `repeats` times, and write the medians into the rows of a result."""
    operations, moved = measured_ceilings(network.device, network.dtype)
    layers: list[list[float]] = [[] for _ in report.layers]
    whole: list[float] = []
    for turn in range(repeats + 1):
        taken, total = _run(network)
        progress("times", turn + 1, repeats + 1)
        if turn:
            whole.append(total)
            for times, one in zip(layers, taken, strict=True):
                times.append(one)
    for at, row in enumerate(result.rows):
        row.timing = _reading(report, network, at, median(layers[at]), operations / moved)
    total = median(whole)
    result.timing = {
        "seconds": total,
        "repeats": repeats,
        "operations_per_second": network.batch * report.totals.flops / total,
        "ceilings": {"operations_per_second": operations, "bytes_per_second": moved},
    }


def _run(network: Network) -> tuple[list[float], float]:
    """The seconds of each layer, and of all."""
    marks: list[tuple[Any, Any]] = []
    on_cuda = network.device.startswith("cuda")

    def call(at: int, module: nn.Module, arguments: tuple[Any, ...]) -> Any:
        begin = _mark(network.device, on_cuda)
        result = module(*arguments)
        marks.append((begin, _mark(network.device, on_cuda)))
        return result

    inputs = network.example()
    devices.synchronise(network.device)
    start = time.perf_counter()
    with torch.no_grad():
        for step in network.steps(inputs, call):
            del step
    devices.synchronise(network.device)
    total = time.perf_counter() - start
    if on_cuda:
        return [begin.elapsed_time(end) / 1000 for begin, end in marks], total
    return [end - begin for begin, end in marks], total


def _mark(device: str, on_cuda: bool) -> Any:
    """A moment: an event in the device's own queue, or the clock once the device has caught up."""
    if on_cuda:
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event
    devices.synchronise(device)
    return time.perf_counter()


def _reading(report: Report, network: Network, at: int, seconds: float, ridge: float) -> dict[str, Any]:
    """What a layer's time says: operations a second, bytes per operation, and what bounds it."""
    layer = report.layers[at]
    operations = network.batch * layer.flops
    values = network.batch * (sum(int(x.elements) for x in layer.inputs) + int(layer.counts.elements))
    moved = (values + int(layer.counts.params)) * report.options.bytes
    if not operations:
        return {"seconds": seconds, "bound": None}
    return {
        "seconds": seconds,
        "operations_per_second": operations / seconds if seconds else None,
        "bytes_per_operation": moved / operations,
        "bound": "arithmetic" if operations / moved >= ridge else "memory",
    }

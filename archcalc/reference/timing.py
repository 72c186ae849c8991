"""Measures times: of each layer and the network, and whether arithmetic or memory bounds a layer on this device.

A layer's operations per byte (Williams, Waterman & Patterson 2009, "Roofline") are compared with the ratio of the
device, from ceilings that are measured in the same run.
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
    """Run a network once to warm up, then `repeats` times, and store the medians in the rows of a result, in seconds."""
    operations, moved = measured_ceilings(network.device, network.dtype)
    layers: list[list[float]] = [[] for _ in report.layers]
    totals: list[float] = []
    for turn in range(repeats + 1):
        seconds, total = _run(network)
        progress("times", turn + 1, repeats + 1)
        if turn:
            totals.append(total)
            for times, duration in zip(layers, seconds, strict=True):
                times.append(duration)
    for index, row in enumerate(result.rows):
        row.timing = _roofline(report, network, index, median(layers[index]), operations / moved)
    total = median(totals)
    result.timing = {
        "seconds": total,
        "repeats": repeats,
        "operations_per_second": network.batch * report.totals.flops / total,
        "ceilings": {"operations_per_second": operations, "bytes_per_second": moved},
    }


def _run(network: Network) -> tuple[list[float], float]:
    """The seconds of each layer, and of the network."""
    marks: list[tuple[Any, Any]] = []
    on_cuda = network.device.startswith("cuda")

    def call(index: int, module: nn.Module, arguments: tuple[Any, ...]) -> Any:
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
    """A point in time: an event in the queue of the device, or the clock after the queue is empty."""
    if on_cuda:
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event
    devices.synchronise(device)
    return time.perf_counter()


def _roofline(report: Report, network: Network, index: int, seconds: float, ridge: float) -> dict[str, Any]:
    """A layer's time in seconds, its operations per second, its bytes per operation, and what bounds it."""
    layer = report.layers[index]
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

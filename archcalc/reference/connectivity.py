"""Measures connections: the input maps with a gradient of an output map, on the network itself.

Where a layer connects each output map with only some input maps (groups, a table), the gradient of the others is
exactly zero.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from archcalc.analysis.report import Report
from archcalc.reference.network import ForwardStep, Network
from archcalc.reference.result import Comparison

MAX_MAPS = 16
"""Output maps that are measured at a layer, at equal distances."""


def measured_connections(report: Report, network: Network) -> Iterator[tuple[int, Comparison]]:
    """For each layer that connects only some maps: the input maps of some output maps, predicted and measured."""
    partial = {
        index
        for index, layer in enumerate(report.layers)
        if layer.counts.layer.input_channels_of(0, *layer.counts.inputs) is not None
    }
    if not partial:
        return
    last = max(partial)
    with torch.no_grad():
        for step in network.steps(network.example()):
            if step.index in partial:
                yield step.index, _measure(report, network, step)
            if step.index == last:
                return
            del step


def _measure(report: Report, network: Network, step: ForwardStep) -> Comparison:
    counts = report.layers[step.index].counts
    maps = int(step.output.shape[1])
    sample = range(0, maps, -(-maps // MAX_MAPS))
    predicted = [sorted(counts.layer.input_channels_of(channel, *counts.inputs) or ()) for channel in sample]
    x = torch.ones_like(step.inputs[0][:1]).requires_grad_()  # where no gate is closed
    measured = []
    with torch.enable_grad():
        y = network.layers[step.index](x)
        for channel in sample:
            (gradient,) = torch.autograd.grad(y[:, channel].sum(), x, retain_graph=True)
            measured.append(gradient[0].reshape(x.shape[1], -1).ne(0).any(dim=1).nonzero().flatten().tolist())
    return Comparison(predicted, measured)

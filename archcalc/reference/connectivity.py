"""Connections measured: which input maps the gradient of an output map reaches, on the real model.

Where a layer connects each output map with only some input maps (groups, a table), the gradient to the others is
exactly zero.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from archcalc.analysis.report import Report
from archcalc.reference.network import ForwardStep, Network
from archcalc.reference.result import Comparison

MAX_MAPS = 16
"""Output maps that are measured at a layer, spread evenly over all."""


def connections_seen(report: Report, network: Network) -> Iterator[tuple[int, Comparison]]:
    """For each layer that connects only some maps: the input maps of some output maps, predicted and measured."""
    partial = {
        at
        for at, layer in enumerate(report.layers)
        if layer.counts.layer.input_channels_of(0, *layer.counts.inputs) is not None
    }
    if not partial:
        return
    last = max(partial)
    with torch.no_grad():
        for step in network.steps(network.example()):
            if step.at in partial:
                yield step.at, _measure(report, network, step)
            if step.at == last:
                return
            del step


def _measure(report: Report, network: Network, step: ForwardStep) -> Comparison:
    layer = report.layers[step.at].counts
    maps = int(step.output.shape[1])
    chosen = range(0, maps, -(-maps // MAX_MAPS))
    predicted = [sorted(layer.layer.input_channels_of(one, *layer.inputs) or ()) for one in chosen]
    x = step.read[0][:1].detach().requires_grad_()
    measured = []
    with torch.enable_grad():
        y = network.layers[step.at](x)
        for one in chosen:
            (gradient,) = torch.autograd.grad(y[:, one].sum(), x, retain_graph=True)
            measured.append(gradient[0].flatten(1).ne(0).any(dim=1).nonzero().flatten().tolist())
    return Comparison(predicted, measured)

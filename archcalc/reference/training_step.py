"""One step of training, executed and compared: gradients, the lecture's update rule, and frozen weights.

Normalisation uses its moving statistics and dropout is the identity, so that the loss is a plain function of the
weights. The update is v ← 0.9·v − 0.0005·ε·w − ε·g; w ← w + v (Krizhevsky, Sutskever & Hinton 2012, §5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from archcalc.analysis.memory.training_step import TrainingMemory
from archcalc.analysis.report import Report
from archcalc.analysis.training.backward import backward_pass
from archcalc.reference.builders import builder
from archcalc.reference.flop_count import counter
from archcalc.reference.losses import labels_for, loss, numpy_gradient
from archcalc.reference.memory_tracking import SavedTensors
from archcalc.reference.network import Network
from archcalc.reference.result import CheckResult, Comparison, LayerResult

MOMENTUM, DECAY, RATE = 0.9, 0.0005, 0.01
MAX_PARAMETERS, MAX_MULT_ADDS = 2_000_000, 2_000_000_000
"""Sizes up to which gradients are computed in NumPy, and by finite differences (multiply-adds of all their runs)."""
STEP = 1e-5


def compare_training_step(
    report: Report, network: Network, result: CheckResult, loss_name: str, progress: Callable[[str, int, int], None]
) -> None:
    """Forward, loss, backward and two updates, each compared with an independent computation."""
    progress("training step", 0, 4)
    _backward(report, network, result, loss_name)
    progress("training step", 1, 4)
    if network.device == "meta":
        result.not_measured.append("gradients and the update: the device meta has no values")
        return
    result.training_step.append(_updates(network))
    progress("training step", 2, 4)
    exact = _exact_copy(network)
    result.training_step += _numpy_gradients(exact, loss_name, result)
    progress("training step", 3, 4)
    result.training_step += _differences(report, exact, loss_name, result)
    progress("training step", 4, 4)


def total_loss(network: nn.Module, inputs: list[Tensor], name: str) -> Tensor:
    """The sum of the losses of all outputs of a network, with random labels."""
    return torch.stack([loss(name)(y, labels_for(y)) for y in network(*inputs)]).sum()


def _backward(report: Report, network: Network, result: CheckResult, loss_name: str) -> None:
    """The backward pass through all layers, with its multiply-adds and the memory that is saved for it."""
    with SavedTensors([*network.parameters(), *network.buffers()]) as saved, torch.enable_grad():
        value = total_loss(network, network.example(), loss_name)
    training_memory = TrainingMemory(report, network.batch)
    result.totals["kept bytes"] = Comparison(training_memory.saved_bytes, saved.bytes, exact=False)
    predicted = network.batch * sum(layer.backward for layer in backward_pass(report))
    counted = 0
    if value.requires_grad:
        with counter() as backward:
            value.backward()
        counted = int(backward.get_total_flops()) // 2
    result.totals["mult_adds backward"] = Comparison(predicted, counted)


# -- the update -----------------------------------------------------------------------------------------------------


def _updates(network: Network) -> LayerResult:
    """Two updates by the lecture's rule: trained weights against the formula, all others unchanged to the bit."""
    row = LayerResult("update", "v ← 0.9·v − 0.0005·ε·w − ε·g; w ← w + v")
    largest, unchanged = 0.0, True
    for weight in network.parameters():
        before = weight.detach().clone()
        if weight.grad is not None:
            expected = _formula(before, weight.grad)
            momentum_updates(weight, weight.grad)
            largest = max(largest, _relative_difference(weight.detach(), expected))
        if not weight.requires_grad:
            unchanged = unchanged and torch.equal(before, weight.detach())
    tolerance = 64 * torch.finfo(network.dtype).eps
    row.cells["weights by the formula"] = Comparison(True, largest <= tolerance)
    row.cells["frozen weights unchanged"] = Comparison(True, unchanged)
    row.notes.append(f"largest relative difference {largest:.1e}, rounding allows {tolerance:.1e}")
    return row


def momentum_updates(weight: Tensor, gradient: Tensor, times: int = 2) -> None:
    """Update a weight in place, on its device and in its data type."""
    velocity = torch.zeros_like(weight)
    with torch.no_grad():
        for _ in range(times):
            velocity = MOMENTUM * velocity - DECAY * RATE * weight - RATE * gradient
            weight += velocity


def _formula(weight: Tensor, gradient: Tensor, times: int = 2) -> Any:
    """The updated weight, in NumPy and float64."""
    w, g = (tensor.detach().to("cpu", torch.float64).numpy() for tensor in (weight, gradient))
    v = np.zeros_like(w)
    for _ in range(times):
        v = MOMENTUM * v - DECAY * RATE * w - RATE * g
        w = w + v
    return w


def _relative_difference(measured: Tensor, expected: Any) -> float:
    """The largest difference, relative to the largest value."""
    scale = float(np.abs(expected).max()) or 1.0
    return float(np.abs(measured.to("cpu", torch.float64).numpy() - expected).max()) / scale


# -- gradients ------------------------------------------------------------------------------------------------------


def _exact_copy(network: Network) -> Network | None:
    """The network in float64 on the processor, where it is small enough for comparisons of gradients."""
    small = sum(weights.numel() for weights in network.parameters()) <= MAX_PARAMETERS
    return Network(network.graph, 2).place("cpu", torch.float64) if small else None


def _numpy_gradients(network: Network | None, loss_name: str, result: CheckResult) -> list[LayerResult]:
    """BP1 to BP4 in NumPy, where every layer has a NumPy reference and reads only the one before it."""
    nodes = network.graph.nodes if network is not None else []
    chain = all(node.sources == (index - 1,) for index, node in enumerate(nodes))
    builders = [builder(node.entry.op) for node in nodes]
    references = [module.numpy_reference if module is not None else None for module in builders]
    if network is None or not chain or None in references or any(node.tied_to is not None for node in nodes):
        result.not_measured.append("gradients in NumPy: only for chains of dense layers and activations")
        return []
    inputs = network.example()
    value = total_loss(network, inputs, loss_name)
    gradients = torch.autograd.grad(value, list(network.parameters()))
    layers = [
        reference(node.layer, [weights.detach().numpy() for weights in network.own_parameters(index)])
        for index, (reference, node) in enumerate(zip(references, nodes, strict=True))
        if reference is not None
    ]
    a = inputs[0].numpy()
    for layer in layers:
        a = layer.forward(a)
    delta = numpy_gradient(loss_name, a, labels_for(torch.tensor(a)).numpy())
    reference_gradients: list[Any] = []
    for layer in reversed(layers):
        delta, own = layer.backward(delta)
        reference_gradients = own + reference_gradients
    row = LayerResult("gradients", "BP1 to BP4 in NumPy")
    pairs = zip(gradients, reference_gradients, strict=False)
    differences = [_relative_difference(gradient, expected) for gradient, expected in pairs]
    row.cells["agree to 1e-9"] = Comparison(True, max(differences, default=0.0) < 1e-9)
    row.notes.append(
        f"largest relative difference {max(differences, default=0.0):.1e} over {len(differences)} parameter tensors"
    )
    return [row]


def _differences(report: Report, network: Network | None, loss_name: str, result: CheckResult) -> list[LayerResult]:
    """The slope of the loss along a random direction in each parameter tensor, against the gradient."""
    trained = [weight for weight in network.parameters() if weight.requires_grad] if network is not None else []
    if network is None or 4 * len(trained) * report.totals.mult_adds > MAX_MULT_ADDS:
        result.not_measured.append("finite differences: the network is too large, they would take too long")
        return []
    inputs = network.example()
    gradients = torch.autograd.grad(total_loss(network, inputs, loss_name), trained)
    largest = 0.0
    generator = torch.Generator().manual_seed(0)
    for weight, gradient in zip(trained, gradients, strict=True):
        direction = torch.randn(weight.shape, generator=generator, dtype=torch.float64)
        direction /= direction.norm()
        slope = (
            _moved(network, inputs, loss_name, weight, STEP * direction)
            - _moved(network, inputs, loss_name, weight, -STEP * direction)
        ) / (2 * STEP)
        expected = float((gradient * direction).sum())
        largest = max(largest, abs(slope - expected) / max(float(gradient.norm()), 1e-8))
    row = LayerResult("gradients", "finite differences in float64")
    row.cells["agree to 1e-4"] = Comparison(True, largest < 1e-4)
    row.notes.append(f"largest relative difference {largest:.1e} over {len(trained)} parameter tensors")
    return [row]


def _moved(network: Network, inputs: list[Tensor], loss_name: str, weight: Tensor, by: Tensor) -> float:
    """The loss with one parameter tensor moved."""
    with torch.no_grad():
        before = weight.clone()
        weight += by
        value = float(total_loss(network, inputs, loss_name))
        weight.copy_(before)
    return value

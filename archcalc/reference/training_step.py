"""One step of training, executed and compared: gradients, the lecture's update rule, and frozen weights.

Normalisation uses its moving statistics and dropout is the identity, so that the loss is a plain function of the
weights. The update is v ← 0.9·v − 0.0005·ε·w − ε·g; w ← w + v (Krizhevsky, Sutskever & Hinton 2012, §5).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

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
TOLERANCE = 1e-4
STEPS = (1e-5, 1e-6, 1e-7)
"""Of finite differences: where a kink of a ReLU lies within one step, a shorter one does not reach it."""
ROUNDING = 100 * torch.finfo(torch.float64).eps
"""Of a loss in float64, relative to it."""


def compare_training_step(
    report: Report,
    network: Network,
    result: CheckResult,
    objective: Objective,
    progress: Callable[[str, int, int], None],
) -> None:
    """Forward, loss, backward and two updates, each compared with an independent computation."""
    progress("training step", 0, 4)
    is_trained = _backward(report, network, result, objective)
    progress("training step", 1, 4)
    if not is_trained:
        result.not_measured.append("gradients and the update: no weight of this network is trained")
        return
    if network.device == "meta":
        result.not_measured.append("gradients and the update: the device meta has no values")
        return
    result.training_step.append(_updates(network))
    progress("training step", 2, 4)
    exact = _exact_copy(network, objective.seed)
    result.training_step += _numpy_gradients(exact, objective, result)
    progress("training step", 3, 4)
    result.training_step += _differences(report, exact, objective, result)
    progress("training step", 4, 4)


class Objective(NamedTuple):
    """What is minimised: the sum of the losses of all outputs, for random inputs and labels of this seed."""

    loss: str
    seed: int = 0

    def value(self, network: nn.Module, inputs: list[Tensor]) -> Tensor:
        """The loss of a network for these inputs."""
        return torch.stack([loss(self.loss)(y, labels_for(y, self.seed)) for y in network(*inputs)]).sum()


def _backward(report: Report, network: Network, result: CheckResult, objective: Objective) -> bool:
    """The backward pass through all layers, with its multiply-adds and the memory that is saved for it.

    Returns whether a weight is trained.
    """
    with SavedTensors([*network.parameters(), *network.buffers()]) as saved, torch.enable_grad():
        value = objective.value(network, network.example(objective.seed))
    training_memory = TrainingMemory(report, network.batch)
    result.totals["kept bytes"] = Comparison(training_memory.saved_bytes, saved.bytes, exact=False)
    predicted = network.batch * sum(layer.backward for layer in backward_pass(report))
    counted = 0
    if value.requires_grad:
        with counter() as backward:
            value.backward()
        counted = int(backward.get_total_flops()) // 2
    result.totals["mult_adds backward"] = Comparison(predicted, counted)
    return value.requires_grad


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


def _exact_copy(network: Network, seed: int) -> Network | None:
    """The network in float64 on the processor, where it is small enough for comparisons of gradients.

    All its trained weights are random, those too that begin as 0 or 1: where a shift is exactly 0, a unit that sees nothing
    is exactly at the kink of a ReLU, and the loss has no slope there.
    """
    if sum(weights.numel() for weights in network.parameters()) > MAX_PARAMETERS:
        return None
    exact = Network(network.graph, 2).place("cpu", torch.float64, seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weights in _trained(exact):
            weights += 0.1 * torch.randn(weights.shape, generator=generator, dtype=torch.float64)
    return exact


def _trained(network: Network) -> list[nn.Parameter]:
    return [weights for weights in network.parameters() if weights.requires_grad]


def _numpy_gradients(network: Network | None, objective: Objective, result: CheckResult) -> list[LayerResult]:
    """BP1 to BP4 in NumPy, where every layer has a NumPy reference and reads only the one before it."""
    nodes = network.graph.nodes if network is not None else []
    chain = all(node.sources == (index - 1,) for index, node in enumerate(nodes))
    builders = [builder(node.entry.op) for node in nodes]
    references = [module.numpy_reference if module is not None else None for module in builders]
    if network is None or not chain or None in references or any(node.tied_to is not None for node in nodes):
        result.not_measured.append("gradients in NumPy: only for chains of dense layers and activations")
        return []
    inputs = network.example(objective.seed)
    gradients = _gradients(network, inputs, objective)
    layers = [
        reference(node.layer, [weights.detach().numpy() for weights in network.own_parameters(index)])
        for index, (reference, node) in enumerate(zip(references, nodes, strict=True))
        if reference is not None
    ]
    a = inputs[0].numpy()
    for layer in layers:
        a = layer.forward(a)
    delta = numpy_gradient(objective.loss, a, labels_for(torch.tensor(a), objective.seed).numpy())
    reference_gradients: list[Any] = []
    for layer in reversed(layers):
        delta, own = layer.backward(delta)
        reference_gradients = own + reference_gradients
    row = LayerResult("gradients", "BP1 to BP4 in NumPy")
    pairs = zip(network.parameters(), reference_gradients, strict=True)
    differences = [_relative_difference(gradients[weights], expected) for weights, expected in pairs if weights in gradients]
    row.cells["agree to 1e-9"] = Comparison(True, max(differences, default=0.0) < 1e-9)
    row.notes.append(
        f"largest relative difference {max(differences, default=0.0):.1e} over {len(differences)} parameter tensors"
    )
    return [row]


def _gradients(network: Network, inputs: list[Tensor], objective: Objective) -> dict[nn.Parameter, Tensor]:
    """The gradient of each trained weight; of one that no output depends on it is 0."""
    trained = _trained(network)
    value = objective.value(network, inputs)
    found = torch.autograd.grad(value, trained, allow_unused=True, materialize_grads=True)
    return dict(zip(trained, found, strict=True))


def _differences(report: Report, network: Network | None, objective: Objective, result: CheckResult) -> list[LayerResult]:
    """The slope of the loss along a random direction in each trained weight, against the gradient."""
    if network is None or 4 * len(_trained(network)) * report.totals.mult_adds > MAX_MULT_ADDS:
        result.not_measured.append("finite differences: the network is too large, they would take too long")
        return []
    inputs = network.example(objective.seed)
    if not torch.isfinite(objective.value(network, inputs)):
        result.not_measured.append("finite differences: the loss is not finite")
        return []
    gradients = _gradients(network, inputs, objective)
    generator = torch.Generator().manual_seed(objective.seed)
    largest = 0.0
    for weights, gradient in gradients.items():
        direction = torch.randn(weights.shape, generator=generator, dtype=torch.float64)
        direction /= direction.norm()
        loss_along = partial(_moved, network, inputs, objective, weights, direction)
        expected = float((gradient * direction).sum())
        largest = max(largest, _slope_difference(loss_along, expected, float(gradient.norm())))
    row = LayerResult("gradients", "finite differences in float64")
    row.cells["agree to 1e-4"] = Comparison(True, largest < TOLERANCE)
    row.notes.append(f"largest relative difference {largest:.1e} over {len(gradients)} parameter tensors")
    return [row]


def _slope_difference(loss_along: Callable[[float], float], expected: float, scale: float) -> float:
    """How far the slope of the loss is from the expected one, beyond rounding and relative to `scale`, for the best step."""
    smallest = math.inf
    for step in STEPS:
        above, below = loss_along(step), loss_along(-step)
        rounding = ROUNDING * max(abs(above), abs(below)) / step
        beyond = max(abs((above - below) / (2 * step) - expected) - rounding, 0.0)
        smallest = min(smallest, beyond / max(scale, 1e-8))
        if smallest < TOLERANCE:
            break
    return smallest


def _moved(
    network: Network, inputs: list[Tensor], objective: Objective, weights: Tensor, direction: Tensor, by: float
) -> float:
    """The loss with one parameter tensor moved along a direction."""
    with torch.no_grad():
        before = weights.clone()
        weights += by * direction
        value = float(objective.value(network, inputs))
        weights.copy_(before)
    return value

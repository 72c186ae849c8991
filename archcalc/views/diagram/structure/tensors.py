"""Trained tensors, such as a class token or the embedding of positions, as steps of their own."""

from __future__ import annotations

from dataclasses import replace

from archcalc.analysis.layer_report import LayerReport
from archcalc.views.diagram.structure.step import Step
from archcalc.views.diagram.structure.steps import StepGraph, with_steps


def with_tensors_apart(graph: StepGraph) -> StepGraph:
    """The graph in which a layer that reads nothing is a step before the only one that reads it, not attached to that.

    So that it has a place in the series, such a step reads what its reader does; no line is drawn to it.
    """
    steps: list[Step] = []
    inputs: list[tuple[int, ...]] = []
    new_index: dict[int, int] = {}
    for index, step in enumerate(graph.steps):
        apart = _tensors(step) if graph.inputs[index] else ()
        read = tuple(new_index[source] for source in graph.inputs[index])
        tensors = tuple(range(len(steps), len(steps) + len(apart)))
        steps += [Step(layer.id, (layer,)) for layer in apart]
        inputs += [read[:1]] * len(apart)
        new_index[index] = len(steps)
        steps.append(replace(step, layers=tuple(layer for layer in step.layers if layer not in apart)) if apart else step)
        inputs.append((*read, *tensors))
    return with_steps(graph, steps, inputs, new_index)


def _tensors(step: Step) -> tuple[LayerReport, ...]:
    return () if step.block else tuple(layer for layer in step.layers if not layer.node.sources)

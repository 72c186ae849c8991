"""Labels of steps, generated from the Report: its numbers and the fields of the layers."""

from __future__ import annotations

from archcalc.analysis.layer_report import LayerReport
from archcalc.errors import printable
from archcalc.views.diagram.structure.steps import Step
from archcalc.views.tables.folding import describe
from archcalc.views.units import rounded

MAX_NAME = 28
"""Characters of a name; of a longer one the middle is left out."""

QUANTITIES = {"params": "parameters", "mult_adds": "multiply-adds", "activations": "activations"}


def step_name(step: Step) -> str:
    """The step's own name, without the blocks around it."""
    return abbreviated(step.head.node.name if step.layers and not step.block else step.name)


def step_kind(step: Step) -> str:
    """Kind and fields as a paper's table prints them: conv 3×3/2."""
    if step.input is not None:
        return "input"
    if step.block:
        return abbreviated(step.block.op)
    return describe(step.head).replace("_", " ")


def receptive_field_label(layer: LayerReport) -> str:
    """The size of the receptive field: field 7×7, or why it has none."""
    sizes = layer.receptive_field.size
    if not sizes or None in sizes:
        return "field: whole input" if layer.receptive_field.status == "whole input" else "field: not one size"
    return f"field {'×'.join(map(str, sizes))}"


def label_lines(step: Step, show: tuple[str, ...]) -> list[str]:
    """The lines of a step's label: what `show` names, in its order."""
    if step.elided:
        return [
            f"… {step.elided:,} steps …",
            f"{rounded(step.sum('params'))} parameters",
            f"{rounded(step.sum('mult_adds'))} multiply-adds",
        ]
    texts = []
    for label in show:
        if label == "name":
            texts.append(step_name(step))
        elif label == "kernel":
            texts.append(step_kind(step))
        elif label == "shape":
            texts.append(str(step.output))
        elif label == "rf" and step.layers:
            texts.append(receptive_field_label(step.layers[-1]))
        elif label == "params" and step.sum("params"):
            texts.append(f"{rounded(step.sum('params'))} params")
        elif label == "macs" and step.sum("mult_adds"):
            texts.append(f"{rounded(step.sum('mult_adds'))} macs")
    return list(dict.fromkeys(texts)) or [step_kind(step)]


def tooltip(step: Step) -> str:
    """Name, layers, output and counts of a step, for a tooltip."""
    if step.input is not None:
        return printable(f"{step.name}: {step.output}")
    layers = " → ".join(dict.fromkeys(layer.op for layer in step.layers[:6]))
    return printable(
        f"{step.name}: {layers}, output {step.output}, {step.sum('params'):,} parameters, "
        f"{step.sum('mult_adds'):,} multiply-adds"
    )


def abbreviated(text: str, max_length: int = MAX_NAME) -> str:
    """Text of a description for a figure: control characters as pictures, at most `max_length` characters."""
    text = printable(text)
    return text if len(text) <= max_length else f"{text[: max_length // 2]}…{text[-(max_length // 2 - 1) :]}"

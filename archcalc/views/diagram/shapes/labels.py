"""The words at a step: each is a number of the Report or a field of the layer, never typed."""

from __future__ import annotations

from archcalc.analysis.layer_report import LayerReport
from archcalc.errors import printable
from archcalc.layers._base import Volume
from archcalc.views.diagram.structure.steps import Step
from archcalc.views.tables.folding import describe
from archcalc.views.units import rounded

LONGEST = 28
"""Characters of a name before its middle is left out."""

QUANTITIES = {"params": "parameters", "mult_adds": "multiply-adds", "activations": "activations"}


def name(step: Step) -> str:
    """What the step is called: its own name, without the blocks around it."""
    return short(step.head.node.name if step.layers and not step.block else step.name)


def kind(step: Step) -> str:
    """Kind and fields as a paper's table names them."""
    if step.input is not None:
        return "input"
    if step.block:
        return short(step.block.op)
    return describe(step.head).replace("_", " ")


def shape(volume: Volume) -> str:
    """C×H×W."""
    return str(volume)


def field_of(layer: LayerReport) -> str:
    """The receptive field in words: 7×7, or why there is none."""
    sizes = layer.receptive_field.size
    if not sizes or None in sizes:
        return "field: whole input" if layer.receptive_field.status == "whole input" else "field: not one size"
    return f"field {'×'.join(map(str, sizes))}"


def lines(step: Step, show: tuple[str, ...]) -> list[str]:
    """The lines of a step's label, in the order of `show`."""
    if step.elided:
        return [
            f"… {step.elided:,} steps …",
            f"{rounded(step.sum('params'))} parameters",
            f"{rounded(step.sum('mult_adds'))} multiply-adds",
        ]
    found = []
    for what in show:
        if what == "name":
            found.append(name(step))
        elif what == "kernel":
            found.append(kind(step))
        elif what == "shape":
            found.append(shape(step.output))
        elif what == "rf" and step.layers:
            found.append(field_of(step.layers[-1]))
        elif what == "params" and step.sum("params"):
            found.append(f"{rounded(step.sum('params'))} params")
        elif what == "macs" and step.sum("mult_adds"):
            found.append(f"{rounded(step.sum('mult_adds'))} macs")
    return list(dict.fromkeys(found)) or [kind(step)]


def title(step: Step) -> str:
    """The whole of it, for a pointer resting on the step."""
    if step.input is not None:
        return printable(f"{step.name}: {step.output}")
    layers = " → ".join(dict.fromkeys(layer.op for layer in step.layers[:6]))
    return printable(
        f"{step.name}: {layers}, output {step.output}, {step.sum('params'):,} parameters, "
        f"{step.sum('mult_adds'):,} multiply-adds"
    )


def short(text: str, longest: int = LONGEST) -> str:
    """Text of a description as it can be shown: control characters as pictures, the middle of a long one left out."""
    text = printable(text)
    return text if len(text) <= longest else f"{text[: longest // 2]}…{text[-(longest // 2 - 1) :]}"

"""Labels of steps, generated from the Report: its numbers and the fields of the layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archcalc.errors import printable
from archcalc.views.diagram.structure.step import Step
from archcalc.views.folded_field import folded_field
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
        return abbreviated(step.name)
    if step.block:
        return abbreviated(step.block.op)
    if step.elided:
        return count_of(step.left_out)
    return describe(step.head).replace("_", " ")


def receptive_field_label(step: Step) -> str:
    """The receptive field of the layer whose output is shown, of several copies first…last: field 7×7."""
    text = folded_field([copy.shown.receptive_field for copy in (step.copies or (step,))])
    return f"field {text}" if text[0].isdigit() else f"field: {text}"


def count_of(steps: Sequence[Step]) -> str:
    """Their number in words: 24 steps."""
    return f"{len(steps):,} step{'s' * (len(steps) != 1)}"


def label_lines(step: Step, show: tuple[str, ...], name: str = "") -> list[str]:
    """The lines of a step's label: what `show` names, in its order; counts are those of one copy.

    `name` is shown instead of the step's own.
    """
    if step.elided:
        return [*_left_out(step)]
    # A block has its name even where names are not shown: its kind alone is none.
    texts = label_texts(step, ("name",) * bool(step.block or step.called) + show, name)
    return list(dict.fromkeys(texts)) or [step_kind(step)]


def label_texts(step: Step, show: tuple[str, ...], name: str = "") -> list[str]:
    """The texts for what `show` names; nothing for a count that is 0. `name` is shown instead of the step's own."""
    each = _each(step)
    texts = []
    for label in show:
        if label == "name":
            texts.append(name or step_name(step))
        elif label == "kernel":
            texts.append(step_kind(step))
        elif label == "shape":
            texts.append(str(step.output))
        elif label == "rf" and step.layers:
            texts.append(receptive_field_label(step))
        elif label == "params" and step.sum("params"):
            texts.append(f"{_rounded(step, 'params')} params{each}")
        elif label == "macs" and step.sum("mult_adds"):
            texts.append(f"{_rounded(step, 'mult_adds')} mult-adds{each}")
    return texts


def counts(show: tuple[str, ...]) -> tuple[str, ...]:
    """The labels among `show` that are numbers of a layer: for styles that write name, kernel and shape in their own way."""
    return tuple(label for label in show if label in ("params", "macs", "rf"))


def _rounded(step: Step, quantity: str) -> str:
    return f"{step.words(quantity)}{rounded(step.sum(quantity))}"


def _each(step: Step) -> str:
    return " each" if step.times > 1 else ""


def _left_out(step: Step) -> Iterator[str]:
    each = _each(step)
    yield f"… {count_of(step.left_out)} …"
    inputs = sum(left.input is not None for left in step.left_out)
    if inputs:
        yield f"{inputs:,} of them inputs"
    yield f"{_rounded(step, 'params')} parameters{each}"
    yield f"{_rounded(step, 'mult_adds')} multiply-adds{each}"


def tooltip(step: Step) -> str:
    """Name, layers, output and counts of a step, for a tooltip; of several copies what each has."""
    if step.input is not None:
        return printable(f"{step.name}: {step.output}")
    layers = " → ".join(dict.fromkeys(layer.op for layer in step.layers[:6]))
    counts = ", ".join(f"{step.words(name)}{step.sum(name):,} {QUANTITIES[name]}" for name in ("params", "mult_adds"))
    with_hidden = f", with {count_of(step.hidden)} that are not drawn" if step.hidden else ""
    each = f"; {step.times:,} of them, these numbers each" if step.times > 1 else ""
    return printable(f"{step.name}: {layers}, output {step.output}, {counts}{with_hidden}{each}")


def abbreviated(text: str, max_length: int = MAX_NAME) -> str:
    """Text of a description for a figure: control characters as pictures, at most `max_length` characters."""
    text = printable(text)
    return text if len(text) <= max_length else f"{text[: max_length // 2]}…{text[-(max_length // 2 - 1) :]}"

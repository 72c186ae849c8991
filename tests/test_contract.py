"""What every layer kind owes: a page, an example, tests of its own, and one rule that holds in every arithmetic."""

from __future__ import annotations

import re
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ConfigDict, TypeAdapter

from archcalc.analysis.misfit import as_symbols
from archcalc.arithmetic.notation import LATEX
from archcalc.arithmetic.term import Term
from archcalc.arithmetic.variants import VariantArray, VariantFraction, as_variants
from archcalc.description.binding import BindError, bind, bind_variants
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, Volume, field_default, field_types, required_fields
from archcalc.layers._types import expects
from tests import reread
from tests.samples import Sample, rows, samples
from tests.support import computed, refusals

HERE = Path(__file__).parent
EVERY = pytest.mark.parametrize("op", kinds())


def kind_of(op: str) -> type[Layer]:
    kind = find(op)
    assert kind is not None
    return kind


# -- pages --------------------------------------------------------------------------------------------------------------


@EVERY
def test_has_a_page(op: str) -> None:
    kind = kind_of(op)
    text = kind.__dict__.get("__doc__") or ""
    for heading in ("Counts", "Sources"):
        assert re.search(rf"^    {heading}$", text, re.MULTILINE), f"the docstring of {op} lacks the heading {heading}"
    sources = text.partition("Sources")[2].strip()
    assert re.search(r"\b(19|20)\d\d\b|documentation", sources), f"{op}: name at least one publication under Sources"
    assert kind.__dict__.get("summary"), f"{op} lacks a summary: one line, for lists"
    assert "\n" not in kind.summary
    assert not kind.summary.endswith("."), f"{op}: a summary is no sentence"


@EVERY
def test_example_works(op: str) -> None:
    example = kind_of(op).example
    assert set(example) == {"inputs", "fields"}, f"{op} needs an example of inputs and fields"
    assert computed(op, example["inputs"], example["fields"]).output


@EVERY
def test_every_field_says_what_it_wants(op: str) -> None:
    kind = kind_of(op)
    for name, held in field_types(kind).items():
        assert expects(held), f"{op}.{name}: say what it holds"
        if name not in required_fields(kind):
            default = field_default(kind, name)
            kept = TypeAdapter(held, config=ConfigDict(strict=True)).validate_python(default)
            assert kept == default, f"{op}.{name}: the default is refused by its own field"


@EVERY
def test_has_tests_of_its_own(op: str) -> None:
    path = HERE / "layers" / f"test_{op}.py"
    assert path.exists(), f"write {path.relative_to(HERE.parent)}: CASES with their source in a comment, and REFUSED"
    text = path.read_text(encoding="utf-8")
    assert re.search(r"# .*\b(19|20)\d\d\b", text) or "PyTorch documentation" in text or "the lecture" in text.lower(), (
        f"{path.name}: name the source of at least one row in a comment"
    )
    assert rows(op), f"{path.name} has no rows"
    module = __import__(f"tests.layers.test_{op}", fromlist=["REFUSED"])
    assert module.REFUSED, f"{path.name} has no refusals"


def test_tests_of_kinds_that_are_gone() -> None:
    left = {path.stem.removeprefix("test_") for path in (HERE / "layers").glob("test_[!_]*.py")} - set(kinds())
    assert not left, f"these kinds are gone, their tests are still there: {sorted(left)}"


# -- one rule, every arithmetic -------------------------------------------------------------------------------------------


def numbers(layer: Layer, volumes: tuple[Volume, ...]) -> dict[str, Any]:
    """Every number of a layer under its name, in the arithmetic of its volumes."""
    y = layer.output(*volumes)
    found = {f"output {axis}": size for axis, size in enumerate(y)}
    for name in ("weights", "biases", "params", "buffers"):
        found[name] = getattr(layer, name)(*volumes)
    found["neurons"] = layer.neurons(y)
    for name in ("connection_count", "taps"):
        found[name] = getattr(layer, name)(y, *volumes)
    return found | {f"tally {name}": count for name, count in layer.tallies(y, *volumes).items()}


def for_all(op: str, agrees: Any, least: int) -> None:
    """Check a property on random samples; it returns how many valid layers it saw, which must not be too few."""
    seen = 0

    @settings(max_examples=20)
    @given(samples(op))
    def holds(sample: Sample) -> None:
        nonlocal seen
        seen += agrees(sample)

    holds()
    assert seen >= least, f"{op}: only {seen} valid layers were tried; make its rows easier to vary"


def valid(sample: Sample) -> list[tuple[list[list[int]], dict[str, Any]]]:
    pairs = zip(sample.inputs, sample.fields, strict=True)
    return [(inputs, fields) for inputs, fields in pairs if not refusals(sample.op, inputs, fields)]


@EVERY
def test_symbolic_is_plain_and_reads_back(op: str) -> None:
    """The symbolic sum has the plain value, and what it prints comes to the same: in numbers, in names, in LaTeX."""

    def agrees(sample: Sample) -> int:
        found = valid(sample)
        for inputs, fields in found:
            layer = bind(kind_of(op), fields)
            volumes = tuple(Volume(x) for x in inputs)
            symbolic, symbols = as_symbols(layer, volumes)
            plain = numbers(layer, volumes)
            for name, number in numbers(symbolic, symbols).items():
                assert int(number) == plain[name], f"{op} {fields} {inputs}: {name} differs when it is symbolic"
                if isinstance(number, Term):
                    _reads_back(number, f"{op} {fields} {inputs}: {name}")
            for mine, theirs in zip(layer.requirements(*volumes), symbolic.requirements(*symbols), strict=True):
                assert (int(mine[0]), int(mine[2])) == (int(theirs[0]), int(theirs[2]))
        return len(found)

    for_all(op, agrees, 15)


def _reads_back(number: Term, where: str) -> None:
    symbols: dict[str, int] = {}
    stack = [number]
    while stack:
        term = stack.pop()
        stack += term.args
        if term.name:
            assert symbols.setdefault(term.name, term.value) == term.value, (
                f"{where}: {term.name} stands for {symbols[term.name]} and for {term.value} in one sum; tell them apart"
            )
    for text, read in (
        (number.text(), reread.value),
        (number.text(names=True), reread.value),
        (number.text(notation=LATEX), reread.latex_value),
        (number.text(names=True, notation=LATEX), reread.latex_value),
    ):
        assert read(text, symbols) == number.value, f"{where}: printed {text}, which is not {number.value}"
    assert number.steps()[-1] == f"{number.value:,}".replace("-", "−")


@EVERY
def test_array_is_plain(op: str) -> None:
    """Every entry of the array evaluation is the plain number; what plainly is refused is masked out, and only that."""

    def agrees(sample: Sample) -> int:
        layer, masks = _over_variants(sample)
        volumes = tuple(
            Volume(
                VariantArray.of([variant[at][axis] for variant in sample.inputs]) for axis in range(len(sample.inputs[0][at]))
            )
            for at in range(len(sample.inputs[0]))
        )
        masks += [as_variants(left).compare(relation, right) for left, relation, right, _ in layer.requirements(*volumes)]
        found = numbers(layer, volumes)
        masks += [as_variants(size).values >= 1 for name, size in found.items() if name.startswith("output")]
        fits = [all(bool(_entry(mask, at, len(sample.inputs))) for mask in masks) for at in range(len(sample.inputs))]
        for at, (inputs, fields) in enumerate(zip(sample.inputs, sample.fields, strict=True)):
            why = refusals(op, inputs, fields)
            assert fits[at] == (not why), f"{op} {fields} {inputs}: the mask says {fits[at]}, the plain rule {why}"
            if fits[at]:
                plain = numbers(bind(kind_of(op), fields), tuple(Volume(x) for x in inputs))
                for name, number in found.items():
                    got = int(_entry(as_variants(number).values, at, len(sample.inputs)))
                    assert got == plain[name], f"{op} {fields} {inputs}: {name} is {plain[name]}, in the array {got}"
        return sum(fits)

    for_all(op, agrees, 15)


def _over_variants(sample: Sample) -> tuple[Layer, list[Any]]:
    merged = {name: _merge([fields[name] for fields in sample.fields]) for name in sample.fields[0]}
    return bind_variants(kind_of(sample.op), merged)


def _merge(values: list[Any]) -> Any:
    """One value per variant as one value over the variants."""
    if isinstance(values[0], list):
        return [_merge(list(parts)) for parts in zip(*values, strict=True)]
    if any(value != values[0] for value in values):
        return VariantFraction.of(values)
    return values[0]


def _entry(values: Any, at: int, variants: int) -> Any:
    return np.broadcast_to(values, (variants,))[at]


@EVERY
def test_weights_and_biases_are_the_params(op: str) -> None:
    def agrees(sample: Sample) -> int:
        found = valid(sample)
        for inputs, fields in found:
            counts = computed(op, inputs, fields)
            assert counts.params == counts.weights + counts.biases
            shapes = counts.layer.weight_shapes(*counts.inputs)
            assert sum(map(prod, shapes)) == counts.weights, f"{op} {fields} {inputs}: its tensors are {shapes}"
            assert all(count >= 0 for count in counts.tallies.values()), f"{op}: a tally below 0: {counts.tallies}"
            assert counts.mult_adds == counts.tallies.get("multiply_adds", 0)
        return len(found)

    for_all(op, agrees, 15)


@given(st.text(max_size=30))
@settings(max_examples=50)
def test_only_kinds_are_found(text: str) -> None:
    assert find(text) is None or text in kinds()


@pytest.mark.parametrize("name", ["_base", "_window", "__init__", "os", "..conv", "conv.py", "Conv", ""])
def test_what_is_no_kind(name: str) -> None:
    assert find(name) is None


@EVERY
def test_an_unknown_field_is_refused(op: str) -> None:
    with pytest.raises(BindError, match="no_such_field"):
        bind(kind_of(op), {**rows(op)[0].fields, "no_such_field": 1})

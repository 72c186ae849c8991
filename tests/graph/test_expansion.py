"""Blocks, repeats, conditions, names: what a description expands to; and what hostile ones cannot do."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest

from archcalc.description.expressions import Expression
from archcalc.description.model import Entry
from archcalc.description.reader import read_document
from archcalc.description.source import Source
from archcalc.errors import ArchcalcError
from archcalc.graph import Group, Limits, Node, build_graph
from tests.support import calls_of, describe, errors_of, graph_of, report_of


def ids(text: str, **options: Any) -> list[str]:
    return [node.id for node in graph_of(text, **options).nodes]


def widths(text: str, **options: Any) -> list[int]:
    """The channels behind each layer."""
    return [layer.output[0] for layer in report_of(text, **options).layers]


HEAD = "archcalc: 1\ninput: {shape: [3, 8, 8]}\n"
UNIT = """
blocks:
  unit:
    arguments: {c: required, k: 3}
    layers:
      - {id: conv, op: conv, out_channels: c, kernel_size: k, padding: same}
      - {op: relu}
"""


# -- names ------------------------------------------------------------------------------------------------------------------


def test_ids_are_made_from_the_kind_and_a_counter() -> None:
    assert ids(
        describe([3], {"op": "relu"}, {"op": "tanh"}, {"op": "relu"}, {"id": "relu3", "op": "relu"}, {"op": "relu"})
    ) == ["relu1", "tanh1", "relu2", "relu3", "relu4"]


def test_ids_nest() -> None:
    text = (
        HEAD
        + UNIT
        + """
  pair: {arguments: {c: required}, layers: [{id: a, op: unit, c: c}, {id: b, op: unit, c: 2*c, repeat: 2}]}
layers:
  - {id: stage, op: pair, c: 4}
  - {op: pair, c: 5}
"""
    )
    assert ids(text) == [
        "stage.a.conv",
        "stage.a.relu1",
        "stage.b.1.conv",
        "stage.b.1.relu1",
        "stage.b.2.conv",
        "stage.b.2.relu1",
        "pair1.a.conv",
        "pair1.a.relu1",
        "pair1.b.1.conv",
        "pair1.b.1.relu1",
        "pair1.b.2.conv",
        "pair1.b.2.relu1",
    ]


@pytest.mark.parametrize(
    "layer",
    [
        "{id: '', op: relu}",
        "{id: a.b, op: relu}",
        "{id: input, op: relu}",
        "{id: " + "x" * 201 + ", op: relu}",
        "{id: [a], op: relu}",
        "{id: {a: b}, op: relu}",
    ],
)
def test_ids_that_cannot_be(layer: str) -> None:
    assert "ARC11" in errors_of(HEAD + f"layers:\n  - {layer}\n")


def test_an_id_is_there_once() -> None:
    assert "ARC116" in errors_of(describe([3], {"id": "a", "op": "relu"}, {"id": "a", "op": "tanh"}))


def test_the_same_id_in_two_blocks_is_fine() -> None:
    text = HEAD + UNIT + "layers: [{id: a, op: unit, c: 2}, {id: b, op: unit, c: 2}]\n"
    assert {"a.conv", "b.conv"} <= set(ids(text))


# -- reading other layers ---------------------------------------------------------------------------------------------------


def test_a_layer_reads_the_one_before_it_or_what_it_names() -> None:
    graph = graph_of(
        HEAD
        + """
layers:
  - {id: a, op: relu}
  - {id: b, op: tanh}
  - {id: c, op: sigmoid, inputs: a}
  - {id: d, op: concat, inputs: [a, b, c, input]}
"""
    )
    assert [node.sources for node in graph.nodes] == [(-1,), (0,), (0,), (0, 1, 2, -1)]


def test_forward_references_are_put_in_order() -> None:
    graph = graph_of(
        HEAD
        + """
layers:
  - {id: last, op: add, inputs: [right, left]}
  - {id: left, op: relu, inputs: [input]}
  - {id: right, op: tanh, inputs: [left]}
"""
    )
    assert [node.id for node in graph.nodes] == ["left", "right", "last"]
    assert graph.nodes[2].sources == (1, 0)


def test_places_inside_blocks_and_copies_can_be_read() -> None:
    text = (
        HEAD
        + UNIT
        + """
layers:
  - {id: stage, op: unit, c: 4, repeat: 3}
  - {id: first, op: relu, inputs: [stage.1.conv]}
  - {id: copy, op: relu, inputs: [stage.2]}
  - {id: whole, op: relu, inputs: [stage]}
"""
    )
    graph = graph_of(text)
    names = [node.id for node in graph.nodes]
    read = {node.id: names[node.sources[0]] for node in graph.nodes if node.id in ("first", "copy", "whole")}
    assert read == {"first": "stage.1.conv", "copy": "stage.2.relu1", "whole": "stage.3.relu1"}


def test_a_block_reads_several_inputs() -> None:
    text = (
        HEAD
        + """
blocks:
  merge: {inputs: [input, skip], layers: [{id: t, op: tanh}, {op: concat, inputs: [t, skip]}]}
layers:
  - {id: a, op: conv, out_channels: 5, kernel_size: 1}
  - {op: merge, inputs: [a, input]}
"""
    )
    assert widths(text) == [5, 5, 8]


def test_several_network_inputs() -> None:
    text = """
archcalc: 1
inputs: {image: {shape: [3, 8, 8]}, mask: {shape: [1, 8, 8]}}
layers:
  - {op: concat, inputs: [image, mask]}
  - {op: multiply, inputs: [image, mask]}
"""
    assert widths(text) == [4, 3]
    assert [node.sources for node in graph_of(text).nodes] == [(-1, -2), (-1, -2)]


@pytest.mark.parametrize(
    ("layers", "fragment"),
    [
        ("[{id: a, op: relu, inputs: [b]}, {id: b, op: relu, inputs: [a]}]", "→ a →"),
        ("[{id: a, op: relu, inputs: [a]}]", "a → a"),
        ("[{id: a, op: add, inputs: [input, c]}, {id: b, op: relu}, {id: c, op: tanh}]", "cycle"),
        ("[{id: a, op: relu, inputs: [nowhere]}]", "there is no layer nowhere"),
        ("[{id: conv1, op: relu}, {id: b, op: relu, inputs: [conv_1]}]", "did you mean conv1"),
        ("[{id: a, op: relu}, {id: b, op: relu, inputs: [a.x]}]", "there is no layer a.x"),
        ("[{id: a, op: relu}, {id: b, op: relu, inputs: [inputs]}]", "did you mean input"),
        ("[{id: a, op: relu, inputs: []}]", "inputs"),
    ],
)
def test_references_that_lead_nowhere(layers: str, fragment: str) -> None:
    assert fragment in errors_of(HEAD + f"layers: {layers}\n")


# -- repeat and when --------------------------------------------------------------------------------------------------------


def test_repeat_chains_the_copies() -> None:
    text = describe([3], {"id": "fc", "op": "linear", "out_features": "2*in_channels", "repeat": 4})
    assert ids(text) == ["fc.1", "fc.2", "fc.3", "fc.4"]
    assert widths(text) == [6, 12, 24, 48], "each copy reads the one before it"


@pytest.mark.parametrize("times", [0, "n", "n - n"])
def test_repeated_not_at_all(times: Any) -> None:
    text = describe(
        [3],
        {"op": "relu"},
        {"id": "gone", "op": "linear", "out_features": 9, "repeat": times},
        {"op": "tanh"},
        variables={"n": 0},
    )
    assert widths(text) == [3, 3], "what follows reads what stood before"


def test_when() -> None:
    text = describe([3], {"op": "linear", "out_features": 5, "when": "deep"}, {"op": "relu"}, variables={"deep": "true"})
    assert widths(text) == [5, 5]
    assert widths(text, variables={"deep": False}) == [3]


def test_a_dropped_layer_stands_for_its_input() -> None:
    text = (
        HEAD
        + """
variables: {project: false}
layers:
  - {id: main, op: conv, out_channels: 3, kernel_size: 1}
  - {id: shortcut, op: conv, inputs: [input], out_channels: 3, kernel_size: 1, when: project}
  - {id: sum, op: add, inputs: [main, shortcut]}
"""
    )
    assert graph_of(text).nodes[-1].sources == (0, -1), "the identity shortcut"


@pytest.mark.parametrize(
    ("field", "value", "fragment"),
    [
        ("repeat", -1, "repeat is an integer"),
        ("repeat", "1.5", "repeat is an integer"),
        ("repeat", "true", "repeat"),
        ("repeat", "many", "there is no variable or argument many"),
        ("repeat", "in_channels", "structure"),
        ("when", "3", "when is true or false"),
        ("when", "maybe", "there is no variable or argument maybe"),
        ("when", "in_channels > 3", "structure"),
        ("when", "yes", "truth value"),
    ],
)
def test_structure_that_cannot_be(field: str, value: Any, fragment: str) -> None:
    assert fragment in errors_of(describe([3], {"op": "relu", field: value}))


# -- blocks, arguments, variables -------------------------------------------------------------------------------------------


def test_arguments_hide_variables_and_have_defaults() -> None:
    text = """
archcalc: 1
variables: {c: 10, d: 20}
input: {shape: [3]}
blocks:
  pair: {arguments: {c: required, e: c + d}, layers: [{op: linear, out_features: c}, {op: linear, out_features: e}]}
layers:
  - {op: pair, c: 1}
  - {op: pair, c: 2, e: 5}
  - {op: linear, out_features: c}
"""
    assert widths(text) == [1, 21, 2, 5, 10]


def test_in_channels_in_an_argument_is_that_of_the_block() -> None:
    text = """
archcalc: 1
input: {shape: [3]}
blocks:
  grow: {arguments: {c: in_channels}, layers: [{op: linear, out_features: 2*in_channels}, {op: linear, out_features: c + 1}]}
layers: [{op: grow, repeat: 2}, {op: grow, c: 10*in_channels}]
"""
    assert widths(text) == [6, 4, 8, 5, 10, 51]


def test_words_as_arguments() -> None:
    text = (
        HEAD
        + """
blocks:
  up: {arguments: {mode: nearest}, layers: [{op: upsample, scale_factor: 2, mode: mode}]}
layers: [{op: up}, {op: up, mode: bilinear}]
"""
    )
    assert [layer.counts.layer.mode for layer in report_of(text).layers] == ["nearest", "bilinear"]


def test_lists_as_arguments() -> None:
    text = HEAD + UNIT + "layers: [{op: unit, c: 2, k: [1, 3]}]\n"
    assert report_of(text).totals.params == 2 * (3 * 3) + 2


def test_variables_build_on_each_other() -> None:
    text = describe(["a"], {"op": "linear", "out_features": "b"}, variables={"a": 4, "b": "2*a", "c": "b*b"})
    graph = graph_of(text, variables={"a": 5})
    assert graph.variables == {"a": 5, "b": 10, "c": 100}
    assert widths(text, variables={"b": 3}) == [3]


def test_an_input_from_outside_sets_the_variable_that_forms_an_axis() -> None:
    text = describe(
        [3, "resolution", "resolution"],
        {"op": "conv", "out_channels": "resolution", "kernel_size": 1},
        variables={"resolution": 8},
    )
    assert widths(text, input=[3, 32, 32]) == [32]
    assert list(report_of(text, input=[1, 16, 16]).inputs["input"]) == [1, 16, 16]


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        ({"variables": {"aplha": 1}}, "did you mean alpha"),
        ({"input": [3, 8]}, "--input has 2 sizes"),
        ({"input": [3, 8, 0]}, "not an integer ≥ 1"),
        ({"variables": {"alpha": "beta"}}, ""),
    ],
)
def test_settings_that_do_not_fit(options: dict[str, Any], fragment: str) -> None:
    text = describe([3, 8, 8], {"op": "conv", "out_channels": "8*alpha", "kernel_size": 1}, variables={"alpha": 1})
    assert fragment in errors_of(text, **options)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("blocks: {b: {layers: []}}\nlayers: [{op: b}]", "block b has no layers"),
        ("blocks: {b: {}}\nlayers: [{op: b}]", "block b has no layers"),
        ("blocks: {b: 3}\nlayers: [{op: b}]", "is a mapping"),
        ("blocks: {b: {arguments: {c: required}, layers: [{op: relu}]}}\nlayers: [{op: b}]", "block b needs c"),
        ("blocks: {b: {layers: [{op: relu}]}}\nlayers: [{op: b, c: 3}]", "block b has no argument c"),
        ("blocks: {b: {layers: [{op: relu}]}}\nlayers: [{op: B}]", "there is no layer kind or block B"),
        ("blocks: {b: {inputs: [x, y], layers: [{op: add, inputs: [x, y]}]}}\nlayers: [{op: b}]", "reads 2 (x, y), not 1"),
        ("blocks: {b: {layers: [{op: b}]}}\nlayers: [{op: b}]", "contains itself"),
        ("blocks: {a: {layers: [{op: b}]}, b: {layers: [{op: a}]}}\nlayers: [{op: b}]", "contains itself"),
        ("blocks: {1b: {layers: [{op: relu}]}}\nlayers: [{op: 1b}]", "is not a name"),
        ("variables: {in_channels: 3}\nlayers: [{op: relu}]", "is reserved"),
        ("variables: {max: 3}\nlayers: [{op: relu}]", "is reserved"),
        ("variables: {a: b + 1, b: a}\nlayers: [{op: relu}]", "variable a"),
        ("variables: [a]\nlayers: [{op: relu}]", "variables is a mapping"),
        ("layers: {op: relu}", "layers are a list"),
        ("layers: []", "has no layers"),
        ("layers: relu", "layers are a list"),
        ("layers: [relu]", "a layer is a mapping"),
        ("layers: [{}]", "has no op"),
        ("name: x", "has no layers"),
        ("layers: [{op: [relu]}]", "a single text"),
        ("layers: [{op: relu}]\nlayer: 3", "did you mean layers"),
        ("frozen: [x*]\nlayers: [{op: relu}]", "no layer matches"),
    ],
)
def test_descriptions_that_cannot_be(text: str, fragment: str) -> None:
    reported = errors_of(HEAD + text + "\n")
    assert fragment in reported
    assert "net.yaml:" in reported


# -- bounds -----------------------------------------------------------------------------------------------------------------


NESTED = "blocks:\n" + "".join(f"  b{at}: {{layers: [{{op: b{at + 1}}}, {{op: b{at + 1}}}]}}\n" for at in range(40))
DEEP = "blocks:\n" + "".join(f"  b{at}: {{layers: [{{op: b{at + 1}}}]}}\n" for at in range(70))
BOUNDS = [
    ("layers: [{op: relu, repeat: 1000000000}]", "more than 2,000 layers"),
    ("blocks: {b: {layers: [{op: relu, when: false, repeat: 9}]}}\nlayers: [{op: b, repeat: 100000000}]", "more than"),
    ("blocks: {b: {layers: [{op: relu, repeat: 0}]}}\nlayers: [{op: b, repeat: 100000000}]", "more than"),
    (f"{NESTED}  b40: {{layers: [{{op: relu}}]}}\nlayers: [{{op: b0}}]", "more than"),
    (f"{DEEP}  b70: {{layers: [{{op: relu}}]}}\nlayers: [{{op: b0}}]", "nest more than 64"),
    (f"layers: [{{id: a, op: relu}}, {{op: concat, inputs: [{'a,' * 200}a], repeat: 1999}}]", "connections between"),
]


@pytest.mark.parametrize(("text", "fragment"), BOUNDS, ids=[fragment for _, fragment in BOUNDS])
def test_bounds(text: str, fragment: str) -> None:
    began = time.process_time()
    assert fragment in errors_of(HEAD + text + "\n", limits=Limits(layers=2_000, edges=20_000))
    assert time.process_time() - began < 5


def test_the_usual_bounds() -> None:
    """More than any network there is, and less than fills a computer."""
    assert (Limits().layers, Limits().nesting, Limits().edges) == (200_000, 64, 2_000_000)


def test_arguments_that_would_double_at_each_level() -> None:
    """c: c + c through 40 nested blocks is 2⁴⁰ sums if it is worked out name by name; it must end soon."""
    blocks = {
        f"b{at}": {"arguments": {"c": "required"}, "layers": [{"op": f"b{at + 1}", "c": "c + c - c"}]} for at in range(40)
    }
    blocks["b40"] = {"arguments": {"c": "required"}, "layers": [{"op": "linear", "out_features": "c"}]}
    began = time.process_time()
    text = describe([3], {"op": "b0", "c": "in_channels + 1"}, blocks=blocks)
    try:
        assert widths(text) == [4]
    except ArchcalcError as error:
        assert str(error)
    assert time.process_time() - began < 5


def test_limits_are_options() -> None:
    text = describe([3], {"op": "relu", "repeat": 30})
    assert len(ids(text, limits=Limits(layers=30))) == 30
    assert "more than 29 layers" in errors_of(text, limits=Limits(layers=29))


def test_chains_have_no_depth_limit() -> None:
    """20,000 layers in a row, each named by the next: nothing recurses over layers."""
    layers = [{"id": f"l{at}", "op": "relu", "inputs": [f"l{at - 1}" if at else "input"]} for at in range(20_000)]
    report = report_of(describe([3], *layers))
    assert len(report.layers) == 20_000
    assert report.totals.tallies == {"comparisons": 60_000}


def test_dropped_layers_in_a_long_row() -> None:
    """8,000 dropped layers that name each other are one place."""
    layers = [{"id": f"l{at}", "op": "relu", "when": False, "inputs": [f"l{at + 1}"]} for at in range(8_000)]
    text = describe([3], *layers, {"id": "l8000", "op": "tanh", "inputs": ["input"]}, {"op": "relu", "inputs": ["l0"]})
    assert [node.sources for node in graph_of(text).nodes] == [(-1,), (0,)]


# -- words and expressions as arguments ----------------------------------------------------------------------------------

STEP = """\
archcalc: 1
variables: {{k: 5, width: 8, mode: max{more}}}
input: {{shape: [3, 16, 16]}}
blocks:
  step:
    arguments: {{out: 4, size: 1, pad: same, act: none}}
    layers:
      - {{id: c, op: conv, out_channels: out, kernel_size: size, padding: pad, bias: false}}
      - {{id: r, op: relu, when: act == 'relu-6'}}
layers:
  - {{id: s, op: step, {arguments}}}
"""


@pytest.mark.parametrize(
    ("arguments", "params", "layers"),
    [
        ("out: k-1", 4 * 3, 1),  # an expression as in a field of a kind, with spaces or without
        ("out: k - 1", 4 * 3, 1),
        ("out: k-k+2", 2 * 3, 1),
        ("size: k-2", 4 * 3 * 9, 1),
        ("out: in_channels-1", 2 * 3, 1),
        ("out: width, pad: valid", 8 * 3, 1),
        ("act: relu-6", 4 * 3, 2),  # no name in scope is in it: a word
        ("act: mode", 4 * 3, 1),
        ("size: '[1, 3]'", None, 1),
        ("size: [k-2, 1]", 4 * 3 * 3, 1),
    ],
)
def test_words_and_expressions(arguments: str, params: int | None, layers: int) -> None:
    text = STEP.format(arguments=arguments, more="")
    if params is None:
        assert "list is not allowed in an expression" in errors_of(text)
    else:
        report = report_of(text)
        assert (report.totals.params, len(report.layers)) == (params, layers)


@pytest.mark.parametrize(
    ("arguments", "line", "fragment"),
    [
        ("out: widht", 11, "out: there is no variable or argument widht; did you mean width?"),
        ("size: kk", 11, "size: there is no variable or argument kk; did you mean k?"),
        ("pad: smae", 11, "did you mean same?"),
        ("out: [widht]", 11, "there is no variable or argument widht"),
        ("out: k-widht", 11, "there is no variable or argument widht"),
        ("repeat: widht", 11, "there is no variable or argument widht"),
    ],
)
def test_a_misspelt_argument_is_reported_where_it_is_written(arguments: str, line: int, fragment: str) -> None:
    """Once, at the use, however often the block is used inside; never in the block."""
    errors = errors_of(STEP.format(arguments=arguments, more=""))
    assert errors.count("error[") == 1
    assert errors.startswith(f"net.yaml:{line}:")
    assert fragment in errors


@pytest.mark.parametrize(
    "use", ["out: w", "out: 2*w", "act: \"'x' if w > 2 else 'y'\"", "size: 'max(w, 1)'", "repeat: w", "when: w > 1"]
)
def test_a_variable_that_is_misspelt_is_reported_there(use: str) -> None:
    errors = errors_of(STEP.format(arguments=use, more=", w: widht"))
    assert errors.count("error[") == 1
    assert "did you mean width?" in errors


def test_a_word_is_handed_on_with_its_place() -> None:
    """Through two blocks and a default, to the use that wrote it: one error."""
    text = """\
archcalc: 1
input: {shape: [3, 16, 16]}
blocks:
  inner: {arguments: {n: required, half: n//2}, layers: [{op: conv, out_channels: half, kernel_size: 1}]}
  outer: {arguments: {m: 4}, layers: [{op: inner, n: m}, {op: relu}]}
layers:
  - {op: outer}
  - {op: outer, m: wide, repeat: 3}
"""
    errors = errors_of(text)
    assert errors.count("error[") == 1
    assert errors.startswith("net.yaml:8:")
    assert "there is no variable or argument wide" in errors


def test_a_missing_argument_that_is_misspelt_is_one_fault() -> None:
    text = STEP.replace("out: 4", "out: required").format(arguments="otu: 4", more="")
    errors = errors_of(text)
    assert errors.count("error[") == 1
    assert "ARC119" in errors
    assert "ARC134" in errors_of(STEP.replace("out: 4", "out: required").format(arguments="size: 4", more=""))


@pytest.mark.parametrize("name", list(Entry.model_fields))
def test_keys_of_every_layer_are_no_arguments(name: str) -> None:
    """Their list is the model's; an argument of that name could never be given."""
    text = f"""\
archcalc: 1
input: {{shape: [3]}}
blocks: {{b: {{arguments: {{{name}: 1}}, layers: [{{op: relu}}]}}}}
layers: [{{op: b}}]
"""
    errors = errors_of(text)
    assert errors.startswith("net.yaml:3:")
    assert f"'{name}' in arguments is a key that every layer may have" in errors


@pytest.mark.parametrize("name", ["true", "false", "True", "None", "null", "if", "lambda", "not", "ﬁ"])
def test_names_that_cannot_be_read(name: str) -> None:
    """Refused where they are defined: expressions have another meaning for them (ﬁ is fi to Python)."""
    assert "ARC123" in errors_of(f"archcalc: 1\nvariables: {{'{name}': 1}}\ninput: {{shape: [3]}}\nlayers: [{{op: relu}}]")


@pytest.mark.parametrize("name", ["on", "no", "y", "off", "yes", "n", "On", "truth", "nan", "match"])
def test_other_names_work(name: str) -> None:
    text = f"""\
archcalc: 1
variables: {{{name}: true}}
input: {{shape: [3]}}
blocks: {{b: {{arguments: {{{name}: false}}, layers: [{{op: linear, out_features: 3, bias: {name}}}]}}}}
layers:
  - {{op: linear, out_features: 3, bias: {name}, when: {name}}}
  - {{op: relu, when: not {name}}}
  - {{op: b}}
"""
    report = report_of(text)
    assert [layer.params for layer in report.layers] == [12, 9]


# -- a repeated mistake is looked into once ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layers",
    [
        "{op: conv, out_channels: 0, kernel_size: 1, repeat: 400}",
        "{op: conv, out_channels: 2*n, kernel_size: 1, repeat: 400}",
        "{op: conv, out_channels: in_channels - 3, kernel_size: 1, inputs: input}",
        "{op: b, m: n, repeat: 400}",
        "{op: b, repeat: 400}",
    ],
)
def test_copies_are_not_looked_into_one_by_one(layers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from archcalc.analysis import walk

    calls = []
    for name in ("bind", "refusals"):
        function = getattr(walk, name)
        monkeypatch.setattr(walk, name, lambda *args, function=function: calls.append(args) or function(*args))
    text = f"""\
archcalc: 1
variables: {{n: 0}}
input: {{shape: [3, 8, 8]}}
blocks: {{b: {{arguments: {{m: 1}}, layers: [{{op: conv, out_channels: m - m, kernel_size: 1, inputs: input}}]}}}}
layers: [{layers}]
"""
    assert errors_of(text).count("error[") == 1
    assert len(calls) <= 2


def test_equal_copies_have_one_scope() -> None:
    text = """\
archcalc: 1
input: {shape: [3, 8, 8]}
blocks: {b: {arguments: {m: 1, n: m + 1}, layers: [{op: conv, out_channels: n, kernel_size: 1}]}}
layers: [{op: b, repeat: 50}, {op: b, m: 2}, {op: b, m: in_channels, repeat: 3}]
"""
    nodes = graph_of(text).nodes
    assert len({id(node.scope) for node in nodes[:50]}) == 1
    assert len({id(node.scope) for node in nodes}) == 1 + 1 + 3, "what depends on a size is a copy's own"
    assert [layer.output[0] for layer in report_of(text).layers[-5:]] == [2, 3, 4, 5, 6]


def test_blocks_that_share_weights_are_tied_in_one_pass() -> None:
    """Each copy ties its own layers, also where blocks inside share with another one."""
    text = """\
archcalc: 1
input: {shape: [8]}
blocks:
  unit: {layers: [{op: linear, out_features: 8}]}
  pair: {layers: [{id: a, op: unit}, {id: b, op: unit, weights_of: a}]}
layers: [{id: first, op: pair}, {op: pair, repeat: 3, weights_of: first}]
"""
    nodes = graph_of(text).nodes
    assert [node.tied_to for node in nodes] == [None, 0, 0, 2, 0, 4, 0, 6]
    assert report_of(text).totals.params == 72


def test_a_list_with_expressions_is_short() -> None:
    """Each copy of a layer may evaluate it anew: 200 values, with those of lists inside; a list of numbers may be longer.

    A table of 15 rows, MobileNet v3's with its words, has 105.
    """
    values = ["k - 2"] + ["3"] * 199
    for size, more, sound in ((values, "", True), ([*values, "3"], "", False), (["[k, 3]", *values], "", False)):
        text = STEP.format(arguments=f"act: [{', '.join(size)}]", more=more)
        assert ("at most 200 values" in errors_of(text)) is not sound


BELOW = "k: b is declared below k, and a value names only what is above it"


@pytest.mark.parametrize(
    ("text", "settings", "sentence"),
    [
        ("variables: {k: b + 1, b: 1}", {}, f"variable {BELOW}"),
        ("variables: {k: b, b: 1}", {}, f"variable {BELOW}"),
        ("variables: {k: k}", {}, "variable k: k cannot be computed from itself"),
        ("variables: {k: 1}", {"k": Expression("k + 1")}, "variable k: k cannot be computed from itself"),
        ("variables: {k: 1}", {"k": Expression("in_channels")}, "variable k: in_channels is a size of one layer's input"),
        ("variables: {k: in_channels}", {}, "variable k: in_channels is a size of one layer's input"),
        ("variables: {k: floor}", {}, "k: there is no variable or argument floor; the function is called floor(…)"),
        ("variables: {k: my-size}", {}, "k: there is no variable or argument my-size\n"),
    ],
)
def test_no_way_out_is_one_that_is_refused(text: str, settings: dict[str, Any], sentence: str) -> None:
    """What is declared already, or cannot be declared, is never to be declared."""
    layers = "layers: [{op: conv, out_channels: 4, kernel_size: k}]\n"
    message = errors_of(f"{HEAD}{text}\n{layers}", variables=settings)
    assert message.count("error[") == 1
    assert sentence in message
    assert "declare it" not in message


def test_an_argument_names_only_those_above_it() -> None:
    text = "blocks: {b: {arguments: {k: b, b: 3}, layers: [{op: conv, out_channels: 4, kernel_size: k}]}}\nlayers: [{op: b}]\n"
    message = errors_of(HEAD + text)
    assert message.count("error[") == 1
    assert BELOW in message
    hidden = (
        "blocks: {b: {arguments: {k: b, b: 3}, layers: [{op: conv, out_channels: b, kernel_size: k}]}}\nlayers: [{op: b}]\n"
    )
    # The variable b, 1, is what k reads; inside, the argument hides it: 3 filters of 3×1×1 and 3 biases.
    assert report_of(f"{HEAD}variables: {{b: 1}}\n{hidden}").totals.params == 12


@pytest.mark.parametrize("value", ["w{} + 1", "w{}", "in_channels + {}"])
@pytest.mark.parametrize("place", ["variables", "arguments"])
def test_thousands_of_names_are_not_listed_for_each(place: str, value: str) -> None:
    """Each has its own value; with a list of all names for each, 3,000 would take 70 MB or more."""
    names = "".join(f"{{indent}}v{number}: {value.format(number)}\n" for number in range(3000))
    variables = f"variables:\n{names.format(indent='  ')}layers: [{{op: relu}}]\n"
    arguments = (
        f"blocks:\n  b:\n    arguments:\n{names.format(indent='      ')}    layers: [{{op: relu}}]\nlayers: [{{op: b}}]\n"
    )
    document, _ = read_document(Source("net.yaml", HEAD + (variables if place == "variables" else arguments)))
    tracemalloc.start()
    try:
        build_graph(document)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20e6


# -- blocks with the name of a kind -------------------------------------------------------------------------------------------


def test_a_block_goes_before_the_kind_of_its_name() -> None:
    text = HEAD + "blocks:\n  tanh: {arguments: {c: 2}, layers: [{op: conv, out_channels: c, kernel_size: 1}]}\n"
    report = report_of(text + "layers: [{id: a, op: tanh, c: 5}, {op: relu}]")
    assert [layer.id for layer in report.layers] == ["a.conv1", "relu1"]
    note = next(note for note in report.diagnostics if note.code == "ARC316")
    assert (note.severity, note.layer, note.mark.line) == ("note", "tanh", 4)
    assert "block tanh has no argument kernel_size" in errors_of(text + "layers: [{op: tanh, kernel_size: 1}]")
    assert "block relu contains itself" in errors_of(HEAD + "blocks: {relu: {layers: [{op: relu}]}}\nlayers: [{op: relu}]")


@pytest.mark.parametrize("name", ["id", "op", "inputs", "repeat", "when", "weights_of", "copy", "in_channels", "input", "len"])
def test_reserved_names_are_refused_where_arguments_are_defined(name: str) -> None:
    text = f"archcalc: 1\ninput: {{shape: [3]}}\nblocks:\n  b: {{arguments: {{{name}: 1}}, layers: [{{op: relu}}]}}\nlayers: [{{op: b}}]"
    errors = errors_of(text)
    assert f"error[ARC123] '{name}' in arguments" in errors
    assert errors.count("error[") == 1


DOUBLED = (
    "blocks:\n"
    + "".join(f"  b{level}: {{layers: [{{op: b{level + 1}}}, {{op: b{level + 1}}}]}}\n" for level in range(41))
    + "  b41: {layers: [{op: relu}]}\nlayers: [{op: b0}]\n"
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (DOUBLED, 46),
        ("blocks: {b: {layers: [{op: relu}, {op: relu}]}}\nlayers:\n  - {op: b, repeat: 100_001}\n", 5),
        ("variables: {n: 10**9}\nblocks: {b: {layers: [{op: relu}]}}\nlayers:\n  - {op: b, repeat: n}\n", 6),
        ("variables: {n: 10**9}\nlayers:\n  - {op: relu, repeat: n}\n", 5),
    ],
)
def test_too_many_layers_are_refused_before_they_are_made(text: str, line: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = calls_of(monkeypatch, "archcalc.graph.expansion.Node", Node)
    message = errors_of(HEAD + text)
    assert message.startswith(f"net.yaml:{line}:")
    assert "the network has more than 200,000 layers" in message
    assert message.count("error[") == 1
    assert len(made) <= 2


def test_blocks_that_multiply_without_a_layer_are_refused_before_they_are_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    """2**41 uses of a block whose only layer is dropped: a use is visited, and so is what is dropped."""
    made = calls_of(monkeypatch, "archcalc.graph.expansion.Group", Group)
    message = errors_of(HEAD + DOUBLED.replace("{op: relu}", "{op: relu, when: false}"))
    assert "the expansion has more than 400,000 layers and blocks, used or dropped" in message
    assert len(made) <= 2


def test_what_is_visited_is_not_overestimated() -> None:
    """A block, repeated 3 times, of a layer and a block of 2 layers: the entry, and for each copy it and 5 more inside."""
    text = HEAD + "blocks: {a: {layers: [{op: relu}, {op: relu, when: false}]}, b: {layers: [{op: relu}, {op: a}]}}\n"
    text += "layers: [{op: b, repeat: 3}]\n"
    assert len(graph_of(text, limits=Limits(layers=10)).nodes) == 6  # 1 + 3·6 = 19 visits of at most 20
    assert "more than 18 layers and blocks" in errors_of(text, limits=Limits(layers=9))


def test_the_most_layers_are_still_read() -> None:
    """A block of two, repeated 64 times: 128 layers, as many as the limit."""
    text = HEAD + "blocks: {b: {layers: [{op: relu}, {op: relu}]}}\nlayers: [{op: b, repeat: 64}]\n"
    assert len(graph_of(text, limits=Limits(layers=128)).nodes) == 128
    assert "more than 127 layers" in errors_of(text, limits=Limits(layers=127))


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("id: x1..2, weights_of: x2", "weights_of: x2 is one of x1..2"),
        ("id: x1..2, weights_of: x1", "weights_of: x1 is one of x1..2"),
        ("id: x, repeat: 2, weights_of: x.2", "weights_of: x.2 is x itself"),
        ("id: x5..6, weights_of: x5", "weights_of: x5 is one of x5..6"),
    ],
)
def test_copies_do_not_share_with_one_of_themselves(names: str, sentence: str) -> None:
    assert sentence in errors_of(HEAD + f"layers: [{{op: linear, out_features: 3, {names}}}]")


def test_copies_share_with_a_layer_whose_name_is_like_theirs() -> None:
    first = '{op: linear, out_features: "8", id: x1}'
    for name in ("x2..3", "xx1..2", "1..2"):
        text = f"archcalc: 1\ninput: {{shape: [8]}}\nlayers: [{first}, {{op: linear, out_features: 8, id: {name}, weights_of: x1}}]"
        assert report_of(text).totals.params == 72

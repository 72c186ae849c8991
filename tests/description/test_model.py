"""A description as a Pydantic model and as plain data: the same network as from the file, and the same errors."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import archcalc
from archcalc import Block, Description, DescriptionError, Entry, Input, analyze, load, read_description, sweep
from archcalc.claims.published.totals import published
from archcalc.description.data import NAME
from archcalc.description.source import read
from archcalc.errors import ArchcalcError, Mark
from archcalc.graph import Graph
from archcalc.views.diagram.option_section import options_of
from tests.networks import CLASSICS

INVALID = sorted((Path(__file__).parent.parent / "invalid").glob("*.yaml"))
NET: dict[str, Any] = {
    "archcalc": 1,
    "variables": {"alpha": 0.75},
    "input": {"shape": [3, 32, 32]},
    "layers": [{"op": "conv", "out_channels": "8*alpha", "kernel_size": 3}, {"id": "out", "op": "relu"}],
}


def network(graph: Graph) -> list[Any]:
    """Everything that a graph says about its layers."""
    return [
        (node.id, node.entry.op, repr(node.layer), node.sources, node.shape_sources, node.tied_to, node.entry.weights_of)
        for node in graph.nodes
    ] + [graph.inputs, graph.frozen, graph.name]


def assert_same(one: Graph, other: Graph) -> None:
    reports = [analyze(graph).to_dict() for graph in (one, other)]  # binds the fields that are expressions, too
    assert network(one) == network(other)
    for report in reports:
        for finding in report["findings"]:
            del finding["path"], finding["line"], finding["column"]
    assert reports[0] == reports[1]


def refusal(description: Any) -> str:
    with pytest.raises(ArchcalcError) as caught:
        analyze(load(description))
    return str(caught.value)


# -- one network, however it is given -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLASSICS)
def test_a_network_is_the_same_however_it_is_given(name: str) -> None:
    text = read(name).text
    data = yaml.safe_load(text)
    model = Description.model_validate(data)
    for description in (text, data, model, read_description(name), json.loads(json.dumps(data))):
        assert_same(load(name), load(description))


@pytest.mark.parametrize("name", CLASSICS)
@pytest.mark.parametrize("options", [{}, {"exclude_unset": True}, {"exclude_defaults": True}, {"exclude_none": True}], ids=str)
def test_what_a_description_dumps_is_the_same_network(name: str, options: dict[str, bool]) -> None:
    model = read_description(name)
    data = model.model_dump(**options)
    assert Description.model_validate(data) == model
    assert_same(load(name), load(data))
    dumped = model.model_dump_json(indent=1, **options)
    assert Description.model_validate_json(dumped) == model
    assert_same(load(name), load(dumped))


def test_a_path_may_be_an_object(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(json.dumps(NET))
    assert_same(load(path), load(str(path)))
    assert read_description(path) == Description.model_validate(NET)


def test_built_from_its_parts() -> None:
    built = Description(
        archcalc=1,
        inputs={"image": Input(shape=(3, 8, 8))},
        blocks={
            "twice": Block(
                arguments={"maps": "required"},
                layers=[Entry.model_validate({"op": "conv", "out_channels": "maps", "kernel_size": (3, 3), "padding": 1})],
            )
        },
        layers=[
            Entry.model_validate({"id": "twice", "op": "twice", "maps": 4, "repeat": 2}),
            Entry(op="add", inputs=["twice.1", "twice.2"]),
        ],
    )
    text = """
        archcalc: 1
        inputs: {image: {shape: [3, 8, 8]}}
        blocks:
          twice:
            arguments: {maps: required}
            layers: [{op: conv, out_channels: maps, kernel_size: [3, 3], padding: 1}]
        layers: [{id: twice, op: twice, maps: 4, repeat: 2}, {op: add, inputs: [twice.1, twice.2]}]
    """
    assert analyze(load(built)).layers[0].id == "twice.1.conv1"
    assert_same(load(built), load(text))
    assert_same(load({**built.model_dump(), "layers": built.layers}), load(built))


def test_a_description_can_be_changed() -> None:
    model = Description.model_validate(NET)
    model.layers.append(Entry(op="flatten"))
    model.variables["beta"] = 2
    graph = load(model)
    assert [node.entry.op for node in graph.nodes] == ["conv", "relu", "flatten"]
    assert graph.variables == {"alpha": Fraction(3, 4), "beta": 2}
    with pytest.raises(ValidationError):
        model.name = 3  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (0.1, Fraction(1, 10)),
        (Fraction(1, 3), Fraction(1, 3)),
        (Fraction(1, 4), Fraction(1, 4)),
        (7, 7),
        (1e-5, Fraction(1, 10**5)),
        (True, True),
        ("same", "same"),
        ("2*3", 6),
        (Fraction(6, 2), 3),
        (-0.5, Fraction(-1, 2)),
        (10**60 + 1, 10**60 + 1),
        (Fraction(10**70 + 1, 3), Fraction(10**70 + 1, 3)),
    ],
)
def test_values_are_exact(value: Any, exact: Any) -> None:
    data = {**NET, "variables": {"alpha": 1, "a": value}}
    for graph in (load(data), load(Description.model_validate(data))):
        assert graph.variables["a"] == exact
        assert type(graph.variables["a"]) is type(exact)
    through_json = Description.model_validate(data).model_dump_json(indent=1)
    assert load(through_json).variables["a"] == exact


@pytest.mark.needs("numpy")
def test_numbers_of_numpy() -> None:
    import numpy

    data = {**NET, "variables": {"alpha": numpy.float32(0.5)}, "input": {"shape": numpy.array([3, 32, 32])}}
    assert_same(load(data), load({**NET, "variables": {"alpha": 0.5}}))


def test_a_sweep_takes_what_load_takes() -> None:
    counts = [row.params for row in sweep(NET, {"alpha": [0.5, 1]}).rows]
    assert counts == [row.params for row in sweep(json.dumps(NET, indent=1), {"alpha": [0.5, 1]}).rows] == [4 * 28, 8 * 28]


def test_claims_and_figure_are_kept_as_they_are() -> None:
    claims = [{"quantity": "params", "printed": "1.234 M"}, {"of": ["a", "b"]}]
    figure = {"style": "volumes", "show": ["name", "shape"]}
    text = json.dumps({**NET, "claims": claims, "figure": figure}, indent=1)
    model = read_description(text)
    assert (model.claims, model.figure) == (claims, figure)
    assert_same(load(model), load(text))


# -- errors -------------------------------------------------------------------------------------------------------------


def plain(text: str) -> Any:
    """YAML as data, every value as its text; a key that is there twice is no data and raises."""

    def of(node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            pairs = [(key.value, of(value)) for key, value in node.value]
            assert len(dict(pairs)) == len(pairs)
            return dict(pairs)
        return [of(one) for one in node.value] if isinstance(node, yaml.SequenceNode) else node.value

    return of(yaml.compose(text, yaml.SafeLoader))


@pytest.mark.parametrize(
    "path", [path for path in INVALID if path.stem not in ("comma", "twice", "yaml")], ids=lambda path: path.stem
)
def test_data_is_refused_as_the_file_is(path: Path) -> None:
    """The same codes and sentences, all of them; only the place is a path into the data."""
    with pytest.raises(ArchcalcError) as wanted:
        analyze(load(str(path)))
    with pytest.raises(type(wanted.value)) as got:
        analyze(load(plain(path.read_text(encoding="utf-8"))))

    def reported(error: ArchcalcError) -> list[Any]:
        places = re.compile(r"in line \d+|at [a-z]+[\[.][\w.\[\]]*")  # a detail may name a second place
        return sorted((one.code, one.message, places.sub("there", str(one.details))) for one in error.problems)

    assert reported(got.value) == reported(wanted.value)
    assert {one.mark.path for one in got.value.problems} == {NAME}
    assert not any(one.mark.line for one in got.value.problems)


def test_all_problems_of_a_mapping_are_named_with_their_paths() -> None:
    text = refusal(
        {
            **NET,
            "nmae": "x",
            "variables": {"alpha": 1, "max": 2, "n": float("nan")},
            "blocks": {"b": {"layers": [{"op": "cnov"}]}},
            "layers": [
                {"op": "conv", "out_channels": 8, "kernel_size": 0},
                {"op": "conv", "out_channels": 8, "kernel_size": {3}},
                {"op": "relu", "inputs": ["input", "nowhere"]},
                3,
                {"op": "linear", "out_features": 10**5000},
                {"op": "relu", 1: 2},
                {"op": "linear", "out_features": "1 +"},
            ],
        }
    )
    wanted = {
        "nmae": "ARC119",
        "variables.max": "ARC123",
        "variables.n": "ARC115",
        "blocks.b.layers[0].op": "ARC118",
        "layers[0].kernel_size": "ARC121",
        "layers[1].kernel_size": "ARC115",
        "layers[2].inputs": "ARC135",
        "layers[3]": "ARC115",
        "layers[4].out_features": "ARC115",
        "layers[5].1": "ARC119",
        "layers[6].out_features": "ARC124",
    }
    heads = [line for line in text.splitlines() if line.startswith(NAME)]
    assert sorted(head.partition("] ")[0] + "]" for head in heads) == sorted(
        f"{NAME}: {place}: error[{code}]" for place, code in wanted.items()
    )


def test_problems_come_in_the_order_of_the_layers() -> None:
    error = refusal({**NET, "layers": [{"op": f"x{at}"} for at in range(12)]})
    heads = [line for line in error.splitlines() if line.startswith(NAME)]
    assert [head.split(": ")[1] for head in heads] == [f"layers[{at}].op" for at in range(12)]


def test_a_sum_that_fails_has_a_path_too() -> None:
    error = refusal({**NET, "layers": [{"op": "relu"}, {"id": "big", "op": "conv", "out_channels": 1, "kernel_size": 40}]})
    assert error.startswith(f"{NAME}: layers[1]: error[ARC201] big (conv): output height is -7")


def test_what_is_no_description() -> None:
    assert "ARC110" in refusal({})
    assert refusal("archcalc: 1\nlayers: 3\n").startswith(f"{NAME}:1:1: error[ARC112]")
    assert "ARC101" in refusal("no_such_network")
    assert "ARC105" in refusal("archcalc: 1\nname: \ud800\n")
    circle: list[Any] = []
    circle.append(circle)
    assert refusal({**NET, "layers": circle}) == f"{NAME}: error[ARC108] nests more than 100 deep"
    for wrong in (None, 3, [NET]):
        with pytest.raises(TypeError):
            load(wrong)  # type: ignore[arg-type]


def test_the_model_refuses_with_the_path_of_each_key() -> None:
    with pytest.raises(ValidationError) as caught:
        Description.model_validate(
            {
                "archcalc": 2,
                "input": {"shape": [1, 2, 3, 4, 5]},
                "inptu": {},
                "name": 3,
                "variables": {"a": None},
                "layers": [{"op": "conv", "kernel_size": {}}, {}, 3, {"op": "relu", "inputs": [1], "repeat": float("inf")}],
                "blocks": {"b": {"layers": []}},
            }
        )
    assert {error["loc"] for error in caught.value.errors()} == {
        ("archcalc",),
        ("input", "shape"),
        ("inptu",),
        ("name",),
        ("variables", "a"),
        ("layers", 0, "kernel_size"),
        ("layers", 1, "op"),
        ("layers", 2),
        ("layers", 3, "inputs", 0),
        ("layers", 3, "repeat"),
        ("blocks", "b", "layers"),
    }


def test_what_the_model_accepts_and_load_refuses_is_refused_in_all_its_places() -> None:
    model = Description.model_validate(
        {**NET, "layers": [{"op": "conv", "out_channels": 1, "kernal_size": 3}, {"op": "conv", "kernel_size": -1}]}
    )
    with pytest.raises(DescriptionError) as caught:
        load(model)
    assert [problem.mark.loc for problem in caught.value.problems] == [
        ("layers", 0, "kernal_size"),
        ("layers", 1, "kernel_size"),
    ]


def test_a_place_is_written_as_python_would() -> None:
    assert str(Mark("x", loc=("blocks", "b", "layers", 3, "kernel_size", 0))) == "x: blocks.b.layers[3].kernel_size[0]"
    assert str(Mark("x.yaml", 3, 4)) == "x.yaml:3:4"


# -- the one description of the description -----------------------------------------------------------------------------


def test_public_names() -> None:
    assert {"Description", "Block", "Entry", "Input", "read_description"} <= set(archcalc.__all__)


def test_every_key_of_the_model_can_be_written() -> None:
    """The reader has no table of its own: a key that the model has is read, and one that it lacks is refused."""
    for key in Description.model_fields:
        assert f"no key {key}" not in refusal({"archcalc": 3, key: []})
    assert "did you mean frozen?" in refusal({**NET, "frozne": "x"})


KEYS = st.sampled_from(
    [*Description.model_fields, *Entry.model_fields, "arguments", "shape", "kernel_size", "out_channels", "x", "", "<<"]
)
SCALARS = st.one_of(
    st.just(5000).map(lambda digits: 10**digits),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.fractions(),
    st.text(max_size=8),
    st.binary(max_size=2),
    st.sampled_from(["conv", "relu", "add", "input", "1/0", "in_channels", "a.b", object(), 1 + 2j, {1, 2}]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(KEYS, st.integers(), st.none(), st.text(max_size=3)), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, ANYTHING, max_size=4), st.lists(st.dictionaries(KEYS, ANYTHING, max_size=4), max_size=3))
@settings(max_examples=300, deadline=None)
def test_any_mapping_ends_in_a_network_or_in_sentences(top: dict[str, Any], layers: list[dict[str, Any]]) -> None:
    for data in (top, NET | top, NET | {"layers": layers}, NET | {"layers": layers} | top):
        try:
            graph = load(data)
            analyze(graph)
            options_of(graph)
            published(analyze(graph), "params")
        except ArchcalcError as error:
            assert str(error).startswith((NAME, "archcalc"))
        try:
            load(Description.model_validate(data))
        except (ValidationError, ArchcalcError) as error:
            assert str(error)


def test_a_layer_without_op_is_no_argument_of_a_wrong_name() -> None:
    with pytest.raises(DescriptionError) as caught:
        load({**NET, "variables": {"": 1}, "layers": [{}]})
    assert {problem.code for problem in caught.value.problems} == {"ARC117", "ARC123"}


def test_the_figure_of_a_mapping() -> None:
    assert options_of(load({**NET, "figure": {"style": "stacks", "show": ["shape", "params"]}})).show == ("shape", "params")
    with pytest.raises(DescriptionError) as caught:
        options_of(load({**NET, "figure": {"style": "cube", "palete": "muted", "show": {}}}))
    assert {str(problem.mark) for problem in caught.value.problems} == {
        f"{NAME}: figure.{key}" for key in ("style", "palete", "show")
    }

"""The walk: what is reported of a network with faults, all in one run, and each once."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.arithmetic.unknown import UNKNOWN
from archcalc.errors import ArchcalcError
from archcalc.layers import find, kinds
from archcalc.layers._base import Volume, field_metadata
from archcalc.layers._fields import LayerReference
from tests.support import describe, graph_of, layer_of, report_of


def codes(text: str) -> list[str]:
    """The code and the message of every problem."""
    try:
        report_of(text)
    except ArchcalcError as error:
        return [f"{problem.code} {problem.message}" for problem in error.problems]
    return []


def test_all_faults_of_a_chain_are_reported_in_one_run() -> None:
    """Each fault hides a part of the shape only: the others behind it are found."""
    found = codes("""
        archcalc: 1
        input: {shape: [3, 32, 32]}
        layers:
          - {id: c1, op: conv, out_channels: 16, kernel_size: 3, padding: 1, groups: 2}
          - {id: p1, op: max_pool, kernel_size: 2, padding: 2}
          - {id: c2, op: conv, out_channels: 30, kernel_size: 3, groups: 4}
          - {id: out, op: linear, out_features: 10}
    """)
    assert found == [
        "ARC203 c1 (conv): groups must divide in_channels: 2 does not divide 3",
        "ARC203 p1 (max_pool): padding must be at most half of kernel_size: 4 is more than 2",
        "ARC203 c2 (conv): groups must divide out_channels: 4 does not divide 30",
        "ARC203 out (linear): the input must be a vector or C×L: put flatten before it, or set positionwise: true for each "
        "position",
    ]


BEHIND = [
    {"id": "wide", "op": "conv", "out_channels": "2*in_channels", "kernel_size": 3},
    {"op": "max_pool", "kernel_size": 2},
    {"op": "batch_norm"},
    {"op": "conv", "out_channels": 8, "kernel_size": 7, "padding": 3, "groups": 2, "repeat": 9},
    {"id": "up", "op": "upsample", "size": 12},
    {"op": "add", "inputs": ["up", "up"]},
    {"op": "adaptive_avg_pool", "output_size": 3},
    {"op": "flatten"},
    {"op": "linear", "out_features": 4},
]


@pytest.mark.parametrize(
    ("faulty", "message"),
    [
        ({"op": "conv", "out_channels": 8, "kernel_size": 3, "groups": 3}, "groups must divide out_channels"),
        ({"op": "conv", "out_channels": 8, "kernel_size": 99}, "output height is -66"),
        ({"op": "conv", "out_channels": 8, "kernel_size": [3, 99]}, "output width is -66"),
        ({"op": "conv", "out_channels": 8, "kernel_size": [3]}, "kernel_size must have one value"),
        ({"op": "conv", "out_channels": 8, "kernel_size": 3, "inputs": ["input", "input"]}, "reads 2 volumes"),
        ({"op": "conv", "kernel_size": 3}, "out_channels or connections must be given"),
        ({"op": "max_pool", "kernel_size": 2, "padding": 2}, "padding must be at most half"),
        ({"op": "conv_transpose", "out_channels": 8, "kernel_size": 3, "output_padding": 1}, "output_padding must be"),
        ({"op": "upsample"}, "exactly one of scale_factor, size and like"),
        ({"op": "upsample", "scale_factor": 2, "align_corners": True}, "align_corners needs mode bilinear"),
        ({"op": "linear", "out_features": 8}, "put flatten before it"),
        ({"op": "crop", "margins": 16}, "output height is 0"),
    ],
)
def test_one_fault_is_one_error(faulty: dict[str, Any], message: str) -> None:
    """No layer behind it is blamed for a size that the fault decides, though the sizes shown may suit none of them."""
    found = codes(describe([6, 32, 32], {"id": "faulty"} | faulty, *BEHIND))
    assert len(found) == 1, found
    assert message in found[0]


def test_a_fault_in_a_merge_hides_what_the_volumes_disagree_about() -> None:
    layers = [
        {"id": "a", "op": "conv", "out_channels": 6, "kernel_size": 3},
        {"id": "b", "op": "conv", "out_channels": 5, "kernel_size": 5, "inputs": ["input"]},
        {"id": "sum", "op": "concat", "inputs": ["a", "b"]},
        {"op": "conv", "out_channels": 7, "kernel_size": 90},
        {"op": "conv", "out_channels": 7, "kernel_size": 1, "groups": 2},
    ]
    found = codes(describe([3, 32, 32], *layers))
    assert [message.partition(": ")[2] for message in found] == [
        "the volumes must have equal sizes: 30 is not 28",  # 30 and 28: how large the map behind is remains open
        "groups must divide in_channels: 2 does not divide 7",  # 7 maps, whatever their size
        "groups must divide out_channels: 2 does not divide 7",
    ]


def test_an_error_in_a_layer_that_is_repeated_is_reported_once() -> None:
    (found,) = codes(describe([3, 4], {"op": "conv", "out_channels": 4, "kernel_size": 1, "groups": 5, "repeat": 30_000}))[:1]
    assert "groups must divide" in found


@pytest.mark.parametrize("op", [op for op in kinds() if (kind := find(op)) and kind.max_inputs == 1])
def test_two_inputs_where_one_is_meant(op: str) -> None:
    kind = find(op)
    assert kind is not None
    named = field_metadata(kind, LayerReference)
    fields = {name: value for name, value in kind.example["fields"].items() if name not in named}
    fields |= {name: "p" for name, reference in named.items() if reference.requires}
    layers = [
        {"id": "p", "op": "max_pool", "kernel_size": 2, "inputs": ["input"]},
        {"id": "other", "op": "relu"},
        {"id": "two", "op": op, "inputs": ["other", "other"], **fields},
    ]
    found = codes(describe([6, 8, 8], *layers))
    assert found == [f"ARC202 two ({op}): reads 2 volumes, needs 1"]


def test_an_unpooling_with_pytorchs_two_arguments() -> None:
    """`MaxUnpool2d` takes the values and the indices of its pooling: the second is the pooling that `pool` names."""
    pool = {"id": "p", "op": "max_pool", "kernel_size": 2}
    other = {"id": "q", "op": "max_pool", "kernel_size": 2, "inputs": ["input"]}
    conv = {"id": "c", "op": "conv", "out_channels": 3, "kernel_size": 1, "inputs": ["p"]}
    for read in ("p", "c"):
        nets = [
            describe([3, 8, 8], pool, other, conv, {"op": "unpool", "pool": "p", "inputs": i}) for i in ([read], [read, "p"])
        ]
        one, two = (report_of(net).to_dict() for net in nets)
        assert one == two
    mixed = describe([3, 8, 8], pool, other, {"id": "u", "op": "unpool", "pool": "p", "inputs": ["p", "q"]})
    assert codes(mixed) == ["ARC202 u (unpool): reads 2 volumes, needs 1"]


@pytest.mark.parametrize(
    "named",
    [
        {"op": "pad", "padding": 1},
        {"op": "adaptive_avg_pool", "output_size": 4},
        {"op": "upsample", "scale_factor": 2},
        {"op": "flatten"},
        {"op": "avg_pool", "kernel_size": 2},
    ],
)
def test_an_unpooling_of_a_layer_without_indices(named: dict[str, Any]) -> None:
    found = codes(describe([3, 8, 8], {"id": "p"} | named, {"id": "u", "op": "unpool", "pool": "p"}))
    assert found == ["ARC141 pool: p is not a layer that returns indices"]


@pytest.mark.parametrize("op", kinds())
def test_a_rule_with_an_unknown_size(op: str) -> None:
    """A size of the output is either unknown, or does not depend on the unknown one."""
    kind = find(op)
    assert kind is not None
    layer = layer_of(op, kind.example["fields"])
    volumes = [Volume(shape) for shape in kind.example["inputs"]]
    output = layer.output(*volumes)
    for number, volume in enumerate(volumes):
        for axis in range(len(volume)):

            def changed(size: Any, number: int = number, axis: int = axis) -> list[Volume]:
                sizes = [*volumes[number][:axis], size, *volumes[number][axis + 1 :]]
                return [*volumes[:number], Volume(sizes), *volumes[number + 1 :]]

            list(layer.requirements(*changed(UNKNOWN)))
            found = layer.output(*changed(UNKNOWN))
            larger = layer.output(*changed(volume[axis] * 2 + 1))
            assert len(found) == len(output)
            for size, known, other in zip(found, output, larger, strict=True):
                assert size is UNKNOWN or size == known == other


def test_what_is_known_of_a_volume_is_in_the_message() -> None:
    layers = [{"id": "c", "op": "conv", "out_channels": 7, "kernel_size": 9}, {"op": "conv", "groups": 2, "kernel_size": 1}]
    with pytest.raises(ArchcalcError, match="the input comes from c as 7×\\?×\\?"):
        report_of(describe([3, 8, 8], layers[0], layers[1] | {"out_channels": 8}))


def test_an_argument_with_hidden_channels_is_not_an_error() -> None:
    """`in_channels` of a block whose input a fault hides; the layers inside that do not need it are checked."""
    found = codes("""
        archcalc: 1
        input: {shape: [3, 8, 8]}
        blocks:
          unit:
            arguments: {width: in_channels}
            layers:
              - {op: conv, out_channels: width, kernel_size: 1}
              - {op: conv, out_channels: width, kernel_size: 1, inputs: input, groups: -1}
              - {id: pool, op: max_pool, kernel_size: 2, padding: 9, inputs: input}
        layers:
          - {op: conv, out_channels: 8, kernel_size: 1, groups: 3}
          - {op: conv, out_channels: 9, kernel_size: 1, groups: 2}
          - {op: unit}
    """)
    assert [message[:6] for message in found] == ["ARC121", "ARC203", "ARC203", "ARC203"]


def test_a_graph_with_problems_is_no_report() -> None:
    with pytest.raises(ArchcalcError):
        graph_of(describe([3], {"op": "linear"}))

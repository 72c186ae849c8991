"""The cone of a unit: the units that it depends on, by brute force, and where each map lies on the input."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache, partial
from typing import Any

import pytest

from archcalc import analyze, load
from archcalc.analysis.receptive_field.cone import cone, target_layer
from archcalc.analysis.report import Report
from archcalc.errors import ArchcalcError, DescriptionError

Table = list[set[int]]
"""For each unit of a map the positions that it depends on."""


def network(size: int, *layers: dict[str, Any], **top: Any) -> Report:
    return analyze(load({"archcalc": 1, "input": {"shape": [1, size]}, "layers": list(layers), **top}))


def conv(k: int, **fields: Any) -> dict[str, Any]:
    return {"op": "conv", "out_channels": 1, "kernel_size": k, **fields}


def deconv(k: int, **fields: Any) -> dict[str, Any]:
    return {"op": "conv_transpose", "out_channels": 1, "kernel_size": k, **fields}


def taps(op: str, fields: dict[str, Any], units: int, outputs: int) -> Table:
    """The units of a map of `units` that each of `outputs` reads, from what the operation does with every single value."""
    k, s, p, d = (fields.get(name, usual) for name, usual in
                  (("kernel_size", 1), ("stride", 1), ("padding", 0), ("dilation", 1)))  # fmt: skip
    table: Table = [set() for _ in range(outputs)]
    for i in range(units):
        for o in range(outputs):
            if op == "conv":
                meets = any(o * s - p + j * d == i for j in range(k))
            elif op == "conv_transpose":
                meets = any(i * s - p + j * d == o for j in range(k))
            elif op == "upsample":
                meets = o // fields["scale_factor"] == i
            else:
                meets = o == i
            if meets:
                table[o].add(i)
    return table


def depends(report: Report, layers: list[dict[str, Any]], source: int, target: int) -> Table:
    """For each unit of layer `target` the units of layer `source` (−1: the input) that it depends on."""

    def units(index: int) -> int:
        return int((report.layers[index].output if index >= 0 else report.input_volumes[0])[1])

    known: dict[int, Table] = {source: [{i} for i in range(units(source))]}
    for index in range(max(source + 1, 0), target + 1):
        table: Table = [set() for _ in range(units(index))]
        for read in report.layers[index].node.sources:
            if read in known:
                for o, inside in enumerate(taps(layers[index]["op"], layers[index], units(read), units(index))):
                    table[o] |= set().union(*(known[read][i] for i in inside))
        known[index] = table
    return known[target]


def random_network(seed: int) -> tuple[Report, list[dict[str, Any]]]:
    """Convolutions, transposed ones and up-sampling, with skips between maps of equal size."""
    draw = random.Random(seed)
    while True:
        layers: list[dict[str, Any]] = []
        for number in range(draw.randint(2, 6)):
            kind = draw.choice(["conv", "conv", "conv_transpose", "upsample", "add"])
            fields = {"kernel_size": draw.randint(1, 4), "stride": draw.randint(1, 3), "padding": draw.randint(0, 2),
                      "dilation": draw.randint(1, 2), "out_channels": 1}  # fmt: skip
            if kind == "upsample":
                fields = {"scale_factor": draw.randint(2, 3)}
            if kind == "add":
                fields = {"inputs": draw.sample(["input", *(f"l{i}" for i in range(number))], min(2, number + 1))}
            layers.append({"id": f"l{number}", "op": kind, **fields})
        try:
            return network(draw.randint(6, 12), *layers), layers
        except ArchcalcError:  # volumes that do not meet: draw another one
            continue


@pytest.mark.parametrize("seed", range(60))
def test_what_a_unit_depends_on_by_brute_force(seed: int) -> None:
    """Every map on the path: the first and the last unit whose value reaches the chosen unit."""
    report, layers = random_network(seed)
    tables = cache(partial(depends, report, layers))
    drawn = 0
    for target, layer in enumerate(report.layers):
        for unit in range(int(layer.output[1])):
            try:
                maps = cone(report, layer, (unit,)).maps
            except DescriptionError:
                seen = tables(-1, target)[unit]
                assert not seen, "only a unit that reads nothing may be refused"
                continue
            assert maps[0].place == target
            assert maps[-1].place < 0
            for place in maps:
                seen = tables(place.place, target)[unit]
                assert place.inside == (((min(seen), max(seen)),) if seen else None), (layer.id, unit, place)
                if seen:
                    assert place.read[0][0] <= min(seen) <= max(seen) <= place.read[0][1]
                drawn += 1
    assert drawn


@pytest.mark.parametrize(
    ("layers", "first", "step"),
    [
        # Dumoulin & Visin 2016, figure 4.5: 3×3, stride 2, padding 1 puts unit 1 half-way between positions 0 and 1.
        ([deconv(3, stride=2, padding=1)], "0", "1/2"),
        # Each position becomes two units, which lie at its quarters.
        ([deconv(2, stride=2)], "-1/4", "1/2"),
        ([{"op": "upsample", "scale_factor": 2}], "-1/4", "1/2"),
        ([{"op": "upsample", "scale_factor": 2, "mode": "bilinear"}], "-1/4", "1/2"),
        ([{"op": "upsample", "size": 15, "mode": "bilinear", "align_corners": True}], "0", "1/2"),
        # 8 positions as 4 pairs: the first pair's middle lies between 0 and 1.
        ([{"op": "max_pool", "kernel_size": 2}], "1/2", "2"),
        ([{"op": "adaptive_avg_pool", "output_size": 3}], "5/6", "8/3"),
        ([conv(3)], "1", "1"),
        ([conv(3, padding=1, stride=2)], "0", "2"),
        ([conv(3, dilation=2, padding=[[0, 4]])], "2", "1"),
        ([{"op": "crop", "margins": 1}], "1", "1"),
        # Down and up again: unit 0 lies where position 0 is.
        ([{"op": "max_pool", "kernel_size": 2}, deconv(2, stride=2)], "0", "1"),
        ([conv(3), {"op": "max_pool", "kernel_size": 2}, deconv(2, stride=2)], "1", "1"),
        ([deconv(4, stride=2, padding=1), conv(3, stride=2, padding=1)], "-1/4", "1"),
    ],
)
def test_where_unit_0_lies(layers: list[dict[str, Any]], first: str, step: str) -> None:
    """By hand: position of unit 0 and distance of units on an input of 8."""
    report = network(8, *layers)
    place = cone(report, report.layers[-1], (1,)).maps[0]
    assert (place.first, place.step) == (Fraction(first), Fraction(step))


def test_units_of_a_chain_lie_in_the_middle_of_what_they_see() -> None:
    """In a chain of windows each unit is the middle of its field (Araujo, Norris & Sim 2019)."""
    report = analyze(load("alexnet"))
    for layer in report.layers:
        if layer.receptive_field.status == "exact":
            target = cone(report, layer, (0, 0)).maps[0]
            low, high = layer.receptive_field.box((0, 0))[1] or (0, 0)
            assert target.first == Fraction(low + high, 2), layer.id


@pytest.mark.parametrize(
    ("name", "edges"),
    [
        # Ronneberger et al. 2015: 388 of 572 are segmented, 92 from each border; an up-convolution covers what it reads.
        ("unet", {"score": (92, 480), "up1.convs.conv1": (91, 481), "up1.up": (90, 482), "pool4": (30, 542)}),
        # Same padding everywhere: each of SegNet's maps covers the image.
        ("segnet", dict.fromkeys(("prob", "conv1_1_D", "conv3_1_D", "pool5", "unpool1"), (0, None))),
    ],
)
def test_maps_of_the_zoo_lie_where_they_belong(name: str, edges: dict[str, tuple[int, int | None]]) -> None:
    report = analyze(load(name))
    places = {report.layers[m.place].id: m for m in cone(report, report.layers[-1], (9, 9)).maps if m.place >= 0}
    checked = 0
    for layer, place in places.items():
        expected = next((edge for end, edge in edges.items() if layer == end or layer.endswith(f".{end}")), None)
        if expected is not None:
            units = int(report.layer(layer).output[2])
            whole = int(report.input_volumes[0][2])
            left = place.first + (1 - place.step) / 2
            assert (left, left + units * place.step) == (expected[0], expected[1] or whole), layer
            checked += 1
    assert checked >= 3


def test_branches_are_not_joined_in_series() -> None:
    """Each map of the path is read by the one above it, through whatever has no window."""
    report = analyze(load("googlenet"))
    found = cone(report, report.layer("inception_3a.depth_concat"), (9, 9))
    for above, below in zip(found.maps, found.maps[1:], strict=False):
        assert below.place in report.layers[above.place].node.sources
    names = [report.layers[m.place].id for m in found.maps if m.place >= 0]
    assert "inception_3a.conv5x5" in names, "the branch that sees most"
    assert not {"inception_3a.conv1x1", "inception_3a.conv3x3", "inception_3a.pool"} & set(names)
    assert found.paths == 4


def test_paths_are_counted() -> None:
    """Two paths through each of three blocks."""
    layers = []
    for number in range(3):
        before = f"sum{number - 1}" if number else "input"
        layers += [conv(3, padding=1, id=f"c{number}", inputs=[before])]
        layers += [{"op": "add", "id": f"sum{number}", "inputs": [f"c{number}", before]}]
    report = network(9, *layers)
    assert cone(report, report.layers[-1], (4,)).paths == 8


def test_paths_of_other_strides_are_drawn_for_the_chosen_unit() -> None:
    """Merged maps with strides 1 and 2 have no common field, a single unit has: 1 of 4 sees 1±1 along one, 2±1 along the other."""
    report = network(
        8,
        conv(3, id="fine", padding=1),
        {"op": "crop", "id": "part", "margins": [[0, 4]]},
        conv(3, id="coarse", padding=1, stride=2, inputs=["input"]),
        {"op": "add", "inputs": ["part", "coarse"]},
    )
    assert report.layers[-1].receptive_field.size == [None]
    assert cone(report, report.layers[-1], (3,)).maps[-1].read == ((2, 7),)


def test_a_repeated_map_is_read_at_its_only_unit() -> None:
    report = network(4, conv(4, id="one"), conv(1, id="four", inputs=["input"]), {"op": "multiply", "inputs": ["four", "one"]})
    assert cone(report, report.layers[-1], (3,)).maps[-1].read == ((0, 3),)


@pytest.mark.parametrize(
    ("size", "layers", "unit", "words"),
    [
        (3, [deconv(1, stride=3)], 1, "no tap"),
        (4, [conv(4), {"op": "upsample", "size": 4, "mode": "bilinear", "align_corners": True}], 1, "one position"),
        (3 * 10**6, [conv(2 * 10**6)], 1, "more than 1,000,000 positions"),
        (4, [{"op": "global_avg_pool"}], 0, "whole input"),
    ],
)
def test_what_has_no_cone_is_refused(size: int, layers: list[dict[str, Any]], unit: int, words: str) -> None:
    report = network(size, *layers)
    with pytest.raises(DescriptionError, match=words):
        cone(report, target_layer(report, report.layers[-1].id), (unit,))


@pytest.mark.parametrize(
    ("name", "layer"),
    # The last window on a map with several units that sees less than the input (`archcalc rf`).
    [("lenet5", "S4"), ("alexnet", "pool5"), ("vgg16", "pool5"), ("unet", "score"), ("googlenet", "inception_4b.pool_proj")],
)
def test_the_layer_without_a_choice(name: str, layer: str) -> None:
    assert target_layer(analyze(load(name)), None).id == layer


EMBEDDED = (
    {"op": "embedding", "id": "e", "num_embeddings": 11, "embedding_dim": 8},
    {"op": "parameter", "id": "p", "shape": [8, 7]},
    {"op": "add", "id": "sum", "inputs": ["e", "p"]},
)


@pytest.mark.parametrize("inputs", [["e", "p"], ["p", "e"]])
def test_the_path_is_one_that_reads_the_input(inputs: list[str]) -> None:
    """A learned position has no path to the input, in whichever order the two are added."""
    layers = (*EMBEDDED[:2], {**EMBEDDED[2], "inputs": inputs})
    report = network(7, *layers)
    found = cone(report, target_layer(report, None), (3,))
    assert [cone_map.place for cone_map in found.maps] == [2, 0, -1]
    assert found.maps[-1].read == ((3, 3),)
    assert found.paths == 1


def test_a_layer_that_reads_no_input_is_not_chosen_and_refused_by_name() -> None:
    layers = (*EMBEDDED, {"op": "narrow", "id": "part", "dim": 2, "length": 4, "inputs": ["p"]})
    report = network(7, *layers)
    assert target_layer(report, None).id == "sum"
    with pytest.raises(DescriptionError) as caught:
        target_layer(report, "part")
    assert "part has no field that a cone could show: nothing" in str(caught.value)
    assert "it reads no input of the network; name another --layer" in str(caught.value)

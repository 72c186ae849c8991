"""Receptive fields: published answers, small graphs worked out by hand, and a brute-force oracle on random networks."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archcalc.analysis.layer_report import LayerReport
from tests.analysis import oracle
from tests.analysis.test_zoo import edited, network
from tests.support import describe, report_of


def triple(layer: LayerReport) -> tuple[Any, Any, Any]:
    """Size, stride and padding, the same along all axes."""
    field = layer.receptive_field
    for values in (field.size, field.stride, field.padding):
        assert len(set(values)) == 1
    return field.size[0], field.stride[0], field.padding[0]


def field_of(*layers: dict[str, Any], shape: list[int] | None = None) -> Any:
    return report_of(describe(shape or [1, 101], *layers)).layers[-1].receptive_field


def conv(k: Any, s: Any = 1, p: Any = 0, **more: Any) -> dict[str, Any]:
    return {"op": "conv", "out_channels": 1, "kernel_size": k, "stride": s, "padding": p, **more}


# -- published answers ------------------------------------------------------------------------------------------------------

PUBLISHED = [
    # Araujo, Norris & Sim 2019, Distill, table of architectures (google-research/receptive_field, README): size / stride
    # / padding at the last layer before pooling or flattening turns it into the whole input.
    ("alexnet", {}, "pool5", (195, 32, 64)),
    ("vgg16", {}, "pool5", (212, 32, 90)),
    ("vgg11", {}, "pool5", (150, 32, 59)),
    # The same sums for the other columns of Simonyan & Zisserman 2014.
    ("vgg13", {}, "pool5", (156, 32, 62)),
    ("vgg19", {}, "pool5", (268, 32, 118)),
    # He et al. 2015: the stride on the first 1×1 (483) or on the 3×3 (427, also in DeLF-pytorch and rfa_toolbox).
    ("resnet50", {}, "conv5_x.rest.2.relu3", (483, 32, 241)),
    ("resnet50", {"stride_on": 3}, "conv5_x.rest.2.relu3", (427, 32, 213)),
    ("resnet101", {}, "conv5_x.rest.2.relu3", (1027, 32, 513)),
    ("resnet101", {"stride_on": 3}, "conv5_x.rest.2.relu3", (971, 32, 485)),
    ("resnet152", {}, "conv5_x.rest.2.relu3", (1507, 32, 753)),
    ("resnet152", {"stride_on": 3}, "conv5_x.rest.2.relu3", (1451, 32, 725)),
    ("mobilenet_v1", {}, "sep13.relu_pw", (315, 32, 157)),
    ("unet", {}, "bottom.relu2", (140, 16, 0)),
    ("lenet5", {}, "C5", (32, 4, 0)),
]


@pytest.mark.parametrize(("name", "variables", "at", "wanted"), PUBLISHED, ids=lambda value: str(value))
def test_published(name: str, variables: dict[str, Any], at: str, wanted: tuple[int, int, int]) -> None:
    layer = network(name, **variables).layer(at)
    assert layer.receptive_field.status == "exact"
    assert triple(layer) == wanted


@pytest.mark.parametrize(
    ("name", "variables", "wanted"),
    [
        ("resnet50", {}, [(35, 4, 17), (99, 8, 49), (291, 16, 145), (483, 32, 241)]),
        ("resnet50", {"stride_on": 3}, [(35, 4, 17), (91, 8, 45), (267, 16, 133), (427, 32, 213)]),
        ("resnet18", {}, [(43, 4, 21), (99, 8, 49), (211, 16, 105), (435, 32, 217)]),
        ("resnet34", {}, [(59, 4, 29), (179, 8, 89), (547, 16, 273), (899, 32, 449)]),
    ],
)
def test_stages_of_resnet(name: str, variables: dict[str, Any], wanted: list[tuple[int, int, int]]) -> None:
    report = network(name, **variables)
    ends = [[layer for layer in report.layers if layer.path[0] == f"conv{stage}_x"][-1] for stage in (2, 3, 4, 5)]
    assert [triple(layer) for layer in ends] == wanted


def test_alexnet_of_torchvision() -> None:
    """conv1 padded by 2: the same size and stride, two more of padding (195 / 32 / 66)."""
    report = edited("alexnet", ("kernel_size: 11, stride: 4", "kernel_size: 11, stride: 4, padding: 2"))
    assert triple(report.layer("pool5")) == (195, 32, 66)


def test_lenet5_layer_by_layer() -> None:
    report = network("lenet5")
    assert [triple(report.layer(one)) for one in ("C1", "S2", "C3", "S4", "C5")] == [
        (5, 1, 0),
        (6, 2, 0),
        (14, 2, 0),
        (16, 4, 0),
        (32, 4, 0),
    ]
    for one in ("flatten1", "F6", "OUTPUT"):
        assert report.layer(one).receptive_field.status == "whole input"
        assert report.layer(one).receptive_field.size == [None, None]


# -- small graphs -----------------------------------------------------------------------------------------------------------

ALIGNED = [  # (a) of google-research/receptive_field's tests: a 1×1 at stride 4 beside pad, 3×3 at 2, 1×1 at 2
    {"id": "left", "op": "conv", "inputs": ["input"], "out_channels": 1, "kernel_size": 1, "stride": 4},
    {"id": "padded", "op": "pad", "inputs": ["input"], "padding": [[1, 0], [1, 0]]},
    {"id": "wide", "op": "conv", "out_channels": 1, "kernel_size": 3, "stride": 2},
    {"id": "right", "op": "conv", "out_channels": 1, "kernel_size": 1, "stride": 2},
    {"id": "sum", "op": "add", "inputs": ["left", "right"]},
]


def test_paths_that_align() -> None:
    """(a): 3 / 4 / 1."""
    layer = report_of(describe([1, 10, 10], *ALIGNED)).layers[-1]
    assert (triple(layer), layer.receptive_field.status) == ((3, 4, 1), "exact")


def test_paths_of_pools_that_align() -> None:
    """(a) with max pooling in place of the convolutions: pooling reads what a convolution reads."""
    pools = [{**layer, "op": "max_pool"} if layer["op"] == "conv" else layer for layer in ALIGNED]
    for pool in pools:
        pool.pop("out_channels", None)
    assert triple(report_of(describe([1, 10, 10], *pools)).layers[-1]) == (3, 4, 1)


def test_paths_with_different_strides() -> None:
    """(b), the toy of Araujo et al. 2019: pad (2, 1), 5×5 at stride 2 beside two 3×3: unit 1 spans 6, unit 2 spans 5."""
    layer = report_of(
        describe(
            [1, 7, 7],
            {"id": "padded", "op": "pad", "padding": [[2, 1], [2, 1]]},
            {"id": "left", "op": "conv", "out_channels": 1, "kernel_size": 5, "stride": 2},
            {"id": "first", "op": "conv", "inputs": ["input"], "out_channels": 1, "kernel_size": 3},
            {"id": "right", "op": "conv", "out_channels": 1, "kernel_size": 3},
            {"id": "sum", "op": "add", "inputs": ["left", "right"]},
        )
    ).layers[-1]
    field = layer.receptive_field
    assert field.status == "unaligned"
    assert "2 and 1" in field.reason
    assert field.size == field.stride == field.padding == [None, None], "no one size is true of all units"
    unit = oracle.Unit()
    padded = unit.add([-1], oracle.shifted(-2))
    left = unit.add([padded], oracle.convolution(5, 2, 0, 1))
    right = unit.add([unit.add([-1], oracle.convolution(3, 1, 0, 1))], oracle.convolution(3, 1, 0, 1))
    total = unit.add([left, right], None)
    spans = [unit.box(total, at) for at in (1, 2)]
    assert [last - first + 1 for first, last in spans] == [6, 5], "the oracle itself knows the article's answer"


def same_padded(size: int) -> Any:
    """(c): as (a), but the 3×3 is padded by `same`."""
    layers = [layer for layer in ALIGNED if layer["id"] != "padded"]
    layers[1] = {**layers[1], "inputs": ["input"], "padding": "same"}
    return report_of(describe([1, size, size], *layers)).layers[-1].receptive_field


def test_same_padding_at_an_odd_size() -> None:
    field = same_padded(9)
    assert (field.status, field.size, field.stride, field.padding) == ("exact", [3, 3], [4, 4], [1, 1])


def test_same_padding_at_an_even_size() -> None:
    """At 8 nothing is padded on the left, so that the paths are shifted against each other."""
    assert same_padded(8).status == "unaligned"


def test_axes_of_their_own() -> None:
    """(d): 3 high × 5 wide at stride 2, then 3 high × 1 wide at stride 2: 7 high, 5 wide, stride 4, padding 0."""
    field = field_of(conv([3, 5], 2), conv([3, 1], 2), shape=[1, 33, 33])
    assert (field.size, field.stride, field.padding) == ([7, 5], [4, 4], [0, 0])


@pytest.mark.parametrize(("same", "size"), [(False, 22), (True, 17)])
def test_two_merges_in_a_row(same: bool, size: int) -> None:
    """(e): (a), then a 1×1 at 2 beside pad and 3×3 at 2: 11 / 8 / 5, with `same` at 17×17 too. A walk in depth errs."""
    first = [layer for layer in ALIGNED if layer["id"] != "padded"] if same else ALIGNED
    layers = [
        *first,
        {"id": "short", "op": "conv", "inputs": ["sum"], "out_channels": 1, "kernel_size": 1, "stride": 2},
        {"id": "again", "op": "pad", "inputs": ["sum"], "padding": 0 if same else [[1, 0], [1, 0]]},
        {"id": "long", "op": "conv", "out_channels": 1, "kernel_size": 3, "stride": 2},
        {"id": "end", "op": "add", "inputs": ["short", "long"]},
    ]
    if same:
        layers = [{**layer, "padding": "same"} if layer.get("kernel_size") == 3 else layer for layer in layers]
        layers[1]["inputs"] = ["input"]
    layer = report_of(describe([1, size, size], *layers)).layers[-1]
    assert (triple(layer), layer.receptive_field.status) == ((11, 8, 5), "exact")


def test_paths_of_one_stride_shifted() -> None:
    """Two 3-wide paths, 2 apart: each sees 3, the hull is 5, and they are not centred on each other."""
    field = (
        report_of(
            describe(
                [1, 20],
                {"id": "left", "op": "conv", "out_channels": 1, "kernel_size": 3, "padding": [[2, 0]]},
                {"id": "right", "op": "conv", "inputs": ["input"], "out_channels": 1, "kernel_size": 3, "padding": [[0, 2]]},
                {"id": "sum", "op": "add", "inputs": ["left", "right"]},
            )
        )
        .layers[-1]
        .receptive_field
    )
    assert (field.status, field.size, field.stride, field.padding) == ("unaligned", [5], [1], [2])


def test_two_layers_by_hand() -> None:
    """Araujo et al. 2019: k3 s3 p1, then k2 s1: unit 0 spans −1 … 4."""
    assert field_of(conv(3, 3, 1), conv(2)).box((0,)) == [(-1, 4)]


@pytest.mark.parametrize(("k", "d", "span"), [(3, 1, 3), (3, 2, 5), (3, 4, 9), (3, 6, 13), (3, 12, 25), (3, 18, 37)])
def test_dilated(k: int, d: int, span: int) -> None:
    """Chen et al. 2014, §3.1, holes: k + (k − 1)(r − 1)."""
    assert field_of(conv(k, dilation=d)).size == [span]


def test_transposed_convolution_by_phase() -> None:
    """k3 s2 p1: a unit between two values sees both, one on a value sees that one."""
    field = field_of({"op": "conv_transpose", "out_channels": 1, "kernel_size": 3, "stride": 2, "padding": 1})
    assert field.status == "per phase"
    assert [field.box((unit,))[0] for unit in range(5)] == [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]
    assert (field.size, str(field.stride[0]), field.padding) == ([2], "1/2", [0])


def test_down_and_up_again() -> None:
    """k3/2, k3, transposed k4/2 p1, k3: all units see 11, beginning at −1, −1, 1, 1, 3 … (worked out by hand)."""
    field = field_of(
        conv(3, 2), conv(3), {"op": "conv_transpose", "out_channels": 1, "kernel_size": 4, "stride": 2, "padding": 1}, conv(3)
    )
    boxes = [field.box((unit,))[0] for unit in range(6)]
    assert [last - first + 1 for first, last in boxes] == [11] * 6
    starts = [first for first, _ in boxes]
    assert [b - a for a, b in itertools.pairwise(starts)] in ([0, 2, 0, 2, 0], [2, 0, 2, 0, 2])


@pytest.mark.parametrize(
    "layers",
    [
        [{"op": "relu"}, {"op": "batch_norm"}, {"op": "dropout"}, {"op": "lrn"}, {"op": "tanh"}, {"op": "identity"}],
        [{"op": "softmax"}, {"op": "sigmoid"}, {"op": "leaky_relu"}],
        [{"op": "layer_norm"}, {"op": "rms_norm"}, {"op": "l2_norm"}, {"op": "instance_norm", "track_running_stats": True}],
        [{"op": op} for op in ("gelu", "silu", "mish", "elu", "selu", "softplus", "hardswish", "hardsigmoid", "relu6")],
        [{"op": "prelu"}, {"op": "log_softmax"}, {"op": "conv", "out_channels": 2, "kernel_size": 1}, {"op": "glu"}],
    ],
)
def test_element_by_element_changes_nothing(layers: list[dict[str, Any]]) -> None:
    field = field_of(conv(3, 2, 1), *layers)
    assert (field.status, field.size, field.stride, field.padding) == ("exact", [3], [2], [1])


@pytest.mark.parametrize(
    "layers",
    [
        [{"op": "flatten"}],
        [{"op": "global_avg_pool"}],
        [{"op": "global_max_pool"}],
        [{"op": "group_norm", "num_groups": 1}],
        [{"op": "instance_norm"}],
        [{"op": "layer_norm", "over": "all"}],
        [{"op": "rms_norm", "over": "all"}, {"op": "relu"}],
        [{"op": "flatten"}, {"op": "linear", "out_features": 3}],
        [{"op": "global_avg_pool"}, {"op": "upsample", "scale_factor": 4}],
    ],
)
def test_whole_input(layers: list[dict[str, Any]]) -> None:
    field = field_of(conv(3, 2, 1), *layers)
    assert (field.status, field.size, field.stride, field.padding) == ("whole input", [None], [None], [None])


def test_a_unit_that_sees_nothing() -> None:
    """A transposed 1×1 at stride 2 leaves every second unit without a value."""
    field = field_of({"op": "conv_transpose", "out_channels": 1, "kernel_size": 1, "stride": 2})
    assert [field.box((unit,))[0] for unit in range(4)] == [(0, 0), None, (1, 1), None]


def test_inputs_of_different_sizes() -> None:
    """Two network inputs on planes of their own: no interval describes both."""
    text = """
        archcalc: 1
        inputs: {image: {shape: [1, 8]}, small: {shape: [1, 4]}}
        layers:
          - {id: up, op: upsample, inputs: [small], scale_factor: 2}
          - {op: add, inputs: [image, up]}
    """
    field = report_of(text).layers[-1].receptive_field
    assert field.status == "unknown"
    assert "different sizes" in field.reason


def test_unpooling_sees_the_window_its_value_came_from() -> None:
    """k2 s2 pooled and put back: units 0 and 1 see positions 0 and 1, units 2 and 3 see 2 and 3; then a 3-wide window."""
    pooled = [{"id": "pool", "op": "max_pool", "kernel_size": 2}, {"op": "unpool", "pool": "pool"}]
    field = field_of(*pooled, shape=[1, 8])
    assert [field.box((unit,))[0] for unit in range(5)] == [(0, 1), (0, 1), (2, 3), (2, 3), (4, 5)]
    field = field_of(*pooled, conv(3, 1, 1), shape=[1, 8])
    assert [field.box((unit,))[0] for unit in range(4)] == [(-2, 1), (0, 3), (0, 3), (2, 5)]


def test_a_huge_period_is_named_and_not_followed() -> None:
    field = field_of({"op": "upsample", "size": 100_003}, shape=[1, 99_991])
    assert (field.status, field.size) == ("unknown", [None])
    assert "repeat" in field.reason


def test_a_large_window_costs_nothing() -> None:
    """Sizes beyond anything real: nothing may be listed position by position."""
    field = field_of(
        conv(10**9, 10**6, 5), {"op": "conv_transpose", "out_channels": 1, "kernel_size": 10**8, "stride": 3}, shape=[1, 10**12]
    )
    assert field.status in ("exact", "per phase")


# -- random networks against the oracle ------------------------------------------------------------------------------------


@st.composite
def one_layer(draw: Any, size: int) -> tuple[dict[str, Any], oracle.Reads | None]:
    """A layer that fits a map of `size`, and what it reads."""
    ways = ["conv", "max_pool", "avg_pool", "conv_transpose", "nearest", "bilinear", "pad", "crop", "adaptive", "relu"]
    way = draw(st.sampled_from(ways))
    if way == "conv":
        k, s, d = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
        pair = [draw(st.integers(0, 3)), draw(st.integers(0, 3))]
        if draw(st.booleans()):
            both = max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0)  # TensorFlow's definition of `same`
            return conv(k, s, "same", dilation=d), oracle.convolution(k, s, both // 2, d)
        return conv(k, s, [pair], dilation=d), oracle.convolution(k, s, pair[0], d)
    if way in ("max_pool", "avg_pool"):
        k, s = draw(st.integers(1, 4)), draw(st.integers(1, 4))
        p = draw(st.integers(0, k // 2))
        fields = {"kernel_size": k, "stride": s, "padding": p, "ceil_mode": draw(st.booleans())}
        return {"op": way, **fields}, oracle.convolution(k, s, p, 1)
    if way == "conv_transpose":
        k, s, d = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
        p = draw(st.integers(0, 2))
        more = draw(st.integers(0, max(s, d) - 1))
        return {
            "op": way,
            "out_channels": 1,
            "kernel_size": k,
            "stride": s,
            "padding": p,
            "dilation": d,
            "output_padding": more,
        }, oracle.transposed(k, s, p, d)
    if way in ("nearest", "bilinear"):
        out = draw(st.integers(1, 2 * size + 2))
        if way == "nearest":
            return {"op": "upsample", "size": out}, oracle.nearest(size, out)
        corners = draw(st.booleans())
        return ({"op": "upsample", "size": out, "mode": way, "align_corners": corners}, oracle.linear(size, out, corners))
    if way == "pad":
        pair = [draw(st.integers(0, 3)), draw(st.integers(0, 3))]
        return {"op": "pad", "padding": [pair]}, oracle.shifted(-pair[0])
    if way == "crop":
        pair = [draw(st.integers(0, 2)), draw(st.integers(0, 2))]
        return {"op": "crop", "margins": [pair]}, oracle.shifted(pair[0])
    if way == "adaptive":
        out = draw(st.integers(1, size + 2))
        return {"op": "adaptive_avg_pool", "output_size": out}, oracle.adaptive(size, out)
    return {"op": "relu"}, None


def size_behind(size: int, layer: dict[str, Any]) -> int:
    """The size behind a layer, 0 where it does not fit."""
    from tests.support import computed, refusals

    fields = {name: value for name, value in layer.items() if name != "op"}
    if refusals(layer["op"], [[1, size]], fields):
        return 0
    return int(computed(layer["op"], [[1, size]], fields).output[1])


@st.composite
def networks(draw: Any) -> tuple[int, list[dict[str, Any]], oracle.Unit]:
    """A chain with merges: sometimes two branches of one layer each leave a place, and meet if their sizes agree."""
    size = draw(st.integers(5, 40))
    unit, layers, start = oracle.Unit(), [], size
    at = -1
    for step in range(draw(st.integers(1, 6))):
        layer, reads = draw(one_layer(size))
        if not 0 < (behind := size_behind(size, layer)) <= 120:
            continue
        name = f"l{step}"
        source = "input" if at < 0 else layers[-1]["id"]
        layers.append({**layer, "id": name, "inputs": [source]})
        before, at = at, unit.add([at], reads)
        if draw(st.booleans()):
            other, others = draw(one_layer(size))
            if size_behind(size, other) == behind:
                layers.append({**other, "id": f"{name}b", "inputs": [source]})
                branch = unit.add([before], others)
                layers.append({"id": f"{name}m", "op": draw(st.sampled_from(["add", "concat"])), "inputs": [name, f"{name}b"]})
                at = unit.add([at, branch], None)
                if layers[-1]["op"] == "concat":
                    layers.append({"id": f"{name}c", "op": "conv", "out_channels": 1, "kernel_size": 1, "inputs": [f"{name}m"]})
                    at = unit.add([at], None)
        size = behind
    return start, layers, unit


def test_random_networks_against_the_oracle() -> None:
    """Every layer of a random network: what is said of its units is what index sets say, unit by unit."""
    seen: dict[str, int] = {}

    @settings(max_examples=250)
    @given(networks())
    def holds(drawn: tuple[int, list[dict[str, Any]], oracle.Unit]) -> None:
        size, layers, unit = drawn
        if not layers:
            return
        report = report_of(describe([1, size], *layers))
        for at, layer in enumerate(report.layers):
            field = layer.receptive_field
            seen[field.status] = seen.get(field.status, 0) + 1
            boxes = [unit.box(at, one) for one in range(layer.output[1])]
            if field.size[0] is None:
                assert field.status in ("unaligned", "unknown"), f"{layer.id}: {field.status}"
                continue
            assert [field.box((one,))[0] for one in range(layer.output[1])] == boxes, f"{layer.id} of {layers} at {size}"
            check_summary(field, boxes)

    holds()
    assert all(seen.get(status, 0) >= 10 for status in ("exact", "per phase", "unaligned")), f"too few of a kind: {seen}"


def check_summary(field: Any, boxes: list[tuple[int, int] | None]) -> None:
    """Size, stride and padding against the boxes of all units."""
    sizes = [last - first + 1 for first, last in filter(None, boxes)]
    if not sizes:
        return
    assert field.size[0] >= max(sizes)
    if field.status == "exact":
        assert set(sizes) == {field.size[0]}
        assert boxes[0] == (-field.padding[0], field.size[0] - field.padding[0] - 1)
        for before, after in itertools.pairwise(boxes):
            assert after[0] - before[0] == field.stride[0]


# -- networks with skips, against the oracle -------------------------------------------------------------------------------

IN_PLACE = ("relu", "batch_norm", "softmax", "dropout", "concat", "add", "lrn")


def unit_of(report: Any) -> oracle.Unit:
    """The oracle's picture of a shipped network along its height, layer by layer."""
    unit = oracle.Unit()
    for layer in report.layers:
        fields = layer.counts.layer
        if layer.op in IN_PLACE:
            reads = None
        elif layer.op in ("conv", "max_pool", "avg_pool"):
            stride = fields.kernel_size if fields.stride is None else fields.stride
            reads = oracle.convolution(fields.kernel_size, stride, fields.padding, getattr(fields, "dilation", 1))
        elif layer.op in ("conv_transpose", "unpool"):
            stride = fields.kernel_size if fields.stride is None else fields.stride
            reads = oracle.transposed(fields.kernel_size, stride, fields.padding)
        else:
            assert layer.op == "crop", f"tell the oracle what {layer.op} reads"
            reads = oracle.shifted((layer.inputs[0][1] - layer.output[1]) // 2)
        unit.add(list(layer.node.sources), reads)
    return unit


@pytest.mark.parametrize(("name", "input"), [("unet", [1, 316]), ("segnet", [3, 96]), ("deeplab_largefov", [3, 97])])
def test_networks_that_go_down_and_up(name: str, input: list[int]) -> None:
    """U-Net's skips, SegNet's unpooling, DeepLab's holes: every unit along the height, at every layer."""
    from archcalc import analyze, load

    shape = [input[0], input[1], input[1]]
    report = analyze(load(name, input=shape))
    unit = unit_of(report)
    checked = 0
    for at, layer in enumerate(report.layers):
        field = layer.receptive_field
        if field.size[0] is not None:
            for one in {*range(0, layer.output[1], 7), layer.output[1] - 1}:
                assert field.box((one, 0))[0] == unit.box(at, one), f"{layer.id}, unit {one}"
                checked += 1
    assert checked > 200


def test_a_norm_reads_its_own_position_or_with_the_statistics_of_its_input_all() -> None:
    """PyTorch's `track_running_stats=False`: mean and variance are those of the whole map, at inference too."""
    layers = [{"op": "conv", "out_channels": 4, "kernel_size": 3}, {"id": "n", "op": "batch_norm"}, {"id": "r", "op": "relu"}]
    moving = report_of(describe([3, 16, 16], *layers))
    assert [moving.layer(name).receptive_field.size for name in ("n", "r")] == [[3, 3], [3, 3]]
    layers[1]["track_running_stats"] = False
    own = report_of(describe([3, 16, 16], *layers))
    assert [own.layer(name).receptive_field.status for name in ("conv1", "n", "r")] == ["exact", "whole input", "whole input"]
    assert own.layer("n").params == moving.layer("n").params == 8


# -- gates --------------------------------------------------------------------------------------------------------------------


def gated(squeeze: bool) -> Any:
    gate = [
        {"id": "pool", "op": "global_avg_pool"},
        {"id": "gate", "op": "sigmoid"},
        {"id": "scaled", "op": "multiply", "inputs": ["a", "gate"]},
    ]
    first = {"id": "a", "op": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1}
    return report_of(describe([4, 9, 9], first, *(gate if squeeze else []), {"id": "b", **conv(5, 2, 2)}))


def test_a_gate_widens_the_field_to_the_whole_input() -> None:
    """Both are known: the field with the gate, and that of the same network without it."""
    with_gate, without = (gated(squeeze).layer("b").receptive_field for squeeze in (True, False))
    assert (with_gate.status, with_gate.size) == ("whole input", [None, None])
    assert without.status == "exact"
    assert with_gate.ungated == without.axes
    assert without.ungated == ()
    assert with_gate.to_dict()["without_gates"] == without.to_dict()
    assert with_gate.qualifier == "; 7 without gates"


def test_a_gate_from_free_parameters_widens_nothing() -> None:
    report = report_of(
        describe(
            [4, 9, 9],
            {"id": "a", **conv(3, 1, 1), "out_channels": 4},
            {"id": "scale", "op": "parameter", "shape": [4, 1, 1]},
            {"id": "scaled", "op": "multiply", "inputs": ["a", "scale"]},
        )
    )
    assert report.layer("scaled").receptive_field == report.layer("a").receptive_field


def test_what_reads_the_input_through_a_gate_alone_has_no_field_without_it() -> None:
    report = report_of(
        describe(
            [4, 9, 9],
            {"id": "p", "op": "parameter", "shape": [4, 9, 9]},
            {"id": "pool", "op": "global_avg_pool", "inputs": ["input"]},
            {"id": "scaled", "op": "multiply", "inputs": ["p", "pool"]},
        )
    )
    field = report.layer("scaled").receptive_field
    assert (field.status, field.ungated, field.qualifier) == ("whole input", (), "")


def test_efficientnet_without_its_gates() -> None:
    """By hand from table 1 of Tan & Le 2019: 3, then for each depthwise k at the stride S before it (k − 1)·S more."""
    depthwise = [
        (3, 2),
        (3, 2),
        (3, 4),
        (5, 4),
        (5, 8),
        (3, 8),
        *[(3, 16)] * 2,
        *[(5, 16)] * 3,
        (5, 16),
        *[(5, 32)] * 3,
        (3, 32),
    ]
    field = network("torchvision/efficientnet_b0").layer("last.bn").receptive_field
    assert field.status == "whole input"
    assert [axis.size for axis in field.ungated] == [3 + sum((k - 1) * stride for k, stride in depthwise)] * 2

"""Conventions: data that weighs tallies. Their totals on VGG16 can be worked out by hand."""

from __future__ import annotations

import re

import pytest

from archcalc.analysis.conventions import Convention, convention, conventions
from archcalc.analysis.quantities import WORDS, names, quantity
from archcalc.errors import DescriptionError
from archcalc.layers import find, kinds
from archcalc.layers._base import field_types
from tests.analysis.test_zoo import network
from tests.support import computed

AXIS = re.compile("_(length|depth|height|width)$")
KNOWN = {*WORDS, "other"}
TALLIES = {
    "multiply_adds",
    "additions",
    "multiplications",
    "divisions",
    "comparisons",
    "exponentials",
    "error_functions",
    "logarithms",
    "powers",
    "square_roots",
}


@pytest.mark.parametrize("name", conventions())
def test_a_convention_is_complete(name: str) -> None:
    chosen = convention(name)
    assert chosen.name == name
    assert chosen.unit
    assert chosen.about.strip().endswith("."), "say in a sentence what is counted"
    for op, weights in [("", chosen.default), *chosen.kinds.items()]:
        assert not op or op in kinds(), f"{name} weighs {op}, which is no kind"
        words = {word if word in WORDS else AXIS.sub("", word) for written in weights for word in names(written)}
        unknown = (
            words - KNOWN - TALLIES - {field for kind in map(find, [op] if op else kinds()) for field in field_types(kind)}
        )
        assert not unknown, f"{name} weighs something that no layer reports: {unknown}"
        assert all(isinstance(weight, int) for weight in weights.values())


def test_every_tally_is_known() -> None:
    """A tally misspelt in a kind would never be counted: its example says which there are."""
    from archcalc.layers import find

    for op in kinds():
        kind = find(op)
        assert kind is not None
        got = computed(op, kind.example["inputs"], kind.example["fields"])
        assert set(got.tallies) <= TALLIES, f"{op} reports {set(got.tallies) - TALLIES}: add it to the known tallies"


def test_mult_adds_and_flops() -> None:
    """LeNet-5's F6: 10,080 multiply-adds; flops 2·10,080 + 84 biases."""
    counts = network("lenet5").layer("F6").counts
    assert convention("mult-adds").count("linear", counts) == 10_080
    assert convention("flops").count("linear", counts) == 20_244


def test_a_convention_weighs_by_kind() -> None:
    """A made-up tool on VGG16: biases, twice each ReLU, and pooling by its input: 15,470,264,320 + 13,556,712 +
    2·13,555,712 + 2·6,121,472, which is 15,523,175,400, what one well-known counter prints (ptflops 0.7.5)."""
    tool = Convention(
        "tool",
        "MACs",
        "x.",
        {"multiply_adds": 1, "additions": 1},
        {"relu": {"outputs": 2}, "max_pool": {"inputs": 2}, "softmax": {}, "dropout": {}},
    )
    count = sum(tool.count(layer.op, layer.counts) for layer in network("vgg16").layers)
    assert count == 15_523_175_400


def test_other_weighs_what_is_not_named() -> None:
    """S2 of LeNet-5: 4,704 additions, 1,176 multiplications."""
    counts = network("lenet5").layer("S2").counts
    tool = Convention("tool", "ops", "x.", {"additions": 3, "other": 1})
    assert tool.count("subsample", counts) == 3 * 4_704 + 1_176
    assert tool.parts("subsample", counts) == [(3, "additions", 4_704), (1, "multiplications", 1_176)]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("inputs", 4_704),
        ("outputs", 1_176),
        ("weights", 6),
        ("biases", 6),
        ("params", 12),
        ("taps", 4_704),
        ("powers", 0),
    ],
)
def test_quantities(name: str, number: int) -> None:
    """What a convention may weigh besides tallies, at S2: 6·28·28 in, 6·14·14 out, 4 taps an output."""
    assert quantity(network("lenet5").layer("S2").counts, name) == number


def test_an_unknown_convention() -> None:
    with pytest.raises(DescriptionError, match="mult-adds"):
        convention("mult-ads")


# What the tools print for one layer on 6×12×10, 720 values, measured 2026 (versions in tests/claims/requirements-counters.txt).
@pytest.mark.parametrize(("name", "op", "fields", "count"), [
    ("fvcore", "layer_norm", {}, 3_600),
    ("fvcore", "layer_norm", {"elementwise_affine": False}, 2_880),
    ("torchinfo", "group_norm", {"num_groups": 3}, 12),
    ("thop", "instance_norm", {"affine": True}, 2_880),
    ("torchprofile", "group_norm", {"num_groups": 3}, 720),
    ("onnx-tool", "layer_norm", {}, 8_520),
    ("onnx-tool", "glu", {}, 11_880),
    ("torchscan", "adaptive_max_pool", {"output_size": [5, 3]}, 450),
    ("calflops", "silu", {}, 720),
    ("ptflops", "prelu", {}, 1_440),
    ("torchlens", "gelu", {"approximate": "tanh"}, 10_080),
])  # fmt: skip
def test_norms_and_activations(name: str, op: str, fields: dict[str, object], count: int) -> None:
    assert convention(name).count(op, computed(op, [[6, 12, 10]], fields)) == count


# What calflops 0.3.2 prints for `ConvTranspose2d(3, 7, …)` at 3×8×9: a multiply-add twice and each bias once, at the positions
# of a plain convolution.
@pytest.mark.parametrize(("fields", "flops"), [
    ({"kernel_size": 3, "stride": 2, "padding": 1}, 27_356),
    ({"kernel_size": [3, 3], "stride": [2, 2], "padding": [1, 1]}, 27_356),
    ({"kernel_size": [3, 5], "stride": [2, 1], "padding": [1, 2], "dilation": [1, 2]}, 45_500),
])  # fmt: skip
def test_fields_that_differ_between_the_axes(fields: dict[str, object], flops: int) -> None:
    counts = computed("conv_transpose", [[3, 8, 9]], {"out_channels": 7, **fields})
    assert convention("calflops").count("conv_transpose", counts) == flops

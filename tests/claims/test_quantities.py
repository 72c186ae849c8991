"""What a claim can be about: quantities, expressions over them, and the layers it selects."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from archcalc import analyze, load
from archcalc.claims.quantities import QUANTITIES, SIZES, value_of
from archcalc.claims.selection import QuantityError, select
from archcalc.claims.units import contradiction, is_count, is_printed_name
from tests.claims.claims_files import judged
from tests.support import describe, report_of

NETWORKS = {name: analyze(load(name)) for name in ("vgg16", "lenet5", "mobilenet_v1", "alexnet")}

# Network, of, quantity, value: VGG16's figures follow from its table, LeNet's are LeCun et al. 1998's.
VALUES = [
    ("vgg16", "total", "params", 138_357_544),
    ("vgg16", "total", "bytes", 4 * 138_357_544),
    ("vgg16", "conv", "mult_adds", 15_346_630_656),
    ("vgg16", "fc*", "params", 123_642_856),
    ("vgg16", 'op == "conv" and out_channels == 64', "params", 1_792 + 36_928),
    ("vgg16", "total", 'params("fc6") - params("fc7")', 102_764_544 - 16_781_312),
    ("vgg16", "total", 'params("total", "vgg19") - params', 143_667_240 - 138_357_544),
    ("vgg16", "conv", "mult_adds / total_mult_adds", Fraction(15_346_630_656, 15_470_264_320)),
    ("vgg16", "pool2", "output", (128, 56, 56)),
    ("vgg16", "pool2", "input[1]", 112),
    ("vgg16", "pool2", "kernel_size", (2, 2)),
    ("vgg16", "pool2", "stride[0] * 3", 6),
    ("vgg16", "pool5", "receptive_field", (212, 212)),
    ("vgg16", "pool5", "receptive_field_stride", (32, 32)),
    ("vgg16", "fc6", "input[1]", 1),
    ("vgg16", "total", "output", (1000,)),
    ("vgg16", "conv", "layers", 13),
    ("vgg16", "total", "depth", 16),
    ("vgg16", "conv", "depth", 13),
    ("vgg16", "fc6", "depth", 1),
    ("mobilenet_v1", "sep13", "depth", 2),
    ("lenet5", "total", "trainable", 60_000),
    ("lenet5", "OUTPUT", "fixed", 840),
    ("lenet5", "total", "connections", 340_908),
    ("lenet5", "S2", "additions", 4_704),
    ("mobilenet_v1", "sep13", "output", (1024, 7, 7)),
    ("mobilenet_v1", "sep7_11.*.dw", "stride", (1, 1)),
    ("mobilenet_v1", "sep2.dw", "groups", 64),
    ("mobilenet_v1", "total", "resolution", 224),
    ("alexnet", "total", "neurons", 659_272),
    ("vgg16", "conv1_1", "output * 2", (128, 448, 448)),
]


@pytest.mark.parametrize(("network", "of", "quantity", "value"), VALUES)
def test_values(network: str, of: str, quantity: str, value: object) -> None:
    report = NETWORKS[network]
    assert value_of(quantity, select(report, of), lambda name: analyze(load(name))) == value


@pytest.mark.parametrize(("of", "quantity", "part"), [
    ("pool9", "params", "did you mean pool5"),
    ('op == "conf"', "params", "no layer"),
    ("opp == 3", "params", "did you mean op"),
    ("total", "parms", "did you mean params"),
    ("total", 'params("fc9")', "did you mean fc8"),
    ("total", "params(fc6)", "takes one or two texts"),
    ("total", "output[7]", "no such axis; they are numbered from 0 to 2"),
    ("total", "__import__('total')", "there is no quantity __import__"),
    ("total", "params.real", "not allowed in an expression"),
    ("total", "9**99**9", "an exponent is"),
    ("conv", "output", "different sizes"),
    ("total", "-" * 900 + "1", "nested too deeply"),
    ("op == 'conv'", "output", "different sizes"),
])  # fmt: skip
def test_refused(of: str, quantity: str, part: str) -> None:
    report = NETWORKS["vgg16"]
    with pytest.raises(QuantityError) as error:
        value_of(quantity, select(report, of))
    assert part in str(error.value)


@pytest.mark.parametrize(
    ("predicate", "reason"),
    [
        ("kernel_size[0] == 3", "kernel_size is a number, 3, which has no elements"),
        ("stride/0 == 1", "divides by zero"),
        ("kernel_size == 'x'", "compares a number with a word"),
    ],
)
def test_a_predicate_without_a_value_says_why(predicate: str, reason: str) -> None:
    report = report_of(describe([3, 8, 8], {"op": "conv", "out_channels": 4, "kernel_size": [3, 5]}, {"op": "relu"}))
    with pytest.raises(QuantityError, match=f"no layer of net satisfies .*: .*{reason}"):
        select(report, predicate)


def test_a_predicate_that_is_false_needs_no_reason() -> None:
    report = report_of(describe([3, 8, 8], {"op": "conv", "out_channels": 4, "kernel_size": 3}, {"op": "relu"}))
    with pytest.raises(QuantityError, match=r"no layer of net satisfies kernel_size == 5$"):
        select(report, "kernel_size == 5")


@pytest.mark.parametrize("name", [name for name in QUANTITIES if name not in SIZES])
def test_the_unit_of_a_printed_quantity_is_judged(name: str) -> None:
    """Every quantity that is a whole number is known as one, and is not printed in the unit of another one."""
    assert is_count(name)
    assert is_count(f"total_{name}")
    assert is_printed_name(name)
    assert contradiction("percent", name)
    assert bool(contradiction("multiply-adds", name)) == (name not in ("mult_adds", "macs", "operations"))


@pytest.mark.parametrize("quantity", ["params", "active_params", "weights"])
def test_parameters_are_not_multiply_adds(quantity: str) -> None:
    outcomes, problems = judged(f"{{network: vgg16, quantity: {quantity}, printed: 138 GMACs}}")
    assert not outcomes
    assert f"the figure is in multiply-adds, and {quantity} counts parameters" in "\n".join(problems)


LISTS = describe(
    [8],
    {"op": "linear", "out_features": "w[0]"},
    {"op": "k"},
    variables={"w": [4, 8, 6], "k": "relu", "rows": [[1, 2], [3, 4]], "one": [7], "n": 5, "t": True},
)


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("w", (4, 8, 6)),
        ("w[1]", 8),
        ("2*w[1] + n", 21),
        ("len(w)", 3),
        ("len(output)", 1),
        ("rows[1]", (3, 4)),
        ("rows[1][0]", 3),
        ("len(rows[1]) * n", 10),
        ("one[0]", 7),
    ],
)
def test_a_variable_may_be_a_list(quantity: str, value: object) -> None:
    assert value_of(quantity, select(report_of(LISTS), "total")) == value


@pytest.mark.parametrize(
    ("quantity", "part"),
    [
        ("k", "k of total is the word relu: a claim is about a number or sizes"),
        ("2*k", "calculates with 'relu', which is not a number"),
        ("t", "t of total is true, a truth value"),
        ("w[3]", "no such element; they are numbered from 0 to 2"),
        ("one[1]", "no such element; they are numbered from 0 to 0"),  # a list of one is no vector that is printed as 1×1
        ("len()", "len takes 1"),
        ("len(n)", "len"),
    ],
)
def test_what_a_variable_is(quantity: str, part: str) -> None:
    with pytest.raises(QuantityError, match=re.escape(part)):
        value_of(quantity, select(report_of(LISTS), "total"))

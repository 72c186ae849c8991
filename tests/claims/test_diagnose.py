"""`archcalc diagnose`: planted confusions are found, random figures are not, and it is quick."""

from __future__ import annotations

import json
import random
import time

import pytest

from archcalc import analyze, load
from archcalc.analysis.report import Report
from archcalc.claims.diagnosis.deltas import WHOLE, deltas_of, values_of
from archcalc.claims.diagnosis.diagnose import Answer, diagnose
from archcalc.claims.printed_number import read_printed_number
from tests.conftest import Run

NETWORKS = {name: analyze(load(name)) for name in ("vgg16", "alexnet", "lenet5", "mobilenet_v1", "resnet50", "unet", "googlenet",
                                                   "deeplab_largefov")}  # fmt: skip


def answers(network: str, quantity: str, figure: int | str, of: str | None = None) -> list[Answer]:
    return diagnose(NETWORKS[network], quantity, read_printed_number(str(figure)), of)


# Figures whose cause is known from print or follows by a hand sum that stands beside them.
KNOWN = [
    ("vgg16", "params", "138423208", "pool2 (max_pool): charged as a convolution with bias"),  # the lecture
    ("alexnet", "params", "62378344", "groups ignored in conv2, conv4, conv5"),
    ("vgg16", "mult_adds", "15346630656", "only the conv layers counted"),  # Howard et al. 2017, table 8
    ("lenet5", "params", "60900", "C3 (conv): connection table ignored"),  # 16·(25·6 + 1) = 2416, not 1516
    ("mobilenet_v1", "mult_adds", "533833216", "sep13.dw (conv) at stride 2"),  # as Howard et al. print it
    ("vgg16", "mult_adds", "15523175400", "the convention of ptflops"),
    ("vgg16", "mult_adds", "30940528640", "each multiply-add counted as two"),
    ("vgg16", "params", "138344128", "bias left out in all 16 layers"),  # 138,357,544 − 13,416
    ("vgg16", "params", "14714688", "only the conv layers counted"),
    ("vgg16", "params", "134260544", "fc8 left out"),  # − 4,097,000
    ("vgg16", "params", "138357454", "4 and 5 swapped"),
    ("vgg16", "params", "138857544", "a digit misprinted (3 as 8)"),
    ("mobilenet_v1", "params", "4253864", "moving statistics counted as parameters"),  # Keras' documentation
    ("mobilenet_v1", "params", "4210088", "scale and shift left out"),
    ("mobilenet_v1", "mult_adds", "149497088", "with alpha = 0.5"),  # Howard et al. 2017, table 6
    ("mobilenet_v1", "mult_adds", "418121728", "input 3×192×192"),
    ("resnet50", "mult_adds", "4089184256", "with stride_on = 3"),
    ("googlenet", "params", "13378280", "with heads = 2"),
    ("deeplab_largefov", "params", "343466837", "fc6 (conv): dilation taken into the kernel"),  # 25² taps for 3²
    ("unet", "params", "31023808", "bias left out in all"),
]  # fmt: skip


@pytest.mark.parametrize(("network", "quantity", "figure", "text"), KNOWN)
def test_known_confusions(network: str, quantity: str, figure: str, text: str) -> None:
    first = answers(network, quantity, figure)[0]
    assert text in first.text
    assert first.is_finding


def test_a_part_that_costs_the_same_is_no_second_finding() -> None:
    """Stride 2 at the 3×3 layers adds exactly what the first block costs: at most one of the two explains the figure."""
    first, *others = answers("resnet50", "mult_adds", 4_089_184_256)
    assert "stride_on = 3" in first.text
    assert "conv2_x.first counted twice" in [other.text for other in others]
    assert [answer.is_finding for answer in (first, *others)] == [True, *[False] * len(others)]


def test_a_truth_value_is_flipped(run: Run, written) -> None:
    """7·(3·9 + 1) + 5·(7·9 + 1) = 516 without b; with it 7·28 + 13·(7 + 1) + 5·(13·9 + 1) = 890."""
    path = written("""
        archcalc: 1
        variables: {extra: false}
        input: {shape: [3, 8, 8]}
        layers:
          - {id: a, op: conv, out_channels: 7, kernel_size: 3, padding: 1}
          - {id: b, op: conv, out_channels: 13, kernel_size: 1, when: extra}
          - {id: c, op: conv, out_channels: 5, kernel_size: 3}
    """)
    assert "finding: with extra = true; " in run.ok("diagnose", path, "--params", "890")
    assert "finding: with extra = false; " in run.ok("diagnose", path, "--set", "extra=true", "--params", "516")


def test_which_parameters_are_meant() -> None:
    """60,900 are LeNet's trainable parameters with a full C3; its parameters would be 61,740."""
    assert answers("lenet5", "params", 60_900)[0].quantity == "trainable"
    assert answers("lenet5", "params", 61_740)[0].quantity == "params"


def test_a_figure_that_is_right() -> None:
    (only,) = answers("vgg16", "params", "138 M")
    assert not only.confusions
    assert only.is_finding


def test_one_layer() -> None:
    assert "charged as a convolution with bias" in answers("vgg16", "params", 65_664, "pool2")[0].text
    assert "bias left out" in answers("vgg16", "params", 102_760_448, "fc6")[0].text


def planted(report: Report, depth: int, seed: int) -> tuple[int, set[str]]:
    """The total with some confusions at once, in layers of their own, and what they are."""
    chosen = random.Random(seed)
    values = values_of("mult_adds", report.layers)
    steps = [(amount, step) for amount, same in deltas_of(report.layers, "mult_adds", values).confusions.items() for step in same
             if {part for _, part in step.touches} != {WHOLE} or len(step.touches) == 1]  # fmt: skip
    picked: list[tuple[int, str]] = []
    layers: set[int] = set()
    while len(picked) < depth:
        amount, step = chosen.choice(steps)
        if not layers & {at for at, _ in step.touches}:
            layers |= {at for at, _ in step.touches}
            picked.append((amount, step.text))
    return sum(values) + sum(amount for amount, _ in picked), {text for _, text in picked}


@pytest.mark.parametrize("network", ["vgg16", "mobilenet_v1", "resnet50", "googlenet"])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_planted_confusions_are_found(network: str, depth: int) -> None:
    """Whatever is found gives the figure; as many confusions as were planted are always enough."""
    for seed in range(4):
        figure, texts = planted(NETWORKS[network], depth, seed)
        found = answers(network, "mult_adds", figure)
        assert found, f"{network}: {figure} is {texts}, and nothing was found"
        assert len(found[0].confusions) <= depth


@pytest.mark.parametrize("network", ["vgg16", "lenet5", "mobilenet_v1", "googlenet"])
def test_random_figures_are_no_findings(network: str) -> None:
    """The measure of chance is honest: of some random figures none is taken for a finding."""
    chosen = random.Random(7)
    for quantity in ("params", "mult_adds"):
        total = getattr(NETWORKS[network].totals, quantity)
        for _ in range(4 if len(NETWORKS[network].layers) > 80 else 20):
            figure = chosen.randint(total * 6 // 10, total * 14 // 10)
            found = [one for one in answers(network, quantity, figure) if one.is_finding]
            assert not found, f"{network}: {figure} {quantity} is random, and yet: {found[0].text} ({found[0].chance})"


def test_large_networks_are_quick() -> None:
    """174 layers, three confusions deep, and nothing to be found, so that all of it is searched."""
    start = time.process_time()
    found = diagnose(NETWORKS["resnet50"], "params", read_printed_number("23456789"))
    assert time.process_time() - start < 2, "a network of 200 layers is diagnosed in under two seconds"
    assert not any(one.is_finding for one in found)


def test_command(run: Run) -> None:
    out = run.ok("diagnose", "vgg16", "--params", "138,423,208")
    assert out.splitlines()[0] == "VGG 16 has 138,357,544 parameters; 138,423,208 is 65,664 more"
    assert out.splitlines()[1].startswith("finding: pool2 (max_pool): charged as a convolution with bias")
    nothing = run("diagnose", "vgg16", "--params", "123456789")
    assert (nothing.status, nothing.out.splitlines()[1]) == (1, "nothing fits")
    assert "it is right" in run.ok("diagnose", "lenet5", "--connections", "340908")
    assert "counted as neurons in pool1" in run.ok("diagnose", "vgg16", "--neurons", "15087080")
    assert "with resolution = 160" in run.ok("diagnose", "mobilenet_v1", "--mult-adds", "290675200")


def test_json(run: Run) -> None:
    data = json.loads(run.ok("diagnose", "alexnet", "--params", "62378344", "-f", "json"))
    assert (data["schema"], data["explained"], data["computed"]) == (1, True, 60_965_224)
    assert data["answers"][0]["confusions"] == ["groups ignored in conv2, conv4, conv5"]


@pytest.mark.parametrize(("args", "part"), [
    (["vgg16"], "exactly one figure is explained, not 0"),
    (["vgg16", "--params", "1", "--weights", "2"], "exactly one figure is explained, not 2"),
    (["vgg16", "--params", "1", "--params", "2"], "exactly one figure is explained, not 2"),
    (["vgg16", "--params", "many"], "is not a figure"),
    (["vgg16", "--params", "3×3"], "are sizes"),
    (["vgg16", "--params", "1", "--of", "pool9"], "did you mean pool5"),
    (["vgg61", "--params", "1"], "no network of that name"),
])  # fmt: skip
def test_bad_calls(run: Run, args: list[str], part: str) -> None:
    result = run("diagnose", *args)
    assert result.status == 2
    assert part in result.err


@pytest.mark.parametrize(("options", "err"), [
    (("--params", "abc"), "such as 4.2 million, 138,357,544 or 27×27×256\n"), (("--params", "-5"), "-5 is below 0"),
])  # fmt: skip
def test_what_is_no_figure(run: Run, options: tuple[str, ...], err: str) -> None:
    result = run("diagnose", "vgg16", *options)
    assert result.status == 2
    assert err in result.err
    assert not any(line.isspace() for line in result.err.splitlines(keepends=True))


def test_macs_is_a_name_of_multiply_adds(run: Run) -> None:
    assert run("diagnose", "vgg16", "--macs", "15523175400") == run("diagnose", "vgg16", "--mult-adds", "15523175400")

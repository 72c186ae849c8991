"""The shipped networks against what was printed about them; every figure with the place it can be looked up."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.loading import load, load_source
from archcalc.analysis.report import Report, analyze
from archcalc.claims.published.totals import CACHE
from archcalc.description.source import Source, find, read
from archcalc.description.zoo import zoo, zoo_folder


@cache
def network(name: str, **variables: Any) -> Report:
    return analyze(load(name, variables))


def edited(name: str, *changes: tuple[str, str], **variables: Any) -> Report:
    """A shipped network with some of its text changed; each change must find its place."""
    text = read(name).text
    for old, new in changes:
        assert old in text, f"specs/{name}.yaml no longer has {old!r}: adapt the change to the file"
        text = text.replace(old, new)
    return analyze(load_source(Source(f"{name}.yaml", text), variables))


def column(report: Report, quantity: str, ids: Iterable[str]) -> list[int]:
    return [getattr(report.layer(one), quantity) for one in ids]


def inside(report: Report, block: str) -> list[LayerReport]:
    """The layers of a block."""
    found = [layer for layer in report.layers if layer.id.startswith(f"{block}.")]
    assert found, f"there is no block {block}"
    return found


def summed(layers: Iterable[LayerReport], quantity: str) -> int:
    return sum(getattr(layer, quantity) for layer in layers)


# -- totals ---------------------------------------------------------------------------------------------------------------

TOTALS = [
    # Network, variables, params, mult-adds. LeCun et al. 1998, §II.B: 60,000 trainable and 840 fixed.
    ("lenet5", {}, 60_840, 325_680),
    # Krizhevsky et al. 2012: "60 million parameters"; the sums per layer stand below.
    ("alexnet", {}, 60_965_224, 724_406_816),
    ("alexnet", {"groups": 1}, 62_378_344, None),
    ("zfnet", {}, 62_357_608, 1_168_032_896),
    # He et al. 2015, table 6 and §4.2: 0.27 M … 19.4 M; with projections as facebookresearch/pycls counts them.
    ("resnet_cifar", {}, 269_722, 40_551_040),
    ("resnet_cifar", {"n": 9}, 853_018, 125_485_696),
    ("resnet_cifar", {"n": 9, "option_a": 0}, 855_770, None),
    ("resnet_cifar", {"n": 200}, 19_421_274, 2_829_238_912),
    # Iandola et al. 2016, table 1: 1,248,424 parameters.
    ("squeezenet", {}, 1_248_424, 861_339_936),
    # Simonyan & Zisserman 2014, table 2, prints 133, 133, 138 and 144 million.
    ("vgg11", {}, 132_863_336, 7_609_090_048),
    ("vgg13", {}, 133_047_848, 11_308_466_176),
    ("vgg16", {}, 138_357_544, 15_470_264_320),
    ("vgg19", {}, 143_667_240, 19_632_062_464),
    # Szegedy et al. 2014, table 1; with the heads of the published Caffe network.
    ("googlenet", {}, 6_998_552, 1_582_671_872),
    ("googlenet", {"heads": 2}, 13_378_280, 1_591_044_096),
    # He et al. 2015, table 1: 1.8, 3.6, 3.8, 7.6 and 11.3 billion; params as every library has them.
    ("resnet18", {}, 11_689_512, 1_814_073_344),
    ("resnet34", {}, 21_797_672, 3_663_761_408),
    ("resnet50", {}, 25_557_032, 3_857_973_248),
    ("resnet50", {"stride_on": 3}, 25_557_032, 4_089_184_256),
    ("resnet101", {}, 44_549_160, 7_570_194_432),
    ("resnet101", {"stride_on": 3}, 44_549_160, 7_801_405_440),
    ("resnet152", {}, 60_192_808, 11_282_415_616),
    ("resnet152", {"stride_on": 3}, 60_192_808, 11_513_626_624),
    # Ronneberger et al. 2015, figure 1, biases counted.
    ("unet", {}, 31_030_658, 150_428_424_448),
    # Badrinarayanan et al. 2015: VGG16 without its dense layers, mirrored, batch norm but behind the last layer.
    ("segnet", {}, 29_449_355, None),
    # Chen et al. 2014, table 2: 20.5 M.
    ("deeplab_largefov", {}, 20_505_429, None),
    # Nielsen 2015, chapter 1: 784·30 + 30 + 30·10 + 10 = 23,860.
    ("mlp", {}, 23_860, 23_820),
    # Zaremba et al. 2014, §4.1, small, summed by hand: 10,000 words of 200 numbers, two layers of 4 gates (3 of a GRU, Cho et
    # al. 2014) that read 200 numbers and their own 200, with PyTorch's two biases each, and 200·10,000 + 10,000 at the end.
    # 2,000,000 + 2·4·(2·200·200 + 2·200) + 2,010,000, and for each of 35 words 2·4·2·200·200 + 200·10,000.
    ("lstm_lm", {}, 4_653_200, 92_400_000),
    ("gru_lm", {}, 4_492_400, 86_800_000),
    ("deconv_demo", {}, 9, 36),
    # Mildenhall et al. 2020, figure 7, of 63 and 27 numbers: (63·256 + 256) + 6·(256·256 + 256) + ((256 + 63)·256 + 256)
    # + (256 + 1) + (256·256 + 256) + ((256 + 27)·128 + 128) + (128·3 + 3); Barron et al. 2021 print 1,191 K for two of them.
    ("nerf", {}, 595_844, None),
    # The paper prints no widths. (256·32·2 + 32) + 50·(2·(32·32·2 + 32) + (32·512 + 512) + (32·32 + 32))
    # + (512·512 + 512) + (512·256 + 256).
    ("wavenet", {}, 1_516_000, None),
]


@pytest.mark.parametrize(("name", "variables", "params", "macs"), TOTALS, ids=lambda value: str(value))
def test_totals(name: str, variables: dict[str, Any], params: int, macs: int | None) -> None:
    totals = network(name, **variables).totals
    assert totals.params == params
    if macs is not None:
        assert totals.mult_adds == macs


def test_every_network_has_a_printed_total() -> None:
    """In the table above, in that of MobileNet below, or as a claim that holds."""
    with open(os.path.join(zoo_folder(), "claims", CACHE), encoding="utf-8") as cache:
        printed = {*json.load(cache), *(name for name, *_ in TOTALS), "mobilenet_v1"}
    assert not {*zoo()} - printed, "a network comes with its printed figures: write them as claims, in specs/claims"


@pytest.mark.parametrize("name", zoo())
def test_every_network_has_a_source(name: str) -> None:
    report = network(name)
    assert report.source, f"specs/{name}.yaml: say where the network was published"
    assert any(year in report.source for year in map(str, range(1980, 2030))), f"specs/{name}.yaml: name the year"
    assert report.name != name, f"specs/{name}.yaml: give it its proper name"
    assert find(f"{name}.yaml") == find(name)


# -- LeNet-5 --------------------------------------------------------------------------------------------------------------

LENET = ("C1", "S2", "C3", "S4", "C5", "F6", "OUTPUT")


def test_lenet5() -> None:
    """LeCun, Bottou, Bengio & Haffner 1998, §II.B and table I."""
    report = network("lenet5")
    assert column(report, "trainable", LENET) == [156, 12, 1_516, 32, 48_120, 10_164, 0]
    assert column(report, "connections", LENET) == [122_304, 5_880, 151_600, 2_000, 48_120, 10_164, 840]
    assert column(report, "fixed", LENET) == [0, 0, 0, 0, 0, 0, 840]
    assert [list(report.layer(one).output) for one in LENET] == [
        [6, 28, 28],
        [6, 14, 14],
        [16, 10, 10],
        [16, 5, 5],
        [120, 1, 1],
        [84],
        [10],
    ]
    totals = report.totals
    assert (totals.trainable, totals.fixed, totals.connections, totals.neurons) == (60_000, 840, 340_908, 8_094)
    # "Layers C1 to F6 have 340,068 connections" is that sum without the output layer.
    assert totals.connections - report.layer("OUTPUT").connections == 340_068
    assert column(report, "mult_adds", ("C1", "C3", "C5", "F6")) == [117_600, 150_000, 48_000, 10_080]


def test_lenet5_table_of_connections() -> None:
    """Table I: 60 crosses, and each map of S2 feeds exactly ten of C3."""
    table = network("lenet5").layer("C3").counts.layer.connections
    assert sum(map(len, table)) == 60
    assert [sum(at in row for row in table) for at in range(6)] == [10] * 6
    assert [at for at, row in enumerate(table) if 0 in row] == [0, 4, 5, 6, 9, 10, 11, 12, 14, 15]
    assert [at for at, row in enumerate(table) if 5 in row] == [3, 4, 5, 8, 9, 10, 11, 13, 14, 15]


def test_lenet5_with_all_connections() -> None:
    """Were C3 connected to all six maps: 16·(6·25 + 1) = 2,416, in all 60,900 trainable."""
    text = read("lenet5").text
    head, _, tail = text.partition("    connections:")
    text = f"{head}    out_channels: 16\n{tail[tail.index('  - {op: tanh') :]}"
    report = analyze(load_source(Source("lenet5.yaml", text)))
    assert report.layer("C3").params == 2_416
    assert report.totals.trainable == 60_900


# -- AlexNet and ZFNet ----------------------------------------------------------------------------------------------------

ALEXNET = {  # params, mult-adds, output; Krizhevsky et al. 2012, §3.5, worked out with the stated filters
    "conv1": (34_944, 105_415_200, [96, 55, 55]),
    "conv2": (307_456, 223_948_800, [256, 27, 27]),
    "conv3": (885_120, 149_520_384, [384, 13, 13]),
    "conv4": (663_936, 112_140_288, [384, 13, 13]),
    "conv5": (442_624, 74_760_192, [256, 13, 13]),
    "fc6": (37_752_832, 37_748_736, [4096]),
    "fc7": (16_781_312, 16_777_216, [4096]),
    "fc8": (4_097_000, 4_096_000, [1000]),
}


@pytest.mark.parametrize("identity", ALEXNET)
def test_alexnet(identity: str) -> None:
    layer = network("alexnet").layer(identity)
    assert (layer.params, layer.mult_adds, list(layer.output)) == ALEXNET[identity]


def test_alexnet_sums() -> None:
    """The paper's "650,000 neurons" are 659,272; its own 253,440 for conv1 is 55·48·96, a misprint for 55·55·96."""
    report = network("alexnet")
    assert column(report, "neurons", ALEXNET) == [290_400, 186_624, 64_896, 64_896, 43_264, 4_096, 4_096, 1_000]
    assert report.totals.neurons == 659_272
    assert (report.totals.weights, report.totals.biases) == (60_954_656, 10_568)


def test_alexnet_of_torchvision() -> None:
    """torchvision.models.alexnet: one tower of 64-192-384-256-256, 224 padded by 2: 61,100,840 and 714,188,480."""
    report = edited(
        "alexnet",
        ("shape: [3, 227, 227]", "shape: [3, 224, 224]"),
        ("out_channels: 96, kernel_size: 11, stride: 4", "out_channels: 64, kernel_size: 11, stride: 4, padding: 2"),
        ("id: conv2, op: conv, out_channels: 256", "id: conv2, op: conv, out_channels: 192"),
        ("id: conv4, op: conv, out_channels: 384", "id: conv4, op: conv, out_channels: 256"),
        groups=1,
    )
    assert (report.totals.params, report.totals.mult_adds) == (61_100_840, 714_188_480)


def test_zfnet() -> None:
    """Zeiler & Fergus 2013, figure 3: the sizes it prints need padding 1 in conv1 and pools that round up."""
    report = network("zfnet")
    printed = {
        "conv1": [96, 110, 110],
        "pool1": [96, 55, 55],
        "conv2": [256, 26, 26],
        "pool2": [256, 13, 13],
        "conv3": [384, 13, 13],
        "conv4": [384, 13, 13],
        "conv5": [256, 13, 13],
        "pool5": [256, 6, 6],
        "fc6": [4096],
        "fc7": [4096],
    }
    assert {name: list(report.layer(name).output) for name in printed} == printed
    assert list(report.output) == [1000]


# -- VGG ------------------------------------------------------------------------------------------------------------------

VGG16 = [  # Simonyan & Zisserman 2014, table 1, column D: k·k·C·C' + C' for each of the 16 weight layers
    1_792,
    36_928,
    73_856,
    147_584,
    295_168,
    590_080,
    590_080,
    1_180_160,
    2_359_808,
    2_359_808,
    2_359_808,
    2_359_808,
    2_359_808,
    102_764_544,
    16_781_312,
    4_097_000,
]


def test_vgg16_rows() -> None:
    report = network("vgg16")
    assert [layer.params for layer in report.layers if layer.params] == VGG16
    assert list(report.layer("pool5").output) == [512, 7, 7]
    # CS231n, "Convolutional Neural Networks", case study of VGGNet: 15.2 million values with the input.
    assert report.totals.activations + report.input_elements == 15_237_608


@pytest.mark.parametrize(
    ("name", "conv_params", "conv_macs", "activations"),
    [
        # Table 1, columns A, B, D and E; activations: outputs of conv, pool and FC, ReLU in place, without the input.
        ("vgg11", 9_220_480, 7_485_456_384, 8_965_608),
        ("vgg13", 9_404_992, 11_184_832_512, 13_782_504),
        ("vgg16", 14_714_688, 15_346_630_656, 15_087_080),
        ("vgg19", 20_024_384, 19_508_428_800, 16_391_656),
    ],
)
def test_vgg(name: str, conv_params: int, conv_macs: int, activations: int) -> None:
    report = network(name)
    convs = [layer for layer in report.layers if layer.op == "conv"]
    assert summed(convs, "params") == conv_params
    assert summed(convs, "mult_adds") == conv_macs
    assert report.totals.params - conv_params == 123_642_856, "the three dense layers are the same in all"
    assert report.totals.mult_adds - conv_macs == 123_633_664
    assert report.totals.activations == activations
    assert sum(layer.params > 0 for layer in report.layers) == int(name.removeprefix("vgg")), "it is called by its depth"


def test_vgg_column_c() -> None:
    """Column C: a 1×1 convolution in place of the third 3×3 of each stage; 134 million in table 2."""
    report = edited(
        "vgg16",
        *(
            (
                f"id: conv{stage}_3, op: conv, out_channels: {width}, kernel_size: 3, padding: 1",
                f"id: conv{stage}_3, op: conv, out_channels: {width}, kernel_size: 1",
            )
            for stage, width in ((3, 256), (4, 512), (5, 512))
        ),
    )
    assert (report.totals.params, report.totals.mult_adds) == (133_638_952, 11_770_888_192)
    assert summed((layer for layer in report.layers if layer.op == "conv"), "mult_adds") == 11_647_254_528


def test_three_3x3_for_one_7x7() -> None:
    """Simonyan & Zisserman 2014, §2.3: 3·(3²C²) = 27 C² weights see what 49 C² see, 81 % more."""
    from tests.support import describe, report_of

    small = {"op": "conv", "out_channels": 64, "kernel_size": 3, "bias": False}
    stack = report_of(describe([64, 9, 9], small, small, small))
    single = report_of(describe([64, 9, 9], small | {"kernel_size": 7}))
    assert stack.totals.params == 27 * 64 * 64
    assert single.totals.params == 49 * 64 * 64
    assert stack.layers[-1].receptive_field.size == single.layers[-1].receptive_field.size == [7, 7]
    assert list(stack.output) == list(single.output)


# -- GoogLeNet ------------------------------------------------------------------------------------------------------------

INCEPTION = {  # Szegedy et al. 2014, table 1: output; weights, params and mult-adds of its printed branches
    "inception_3a": ([256, 28, 28], 163_328, 163_696, 128_049_152),
    "inception_3b": ([480, 28, 28], 388_096, 388_736, 304_267_264),
    "inception_4a": ([512, 14, 14], 375_552, 376_176, 73_608_192),
    "inception_4b": ([512, 14, 14], 448_512, 449_160, 87_908_352),
    "inception_4c": ([512, 14, 14], 509_440, 510_104, 99_850_240),
    "inception_4d": ([528, 14, 14], 604_672, 605_376, 118_515_712),
    "inception_4e": ([832, 14, 14], 867_328, 868_352, 169_996_288),
    "inception_5a": ([832, 7, 7], 1_042_432, 1_043_456, 51_079_168),
    "inception_5b": ([1024, 7, 7], 1_442_816, 1_444_080, 70_697_984),
}


@pytest.mark.parametrize("block", INCEPTION)
def test_inception(block: str) -> None:
    layers = inside(network("googlenet"), block)
    output, weights, params, macs = INCEPTION[block]
    assert list(layers[-1].output) == output
    assert (summed(layers, "weights"), summed(layers, "params"), summed(layers, "mult_adds")) == (weights, params, macs)


def test_googlenet_stem() -> None:
    """Table 1's first rows; its 2.7K and 34M for conv1 are those of a separable 7×7, the stem has 9,408 weights."""
    report = network("googlenet")
    conv1 = report.layer("conv1")
    assert (list(conv1.output), conv1.weights, conv1.params, conv1.mult_adds) == ([64, 112, 112], 9_408, 9_472, 118_013_952)
    second = [report.layer("conv2_reduce"), report.layer("conv2")]
    assert (summed(second, "weights"), summed(second, "params"), summed(second, "mult_adds")) == (114_688, 114_944, 359_661_568)
    assert [list(report.layer(one).output) for one in ("pool1", "pool2", "pool3", "pool4", "pool5")] == [
        [64, 56, 56],
        [192, 28, 28],
        [480, 14, 14],
        [832, 7, 7],
        [1024, 1, 1],
    ]
    assert (report.layer("fc").weights, report.layer("fc").params) == (1_024_000, 1_025_000)
    assert report.totals.weights == 6_990_272


@pytest.mark.parametrize(("name", "deep"), [("googlenet", 22), ("vgg16", 16), ("alexnet", 8)])
def test_depth(name: str, deep: int) -> None:
    """Szegedy et al. 2014, §5: "22 layers deep when counting only layers with parameters", along the longest path."""
    report = network(name)
    depth: list[int] = []
    for layer in report.layers:
        before = max((depth[source] for source in layer.node.sources if source >= 0), default=0)
        depth.append(before + (layer.params > 0))
    assert depth[-1] == deep


def test_googlenet_with_the_printed_stem() -> None:
    """A separable 7×7 (8 filters for each colour, then 1×1): 2,712 weights, the 2.7K of table 1; 1,498,677,248 in all."""
    report = edited(
        "googlenet",
        (
            "- {id: conv1, op: conv, out_channels: 64, kernel_size: 7, stride: 2, padding: 3}",
            "- {id: depthwise, op: conv, out_channels: 24, groups: 3, kernel_size: 7, stride: 2, padding: 3, bias: false}\n"
            "  - {id: conv1, op: conv, out_channels: 64, kernel_size: 1}",
        ),
    )
    stem = [report.layer("depthwise"), report.layer("conv1")]
    assert (summed(stem, "weights"), summed(stem, "mult_adds")) == (2_712, 34_019_328)
    assert (report.totals.weights, report.totals.mult_adds) == (6_983_576, 1_498_677_248)


def test_googlenet_of_torchvision() -> None:
    """torchvision and TF-Slim have 3×3 layers where the paper has 5×5: 6,609,344 weights, 1,498,376,192 mult-adds."""
    report = edited("googlenet", ("kernel_size: 5, padding: 2", "kernel_size: 3, padding: 1"))
    assert (report.totals.weights, report.totals.mult_adds) == (6_609_344, 1_498_376_192)


# -- MobileNet ------------------------------------------------------------------------------------------------------------

MOBILENET = [  # Howard et al. 2017, tables 6 and 7: α, resolution, mult-adds, params, weights of conv + FC, + statistics
    ("1.0", 224, 568_740_352, 4_231_976, 4_209_088, 4_253_864),
    ("1.0", 192, 418_121_728, 4_231_976, 4_209_088, 4_253_864),
    ("1.0", 160, 290_675_200, 4_231_976, 4_209_088, 4_253_864),
    ("1.0", 128, 186_400_768, 4_231_976, 4_209_088, 4_253_864),
    ("0.75", 224, 325_400_448, 2_585_560, 2_568_144, 2_601_976),
    ("0.75", 192, 239_273_472, 2_585_560, 2_568_144, 2_601_976),
    ("0.75", 160, 166_396_800, 2_585_560, 2_568_144, 2_601_976),
    ("0.75", 128, 106_770_432, 2_585_560, 2_568_144, 2_601_976),
    ("0.5", 224, 149_497_088, 1_331_592, 1_319_648, 1_342_536),
    ("0.5", 192, 109_970_432, 1_331_592, 1_319_648, 1_342_536),
    ("0.5", 160, 76_524_800, 1_331_592, 1_319_648, 1_342_536),
    ("0.5", 128, 49_160_192, 1_331_592, 1_319_648, 1_342_536),
    ("0.25", 224, 41_030_272, 470_072, 463_600, 475_544),
    ("0.25", 192, 30_212_608, 470_072, 463_600, 475_544),
    ("0.25", 160, 21_059_200, 470_072, 463_600, 475_544),
    ("0.25", 128, 13_570_048, 470_072, 463_600, 475_544),
]


@pytest.mark.parametrize(("alpha", "resolution", "macs", "params", "weights", "with_statistics"), MOBILENET)
def test_mobilenet(alpha: str, resolution: int, macs: int, params: int, weights: int, with_statistics: int) -> None:
    report = network("mobilenet_v1", alpha=Fraction(alpha), resolution=resolution)
    assert (report.totals.mult_adds, report.totals.params) == (macs, params)
    assert report.totals.params + report.totals.buffers == with_statistics
    assert summed((layer for layer in report.layers if layer.mult_adds), "weights") == weights


def test_mobilenet_by_kind_of_layer() -> None:
    """Table 2's shares; its 1.19 % for conv1 is a misprint of 1.91 %, as the column adds up to 99.29 %."""
    report = network("mobilenet_v1")
    convs = [layer for layer in report.layers if layer.op == "conv"]
    groups = {
        "conv3x3": [convs[0]],
        "depthwise": [layer for layer in convs if layer.counts.layer.groups > 1],
        "pointwise": [layer for layer in convs if layer.counts.layer.kernel_size == 1],
        "fc": [report.layer("fc")],
    }
    found = {name: (summed(group, "weights"), summed(group, "mult_adds")) for name, group in groups.items()}
    assert found == {
        "conv3x3": (864, 10_838_016),
        "depthwise": (44_640, 17_385_984),
        "pointwise": (3_139_584, 539_492_352),
        "fc": (1_024_000, 1_024_000),
    }
    shares = {name: round(100 * macs / 568_740_352, 2) for name, (_, macs) in found.items()}
    assert shares == {"conv3x3": 1.91, "depthwise": 3.06, "pointwise": 94.86, "fc": 0.18}
    norms = [layer for layer in report.layers if layer.op == "batch_norm"]
    assert (summed(norms, "params"), summed(norms, "buffers")) == (21_888, 21_888)


def test_mobilenet_with_the_printed_stride() -> None:
    """Table 1 prints stride 2 in its last depthwise layer: that would be 533,833,216 mult-adds, not 569 million."""
    report = edited(
        "mobilenet_v1",
        (
            "{id: sep13, op: separable, out_channels: 1024*alpha}",
            "{id: sep13, op: separable, out_channels: 1024*alpha, stride: 2}",
        ),
    )
    assert report.totals.mult_adds == 533_833_216


def test_shallow_mobilenet() -> None:
    """Table 5: without the five 14×14×512 layers 307 million and 2.9 million."""
    report = edited("mobilenet_v1", ("  - {id: sep7_11, op: separable, out_channels: 512*alpha, repeat: 5}", "  #"))
    assert (report.totals.mult_adds, report.totals.params) == (307_323_392, 2_887_976)


def test_mobilenet_of_plain_convolutions() -> None:
    """Table 4: 4,866 million (that is without the dense layer, 569 in the next row is with it) and 29.3 million."""
    text = read("mobilenet_v1").text
    head, _, rest = text.partition("      - {id: dw,")
    tail = rest[rest.index("layers:\n  - {id: conv1") :]
    plain = (
        "      - {id: c, op: conv, out_channels: out_channels, kernel_size: 3, stride: stride, padding: 1, bias: false}\n"
        "      - {op: batch_norm}\n      - {op: relu}\n"
    )
    report = analyze(load_source(Source("mobilenet_v1.yaml", head + plain + tail)))
    assert report.totals.mult_adds - report.layer("fc").mult_adds == 4_866_269_184
    assert report.totals.params == 29_294_088


@pytest.mark.parametrize(
    ("width", "size", "separable", "macs", "weights"),
    [
        # Howard et al. 2017, table 3, 512 → 512 on 14×14: 462 M/2.36 M, 52.3 M/0.27 M, α = 0.75 29.6/0.15, ρ = 0.714 15.1.
        (512, 14, False, 462_422_016, 2_359_296),
        (512, 14, True, 52_283_392, 266_752),
        (384, 14, True, 29_578_752, 150_912),
        (384, 10, True, 15_091_200, 150_912),
    ],
)
def test_mobilenet_table_3(width: int, size: int, separable: bool, macs: int, weights: int) -> None:
    from tests.support import describe, report_of

    three = {"op": "conv", "out_channels": width, "kernel_size": 3, "padding": 1, "bias": False}
    one = {"op": "conv", "out_channels": width, "kernel_size": 1, "bias": False}
    layers = [three | {"groups": width}, one] if separable else [three]
    report = report_of(describe([width, size, size], *layers))
    assert (report.totals.mult_adds, report.totals.weights) == (macs, weights)


# -- ResNet ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"])
def test_resnet_sizes(name: str) -> None:
    """He et al. 2015, table 1, column "output size"; the name counts convolutions of the main path and the dense layer."""
    report = network(name)
    assert report.layer("conv1").output[1] == 112
    assert [inside(report, f"conv{stage}_x")[-1].output[1] for stage in (2, 3, 4, 5)] == [56, 28, 14, 7]
    main = [layer for layer in report.layers if layer.mult_adds and "shortcut" not in layer.id]
    assert len(main) == int(name.removeprefix("resnet"))


OPTION_A = (  # §3.3 (A): shortcuts without parameters. The values of the second half are zeros there; sizes are the same.
    "      - {id: conv, op: conv, out_channels: out_channels, kernel_size: 1, stride: stride, bias: false}\n"
    "      - {id: bn, op: batch_norm}\n",
    "      - {id: thin, op: max_pool, kernel_size: 1, stride: stride}\n      - {id: wide, op: concat, inputs: [thin, thin]}\n",
)


@pytest.mark.parametrize(("name", "macs"), [("resnet18", 1_794_805_760), ("resnet34", 3_644_493_824)])
def test_resnet_with_identity_shortcuts(name: str, macs: int) -> None:
    """Table 1 prints 1.8 and 3.6 billion: those are option A's; projections would round to 3.7."""
    assert edited(name, OPTION_A).totals.mult_adds == macs


@pytest.mark.parametrize(
    ("depth", "params", "macs"),
    [
        # He et al. 2015, table 6: 0.27, 0.46, 0.66, 0.85, 1.7 and 19.4 million on CIFAR-10, option A everywhere.
        (20, 269_722, 40_551_040),
        (32, 464_154, 68_862_592),
        (44, 658_586, 97_174_144),
        (56, 853_018, 125_485_696),
        (110, 1_727_962, 252_887_680),
        (1202, 19_421_274, 2_829_238_912),
    ],
)
def test_resnet_on_cifar(depth: int, params: int, macs: int) -> None:
    """§4.2: 6n + 2 layers, widths 16, 32 and 64 on maps of 32, 16 and 8."""
    times = (depth - 2) // 6
    text = read("resnet18").text.replace(*OPTION_A)
    head = text[: text.index("layers:\n  - {id: conv1, op: conv, out_channels: 64, kernel_size: 7")]
    text = (
        head.replace("[3, 224, 224]", "[3, 32, 32]")
        + f"""
layers:
  - {{id: conv1, op: conv, out_channels: 16, kernel_size: 3, padding: 1, bias: false}}
  - {{id: bn1, op: batch_norm}}
  - {{id: a, op: stage, width: 16, times: {times}, stride: 1}}
  - {{id: b, op: stage, width: 32, times: {times}}}
  - {{id: c, op: stage, width: 64, times: {times}}}
  - {{op: global_avg_pool}}
  - {{op: flatten}}
  - {{op: linear, out_features: 10}}
"""
    )
    report = analyze(load_source(Source("cifar.yaml", text)))
    assert (report.totals.params, report.totals.mult_adds) == (params, macs)


# -- dense prediction -----------------------------------------------------------------------------------------------------


def test_unet() -> None:
    """Ronneberger et al. 2015, figure 1: every size that is drawn."""
    report = network("unet")
    convs = [layer for layer in report.layers if layer.op == "conv"]
    assert len(convs) + sum(layer.op == "conv_transpose" for layer in report.layers) == 23, '"in total 23 layers"'
    assert [list(layer.output)[:2] for layer in convs] == [
        [64, 570],
        [64, 568],
        [128, 282],
        [128, 280],
        [256, 138],
        [256, 136],
        [512, 66],
        [512, 64],
        [1024, 30],
        [1024, 28],
        [512, 54],
        [512, 52],
        [256, 102],
        [256, 100],
        [128, 198],
        [128, 196],
        [64, 390],
        [64, 388],
        [2, 388],
    ]
    assert [layer.output[1] for layer in report.layers if layer.op == "max_pool"] == [284, 140, 68, 32]
    assert [layer.output[1] for layer in report.layers if layer.op == "conv_transpose"] == [56, 104, 200, 392]
    crops = [layer for layer in report.layers if layer.op == "crop"]
    assert [(layer.inputs[0][1], layer.output[1]) for layer in crops] == [(64, 56), (136, 104), (280, 200), (568, 392)]


def test_segnet() -> None:
    """Badrinarayanan et al. 2015, figure 2: 13 + 13 convolutions, and unpooling back to every size that was pooled."""
    report = network("segnet")
    assert sum(layer.op == "conv" for layer in report.layers) == 26
    pools = {layer.id: layer for layer in report.layers if layer.op == "max_pool"}
    for layer in report.layers:
        if layer.op == "unpool":
            assert layer.output == pools[layer.id.replace("un", "")].inputs[0]
    assert list(pools["pool5"].output) == [512, 12, 15]
    assert list(report.output) == [11, 360, 480]


@pytest.mark.parametrize(
    ("kernel", "width", "params"),
    [
        # Chen et al. 2014, table 2: 134.3 M, 65.1 M, 65.1 M and 20.5 M for kernels of 7, 4, 4 and 3.
        (7, 4096, 134_346_581),
        (4, 4096, 65_140_565),
        (3, 1024, 20_505_429),
    ],
)
def test_deeplab(kernel: int, width: int, params: int) -> None:
    report = edited(
        "deeplab_largefov",
        (
            "out_channels: 1024, kernel_size: 3, padding: 12, dilation: 12",
            f"out_channels: {width}, kernel_size: {kernel}, padding: 12, dilation: 4",
        ),
        ("out_channels: 1024, kernel_size: 1", f"out_channels: {width}, kernel_size: 1"),
    )
    assert report.totals.params == params


def test_deeplab_sizes() -> None:
    """Chen et al. 2014, §3: a stride of 8 after the changes, 321 → 41, and a field of view of 224 asked of fc6."""
    report = network("deeplab_largefov")
    assert list(report.layer("score").output) == [21, 41, 41]
    assert report.layer("score").receptive_field.stride == [8, 8]


def test_deconv_demo() -> None:
    """Dumoulin & Visin 2016, §4: 2×2 → 3×3, and 4×4 once the other size is asked for."""
    assert list(network("deconv_demo").output) == [1, 3, 3]
    assert list(network("deconv_demo", output_padding=1).output) == [1, 4, 4]

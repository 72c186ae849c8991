"""Words of other frameworks: each leads to a kind or a field that exists, and what a description cannot say is said so."""

from __future__ import annotations

import pytest

from archcalc.description.source import words
from archcalc.description.words import field_guess, kind_guess
from archcalc.layers import find, kinds
from archcalc.layers._base import field_types
from tests.support import errors_of, report_of

LAYER_KEYS = ("id", "op", "inputs", "repeat", "when", "weights_of")


def test_the_words_lead_to_what_there_is() -> None:
    """A new kind takes its word out of the list of absent ones."""
    fields = {name for op in kinds() if (kind := find(op)) for name in field_types(kind)}
    assert {*words()["kinds"]} <= {*kinds()}
    assert {*words()["fields"]} <= fields | {*LAYER_KEYS}
    known = {*kinds(), *(word for others in words()["kinds"].values() for word in others), *words()["recipes"]}
    assert not {*words()["absent"]} & known
    assert not {*words()["not_fields"]} & {"out_channels", "kernel_size", *LAYER_KEYS}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Dense", "linear"),
        ("fc", "linear"),
        ("fully_connected", "linear"),
        ("nn.Linear", "linear"),
        ("bn", "batch_norm"),
        ("BatchNormalization", "batch_norm"),
        ("nn.BatchNorm2d", "batch_norm"),
        ("gap", "global_avg_pool"),
        ("tf.keras.layers.GlobalAveragePooling2D", "global_avg_pool"),
        ("convolution", "conv"),
        ("nn.Conv2d", "conv"),
        ("Conv3D", "conv"),
        ("deconv", "conv_transpose"),
        ("Conv2DTranspose", "conv_transpose"),
        ("ConvTranspose2d", "conv_transpose"),
        ("MaxPooling2D", "max_pool"),
        ("AvgPool2d", "avg_pool"),
        ("sum", "add"),
        ("Concatenate", "concat"),
        ("UpSampling2D", "upsample"),
        ("nn.MultiheadAttention", "multihead_attention"),
        ("scaled_dot_product_attention", "attention"),
        ("nn.Embedding", "embedding"),
        ("Permute", "transpose"),
        ("PixelShuffle", "pixel_shuffle"),
        ("space_to_depth", "pixel_unshuffle"),
        ("bmm", "matmul"),
        ("split", "narrow"),
        ("cnov", "conv"),
        ("nn.GELU", "gelu"),
        ("SiLU", "silu"),
        ("swish", "silu"),
        ("HardSwish", "hardswish"),
        ("h_swish", "hardswish"),
        ("hard_sigmoid", "hardsigmoid"),
        ("PReLU", "prelu"),
        ("ln", "layer_norm"),
        ("nn.LayerNorm", "layer_norm"),
        ("LayerNormalization", "layer_norm"),
        ("GroupNormalization", "group_norm"),
        ("InstanceNorm2d", "instance_norm"),
        ("nn.RMSNorm", "rms_norm"),
        ("GlobalMaxPooling2D", "global_max_pool"),
        ("AdaptiveMaxPool2d", "adaptive_max_pool"),
    ],
)
def test_kinds_of_other_frameworks(word: str, kind: str) -> None:
    assert kind_guess(word, kinds()).name == kind


@pytest.mark.parametrize(
    "word", ["CELU", "celu", "maxout", "transformer", "nn.TransformerEncoder", "weight_norm", "WeightNorm"]
)
def test_what_is_not_in_the_language(word: str) -> None:
    guess = kind_guess(word, kinds())
    assert guess.name is None
    assert "not in the language yet" in guess.out
    assert "did you mean" not in guess.out


@pytest.mark.parametrize(
    ("word", "fragment"),
    [
        ("depthwise_conv", "groups: in_channels"),
        ("DepthwiseConv2D", "groups: in_channels"),
        ("SeparableConv2D", "two layers"),
        ("pool", "max_pool or avg_pool"),
    ],
)
def test_words_that_are_more_than_a_name(word: str, fragment: str) -> None:
    guess = kind_guess(word, kinds())
    assert guess.name is None
    assert fragment in guess.out


@pytest.mark.parametrize(
    ("kind", "word", "field"),
    [
        ("linear", "units", "out_features"),
        ("conv", "filters", "out_channels"),
        ("conv", "strides", "stride"),
        ("conv", "rate", "dilation"),
        ("dropout", "rate", "p"),
        ("conv", "kernel", "kernel_size"),
        ("max_pool", "pool_size", "kernel_size"),
        ("batch_norm", "epsilon", "eps"),
        ("conv", "use_bias", "bias"),
        ("group_norm", "groups", "num_groups"),
        ("layer_norm", "affine", "elementwise_affine"),
        ("conv", "name", "id"),
        ("conv", "input", "inputs"),
        ("conv", "pading", "padding"),
        ("conv", "out_channel", "out_channels"),
    ],
)
def test_fields_of_other_frameworks(kind: str, word: str, field: str) -> None:
    layer = find(kind)
    assert layer is not None
    assert field_guess(word, "", (*field_types(layer), *LAYER_KEYS), kinds()).name == field


@pytest.mark.parametrize(
    "kind", ["conv, out_channels: 8, kernel_size: 3", "linear, out_features: 8", "max_pool, kernel_size: 2"]
)
@pytest.mark.parametrize("value", ["relu", "ReLU", "tanh"])
def test_an_activation_is_a_layer(kind: str, value: str) -> None:
    shape = "[8]" if kind.startswith("linear") else "[3, 8, 8]"
    text = errors_of(f"archcalc: 1\ninput: {{shape: {shape}}}\nlayers: [{{op: {kind}, activation: {value}}}]\n")
    assert f"an activation is a layer of its own: {{op: {value.lower()}}}" in text
    assert text.count("error[") == 1


def test_what_is_read_instead_is_what_was_meant() -> None:
    """The counts behind a misspelt layer are those of the right one: the error behind it has the right numbers."""
    text = errors_of(
        "archcalc: 1\ninput: {shape: [3, 32, 32]}\nlayers:\n"
        "  - {op: Conv2D, filters: 8, kernel: 5, strides: 2}\n  - {op: conv, out_channels: 4, kernel_size: 15}\n"
    )
    # (32 - 5) // 2 + 1 = 14 positions are one too few for a window of 15
    assert "output height is 0" in text
    assert "conv1 as 8×14×14" in text


def test_a_right_network_of_blocks_named_like_words_is_read() -> None:
    report = report_of(
        "archcalc: 1\ninput: {shape: [3, 8, 8]}\nblocks: {dense: {layers: [{op: flatten}, {op: linear, out_features: 2}]}}\n"
        "layers: [{op: dense}]\n"
    )
    assert report.totals.params == 2 * (3 * 64 + 1)

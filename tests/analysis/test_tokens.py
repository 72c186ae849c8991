"""Tokens: trained tensors, positions as one axis, windows of an attention; what each unit reads, and what memory it takes."""

from __future__ import annotations

import pytest

from archcalc.analysis.memory.inference import Memory
from archcalc.analysis.memory.training_step import TrainingMemory
from archcalc.analysis.training.backward import backward_pass
from tests.analysis.test_zoo import network
from tests.support import errors_of, report_of

TOKENS = """
archcalc: 1
input: {shape: [3, 32, 32]}
positions: tokens
layers:
  - {id: patches, op: conv, out_channels: 16, kernel_size: 8, stride: 8}
  - {id: flat, op: flatten, start_dim: 2}
  - {id: class, op: parameter, shape: [16, 1]}
  - {id: all, op: concat, inputs: [class, flat], dim: 2}
  - {id: places, op: parameter, shape: [16, 17]}
  - {id: sum, op: add, inputs: [all, places]}
  - {id: mixed, op: multihead_attention, num_heads: 4}
  - {id: skip, op: add, inputs: [sum, mixed]}
  - {id: first, op: narrow, dim: 2, length: 1}
"""


def field(report, layer):  # type: ignore[no-untyped-def]
    found = report.layer(layer).receptive_field
    return found.status, found.reason


def test_what_tokens_read() -> None:
    report = report_of(TOKENS)
    assert report.layer("patches").receptive_field.size == [8, 8]
    assert field(report, "flat") == ("unknown", "two axes were read as one")
    assert field(report, "class") == ("nothing", "it reads no input of the network")
    assert field(report, "all") == ("unknown", "two axes were read as one")
    assert field(report, "sum") == ("unknown", "two axes were read as one"), "positions change no field"
    assert field(report, "mixed") == field(report, "skip") == field(report, "first") == ("whole input", "")


def test_a_parameter_is_not_the_layer_before() -> None:
    report = report_of("""
        archcalc: 1
        input: {shape: [4, 6]}
        layers:
          - {id: a, op: relu}
          - {id: p, op: parameter, shape: [4], repeat: 2}
          - {id: b, op: multiply, inputs: [a, p.2]}
          - {id: q, op: parameter, shape: [4, 6]}
          - {id: c, op: linear, out_features: 5}
    """)
    names = [layer.id for layer in report.layers]
    reads = {layer.id: [names[source] if source >= 0 else "input" for source in layer.node.sources] for layer in report.layers}
    assert reads == {"a": ["input"], "p.1": [], "p.2": [], "b": ["a", "p.2"], "q": [], "c": ["b"]}
    assert report.totals.params == 4 + 4 + 24 + 4 * 5 + 5
    assert report.layer("b").receptive_field.size == [1], "a parameter is left out of the hull"


def test_a_dropped_parameter() -> None:
    text = """
        archcalc: 1
        variables: {kept: false}
        input: {shape: [4, 6]}
        layers:
          - {id: p, op: parameter, shape: [4, 1], when: kept}
          - {id: all, op: concat, inputs: [input, p], dim: 2}
          - {id: sum, op: add, inputs: [all, P]}
    """
    alone = text.replace("          - {id: sum, op: add, inputs: [all, P]}\n", "")
    assert report_of(alone).output == (4, 6), "it falls away in a concatenation"
    assert "error[ARC142] p is dropped here, and reads nothing" in errors_of(text.replace("P]", "p]"))


def test_shape_of_a_parameter_in_a_block() -> None:
    """A parameter reads nothing, but an argument of the block around it may depend on what the block reads."""
    report = report_of("""
        archcalc: 1
        input: {shape: [8, 5, 5]}
        blocks:
          scale:
            arguments: {width: in_channels}
            layers:
              - {id: gamma, op: parameter, shape: [width]}
              - {id: out, op: multiply, inputs: [input, gamma]}
        layers:
          - {id: s, op: scale}
    """)
    assert report.layer("s.gamma").params == 8
    assert report.output == (8, 5, 5)


def test_a_block_that_ends_in_a_parameter() -> None:
    """The last layer of a block is its output, whatever that reads."""
    report = report_of("""
        archcalc: 1
        input: {shape: [8, 5]}
        blocks:
          places: {layers: [{id: p, op: parameter, shape: [8, 5]}]}
        layers:
          - {id: x, op: relu}
          - {id: b, op: places}
          - {id: sum, op: add, inputs: [x, b]}
    """)
    assert report.layer("sum").node.sources == (0, 1)


def windows(**attention: object) -> list[tuple[int, int]]:
    """The field of each of eight positions behind a windowed attention, within the input."""
    fields = ", ".join(f"{name}: {value}" for name, value in attention.items())
    report = report_of(f"""
        archcalc: 1
        input: {{shape: [12, 8]}}
        layers:
          - {{id: a, op: attention, num_heads: 2, {fields}}}
    """)
    (axis,) = report.layer("a").receptive_field.axes
    spans = [axis.span(unit) for unit in range(8)]
    return [(max(span[0], 0), min(span[1], 7)) for span in spans if span]


def test_windows() -> None:
    """Liu et al. 2021, figure 4: shifted windows begin at the shift, and the parts at both ends are windows of their own."""
    assert windows(window=4) == [(0, 3)] * 4 + [(4, 7)] * 4
    assert windows(window=4, shift=1) == [(0, 0)] + [(1, 4)] * 4 + [(5, 7)] * 3
    assert windows(window=2, shift=1) == [(0, 0), (1, 2), (1, 2), (3, 4), (3, 4), (5, 6), (5, 6), (7, 7)]
    assert windows(window=8, shift=4) == [(0, 7)] * 8, "one window over all positions is not shifted"


def test_grids() -> None:
    """Tu et al. 2022, figure 3: with four positions of eight in a grid, a unit reads every other one."""
    assert windows(grid=4) == [(0, 6), (1, 7)] * 4
    assert windows(grid=2) == [(0, 4), (1, 5), (2, 6), (3, 7)] * 2
    assert windows(grid=8) == [(0, 7)] * 8


def test_gradients_of_a_computed_bias() -> None:
    """Three distances along one axis, 7 hidden units, 2 heads: 7·3 + 7·2·3 for the weights, 7·2·3 for the hidden values."""
    report = report_of("""
        archcalc: 1
        input: {shape: [12, 8]}
        layers:
          - {id: a, op: attention, num_heads: 2, window: 2, continuous_bias: 7}
    """)
    (step,) = backward_pass(report)
    bias = 7 * 3 + 7 * 2 * 3
    assert report.layer("a").mult_adds == 2 * 4 * 8 * 2 + bias
    assert step.to_weights == 4 * 8 * 2 + bias + 7 * 2 * 3, "without a gradient to the input, that to the probabilities too"


def test_windows_behind_a_stride() -> None:
    report = report_of("""
        archcalc: 1
        input: {shape: [3, 32, 32]}
        layers:
          - {id: patches, op: conv, out_channels: 12, kernel_size: 4, stride: 4}
          - {id: a, op: attention, num_heads: 2, window: 2}
          - {id: b, op: attention, num_heads: 2, inputs: [a, a, a], window: 2, shift: 1}
          - {id: merged, op: pixel_unshuffle, downscale_factor: 2}
    """)
    assert report.layer("a").receptive_field.size == [8, 8]
    assert report.layer("b").receptive_field.box((3, 3)) == [(8, 23), (8, 23)], "two windows of two patches of four"
    assert report.layer("merged").receptive_field.box((1, 1)) == [(0, 23), (0, 23)], "units 2 and 3, which read patches 0 to 5"


@pytest.mark.parametrize("kind", ["attention, num_heads: 2", "multihead_attention, num_heads: 2"])
def test_causal(kind: str) -> None:
    report = report_of(f"""
        archcalc: 1
        input: {{shape: [12, 8]}}
        layers:
          - {{id: a, op: {kind}, is_causal: true}}
          - {{id: b, op: linear, out_features: 12}}
          - {{id: c, op: multihead_attention, num_heads: 2}}
          - {{id: d, op: multihead_attention, num_heads: 2, is_causal: true}}
    """)
    causal = ("whole input", "causal: up to its own position")
    assert [field(report, layer) for layer in "abcd"] == [causal, causal, ("whole input", ""), ("whole input", "")]
    assert report.to_dict()["layers"][0]["receptive_field"]["reason"] == "causal: up to its own position"


def test_joined_positions() -> None:
    report = report_of("""
        archcalc: 1
        input: {shape: [4, 9]}
        layers:
          - {id: a, op: conv, out_channels: 4, kernel_size: 3}
          - {id: both, op: concat, inputs: [input, a], dim: 2}
          - {id: x, op: parameter, shape: [4, 2]}
          - {id: y, op: parameter, shape: [4, 3]}
          - {id: z, op: concat, inputs: [x, y], dim: 2}
          - {id: t, op: transpose, inputs: a}
          - {id: u, op: concat, inputs: [t, t], dim: 2}
          - {id: r, op: reshape, inputs: a, shape: [2, 14]}
    """)
    assert field(report, "both") == ("unknown", "units of the parts that are joined along this axis have different fields")
    assert field(report, "z")[0] == "nothing"
    assert field(report, "u") == ("whole input", "")
    assert field(report, "r") == ("unknown", "a map was read as another one")


def test_memory() -> None:
    """Vaswani et al. 2017: 2 heads of 5×5 probabilities are 50 values, beside an input of 12·5 and an output of 4·5."""
    report = report_of("""
        archcalc: 1
        input: {shape: [4, 5]}
        layers:
          - {id: places, op: parameter, shape: [4, 5]}
          - {id: sum, op: add, inputs: [input, places]}
          - {id: qkv, op: linear, out_features: 12}
          - {id: a, op: attention, num_heads: 2}
    """)
    alive = {memory.layer: memory.bytes for memory in Memory(report).per_layer}
    assert alive == {"places": 4 * 20, "sum": 4 * 40, "qkv": 4 * 80, "a": 4 * (60 + 20 + 50)}
    # The dense layer saves its input (20), the attention its input (60) and the probabilities (50).
    assert TrainingMemory(report).saved_bytes == 4 * (20 + 60 + 50)


def test_backward() -> None:
    """Each product of two volumes has a gradient to both; only the trained one needs it here."""
    report = report_of("""
        archcalc: 1
        input: {shape: [4, 5]}
        layers:
          - {id: w, op: parameter, shape: [3, 4]}
          - {id: one, op: matmul, inputs: [w, input]}
          - {id: v, op: parameter, shape: [5, 3]}
          - {id: two, op: matmul, inputs: [v, one]}
    """)
    found = {backward.layer.id: (backward.to_inputs, backward.to_weights) for backward in backward_pass(report)}
    assert found == {"w": (0, 0), "one": (3 * 4 * 5, 0), "v": (0, 0), "two": (2 * 5 * 3 * 5, 0)}


def test_the_word_for_positions() -> None:
    report = report_of(TOKENS)
    assert str(report.layer("all").output) == "16×17 tokens"
    assert str(report.layer("patches").output) == "16×4×4", "a map has rows and columns"
    data = report.to_dict()
    assert data["positions"] == "tokens"
    assert data["layers"][3]["output"] == [16, 17]
    assert report_of(TOKENS.replace("positions: tokens\n", "")).to_dict()["positions"] == ""


def test_the_word_is_not_for_positions_that_were_channels() -> None:
    """Tolstikhin et al. 2021, equation 1: between two transpositions the layers act on the columns, over the patches."""
    report = network("mixer_b_16")
    block = {layer.node.name: layer for layer in report.layers if layer.id.startswith("mixer.1.")}
    assert str(block["columns"].inputs[0]) == str(block["rows"].output) == "768×196 patches"
    assert str(block["columns"].output) == str(block["rows"].inputs[0]) == "196×768"
    edges = {target: data for _, target, data in report.to_networkx().edges(data=True)}
    assert edges["mixer.1.columns"]["volume"] == "768×196 patches"
    assert edges["mixer.1.rows"]["volume"] == "196×768"


NOTE = """
    archcalc: 1
    input: {shape: [1, 64]}
    layers:
      - {id: a, op: conv, out_channels: 8, kernel_size: 3}
      - {id: b, op: relu}
      - {id: c, op: linear, out_features: 10POSITIONWISE}
"""


def test_a_forgotten_flatten_is_noted() -> None:
    found = [str(diagnostic) for diagnostic in report_of(NOTE.replace("POSITIONWISE", "")).diagnostics]
    assert any("note[ARC314] c: acts on each of 62 positions of a (conv) by itself" in text for text in found), found
    assert not report_of(NOTE.replace("POSITIONWISE", ", positionwise: true")).diagnostics

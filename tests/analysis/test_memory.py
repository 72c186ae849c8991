"""Memory on paper against hand sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from archcalc.analysis.loading import load
from archcalc.analysis.memory.inference import Memory
from archcalc.analysis.memory.training_step import TrainingMemory
from archcalc.analysis.report import Report, analyze
from archcalc.views.tables.costs import memory
from tests.support import describe, graph_of

CONV = {"op": "conv", "out_channels": 8, "kernel_size": 3, "padding": 1}


def report_of(text: str, inplace: bool = True, dtype: str = "float32") -> Report:
    return analyze(graph_of(text), dtype=dtype, inplace=inplace)


def test_vgg16_is_cs231ns() -> None:
    # CS231n's table of VGG16 at 224×224: "TOTAL memory: 24M * 4 bytes" was 15.2M once the sum is done right.
    memory = Memory(analyze(load("vgg16")))
    assert memory.activation_values == 15_237_608
    assert memory.activation_bytes == 60_950_432
    # conv1_2 reads and gives 64·224·224 values, all else is smaller: 2·64·224·224·4 bytes.
    assert memory.peak.bytes == 2 * 64 * 224 * 224 * 4
    assert memory.peak.layer == "conv1_2"
    assert memory.inference_bytes == 138_357_544 * 4 + memory.peak.bytes


def test_every_output_without_inplace() -> None:
    report = analyze(load("vgg16"), inplace=False)
    assert Memory(report).activation_values == 3 * 224 * 224 + sum(int(layer.counts.elements) for layer in report.layers)


def test_batch_and_dtype_multiply() -> None:
    text = describe([3, 8, 8], CONV, {"op": "relu"})
    single, batch = Memory(report_of(text)), Memory(report_of(text, dtype="float16"), batch=5)
    assert batch.activation_bytes * 4 == single.activation_bytes * 5 * 2
    assert batch.peak.bytes == Fraction(single.peak.bytes) * 5 / 2
    assert batch.weight_bytes * 2 == single.weight_bytes


def test_a_skip_connection_keeps_its_tensor_alive() -> None:
    # Of 8×8: the input has 3·64 values, each tensor behind it 8·64. While b runs, a and b are alive; while c runs, a, b
    # and c; while the sum runs, a, c and the sum.
    text = describe(
        [3, 8, 8],
        {"id": "a", **CONV},
        {"id": "b", **CONV},
        {"id": "c", **CONV},
        {"id": "sum", "op": "add", "inputs": ["a", "c"]},
    )
    alive = [moment.bytes // 4 for moment in Memory(report_of(text)).per_layer]
    assert alive == [(3 + 8) * 64, 16 * 64, 24 * 64, 24 * 64]


def test_what_is_read_later_is_not_overwritten() -> None:
    """A relu overwrites its input, unless the sum still needs it."""
    chain = describe([8, 8, 8], {"id": "a", **CONV}, {"id": "r", "op": "relu"}, {"id": "b", **CONV})
    assert [moment.bytes // 256 for moment in Memory(report_of(chain)).per_layer] == [16, 8, 16]
    skip = describe([8, 8, 8], {"id": "a", **CONV}, {"id": "r", "op": "relu"}, {"id": "sum", "op": "add", "inputs": ["a", "r"]})
    assert [moment.bytes // 256 for moment in Memory(report_of(skip)).per_layer] == [16, 16, 24]
    assert [moment.bytes // 256 for moment in Memory(report_of(chain, inplace=False)).per_layer] == [16, 16, 16]


def test_outputs_stay_until_the_end() -> None:
    text = describe(
        [8, 8, 8], {"id": "a", **CONV}, {"id": "b", **CONV, "inputs": ["input"]}, {"id": "c", **CONV, "inputs": ["input"]}
    )
    assert [moment.bytes // 256 for moment in Memory(report_of(text)).per_layer] == [16, 24, 32]


def test_an_input_that_nothing_reads_any_more_is_free() -> None:
    text = describe([8, 8, 8], {"id": "a", **CONV}, {"id": "b", **CONV}, {"id": "c", **CONV})
    assert [moment.bytes // 256 for moment in Memory(report_of(text)).per_layer] == [16, 16, 16]


def test_what_training_keeps() -> None:
    # conv keeps its input for ∂C/∂w, relu its output for σ', the pooling 64-bit places; the second convolution's input
    # is the pooled map, the flattened one is the same memory.
    text = describe(
        [3, 8, 8],
        {"id": "a", **CONV},
        {"op": "relu"},
        {"op": "max_pool", "kernel_size": 2},
        {"id": "b", **CONV, "out_channels": 2},
        {"op": "flatten"},
        {"op": "linear", "out_features": 5},
    )
    kept = TrainingMemory(report_of(text))
    places = 8 * 16 * 8
    assert kept.saved_bytes == 4 * (3 * 64 + 8 * 64 + 8 * 16 + 2 * 16) + places
    assert kept.saved_bytes_per_layer == [4 * 3 * 64, 4 * 8 * 64, places, 4 * 8 * 16, 0, 4 * 2 * 16]
    assert kept.gradient_bytes == 4 * ((27 + 1) * 8 + (72 + 1) * 2 + (32 + 1) * 5)
    assert kept.state_bytes == kept.gradient_bytes
    assert TrainingMemory(report_of(text), state=2).state_bytes == 2 * kept.gradient_bytes


def test_what_is_saved_is_read_through_once() -> None:
    """And not once for each row of a table."""
    read = 0

    class Counted(list[tuple[int, int]]):
        def __iter__(self) -> Any:
            nonlocal read
            read += len(self)
            return super().__iter__()

    kept = TrainingMemory(report_of(describe([4], {"op": "linear", "out_features": 4, "repeat": 100})))
    kept.tensors_saved = Counted(kept.tensors_saved)
    table = memory(kept.memory, kept)
    assert [row.cells[-1] for row in table.rows] == [4 * 4] * 100  # the input of each layer
    assert read == 100


def test_nothing_is_kept_below_the_lowest_trained_layer() -> None:
    layers = ({"id": "a", **CONV}, {"op": "relu"}, {"id": "b", **CONV}, {"op": "relu"}, {"id": "c", **CONV})
    whole = TrainingMemory(report_of(describe([8, 8, 8], *layers)))
    part = TrainingMemory(report_of(describe([8, 8, 8], *layers, frozen=["a", "b"])))
    assert whole.saved_bytes == 3 * 8 * 64 * 4  # the inputs of a, b and c
    assert part.saved_bytes == 8 * 64 * 4
    assert part.gradient_bytes == 4 * (72 + 1) * 8


def test_dropout_does_not_overwrite_what_relu_needs() -> None:
    # relu's output tells where its slope is 1; dropout scales it, so it gives a tensor of its own, and keeps a mask.
    text = describe(
        [10], {"op": "linear", "out_features": 6}, {"op": "relu"}, {"op": "dropout"}, {"op": "linear", "out_features": 2}
    )
    kept = TrainingMemory(report_of(text))
    assert kept.saved_bytes == 4 * (10 + 6 + 6) + 6
    assert [kept.memory.tensors.storage[at] for at in range(4)] == [0, 0, 2, 3]


def test_the_training_peak_is_found_on_the_way_back() -> None:
    # a, b of 8·64 values from 8·64: back at b wait the inputs of a and b, with the gradients to b's output and to its
    # input; at a the input of a and the gradient to a's output.
    kept = TrainingMemory(report_of(describe([8, 8, 8], {"id": "a", **CONV}, {"id": "b", **CONV})))
    assert [moment.bytes // 256 for moment in kept.per_layer] == [8 + 8 + 8 + 8, 8 + 8]
    assert kept.peak.layer == "b"


@pytest.mark.parametrize("name", ["resnet152", "googlenet", "unet", "segnet"])
def test_the_ledger_is_empty_in_the_end(name: str) -> None:
    """What is alive after the last layer are the outputs."""
    memory = Memory(analyze(load(name)))
    ends = memory.tensors.last_uses()
    assert set(ends) == set(memory.tensors.storage.values())
    last = memory.per_layer[-1]
    assert last.bytes >= memory.tensor_bytes(memory.tensors.storage[len(memory.report.layers) - 1])
    assert max(moment.bytes for moment in memory.per_layer) == memory.peak.bytes <= memory.activation_bytes

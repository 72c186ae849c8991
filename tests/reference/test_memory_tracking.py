"""Memory measured against memory on paper, to the byte where PyTorch adds nothing of its own."""

from __future__ import annotations

import pytest
import torch

from archcalc.analysis.loading import load
from archcalc.analysis.memory.training_step import TrainingMemory
from archcalc.analysis.report import Report, analyze
from archcalc.reference.check import Check, Options
from archcalc.reference.memory_tracking import SavedTensors, TensorMemoryTracker
from archcalc.reference.network import Network
from tests.support import describe, graph_of


@pytest.mark.parametrize(("name", "statistics"), [("vgg16", 0), ("unet", 0), ("resnet50", 256), ("mobilenet_v1", 64)])
def test_inference_peak_to_the_byte(name: str, statistics: int) -> None:
    """On meta: the tensors are those of any device, without their memory.

    Where the peak lies at a normalisation, PyTorch puts two values for each channel beside it.
    """
    peak = Check(analyze(load(name)), Options(device="meta")).run().totals["inference peak bytes"]
    assert peak.measured == peak.predicted + 2 * 4 * statistics


@pytest.mark.parametrize("name", ["unet", "mlp"])
def test_what_is_kept_for_the_backward_pass_to_the_byte(name: str) -> None:
    report = analyze(load(name))
    assert kept(report) == TrainingMemory(report).saved_bytes


def test_statistics_are_all_that_pytorch_keeps_besides() -> None:
    # A normalisation keeps the mean and the deviation of its batch too, 2 values a channel.
    report = analyze(load("resnet50"))
    besides = kept(report) - TrainingMemory(report).saved_bytes
    assert 0 <= besides <= 4 * 4 * report.totals.buffers


def test_indices_have_64_bits_in_every_data_type() -> None:
    """7 indices into a table, and the 8·7 values that the dense layer reads."""
    embedding = {"op": "embedding", "num_embeddings": 11, "embedding_dim": 8}
    text = describe([1, 7], embedding, {"op": "flatten"}, {"op": "linear", "out_features": 3})
    report = analyze(graph_of(text))
    assert kept(report) == TrainingMemory(report).saved_bytes == 7 * 8 + 8 * 7 * 4
    half = TrainingMemory(analyze(graph_of(text), dtype="float16"))
    assert half.saved_bytes == 7 * 8 + 8 * 7 * 2
    assert [size for _, size in half.tensors_saved] == [7 * 8, 8 * 7 * 2]


def kept(report: Report) -> int:
    network = Network(report.graph)
    with SavedTensors([*network.parameters(), *network.buffers()]) as found, torch.enable_grad():
        network(*network.example())
    return found.bytes


def test_the_ledger_books_what_comes_and_goes() -> None:
    with TensorMemoryTracker() as ledger:
        a = torch.zeros(100)
        b = a + 1
        view = b.view(10, 10)
        assert ledger.alive == 800
        del a
        assert ledger.alive == 400
        del b
        assert ledger.alive == 400
        del view
    assert ledger.alive == 0
    assert ledger.peak == 800


def test_a_part_that_training_does_not_reach_keeps_nothing() -> None:
    layers = [{"id": name, "op": "linear", "out_features": 8} for name in "abc"]
    report = analyze(graph_of(describe([8], *layers, frozen=["a", "b"])))
    assert kept(report) == TrainingMemory(report).saved_bytes == 4 * 8

"""The conventions of other tools: against totals that the tools printed, and, where they are installed, the tools."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archcalc.analysis.conventions import convention, conventions
from archcalc.layers import find, kinds
from tests.claims.measure import reports
from tests.conftest import ROOT, Run
from tests.support import computed, describe, report_of

PACKAGES = {
    "torchinfo": "torchinfo", "torchscan": "torchscan", "thop": "thop", "ptflops": "ptflops", "ptflops-aten": "ptflops",
    "torchprofile": "torchprofile", "fvcore": "fvcore", "calflops": "calflops", "calflops-macs": "calflops",
    "onnx-tool": "onnx_tool", "torchlens": "torchlens", "torchlens-macs": "torchlens", "torch": "torch",
}  # fmt: skip
MEASURED = [
    # VGG16 without its softmax at 3×224×224, measured 2026 with torchinfo 1.8.0, torchscan 0.2.0, thop 0.1.1,
    # ptflops 0.7.5, torchprofile 0.1.0, fvcore 0.1.5, calflops 0.3.2, onnx-tool 1.0.1, torchlens 2.36.1, PyTorch 2.13.
    ("vgg16", "torchinfo", 15_483_821_032),
    ("vgg16", "torchscan", 15_471_794_688),
    ("vgg16", "thop", 15_470_264_320),
    ("vgg16", "ptflops", 15_523_175_400),
    ("vgg16", "ptflops-aten", 15_483_821_032),
    ("vgg16", "torchprofile", 15_470_264_320),
    ("vgg16", "fvcore", 15_470_264_320),
    ("vgg16", "calflops", 30_973_753_344),
    ("vgg16", "calflops-macs", 15_470_264_320),
    ("vgg16", "onnx-tool", 15_503_498_216),
    ("vgg16", "torchlens", 30_970_718_184),
    ("vgg16", "torchlens-macs", 15_470_264_320),
    ("vgg16", "torch", 30_940_528_640),
    ("resnet18", "ptflops", 1_825_313_768),
    ("alexnet", "ptflops", 729_346_320),
    # Keras' documentation: MobileNet has 4,253,864 parameters in all, 21,888 of them non-trainable.
    ("mobilenet_v1", "keras", 4_253_864),
]


SEQUENCE, ONE = [8, 4], {"hidden_size": 8}
MEASURED_KINDS = [
    # Modules of PyTorch 2.13 for 4 positions of 8 channels, measured on a CPU: `nn.MultiheadAttention(8, 2)`, plain
    # `scaled_dot_product_attention`, `x @ x.mT`, `nn.LSTM(8, 8)`.
    ("multihead_attention", [SEQUENCE], {"num_heads": 2}, "torchlens-macs", 1280),
    ("attention", [SEQUENCE] * 3, {"num_heads": 1}, "torchlens-macs", 256),
    ("matmul", [[4, 8], SEQUENCE], {}, "torchlens-macs", 128),
    ("matmul", [[4, 8], SEQUENCE], {}, "torch", 256),
    ("lstm", [SEQUENCE], ONE, "torchlens-macs", 0),
    ("gru", [SEQUENCE], ONE, "torchlens-macs", 0),
    ("rnn", [SEQUENCE], ONE, "torchlens-macs", 0),
]


@pytest.mark.parametrize(("op", "inputs", "fields", "name", "total"), MEASURED_KINDS)
def test_kinds_that_were_measured(op: str, inputs: list[list[int]], fields: dict[str, Any], name: str, total: int) -> None:
    assert convention(name).is_known(op)
    assert convention(name).count(op, computed(op, inputs, fields)) == total


@pytest.mark.parametrize(("network", "name", "total"), MEASURED)
def test_totals_that_were_measured(network: str, name: str, total: int, run: Run) -> None:
    assert run.ok("macs", network, "--convention", name, "--total") == f"{total}\n"


def test_what_was_never_measured_is_named(run: Run) -> None:
    """U-Net's crops: nobody knows how thop counts them, so they are not quietly counted as nothing."""
    assert "how thop counts crop is not known" in run("macs", "unet", "--convention", "thop", "--total").err
    assert not run("macs", "vgg16", "--convention", "thop", "--total").err
    assert (
        "how fvcore counts multihead_attention, parameter is not known"
        in run("macs", "vit_b_16", "--convention", "fvcore", "--total").err
    )


def test_a_total_without_what_was_never_measured_is_a_lower_bound(run: Run) -> None:
    """Under ptflops BERT's 12 attentions are not known; its linear layers with biases, its GELU (twice) and norms are."""
    linear = 12 * 128 * (769 * 3072 + 3073 * 768) + 769 * 768
    total = linear + 12 * 2 * 128 * 3072 + 25 * 128 * 768
    result = run("macs", "bert_base", "--convention", "ptflops", "--total")
    assert result.out == f"{total}\n"
    assert "note[ARC313] BERT-base: operations: at least; not known under this convention: " in result.err
    assert "multihead_attention (12 layers)" in result.err
    assert result.err.count("count by another --convention: mult-adds") == 2
    table = run.ok("macs", "bert_base", "--convention", "ptflops")
    assert f"≥ {total:,}" in table
    assert f"total at least {total:,}" in table
    data = json.loads(run.ok("macs", "bert_base", "--convention", "ptflops", "-f", "json"))
    grades = data["totals"]["grades"]
    assert list(grades) == ["operations"]
    assert grades["operations"]["grade"] == "not counted"
    assert grades["operations"]["not_counted"]["layer.3.attention"] == "multihead_attention"
    attention = next(layer for layer in data["layers"] if layer["id"] == "layer.3.attention")
    assert (attention["operations"], attention["grades"]) == (None, {"operations": "not counted"})
    assert not json.loads(run.ok("macs", "bert_base", "-f", "json"))["totals"]["grades"]
    why = run.ok("explain", "bert_base", "layer.3.attention", "operations", "--convention", "ptflops")
    assert "not counted: how ptflops counts multihead_attention is not known" in why


def test_an_unmeasured_kind_is_not_counted_by_the_default() -> None:
    """PyTorch's counter was never measured on an RBF layer: its 4·3 multiplications are not 24 operations."""
    report = report_of(describe([3], {"op": "rbf", "out_features": 4}), "torch")
    assert report.totals.operations == 0
    assert not report.totals.grade("operations").is_complete


@pytest.mark.parametrize("name", conventions())
def test_a_kind_that_is_counted_nowhere_is_unknown(name: str) -> None:
    """What has no weight under a convention was measured to count nothing, or is named as unknown."""
    one = convention(name)
    assert not {*one.kinds} & {*one.nothing}
    assert not one.default or not one.nothing, "with a default every kind has a weight"
    assert {*one.kinds, *one.nothing, *one.unmeasured} <= {*kinds()}


@pytest.mark.parametrize("name", PACKAGES)
def test_what_a_tool_counts_was_measured(name: str) -> None:
    """A kind to which a convention's default would give a count is one of which that count was measured."""
    one = convention(name)
    measured = {layer.op for report in reports().values() for layer in report.layers}
    measured |= {op for op, *_, tool, _ in MEASURED_KINDS if tool == name}
    for op in kinds():
        kind = find(op)
        assert kind is not None
        count = one.count(op, computed(op, kind.example["inputs"], kind.example["fields"]))
        assert op in measured or count == 0, f"{name} counts {op}, which nobody measured"


def test_kernels_decide_what_pytorch_counts(run: Run, tmp_path: Path) -> None:
    """Measured on a CPU: 0 for an LSTM; an attention of 2,560 counts 2,048, or 0, where its weights are not asked for."""
    path = tmp_path / "net.yaml"
    path.write_text(describe([8, 4], {"op": "lstm", "hidden_size": 8}, {"op": "multihead_attention", "num_heads": 2}))
    result = run("macs", str(path), "--convention", "torch", "--total")
    assert result.out == "0\n"
    assert "how torch counts lstm, multihead_attention is not known: counted as 0" in result.err


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.needs("torch", package)) for name, package in PACKAGES.items()]
)
def test_the_tool_itself(name: str) -> None:
    """Kind by kind and on whole networks: what the convention counts is what the tool counts."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.claims.measure", name], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{name} could not be asked:\n{done.stderr[-2000:]}"
    counted = json.loads(done.stdout.strip().splitlines()[-1])
    fold = convention(name)
    ours = {key: sum(int(fold.count(layer.op, layer.counts)) for layer in one.layers) for key, one in reports().items()}
    wrong = {key: (ours[key], count) for key, count in counted.items() if count is not None and count != ours[key]}
    assert not wrong, f"{name}: (convention, tool) differ; mend archcalc/conventions/{name}.yaml: {wrong}"
    failed = {key for key, count in counted.items() if count is None}
    assert len(failed) <= len(counted) // 6, f"{name} fails on {failed}: it is not really being asked"

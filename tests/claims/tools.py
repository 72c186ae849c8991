"""What other counters print, each asked through its own front door."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

Measure = Callable[[nn.Module, tuple[int, ...]], int]


def _torchinfo(model: nn.Module, shape: tuple[int, ...]) -> int:
    import torchinfo

    return int(torchinfo.summary(model, input_size=(1, *shape), verbose=0).total_mult_adds)


def _torchscan(model: nn.Module, shape: tuple[int, ...]) -> int:
    import torchscan

    return int(torchscan.crawl_module(model, shape)["totals"]["macs"]["known_value"])


def _thop(model: nn.Module, shape: tuple[int, ...]) -> int:
    import thop

    return int(thop.profile(model, inputs=(torch.zeros(1, *shape),), verbose=False)[0])


def _ptflops(backend: str) -> Measure:
    def measure(model: nn.Module, shape: tuple[int, ...]) -> int:
        import ptflops

        options: dict[str, Any] = {"as_strings": False, "print_per_layer_stat": False, "verbose": False}
        return int(ptflops.get_model_complexity_info(model, shape, backend=backend, **options)[0])

    return measure


def _torchprofile(model: nn.Module, shape: tuple[int, ...]) -> int:
    import torchprofile

    return int(torchprofile.profile_macs(model, torch.zeros(1, *shape)))


def _fvcore(model: nn.Module, shape: tuple[int, ...]) -> int:
    from fvcore.nn import FlopCountAnalysis

    count = FlopCountAnalysis(model, torch.zeros(1, *shape))
    return int(count.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total())


def _calflops(which: int) -> Measure:
    def measure(model: nn.Module, shape: tuple[int, ...]) -> int:
        import calflops

        options: dict[str, Any] = {"print_results": False, "print_detailed": False, "output_as_string": False}
        return int(calflops.calculate_flops(model=model, input_shape=(1, *shape), **options)[which])

    return measure


def _onnx_tool(model: nn.Module, shape: tuple[int, ...]) -> int:
    import onnx_tool

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        torch.onnx.export(model, (torch.zeros(1, *shape),), path, dynamo=False)
        loaded = onnx_tool.Model(path, {"verbose": False})
        loaded.graph.shape_infer()
        loaded.graph.profile()
        return int(sum(loaded.graph.macs)) if isinstance(loaded.graph.macs, (list, tuple)) else int(loaded.graph.macs)


def _torch(model: nn.Module, shape: tuple[int, ...]) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as count, torch.no_grad():
        model(torch.zeros(1, *shape))
    return int(count.get_total_flops())


def _torchlens(which: str) -> Measure:
    def measure(model: nn.Module, shape: tuple[int, ...]) -> int:
        import torchlens

        log = torchlens.trace(model, torch.zeros(1, *shape))
        return int(getattr(log, which))

    return measure


TOOLS: dict[str, tuple[str, Measure]] = {
    "torchinfo": ("torchinfo", _torchinfo),
    "torchscan": ("torchscan", _torchscan),
    "thop": ("thop", _thop),
    "ptflops": ("ptflops", _ptflops("pytorch")),
    "ptflops-aten": ("ptflops", _ptflops("aten")),
    "torchprofile": ("torchprofile", _torchprofile),
    "fvcore": ("fvcore", _fvcore),
    "calflops": ("calflops", _calflops(0)),
    "calflops-macs": ("calflops", _calflops(1)),
    "onnx-tool": ("onnx_tool", _onnx_tool),
    "torchlens": ("torchlens", _torchlens("total_flops_forward")),
    "torchlens-macs": ("torchlens", _torchlens("total_macs_forward")),
    "torch": ("torch", _torch),
}
"""Of each convention the package that has to be there, and how to ask it."""


def measured(convention: str, model: nn.Module, shape: tuple[int, ...]) -> int:
    """What the tool prints for a model and an input C×H×W."""
    model.eval()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        return TOOLS[convention][1](model, shape)

"""Run one tool on small networks and print what it counts as JSON: `python -m tests.claims.measure TOOL`.

A process of its own for each tool, since several of them patch PyTorch and leave it patched.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from archcalc import analyze, load
from archcalc.analysis.report import Report
from tests.support import describe, report_of

FIRST = {"op": "conv", "id": "first", "out_channels": 6, "kernel_size": 1, "bias": False}
KINDS: dict[str, list[dict[str, Any]]] = {
    "conv": [{"op": "conv", "out_channels": 8, "kernel_size": 3, "stride": 2, "padding": 1}],
    "conv_groups": [{"op": "conv", "out_channels": 12, "kernel_size": 3, "groups": 3, "bias": False}],
    "conv_transpose": [{"op": "conv_transpose", "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1}],
    "conv_transpose_groups": [
        {"op": "conv_transpose", "out_channels": 4, "kernel_size": 2, "stride": 2, "bias": False, "groups": 2}
    ],
    "conv_transpose_groups_bias": [{"op": "conv_transpose", "out_channels": 4, "kernel_size": 3, "stride": 2, "groups": 2}],
    "linear": [{"op": "flatten"}, {"op": "linear", "out_features": 7}],
    "batch_norm": [{"op": "batch_norm"}],
    "batch_norm_plain": [{"op": "batch_norm", "affine": False}],
    "layer_norm": [{"op": "layer_norm"}],
    "layer_norm_plain": [{"op": "layer_norm", "elementwise_affine": False}],
    "layer_norm_all": [{"op": "layer_norm", "over": "all"}],
    "rms_norm": [{"op": "rms_norm"}],
    "rms_norm_plain": [{"op": "rms_norm", "elementwise_affine": False}],
    "group_norm": [{"op": "group_norm", "num_groups": 3}],
    "group_norm_plain": [{"op": "group_norm", "num_groups": 3, "affine": False}],
    "instance_norm": [{"op": "instance_norm", "affine": True}],
    "instance_norm_plain": [{"op": "instance_norm"}],
    "max_pool": [{"op": "max_pool", "kernel_size": 3, "stride": 2}],
    "max_pool_oblong": [{"op": "max_pool", "kernel_size": [3, 2], "stride": 2}],
    "avg_pool": [{"op": "avg_pool", "kernel_size": 3, "stride": 2}],
    "avg_pool_oblong": [{"op": "avg_pool", "kernel_size": [3, 2], "stride": 2}],
    "global_avg_pool": [{"op": "global_avg_pool"}],
    "adaptive_avg_pool": [{"op": "adaptive_avg_pool", "output_size": [4, 5]}],
    "adaptive_avg_pool_uneven": [{"op": "adaptive_avg_pool", "output_size": [5, 3]}],
    "global_max_pool": [{"op": "global_max_pool"}],
    "adaptive_max_pool": [{"op": "adaptive_max_pool", "output_size": [4, 5]}],
    "adaptive_max_pool_uneven": [{"op": "adaptive_max_pool", "output_size": [5, 3]}],
    "lrn": [{"op": "lrn", "size": 3}],
    "relu": [{"op": "relu"}],
    "leaky_relu": [{"op": "leaky_relu"}],
    "sigmoid": [{"op": "sigmoid"}],
    "tanh": [{"op": "tanh"}],
    "gelu": [{"op": "gelu"}],
    "gelu_tanh": [{"op": "gelu", "approximate": "tanh"}],
    "silu": [{"op": "silu"}],
    "mish": [{"op": "mish"}],
    "elu": [{"op": "elu"}],
    "selu": [{"op": "selu"}],
    "softplus": [{"op": "softplus"}],
    "hardswish": [{"op": "hardswish"}],
    "hardsigmoid": [{"op": "hardsigmoid"}],
    "relu6": [{"op": "relu6"}],
    "prelu": [{"op": "prelu"}],
    "prelu_channels": [{"op": "prelu", "num_parameters": 6}],
    "glu": [{"op": "glu"}],
    "log_softmax": [{"op": "log_softmax"}],
    "dropout": [{"op": "dropout"}],
    "add": [{"op": "relu", "id": "r"}, {"op": "add", "inputs": ["first", "r"]}],
    "multiply": [{"op": "relu", "id": "r"}, {"op": "multiply", "inputs": ["first", "r"]}],
    "multiply_gate": [{"op": "global_max_pool", "id": "r"}, {"op": "multiply", "inputs": ["first", "r"]}],
    "identity": [{"op": "identity"}],
    "pad": [{"op": "pad", "padding": 2}],
    "pixel_unshuffle": [{"op": "pixel_unshuffle", "downscale_factor": 2}],
    "pixel_shuffle": [{"op": "pixel_unshuffle", "downscale_factor": 2}, {"op": "pixel_shuffle", "upscale_factor": 2}],
    "channel_shuffle": [{"op": "channel_shuffle", "groups": 3}],
    "narrow": [{"op": "narrow", "start": 2, "length": 3}],
    "concat": [{"op": "relu", "id": "r"}, {"op": "concat", "inputs": ["first", "r"]}],
    "upsample": [{"op": "upsample", "scale_factor": 2}],
    "upsample_bilinear": [{"op": "upsample", "scale_factor": 2, "mode": "bilinear"}],
}
NETWORKS: dict[str, dict[str, Any]] = {
    "resnet18": {"input": [3, 64, 64]},
    "mobilenet_v1": {"variables": {"resolution": 128}},
    "alexnet": {},
    "vgg11": {"input": [3, 64, 64]},
}


def reports() -> dict[str, Report]:
    """The networks by their name: one for each kind, and some of the zoo."""
    small = {name: report_of(describe([6, 12, 10], FIRST, *layers)) for name, layers in KINDS.items()}
    return small | {name: analyze(load(name, **options)) for name, options in NETWORKS.items()}


def main(tool: str) -> None:
    """Print what the tool counts of each network; null where it fails."""
    from tests.claims.tools import measured
    from tests.claims.torch_networks import module_of

    found: dict[str, int | None] = {}
    for name, report in reports().items():
        try:
            found[name] = measured(tool, module_of(report), tuple(report.input_volumes[0]))
        except Exception:  # the tool's own trouble with a kind, whatever it is
            found[name] = None
    sys.__stdout__.write(f"\n{json.dumps(found)}\n")  # type: ignore[union-attr]  # there is one
    sys.__stdout__.flush()  # type: ignore[union-attr]
    os._exit(0)  # some of the tools leave threads behind


if __name__ == "__main__":
    main(sys.argv[1])

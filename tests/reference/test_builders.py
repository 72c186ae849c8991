"""Every kind in PyTorch does what its page says: values against papers and hand sums."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch

from archcalc.layers import kinds
from archcalc.reference.builders import builder
from archcalc.reference.builders._shared import ShapeSource, pads
from tests.support import layer_of


def run(op: str, fields: dict[str, Any], *tensors: Any) -> torch.Tensor:
    module = builder(op).build(layer_of(op, fields), *(tuple(x.shape[1:]) for x in tensors))  # type: ignore[union-attr]
    return module.eval()(*tensors)


@pytest.mark.parametrize(
    "op", [op for op in kinds() if op != "opaque"]
)  # PyTorch has nothing to run for what is not understood
def test_every_kind_has_a_builder(op: str) -> None:
    file = builder(op)
    assert file is not None, f"write archcalc/reference/builders/{op}.py with build(layer, *volumes)"
    assert callable(file.build)


def test_there_is_no_builder_without_a_kind() -> None:
    assert builder("no_such_kind") is None
    assert builder("_shared") is None


def test_lrn_is_the_papers() -> None:
    # Krizhevsky et al. 2012, §3.3: b_i = a_i / (k + α·Σ a_j²)^β, j from max(0, i − n/2) to min(N − 1, i + n/2).
    a = torch.rand(1, 7, 2, 2, dtype=torch.float64) * 30
    n, alpha, beta, k = 5, 1e-4, 0.75, 2.0
    b = run("lrn", {}, a)
    for i in range(7):
        near = a[:, max(0, i - n // 2) : min(6, i + n // 2) + 1]
        assert torch.allclose(b[:, i], a[:, i] / (k + alpha * (near**2).sum(1)) ** beta, rtol=1e-12)
    # PyTorch's own reading of the same numbers divides α by n.
    assert not torch.allclose(b, torch.nn.functional.local_response_norm(a, n, alpha, beta, k), rtol=1e-6)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "dilation", "wanted"),
    [
        # TensorFlow's guide to padding: 13 positions, window 6, stride 5: one before, two behind.
        (13, 6, 5, 1, (1, 2)),
        (224, 3, 2, 1, (0, 1)),
        (224, 7, 2, 1, (2, 3)),
        (5, 2, 1, 1, (0, 1)),
        (7, 3, 1, 2, (2, 2)),
        (8, 1, 2, 1, (0, 0)),
    ],
)
def test_same_padding_is_tensorflows(size: int, kernel: int, stride: int, dilation: int, wanted: tuple[int, int]) -> None:
    assert pads("same", (3, size), kernel, stride, dilation) == [wanted]


def test_partial_connections_are_real() -> None:
    """No weight exists for a map that is not read, and each map's sum is that of its row."""
    rows = [[0, 2], [1], [0, 1, 2], [2]]
    layer = layer_of("conv", {"kernel_size": 1, "connections": rows, "bias": False})
    module = builder("conv").build(layer, (3, 2, 2))  # type: ignore[union-attr]
    assert sum(one.numel() for one in module.parameters()) == 2 + 1 + 3 + 1
    with torch.no_grad():
        for weight in module.parameters():
            weight.fill_(1)
    x = torch.rand(1, 3, 2, 2)
    y = module(x)
    for at, row in enumerate(rows):
        assert torch.allclose(y[:, at], x[:, row].sum(1))


def test_subsampling_is_a_sum_times_a_coefficient_plus_a_bias() -> None:
    module = builder("subsample").build(layer_of("subsample", {"kernel_size": 2}), (1, 2, 2))  # type: ignore[union-attr]
    with torch.no_grad():
        module.weight.fill_(0.5)
        module.bias.fill_(3)
        y = module(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))
    assert y.item() == 10 * 0.5 + 3


def test_rbf_is_the_squared_distance() -> None:
    module = builder("rbf").build(layer_of("rbf", {"out_features": 2}), (3,))  # type: ignore[union-attr]
    assert not module.weight.requires_grad
    assert set(module.weight.flatten().tolist()) <= {-1.0, 1.0}
    x = torch.tensor([[1.0, 2.0, 3.0]])
    assert torch.allclose(module(x)[0, 1], ((x[0] - module.weight[1]) ** 2).sum())


def test_leaky_and_scaled_activations() -> None:
    assert run("leaky_relu", {"negative_slope": 0.1}, torch.tensor([[-2.0]])).item() == pytest.approx(-0.2)
    # LeCun et al. 1998, appendix A: A = 1.7159 and S = 2/3 give f(1) ≈ 1.
    assert run("tanh", {"scaled": True}, torch.tensor([[1.0]])).item() == pytest.approx(1.0, abs=1e-4)
    assert run("softmax", {"beta": 2.0}, torch.tensor([[0.0, 1.0]]))[0, 1].item() == pytest.approx(1 / (1 + 2.718281828**-2))


def standardised(x: torch.Tensor, axes: tuple[int, ...]) -> torch.Tensor:
    """Minus the mean, over the root of the variance over n, as Ioffe & Szegedy 2015 write it; ε is left out."""
    return (x - x.mean(axes, keepdim=True)) / x.var(axes, unbiased=False, keepdim=True).sqrt()


@pytest.mark.parametrize("shape", [(2, 6), (2, 6, 5), (2, 6, 3, 4), (2, 6, 2, 3, 4)])
def test_norms_are_over_what_their_pages_say(shape: tuple[int, ...]) -> None:
    x = torch.rand(shape, dtype=torch.float64)
    axes, spatial = tuple(range(1, len(shape))), tuple(range(2, len(shape)))
    own: dict[str, Any] = {"eps": 0, "elementwise_affine": False}
    assert torch.allclose(run("layer_norm", own, x), standardised(x, (1,)))
    assert torch.allclose(run("layer_norm", own | {"over": "all"}, x), standardised(x, axes))
    assert torch.allclose(run("rms_norm", own, x), x / (x**2).mean(1, keepdim=True).sqrt())
    assert torch.allclose(run("rms_norm", own | {"over": "all"}, x), x / (x**2).mean(axes, keepdim=True).sqrt())
    groups = run("group_norm", {"num_groups": 3, "eps": 0, "affine": False}, x)
    assert torch.allclose(groups, standardised(x.view(2, 3, -1), (2,)).view(shape))
    assert torch.allclose(run("l2_norm", {"scale": False}, x), x / (x**2).sum(1, keepdim=True).sqrt())
    if spatial:
        assert torch.allclose(run("instance_norm", {"eps": 0}, x), standardised(x, spatial))


@pytest.mark.parametrize(
    ("op", "fields", "everywhere"),
    [
        ("layer_norm", {}, False),
        ("layer_norm", {"over": "all"}, True),
        ("rms_norm", {}, False),
        ("rms_norm", {"over": "all"}, True),
        ("l2_norm", {}, False),
        ("group_norm", {"num_groups": 2}, True),
        ("instance_norm", {}, True),
        ("instance_norm", {"track_running_stats": True}, False),
        ("log_softmax", {}, False),
        ("glu", {}, False),
        ("prelu", {"num_parameters": 4}, False),
        ("global_max_pool", {}, False),
    ],
)
def test_what_a_unit_reads(op: str, fields: dict[str, Any], everywhere: bool) -> None:
    """The gradient of a unit, in the layer itself: its own position (of a maximum, one), or the whole map."""
    x = torch.rand(1, 4, 3, 5, requires_grad=True)
    (gradient,) = torch.autograd.grad(run(op, fields, x)[0, 1, 0, 0], x)
    assert int((gradient[0] != 0).any(dim=0).sum()) == (15 if everywhere else 1)


@pytest.mark.parametrize(
    ("op", "fields", "at_one", "at_minus_one"),
    [
        # By their formulas: Φ(1) = 0.8413447 (0.8411920 by the tanh), σ(1) = 0.7310586, ln(1 + e) = 1.3132617, e⁻¹ = 0.3678794.
        ("gelu", {}, 0.8413447, -0.1586553),
        ("gelu", {"approximate": "tanh"}, 0.8411920, -0.1588080),
        ("silu", {}, 0.7310586, -0.2689414),
        ("mish", {}, 0.8650984, -0.3034015),
        ("elu", {"alpha": 0.5}, 1.0, -0.3160603),
        ("selu", {}, 1.0507010, -1.1113307),
        ("softplus", {}, 1.3132617, 0.3132617),
        ("softplus", {"beta": 2.0}, 1.0634640, 0.0634640),
        ("hardswish", {}, 2 / 3, -1 / 3),
        ("hardsigmoid", {}, 2 / 3, 1 / 3),
        ("relu6", {}, 1.0, 0.0),
        ("prelu", {}, 1.0, -0.25),
    ],
)
def test_activations_are_their_formulas(op: str, fields: dict[str, Any], at_one: float, at_minus_one: float) -> None:
    y = run(op, fields, torch.tensor([[1.0, -1.0]], dtype=torch.float32))
    assert y[0].tolist() == pytest.approx([at_one, at_minus_one], abs=1e-6)


def test_gates_and_the_ceiling() -> None:
    assert run("glu", {}, torch.tensor([[2.0, 3.0, 0.0, 1.0]]))[0].tolist() == pytest.approx([1.0, 3 * 0.7310586])
    assert run("relu6", {}, torch.tensor([[5.0, 7.0]]))[0].tolist() == [5.0, 6.0]


def test_unpooling_puts_values_back_where_they_were() -> None:
    """Also where padding, uneven here, stood around the map when the places were remembered."""
    layer = layer_of("max_pool", {"kernel_size": 2, "stride": 2, "padding": [[1, 0], [0, 1]]})
    pool = builder("max_pool").build(layer, (1, 3, 3))  # type: ignore[union-attr]
    pool.return_indices = True
    x = torch.arange(1.0, 10.0).view(1, 1, 3, 3)
    y, indices = pool(x)
    assert y.tolist() == [[[[2.0, 3.0], [8.0, 9.0]]]]
    unpool = builder("unpool").build(layer_of("unpool", {"pool": "p"}), (1, 2, 2), (1, 3, 3))  # type: ignore[union-attr]
    back = unpool(y, ShapeSource((3, 3), (2, 2), indices))
    assert back.tolist() == [[[[0, 2, 3], [0, 0, 0], [0, 8, 9]]]]


def test_windows_that_begin_behind_the_map_are_left_out() -> None:
    # 3 positions, 0 before and 2 behind, window 2, stride 3, rounded up: the second window would begin at position 3.
    fields = {"kernel_size": 4, "stride": 3, "padding": [[0, 2]], "ceil_mode": True}
    for op in ("max_pool", "avg_pool", "subsample"):
        assert run(op, fields, torch.rand(1, 2, 3)).shape[2] == 1


def test_means_without_the_padding() -> None:
    x = torch.ones(1, 1, 3, 3)
    uneven = {"kernel_size": 2, "stride": 1, "padding": [[1, 0], [1, 0]], "count_include_pad": False}
    assert torch.equal(run("avg_pool", uneven, x), torch.ones(1, 1, 3, 3))
    assert run("avg_pool", {**uneven, "count_include_pad": True}, x)[0, 0, 0, 0].item() == 0.25


def test_interpolation_and_crops() -> None:
    x = torch.tensor([[[1.0, 2.0]]])
    assert run("upsample", {"scale_factor": 2}, x).tolist() == [[[1, 1, 2, 2]]]
    assert run("upsample", {"size": 3, "mode": "bilinear", "align_corners": True}, x).tolist() == [[[1, 1.5, 2]]]
    long = torch.arange(5.0).view(1, 1, 5)
    assert run("crop", {"margins": [[1, 2]]}, long).tolist() == [[[1, 2]]]
    module = builder("crop").build(layer_of("crop", {"like": "a"}), (1, 5), (1, 2))  # type: ignore[union-attr]
    assert module(long, ShapeSource((5,), (2,), None)).tolist() == [[[1, 2]]]  # of three, one before and two behind


def test_the_rooms_contract_is_written_down() -> None:
    import archcalc.reference.builders as room

    assert re.search(r"build\(layer, \*volumes\)", room.__doc__ or "")

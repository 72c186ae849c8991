"""The real attention in PyTorch: what each query reads, by gradients, and the form with projections against PyTorch's own."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.needs("torch")


def read_by(fields: dict[str, object], sizes: tuple[int, ...], unit: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The positions of a map on which the output at a position depends, through the module with its roll and mask."""
    import torch

    from archcalc.reference.builders.attention import build
    from tests.support import layer_of

    torch.manual_seed(0)
    x = torch.randn(1, 12, *sizes, dtype=torch.float64, requires_grad=True)
    y = build(layer_of("attention", {"num_heads": 2, **fields}), (12, *sizes)).double()(x)
    (gradient,) = torch.autograd.grad(y[(0, slice(None), *unit)].sum(), x)
    return [tuple(place) for place in (gradient[0].abs().sum(0) != 0).nonzero().tolist()]


@pytest.mark.parametrize(
    ("shift", "unit", "expected"),
    [(0, 5, [4, 5, 6, 7]), (1, 0, [0]), (1, 4, [1, 2, 3, 4]), (1, 7, [5, 6, 7]), (3, 1, [0, 1, 2]), (3, 7, [7])],
)
def test_shifted_windows(shift: int, unit: int, expected: list[int]) -> None:
    """Liu et al. 2021, figure 4: after the roll by the shift the two ends share a window, and are masked apart."""
    found = read_by({"window": 4, "shift": shift}, (8,), (unit,))
    assert found == [(place,) for place in expected]


def test_windows_on_a_map() -> None:
    found = read_by({"window": [2, 3], "shift": [1, 0], "relative_position_bias": True}, (4, 6), (2, 4))
    assert found == [(row, column) for row in (1, 2) for column in (3, 4, 5)]


def test_a_grid_spreads_over_the_map() -> None:
    """Tu et al. 2022, figure 3: the positions of a grid are equally far apart."""
    found = read_by({"grid": [2, 3], "relative_position_bias": True}, (4, 6), (2, 5))
    assert found == [(row, column) for row in (0, 2) for column in (1, 3, 5)]


def test_cosine_and_computed_bias() -> None:
    """Liu et al. 2022, equations 2 and 4: scores are cosines times a number for each head, plus a network's output."""
    import torch

    from archcalc.reference.builders.attention import build
    from tests.support import layer_of

    torch.manual_seed(0)
    ours = build(layer_of("attention", {"num_heads": 2, "window": 3, "cosine": True, "continuous_bias": 5}), (12, 3)).double()
    x = torch.randn(1, 12, 3, dtype=torch.float64)
    q, k, v = (part[0].reshape(2, 2, 3) for part in x.split(4, dim=1))
    cosines = torch.nn.functional.cosine_similarity(q[:, :, :, None], k[:, :, None], dim=1)
    places = torch.arange(3.0, dtype=torch.float64)
    distance = 4 * (places[:, None] - places)  # 8 for the greatest
    logs = distance.sign() * (1 + distance.abs()).log2() / 3
    bias = 16 * torch.sigmoid(ours.network(logs[:, :, None])).movedim(-1, 0)
    expected = v @ torch.softmax(10 * cosines + bias, dim=-1).transpose(1, 2)
    assert torch.allclose(ours(x), expected.reshape(1, 4, 3))


def test_a_causal_query_reads_up_to_itself() -> None:
    assert read_by({"is_causal": True}, (6,), (3,)) == [(0,), (1,), (2,), (3,)]


def test_as_pytorch_computes_it() -> None:
    """PyTorch's scaled_dot_product_attention, with grouped queries and a causal mask."""
    import torch

    from archcalc.reference.builders.attention import build
    from tests.support import layer_of

    torch.manual_seed(0)
    q, k, v = (torch.randn(2, channels, 5, dtype=torch.float64) for channels in (24, 8, 8))
    ours = build(layer_of("attention", {"num_heads": 6, "is_causal": True}), (24, 5), (8, 5), (8, 5))(q, k, v)
    heads = [x.unflatten(1, (-1, 4)).transpose(2, 3) for x in (q, k, v)]
    theirs = torch.nn.functional.scaled_dot_product_attention(*heads, is_causal=True, enable_gqa=True)
    assert torch.allclose(ours, theirs.transpose(2, 3).flatten(1, 2))


def test_with_projections_as_pytorch_computes_it() -> None:
    import torch

    from archcalc.reference.builders.multihead_attention import build
    from tests.support import layer_of

    torch.manual_seed(0)
    ours = build(layer_of("multihead_attention", {"num_heads": 3}), (12, 5), (8, 7), (6, 7)).double()
    theirs = torch.nn.MultiheadAttention(12, 3, kdim=8, vdim=6, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for name, part in (("q", ours.q), ("k", ours.k), ("v", ours.v)):
            getattr(theirs, f"{name}_proj_weight").copy_(part.weight)
        theirs.in_proj_bias.copy_(torch.cat([ours.q.bias, ours.k.bias, ours.v.bias]))
        theirs.out_proj.weight.copy_(ours.out.weight)
        theirs.out_proj.bias.copy_(ours.out.bias)
    q, k, v = (torch.randn(2, *shape, dtype=torch.float64) for shape in ((12, 5), (8, 7), (6, 7)))
    expected, _ = theirs(*(x.transpose(1, 2) for x in (q, k, v)))
    assert torch.allclose(ours(q, k, v), expected.transpose(1, 2))
    assert sum(one.numel() for one in ours.parameters()) == sum(one.numel() for one in theirs.parameters())

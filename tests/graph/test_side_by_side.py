"""Copies of a block side by side: all have parameters, a position computes with some of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archcalc.analysis.derivation import derive
from archcalc.analysis.memory.inference import Memory
from archcalc.analysis.memory.training_step import TrainingMemory
from archcalc.analysis.sweep import sweep
from archcalc.analysis.total_derivation import derive_totals
from archcalc.claims.quantities import value_of
from archcalc.claims.selection import TOTAL, select
from archcalc.views.tables.folding import rows as folded
from tests.conftest import Run
from tests.support import describe, errors_of, graph_of, report_of


def expert(op: str, **fields: Any) -> dict[str, Any]:
    """A gated expert: w2(relu(w1 x)·w3 x), with 6 hidden units and 4 outputs."""
    size = "out_features" if op == "linear" else "out_channels"
    wide, narrow = ({"op": op, size: units, "bias": False, **fields} for units in ("f", "d"))
    layers = [
        {"id": "w1", **wide},
        {"op": "relu"},
        {"id": "w3", **wide, "inputs": "input"},
        {"op": "multiply", "inputs": ["relu1", "w3"]},
        {"id": "w2", **narrow},
    ]
    return {"expert": {"layers": layers}}


def mixture(op: str = "linear", shape: list[Any] | None = None, **fields: Any) -> str:
    """A router and 8 experts, 2 of them for each position, with a shortcut around them."""
    router = {"op": op, "out_features" if op == "linear" else "out_channels": "n", "bias": False, **fields}
    return describe(
        shape or ["d"],
        {"id": "score", **router},
        {"id": "router", "op": "softmax"},
        {"id": "experts", "op": "expert", "inputs": "input", "parallel": "n", "active": "k", "weights": "router"},
        {"op": "add", "inputs": ["input", "experts"]},
        variables={"d": 4, "f": 6, "n": 8, "k": 2},
        blocks=expert(op, **fields),
    )


def test_counts() -> None:
    """An expert has 3·4·6 = 72 weights, the router 4·8 = 32; the sum of Shazeer et al. 2017, equation 1."""
    report = report_of(mixture())
    totals = report.totals
    assert totals.params == 32 + 8 * 72 == totals.trainable
    assert totals.active_params == 32 + 2 * 72 == totals.mult_adds
    assert report.layer("experts.w1").params == 8 * 24
    assert report.layer("experts.w1").active_params == 2 * 24
    assert report.layer("experts.multiply1").tallies == {"multiplications": 2 * 6}
    assert report.layer("experts.sum").tallies == {"additions": 4, "multiplications": 2 * 4}
    # 8 of the router; 6 of w1, 6 of w3, 6 of their product and 4 of w2, of each of two experts (the relu overwrites); 4 of
    # the sum and 4 of the shortcut.
    assert totals.activations == 8 + 2 * (6 + 6 + 6 + 4) + 4 + 4
    assert report.output == (4,)
    assert Memory(report).tensor_bytes(2) == 2 * 6 * 4, "both active copies are in memory"


def test_positions() -> None:
    """1×1 convolutions over 5×3 positions: 15 times the multiply-adds, the parameters of one."""
    report = report_of(mixture("conv", ["d", 5, 3], kernel_size=1))
    assert report.totals.params == 608
    assert report.totals.active_params == 176
    assert report.totals.mult_adds == 15 * 176
    assert report.layer("experts.sum").receptive_field.size == [1, 1]


def test_mixtral() -> None:
    """Jiang et al. 2024, table 1: 32 layers of 8 experts with 3·4096·14336 weights, of which a token uses 2."""
    one = report_of(mixture("conv", ["d", 1], kernel_size=1), variables={"d": 4096, "f": 14336})
    rest = 32 * (2 * 4096 * 4096 + 2 * 4096 * 1024) + 2 * 32000 * 4096 + (2 * 32 + 1) * 4096
    assert 32 * one.totals.params + rest == 46_702_792_704
    assert 32 * one.totals.active_params + rest == 12_879_925_248


def test_blocks_in_blocks() -> None:
    """2 of 3 outer copies of 1 of 2 inner ones: 6 copies of 16 weights, 2 of them active."""
    inner = {"layers": [{"op": "linear", "out_features": 4, "bias": False}]}
    outer = {"layers": [{"op": "inner", "parallel": 2, "active": 1}]}
    text = describe([4], {"id": "o", "op": "outer", "parallel": 3, "active": 2}, blocks={"inner": inner, "outer": outer})
    report = report_of(text)
    assert (report.totals.params, report.totals.active_params) == (6 * 16, 2 * 16)
    assert report.layer("o.inner1.sum").tallies == {}, "one copy is added to nothing"
    assert report.layer("o.sum").tallies == {"additions": 4}


def test_all_are_active_unless_it_is_said() -> None:
    block = {"layers": [{"op": "linear", "out_features": 3}]}
    report = report_of(describe([2], {"id": "b", "op": "branch", "parallel": 4}, blocks={"branch": block}))
    assert report.totals.params == report.totals.active_params == 4 * 9
    assert report.layer("b.sum").tallies == {"additions": 3 * 3}


def test_a_sum_without_router_saves_nothing_for_its_gradients() -> None:
    """d(Σx)/dx = 1, while the gradient of w·x needs both factors: 2 outputs of 4 values, and 8 weights that are saved already.

    For their weights' gradients the dense layers save their inputs, of 4 and of 8 values.
    """
    branch = {"branch": {"layers": [{"op": "linear", "out_features": 4}]}}
    first, use = {"id": "router", "op": "linear", "out_features": 8}, {"id": "b", "op": "branch", "parallel": 8, "active": 2}
    plain = TrainingMemory(report_of(describe([4], first, use, blocks=branch)))
    weighted = TrainingMemory(report_of(describe([4], first, use | {"weights": "router"}, blocks=branch)))
    assert (plain.saved_bytes, weighted.saved_bytes) == (4 * (4 + 8), 4 * (4 + 8 + 2 * 4))


def test_the_sum_has_a_name_that_is_free() -> None:
    names = ["sum", "sum1", "sum2", "sum_of_copies", "weighted_sum_of_copies"]
    block = {"branch": {"layers": [{"id": name, "op": "relu"} for name in names]}}
    report = report_of(describe([4], {"id": "b", "op": "branch", "parallel": 2}, blocks=block))
    assert [layer.id for layer in report.layers] == [*(f"b.{name}" for name in names), "b.sum3"]


def test_the_sum_can_be_read_by_its_name() -> None:
    """By the name that tables print; the block's own name stands for it too, and a pattern finds it in every copy."""
    last = {"id": "last", "op": "add", "inputs": ["b.2.sum", "b.2"]}
    graph = graph_of(describe([4], {"id": "b", "op": "branch", "parallel": 2, "repeat": 2}, last, blocks=BLOCK))
    assert [node.id for node in graph.nodes] == ["b.1.linear1", "b.1.sum", "b.2.linear1", "b.2.sum", "last"]
    assert graph.nodes[-1].sources == (3, 3)
    patterned = describe(
        [4], {"id": "b", "op": "branch", "parallel": 2, "repeat": 2}, last | {"inputs": ["b.*.sum"]}, blocks=BLOCK
    )
    assert graph_of(patterned).nodes[-1].sources == (1, 3)
    within = {"branch": {"layers": [{"op": "linear", "out_features": 4}, {"op": "add", "inputs": ["linear1", "sum"]}]}}
    found = errors_of(describe([4], {"id": "b", "op": "branch", "parallel": 2}, blocks=within))
    assert "the layers form a cycle: b.sum → b.add1 → b.sum" in found


def test_weights_are_shared_copy_by_copy() -> None:
    block = {"layers": [{"op": "linear", "out_features": 3}]}
    first = {"id": "a", "op": "branch", "parallel": 4}
    report = report_of(describe([3], first, first | {"id": "b", "weights_of": "a"}, blocks={"branch": block}))
    assert report.totals.params == 4 * 12
    assert "cannot use the weights" in errors_of(
        describe([3], first, first | {"id": "b", "parallel": 2, "weights_of": "a"}, blocks={"branch": block})
    )


def test_a_layer_that_shares_its_weights_alone_uses_its_biases() -> None:
    """An embedding of 100 tokens of 8 numbers, and the layer behind it, whose biases are its own."""
    embedding = {"id": "e", "op": "embedding", "num_embeddings": 100, "embedding_dim": 8}
    layers = [embedding, {"id": "out", "op": "linear", "out_features": 100, "weights_of": "e"}]
    totals = report_of(describe([1, 4], *layers)).totals
    assert totals.params == totals.active_params == 100 * 8 + 100
    used = {"op": "both", "parallel": 4, "active": 2}
    report = report_of(describe([1, 4], {"id": "b", **used}, blocks={"both": {"layers": layers}}))
    assert (report.totals.params, report.totals.active_params) == (4 * 900, 2 * 900)
    (derived,) = (one for one in derive(report, report.layer("b.out")) if one.quantity == "active_params")
    assert derived.sum is not None
    assert derived.sum.value == 2 * 100


def test_derivations_show_the_factor() -> None:
    report = report_of(mixture())
    found = {one.quantity: one.sum.steps() for one in derive(report, report.layer("experts.w1")) if one.sum is not None}
    assert found["params"] == ["E·C_out·C", "8·6·4", "192"]
    assert found["active_params"] == ["A·C_out·C", "2·6·4", "48"]
    assert found["activations"] == ["A·C_out", "2·6", "12"]
    (total,) = derive_totals(report, "active_params")
    assert total.sum is not None
    assert total.sum.value == 176
    assert "active_params" not in {one.quantity for one in derive_totals(report_of(describe([3], {"op": "relu"})))}


def test_claims_and_sweeps() -> None:
    report = report_of(mixture())
    assert value_of("active_params", select(report, TOTAL)) == 176
    assert value_of("params / active_params", select(report, "experts")) == 4
    rows = sweep(json.loads(mixture()), {"n": [8, 16], "k": [1, 2], "f": [6, 12]}).rows
    assert [(row.params, row.mult_adds) for row in rows] == [
        (n * (4 + 12 * f), 4 * n + k * 12 * f) for n in (8, 16) for k in (1, 2) for f in (6, 12)
    ]


def test_the_views_name_it(run: Run, written: Any) -> None:
    path = written(mixture())
    assert "linear, 2 of 8 + relu" in run.ok("params", path)
    assert "active       176 params that one position uses" in run.ok("summary", path)
    assert "2·6·4 = 48" in run.ok("explain", path, "experts.w1", "active_params")
    assert "w1 + w3 + w2" in run.ok("explain", path, "experts", "active_params")
    assert "active" not in run.ok("summary", "lenet5")


BLOCK = {"branch": {"layers": [{"op": "linear", "out_features": 4}]}}


def test_how_many_copies_there_are_depends_on_the_copy_of_a_repeat() -> None:
    """1, 2 and 3 copies of 4·4 + 4 = 20 parameters, of the use itself and inside a repeated block."""
    use = {"id": "b", "op": "branch", "parallel": "copy"}
    assert report_of(describe([4], use | {"repeat": 3}, blocks=BLOCK)).totals.params == (1 + 2 + 3) * 20
    within = BLOCK | {"layer": {"layers": [use]}}
    report = report_of(describe([4], {"id": "l", "op": "layer", "repeat": 3}, blocks=within))
    assert [layer.params for layer in report.layers if layer.op == "linear"] == [20, 40, 60]


def test_how_many_copies_are_active_depends_on_the_copy_of_a_repeat() -> None:
    use = {"id": "b", "op": "branch", "parallel": 3, "active": "copy"}
    report = report_of(describe([4], use | {"repeat": 3}, blocks=BLOCK))
    assert (report.totals.params, report.totals.active_params) == (9 * 20, (1 + 2 + 3) * 20)
    within = BLOCK | {"layer": {"layers": [use]}}
    report = report_of(describe([4], {"id": "l", "op": "layer", "repeat": 3}, blocks=within))
    assert [layer.active_params for layer in report.layers if layer.op == "linear"] == [20, 40, 60]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"op": "branch", "parallel": 2, "active": 3}, "active: 3 is more than parallel: 2"),
        ({"op": "branch", "parallel": 0}, "parallel is an integer ≥ 1, not 0"),
        ({"op": "branch", "parallel": 2, "active": "x"}, "there is no variable or argument x"),
        ({"op": "branch", "parallel": "in_channels"}, "parallel: in_channels is a size; structure cannot depend on it"),
        ({"op": "branch", "parallel": 2.5}, "parallel is an integer ≥ 1"),
        ({"op": "branch", "active": 2}, "active needs parallel"),
        ({"op": "linear", "out_features": 4, "parallel": 2}, "parallel is for uses of blocks"),
        ({"op": "branch", "parallel": 2, "weights": "nobody"}, "there is no layer nobody"),
        ({"op": "branch", "parallel": 2, "weights": "first"}, "the router must have one output for each copy"),
    ],
)
def test_refusals(entry: dict[str, Any], words: str) -> None:
    assert words in errors_of(describe([4], {"id": "first", "op": "relu"}, entry, blocks=BLOCK))


def test_the_router_must_have_the_positions() -> None:
    text = mixture("conv", ["d", 5, 3], kernel_size=1).replace('"softmax"', '"global_avg_pool"')
    assert "the router must have" in errors_of(text)


def test_repeated_mixtures_are_equal() -> None:
    """So that tables fold the blocks of a language model with experts, and each is computed once."""
    expert = {"layers": [{"op": "linear", "out_features": "in_channels"}]}
    mixture = {"layers": [{"op": "expert", "parallel": 4, "active": "k"}]}
    text = describe([6], {"op": "mixture", "repeat": 3}, blocks={"expert": expert, "mixture": mixture}, variables={"k": 2})
    layers = report_of(text).layers
    assert [layer.op for layer in layers] == ["linear", "sum"] * 3
    assert len({layer.signature for layer in layers}) == 2
    assert [row.times for row in folded(layers)] == [3, 3, 3, 3]


@pytest.mark.needs("torch")
@pytest.mark.parametrize("text", [mixture(), mixture("conv", ["d", 5, 3], kernel_size=1)], ids=["vector", "positions"])
def test_pytorch_agrees(text: str) -> None:
    from archcalc.reference.check import Check, Options

    result = Check(report_of(text), Options(device="cpu", batch=3, train=True, loss="mse", repeats=0)).run()
    assert result.agrees, result.to_dict()
    assert result.totals["params"].measured == 608


@pytest.mark.needs("torch")
@pytest.mark.parametrize(
    ("layer", "copies", "to_inputs"),
    [
        # Of 2·4 channels in 2 heads over 4 positions: products for q, k, v and the probabilities, 4·4·8 each, twice.
        ({"op": "attention", "num_heads": 2}, {"parallel": 4, "active": 2}, 2 * 4 * (4 * 4 * 8)),
        # 4·6·(24 + 6) weights in 4 steps, of which the first one's state is 0, in each of 2 copies.
        ({"op": "lstm", "hidden_size": 6}, {"parallel": 2}, 2 * (4 * 4 * 6 * 24 + 3 * 4 * 6 * 6)),
    ],
    ids=["attention", "lstm"],
)
def test_pytorch_agrees_on_kinds_with_gradients_and_workspace_of_their_own(
    layer: dict[str, Any], copies: dict[str, Any], to_inputs: int
) -> None:
    from archcalc.analysis.training.backward import backward_pass
    from archcalc.reference.check import Check, Options

    branch = {"branch": {"layers": [layer]}}
    first = {"op": "linear", "out_features": 24}
    report = report_of(describe([8, 4], first, {"id": "b", "op": "branch", **copies}, blocks=branch))
    assert backward_pass(report)[1].to_inputs == to_inputs
    result = Check(report, Options(device="cpu", batch=1, train=True, loss="mse", repeats=0)).run()
    assert result.agrees, result.to_dict()

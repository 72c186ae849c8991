"""Language models against the published checkpoints and sums by hand: parameters to the unit, mult-adds of every length.

The totals are the numbers of values in the published checkpoints, of BERT without the heads of its pre-training; each is
checked against a sum by hand too, from the formulas and tables of the paper named beside it.
"""

from __future__ import annotations

from functools import cache
from math import ceil
from typing import Any, NamedTuple

import pytest

from archcalc.analysis.loading import load
from archcalc.analysis.memory.inference import Memory
from archcalc.analysis.report import Report, analyze
from tests.conftest import Run


@cache
def network(name: str, **variables: Any) -> Report:
    return analyze(load(name, variables))


class Sizes(NamedTuple):
    """Blocks, width, heads of the keys over those of the queries, hidden units, words."""

    blocks: int
    width: int
    keys: float
    hidden: int
    words: int


# -- decoders -------------------------------------------------------------------------------------------------------------

GPT2 = {  # Radford et al. 2019, table 2; parameters of the checkpoints
    "gpt2": (Sizes(12, 768, 1, 3072, 50_257), 124_439_808),
    "gpt2_medium": (Sizes(24, 1024, 1, 4096, 50_257), 354_823_168),
    "gpt2_large": (Sizes(36, 1280, 1, 5120, 50_257), 774_030_080),
    "gpt2_xl": (Sizes(48, 1600, 1, 6400, 50_257), 1_557_611_200),
}


@pytest.mark.parametrize("name", GPT2)
@pytest.mark.parametrize("tokens", [1, 1024])
def test_gpt2(name: str, tokens: int) -> None:
    """Words and 1,024 positions; a block has 12·d² weights, 9·d biases and 4·d of norms, and reads 2·d·L² for scores and values."""
    sizes, params = GPT2[name]
    n, d = sizes.blocks, sizes.width
    assert (sizes.words + 1024) * d + n * (12 * d * d + 13 * d) + 2 * d == params
    totals = network(name, tokens=tokens).totals
    assert totals.params == params
    assert totals.mult_adds == n * (12 * d * d * tokens + 2 * d * tokens**2) + sizes.words * d * tokens


def test_gpt2_small() -> None:
    assert network("gpt2").totals.mult_adds == 145_824_153_600
    head = network("gpt2").layer("head")
    assert (head.params, head.mult_adds) == (0, 50_257 * 768 * 1024), "its weights are those of the words"


LLAMA = {  # Touvron et al. 2023, table 2, and llama/model.py; Dubey et al. 2024, table 3; Jiang et al. 2023, table 1
    "llama_7b": (Sizes(32, 4096, 1, 11_008, 32_000), 6_738_415_616),
    "llama_13b": (Sizes(40, 5120, 1, 13_824, 32_000), 13_015_864_320),
    "llama_33b": (Sizes(60, 6656, 1, 17_920, 32_000), 32_528_943_616),
    "llama_65b": (Sizes(80, 8192, 1, 22_016, 32_000), 65_285_660_672),
    "llama2_7b": (Sizes(32, 4096, 1, 11_008, 32_000), 6_738_415_616),
    "llama2_70b": (Sizes(80, 8192, 8 / 64, 28_672, 32_000), 68_976_648_192),
    "llama3_8b": (Sizes(32, 4096, 8 / 32, 14_336, 128_256), 8_030_261_248),
    "llama3_70b": (Sizes(80, 8192, 8 / 64, 28_672, 128_256), 70_553_706_496),
    "mistral_7b": (Sizes(32, 4096, 8 / 32, 14_336, 32_000), 7_241_732_096),
}


@pytest.mark.parametrize("name", LLAMA)
@pytest.mark.parametrize("tokens", [1, 2048])
def test_llama(name: str, tokens: int) -> None:
    """Two tables of words; a block has d² weights for queries and outputs, fewer for keys and values, 3·d·f of SwiGLU, 2·d norms."""
    (n, d, keys, f, words), params = LLAMA[name]
    weights = round(2 * d * d + 2 * d * d * keys) + 3 * d * f
    assert 2 * words * d + n * (weights + 2 * d) + d == params
    totals = network(name, tokens=tokens).totals
    assert totals.params == params
    assert totals.mult_adds == n * (weights * tokens + 2 * d * tokens**2) + words * d * tokens


def test_llama_at_2048_tokens() -> None:
    assert network("llama_7b").totals.mult_adds == 14_630_806_093_824
    assert network("llama3_8b").totals.mult_adds == 16_469_052_096_512


@pytest.mark.parametrize(("name", "multiple", "factor"), [("llama_7b", 256, 1), ("llama_65b", 256, 1),
                                                          ("llama2_70b", 4096, 1.3), ("llama3_8b", 1024, 1.3)])  # fmt: skip
def test_hidden_units_of_llama(name: str, multiple: int, factor: float) -> None:
    """Touvron et al. 2023, §2.2: 2/3·4d, which the code scales by `ffn_dim_multiplier` and rounds up to `multiple_of`."""
    variables = network(name).graph.variables
    assert variables["hidden_dim"] == multiple * ceil(int(factor * int(8 * variables["dim"] / 3)) / multiple)


def test_mixtral() -> None:
    """Jiang et al. 2024: Mistral 7B with eight feed-forwards of 3·d·f weights and a router of 8·d in each of 32 blocks."""
    d, f, length = 4096, 14_336, 2048
    totals = network("mixtral_8x7b", tokens=length).totals
    single = 7_241_732_096
    assert totals.params == single + 32 * (7 * 3 * d * f + 8 * d) == 46_702_792_704
    assert totals.active_params == single + 32 * (3 * d * f + 8 * d) == 12_879_925_248
    one = network("mistral_7b", tokens=length).totals.mult_adds
    assert totals.mult_adds == one + 32 * (3 * d * f + 8 * d) * length


# -- encoders -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "n", "d", "params"), [("bert_base", 12, 768, 109_482_240),
                                                        ("bert_large", 24, 1024, 335_141_888)])  # fmt: skip
@pytest.mark.parametrize("tokens", [1, 128, 512])
def test_bert(name: str, n: int, d: int, params: int, tokens: int) -> None:
    """Devlin et al. 2019, §3: words, 512 positions, two segments, a norm; blocks; the pooler reads one token."""
    assert (30_522 + 512 + 2 + 2) * d + n * (12 * d * d + 13 * d) + d * d + d == params
    totals = network(name, tokens=tokens).totals
    assert totals.params == params
    assert totals.mult_adds == n * (12 * d * d * tokens + 2 * d * tokens**2) + d * d


def test_bert_base_at_128_tokens() -> None:
    assert network("bert_base").totals.mult_adds == 11_174_215_680


TABLE_3 = [  # Vaswani et al. 2017, table 3: N, d_model, d_ff, h, d_k, d_v and millions of parameters
    (6, 512, 2048, 8, 64, 64, 65),
    (6, 512, 2048, 8, 16, 64, 58),
    (6, 512, 2048, 8, 32, 64, 60),
    (2, 512, 2048, 8, 64, 64, 36),
    (4, 512, 2048, 8, 64, 64, 50),
    (8, 512, 2048, 8, 64, 64, 80),
    (6, 256, 2048, 8, 32, 32, 28),
    (6, 1024, 2048, 8, 128, 128, 168),
    (6, 512, 1024, 8, 64, 64, 53),
    (6, 512, 4096, 8, 64, 64, 90),
]
BIG = (6, 1024, 4096, 16, 64, 64, 213)


def without_words(n: int, d: int, f: int, h: int, k: int, v: int) -> int:
    """§3: an encoder layer has one attention and two norms, a decoder layer two and three, each a feed-forward network."""
    attention, feed_forward, norm = 2 * d * h * (k + v), 2 * d * f + f + d, 2 * d
    return n * (3 * attention + 2 * feed_forward + 5 * norm)


@pytest.mark.parametrize("row", [*TABLE_3, BIG], ids=str)
def test_transformer(row: tuple[int, ...]) -> None:
    n, d, f, h, k, v, _ = row
    report = network("transformer_base", N=n, d_model=d, d_ff=f, h=h, d_k=k, d_v=v, tokens=10, target_tokens=7)
    assert report.totals.params == without_words(*row[:6]) + 37_000 * d
    projections = 3 * d * h * (k + v)  # three attentions, each with queries and outputs, and keys and values
    attention = h * (k + v) * (10 * 10 + 7 * 7 + 7 * 10)  # of the source, of the target, of the target to the source
    assert report.totals.mult_adds == n * ((projections + 2 * d * f) * (10 + 7) + attention) + 37_000 * d * 7


def words_that_print(row: tuple[int, ...]) -> range:
    """The sizes of the vocabulary with which a row has its printed millions."""
    *sizes, millions = row
    low, high = (millions * 10**6 + half - without_words(*sizes) for half in (-500_000, 500_000))
    return range(ceil(low / sizes[1]), ceil(high / sizes[1]))


def test_transformers_of_table_3() -> None:
    """One vocabulary prints all rows but the last, but it is not the 37,000 of §5.1, so that none of them is claimed."""
    found = [words_that_print(row) for row in TABLE_3]
    assert (max(words.start for words in found), min(words.stop for words in found) - 1) == (41_004, 41_208)
    big = words_that_print(BIG)
    assert (big.start, big.stop - 1) == (35_368, 36_344)


@pytest.mark.needs("torch")
def test_transformer_of_pytorch() -> None:
    """`torch.nn.Transformer` has biases in its projections (4·d in each of 18 attentions) and a last norm in both halves."""
    import torch

    with torch.device("meta"):
        params = sum(one.numel() for one in torch.nn.Transformer(512, 8, 6, 6, 2048, batch_first=True).parameters())
    own = network("transformer_base").totals.params - 37_000 * 512
    assert params == own + 18 * 4 * 512 + 2 * 2 * 512 == 44_140_544


# -- recurrence -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "gates", "params", "macs"), [("lstm_lm", 4, 4_653_200, 92_400_000),
                                                               ("gru_lm", 3, 4_492_400, 86_800_000)])  # fmt: skip
def test_recurrent(name: str, gates: int, params: int, macs: int) -> None:
    """Two layers of 200 units; a gate has weights to input and state and PyTorch's two biases; words before and behind."""
    weights = 2 * gates * 200 * (200 + 200)
    assert 10_000 * 200 + weights + 2 * gates * 2 * 200 + 10_000 * 200 + 10_000 == params
    assert 35 * (weights + 10_000 * 200) == macs
    totals = network(name).totals
    assert (totals.params, totals.mult_adds) == (params, macs)
    assert network(name, tokens=1).totals.mult_adds * 35 == macs


# -- views ----------------------------------------------------------------------------------------------------------------


def test_memory_of_gpt2(run: Run) -> None:
    """The scores of all words after each of 1,024 tokens, and what the head reads, are its peak."""
    assert Memory(network("gpt2")).peak.bytes == 4 * 1024 * (50_257 + 768)
    assert "208,998,400 bytes" in run.ok("memory", "gpt2")


def test_derivations(run: Run) -> None:
    assert "(2304 / 3)·1024·1024 + (2304 / 3)·1024·1024 = 1,610,612,736" in run.ok("explain", "gpt2", "h.1.attn.read")
    assert "50257·768" in run.ok("explain", "gpt2", "head")


def test_texts_of_one_token(run: Run) -> None:
    rows = run.ok("sweep", "llama_7b", "--set", "tokens=1,2048").splitlines()
    assert any("32000×1 " in row and "6,607,339,520" in row for row in rows)
    assert any("32000×2048" in row and "14,630,806,093,824" in row for row in rows)


def test_more_tokens_than_positions(run: Run) -> None:
    result = run("params", "gpt2", "--set", "tokens=1025")
    assert result.status != 0
    assert "must be within the input: 1025 is more than 1024" in result.err


@pytest.mark.parametrize("name", ["gpt2", "bert_base", "llama3_70b", "mixtral_8x7b", "transformer_base"])
def test_blocks_fold(name: str) -> None:
    """Equal blocks share their counts, so that 80 of them cost what one costs."""
    report = network(name)
    assert len({id(layer.counts) for layer in report.layers}) < 40

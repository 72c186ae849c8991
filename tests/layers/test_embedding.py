"""Look-ups against papers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Devlin et al. 2019, BERT-base: 30,522 words of 768 values; a look-up multiplies nothing.
    Case([[1, 128]], {"num_embeddings": 30522, "embedding_dim": 768}, [768, 128], (23_440_896, 0)),
    Case([[1, 7]], {"num_embeddings": 2, "embedding_dim": 3}, [3, 7], (6, 0)),
]
REFUSED = [
    ([[2, 128]], {"num_embeddings": 10, "embedding_dim": 4}, "the input must be indices, of one channel"),
    ([[1]], {"num_embeddings": 10, "embedding_dim": 4}, "the input must be indices, 1×L: leave out a flatten"),
    ([[1, 8, 8]], {"num_embeddings": 10, "embedding_dim": 4}, "1×L: put flatten with start_dim: 2 before it"),
    ([[1, 128]], {"num_embeddings": 10}, "embedding_dim is missing"),
    ([[1, 128]], {"num_embeddings": 0, "embedding_dim": 4}, "num_embeddings must be an integer ≥ 1"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("embedding", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("embedding", inputs, fields, fragment)

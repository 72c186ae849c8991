"""The tests of this folder need PyTorch; without it one test that says so is skipped, by name, in their stead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import missing

collect_ignore_glob = ["test_[!_]*.py"] if missing("torch") else []


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """The tensors of random networks are too small to share between threads."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)

"""The tests of this folder need PyTorch; without it one test that says so is skipped, by name, in their stead."""

from __future__ import annotations

from tests.conftest import missing

collect_ignore_glob = ["test_[!_]*.py"] if missing("torch") else []

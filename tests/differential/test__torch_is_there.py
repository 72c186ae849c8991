"""Skipped where PyTorch is missing, and with it the other files of this folder."""

from __future__ import annotations

import pytest


@pytest.mark.needs("torch")
def test_this_folder_is_run() -> None:
    import torch

    assert torch.__version__

"""The reference: the computed graph, executed as PyTorch modules on hardware. The only place that imports PyTorch."""

from __future__ import annotations

from archcalc.errors import call_error, install


def require_torch() -> None:
    """Raises `DescriptionError` with the install command if PyTorch is missing."""
    from importlib.util import find_spec

    if find_spec("torch") is None:
        raise call_error("ARC501", "this needs PyTorch, which is not installed", install("torch", "torch"))

"""The reference executor: the calculated graph as real PyTorch modules on real hardware. The only home of PyTorch."""

from __future__ import annotations

from archcalc.errors import call_error


def need_torch() -> None:
    """Raises SpecError with the install command where PyTorch is missing."""
    from importlib.util import find_spec

    if find_spec("torch") is None:
        raise call_error("ARC501", "this needs PyTorch, which is not installed", "pip install 'archcalc[torch]'")

"""archcalc: a static calculator for neural architectures.

from archcalc import load, analyze
report = analyze(load("vgg16"))
report.totals.params, report.layer("conv1_1").output
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.analysis.loading import load as load
    from archcalc.analysis.report import Report as Report
    from archcalc.analysis.report import analyze as analyze
    from archcalc.analysis.sweep import sweep as sweep
    from archcalc.description.data import read_description as read_description
    from archcalc.description.model import Block as Block
    from archcalc.description.model import Description as Description
    from archcalc.description.model import Entry as Entry
    from archcalc.description.model import Input as Input
    from archcalc.errors import ArchcalcError as ArchcalcError
    from archcalc.errors import DescriptionError as DescriptionError
    from archcalc.errors import ShapeError as ShapeError

__version__ = "0.2.0"

_HOMES = {
    "load": "archcalc.analysis.loading",
    "analyze": "archcalc.analysis.report",
    "Report": "archcalc.analysis.report",
    "sweep": "archcalc.analysis.sweep",
    "Description": "archcalc.description.model",
    "Block": "archcalc.description.model",
    "Entry": "archcalc.description.model",
    "Input": "archcalc.description.model",
    "read_description": "archcalc.description.data",
    "ArchcalcError": "archcalc.errors",
    "DescriptionError": "archcalc.errors",
    "ShapeError": "archcalc.errors",
}
__all__ = [*_HOMES]


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for, so that a command loads only what it uses."""
    if name not in _HOMES:
        raise AttributeError(f"module archcalc has no attribute {name}")
    from importlib import import_module

    if name in ("analyze", "Report"):
        import archcalc.views.notebook  # noqa: F401  # enters how a notebook shows a report

    return getattr(import_module(_HOMES[name]), name)

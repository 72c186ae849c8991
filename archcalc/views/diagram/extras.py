"""Optional packages: imported where a figure needs them; if one is missing, the error contains its install command."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from archcalc.errors import call_error, install


def require(module: str, package: str, extra: str, purpose: str) -> Any:
    """An optional module. Raises `DescriptionError` with its install command if it is missing."""
    try:
        return import_module(module)
    except ImportError:
        raise call_error("ARC476", f"{purpose} needs the package {package}", install(extra, package)) from None


def font_files() -> list[str]:
    """The paths of the figure's font, regular and bold. Raises `DescriptionError` if they are missing."""
    package = require("fontpkg_fira_sans", "fontpkg-fira-sans", "diagrams", "a figure with its font inside")
    folder = os.path.join(os.path.dirname(package.__file__), "files")
    files = [os.path.join(folder, f"FiraSans-{weight}.ttf") for weight in ("Regular", "Bold")]
    missing = [file for file in files if not os.path.exists(file)]
    if missing:
        # Both renderers would omit the text without an error.
        raise call_error(
            "ARC476", f"the font file {missing[0]} does not exist", "pip install --force-reinstall fontpkg-fira-sans"
        )
    return files

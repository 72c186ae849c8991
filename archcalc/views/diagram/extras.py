"""Packages that only some figures need: imported when they are, and named with their install command if missing."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from archcalc.errors import call_error


def need(module: str, package: str, extra: str, purpose: str) -> Any:
    """An optional module, or a sentence that says how to get it."""
    try:
        return import_module(module)
    except ImportError:
        raise call_error("ARC476", f"{purpose} needs the package {package}", f"pip install 'archcalc[{extra}]'") from None


def font_files() -> list[str]:
    """The files of the figure's font, regular and bold."""
    package = need("fontpkg_fira_sans", "fontpkg-fira-sans", "diagrams", "a figure with its font inside")
    folder = os.path.join(os.path.dirname(package.__file__), "files")
    files = [os.path.join(folder, f"FiraSans-{weight}.ttf") for weight in ("Regular", "Bold")]
    absent = [file for file in files if not os.path.exists(file)]
    if absent:
        # Both renderers would leave text out without a word.
        raise call_error("ARC476", f"the font file {absent[0]} is not there", "pip install --force-reinstall fontpkg-fira-sans")
    return files

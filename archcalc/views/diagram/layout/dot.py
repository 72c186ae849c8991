"""Layout by Graphviz: DOT text to positions. pygraphviz contains Graphviz; without it a `dot` on the PATH is run.

The package graphviz could run `dot` too, but it has no time limit.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from archcalc.errors import call_error, install

TIME_LIMIT = 60
"""Seconds."""


def graphviz_layout(text: str) -> dict[str, Any]:
    """Graphviz's layout as data (its format `json0`): nodes and clusters in `objects`, edges with `pos`.

    Raises `DescriptionError` if Graphviz is missing or fails.
    """
    return dict(json.loads(_by_pygraphviz(text) or _by_program(text)))


def _by_pygraphviz(text: str) -> str | None:
    try:
        import pygraphviz
    except ImportError:
        return None
    try:
        return bytes(pygraphviz.AGraph(string=text).draw(format="json0", prog="dot")).decode()
    except (OSError, ValueError) as error:
        raise call_error("ARC482", f"Graphviz refuses the graph: {str(error).splitlines()[0]}") from None


def _by_program(text: str) -> str:
    program = shutil.which("dot")
    if program is None:
        raise call_error(
            "ARC476",
            "the style graph needs Graphviz",
            install("diagrams", "pygraphviz"),
            "a program `dot` on the PATH does as well; the style blocks needs neither",
        )
    try:
        process = subprocess.run([program, "-Tjson0"], input=text.encode(), capture_output=True, timeout=TIME_LIMIT, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise call_error("ARC482", f"{program} fails: {type(error).__name__}") from None
    return process.stdout.decode()

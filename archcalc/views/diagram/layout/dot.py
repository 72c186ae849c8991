"""Layout by Graphviz: DOT text in, places out. pygraphviz brings Graphviz with it; a `dot` on the PATH does as well."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from archcalc.errors import call_error

SECONDS = 60


def laid_out(text: str) -> dict[str, Any]:
    """Graphviz's own description of a layout: nodes and clusters in `objects`, edges with `pos`."""
    return dict(json.loads(_wheel(text) or _program(text)))


def _wheel(text: str) -> str | None:
    try:
        import pygraphviz
    except ImportError:
        return None
    try:
        return bytes(pygraphviz.AGraph(string=text).draw(format="json0", prog="dot")).decode()
    except (OSError, ValueError) as error:
        raise call_error("ARC482", f"Graphviz refuses the graph: {str(error).splitlines()[0]}") from None


def _program(text: str) -> str:
    program = shutil.which("dot")
    if program is None:
        raise call_error(
            "ARC476",
            "the style graph needs Graphviz",
            "pip install 'archcalc[diagrams]' brings it; "
            "a program `dot` on the PATH does as well; the style blocks needs neither",
        )
    try:
        done = subprocess.run([program, "-Tjson0"], input=text.encode(), capture_output=True, timeout=SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise call_error("ARC482", f"{program} fails: {type(error).__name__}") from None
    return done.stdout.decode()

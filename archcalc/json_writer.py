"""Data as JSON text that is safe to show: characters that steer a terminal or turn text around are escaped."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from archcalc.errors import INVISIBLE


def dump(data: Any) -> str:
    """One JSON document, indented, ending in a new line; it reads back as the same data.

    The one writer of every command's `--format json`.
    """
    lines = json.dumps(data, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(line if line.isprintable() else "".join(map(_escaped, line)) for line in lines) + "\n"


def _escaped(character: str) -> str:
    invisible = unicodedata.category(character) in INVISIBLE
    return json.dumps(character)[1:-1] if invisible else character  # with ensure_ascii: beyond U+FFFF as two surrogates

"""Data as JSON text that is safe to print: characters that control a terminal or reverse text are escaped."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from archcalc.errors import INVISIBLE


def dump(data: Any) -> str:
    """The data as one indented JSON document that ends in a new line; it parses to the same data.

    Every command's `--format json` uses it.
    """
    lines = json.dumps(data, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(line if line.isprintable() else "".join(map(_escaped, line)) for line in lines) + "\n"


def _escaped(character: str) -> str:
    invisible = unicodedata.category(character) in INVISIBLE
    return json.dumps(character)[1:-1] if invisible else character  # with ensure_ascii: beyond U+FFFF as two surrogates

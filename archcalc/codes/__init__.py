"""The error codes as data, one mapping of codes to pages in each YAML file of this folder."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from functools import cache
from typing import NamedTuple

from archcalc.errors import call_error, suggest

_CODE = re.compile(r"ARC[0-9]{3}", re.IGNORECASE)


class Page(NamedTuple):
    """What a code means, a call that shows it, and the way out.

    `files` are written into an empty folder and `setup` is run there before `command`, which ends with status `exit`.
    A page that is not `shown` says in `because` why no call shows it.
    """

    code: str
    title: str
    meaning: str
    way_out: str
    command: str
    exit: int = 2
    files: dict[str, str | dict[str, str]] = {}
    """Text, or `{base64: …}` for bytes that are no text."""
    setup: str = ""
    shown: bool = True
    because: str = ""
    needs: tuple[str, ...] | list[str] = ()
    """Packages that the example needs."""
    without: tuple[str, ...] | list[str] = ()
    """Packages that must not be installed for the code to appear."""
    system: str = ""
    """The only system (as `sys.platform` names it) on which the example is meant."""
    slow: bool = False

    @property
    def contents(self) -> dict[str, bytes]:
        """The files as bytes, by their names."""
        return {
            name: text.encode() if isinstance(text, str) else b64decode(text["base64"]) for name, text in self.files.items()
        }

    @property
    def texts(self) -> dict[str, str]:
        """The files as they can be shown, with � for bytes that are no text."""
        return {name: data.decode(errors="replace") for name, data in self.contents.items()}


def is_code(text: str) -> bool:
    """The text is written as a code is, such as ARC203, in capitals or not."""
    return _CODE.fullmatch(text) is not None


@cache
def pages() -> dict[str, Page]:
    """The pages of all codes, in their order."""
    from archcalc.description.source import plain_data

    folder = os.path.dirname(os.path.abspath(__file__))
    files = (os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".yaml"))
    found = {code: Page(code, **fields) for path in files for code, fields in plain_data(path).items()}
    return {code: found[code] for code in sorted(found)}


def page(code: str) -> Page:
    """The page of a code, in capitals or not. Raises `DescriptionError` with a suggestion if there is no such code."""
    known = pages()
    if code.upper() not in known:
        raise call_error("ARC166", f"there is no error code {code.upper()}", suggest(code.upper(), known))
    return known[code.upper()]

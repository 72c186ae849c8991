"""The error codes as data, one mapping of codes to pages in each YAML file of this folder."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from functools import cache
from typing import NamedTuple

from archcalc.errors import call_error
from archcalc.suggestions import suggest

_CODE = re.compile(r"ARC[0-9]{3}", re.IGNORECASE)


class Page(NamedTuple):
    """The page of a code: its meaning, an example that prints it, and how to go on.

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
    """Text, or `{base64: …}` for bytes that are not text."""
    setup: str = ""
    shown: bool = True
    because: str = ""
    needs: tuple[str, ...] | list[str] = ()
    """Packages that the example needs."""
    without: tuple[str, ...] | list[str] = ()
    """Packages that must not be installed for the code to appear."""
    severity: str = "error"
    """`error`, or `warning` or `note` where the network is sound: these can be ignored."""
    system: str = ""
    """The only system, as `sys.platform` names it, on which the example runs."""

    @property
    def contents(self) -> dict[str, bytes]:
        """The files as bytes, by their names."""
        return {
            name: text.encode() if isinstance(text, str) else b64decode(text["base64"]) for name, text in self.files.items()
        }

    @property
    def texts(self) -> dict[str, str]:
        """The files as text, with � for bytes that are not text."""
        return {name: data.decode(errors="replace") for name, data in self.contents.items()}


def is_code(text: str) -> bool:
    """Whether the text has the form of a code, such as ARC203, in any case."""
    return _CODE.fullmatch(text) is not None


@cache
def pages() -> dict[str, Page]:
    """The pages of all codes, in ascending order."""
    from archcalc.description.source import plain_data

    folder = os.path.dirname(os.path.abspath(__file__))
    files = (os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".yaml"))
    by_code = {code: Page(code, **fields) for path in files for code, fields in plain_data(path).items()}
    return dict(sorted(by_code.items()))


def page(code: str) -> Page:
    """The page of a code, in any case. Raises `DescriptionError` with a suggestion if there is no such code."""
    known = pages()
    if code.upper() not in known:
        raise call_error("ARC166", f"there is no error code {code.upper()}", suggest(code.upper(), known))
    return known[code.upper()]

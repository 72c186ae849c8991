"""The zoo: the shipped networks by their names, `resnet50` for the paper's and `torchvision/resnet50` for a library's.

A file whose name begins with an underscore is a family, which the files of its networks extend; it has no name itself.
"""

from __future__ import annotations

import os
import re
from functools import cache

from archcalc.errors import call_error, printable
from archcalc.suggestions import suggest

_NO_NETWORKS = "claims"
_EXTENDS = re.compile(r"^extends: (?P<name>_\w+)\.yaml$", re.MULTILINE)


def zoo_folder() -> str:
    """The folder of the shipped networks: inside a built package, next to it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "zoo")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "specs")


@cache
def zoo() -> tuple[str, ...]:
    """The names of the shipped networks: those of papers first, then those of libraries with the library before a slash."""
    with os.scandir(zoo_folder()) as entries:
        libraries = sorted(entry.name for entry in entries if entry.is_dir() and entry.name != _NO_NETWORKS)
    return (*_in(""), *(f"{library}/{name}" for library in libraries for name in _in(library)))


def _in(library: str) -> list[str]:
    files = os.listdir(os.path.join(zoo_folder(), library))
    return sorted(file.removesuffix(".yaml") for file in files if file.endswith(".yaml") and not file.startswith("_"))


def meanings(name: str) -> list[str]:
    """The full names that a name may stand for, with or without `.yaml`: that one, or those of libraries that end in it."""
    stem, names = name.removesuffix(".yaml"), zoo()
    return [stem] if stem in names else [other for other in names if other.endswith(f"/{stem}")]


def full_name(name: str) -> str | None:
    """The full name of a network of the zoo; None if there is none. Raises `DescriptionError` if there are several."""
    names = meanings(name)
    if len(names) > 1:
        out = f"write {' or '.join(names)}"
        raise call_error("ARC101", f"{printable(name)} is the name of {len(names)} networks of the zoo", out)
    return names[0] if names else None


def path_of(full_name: str) -> str:
    """The path of a network of the zoo by its full name."""
    return os.path.join(zoo_folder(), *full_name.split("/")) + ".yaml"


def name_at(path: str) -> str | None:
    """The full name of the network of the zoo in a file; None for a file elsewhere, and for a family."""
    names = {os.path.abspath(path_of(name)): name for name in zoo()}
    return names.get(os.path.abspath(path))


def family_of(path: str, text: str) -> str | None:
    """The name of the family that the file of a network of the zoo extends, such as torchvision/_resnet; None without one."""
    match = _EXTENDS.search(text)
    folder = os.path.relpath(os.path.dirname(os.path.abspath(path)), os.path.abspath(zoo_folder()))
    return None if match is None or folder.startswith("..") else os.path.normpath(os.path.join(folder, match["name"]))


def suggestion(name: str) -> str:
    """The networks of the zoo with similar names, as the way out of a message."""
    names = zoo()
    return suggest(name.removesuffix(".yaml"), [*names, *(other.partition("/")[2] for other in names if "/" in other)])

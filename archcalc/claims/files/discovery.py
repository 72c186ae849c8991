"""Which claims a call means: files, folders, publications of the shipped literature, or those about a network."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator

from archcalc.claims.files.prose import PROSE, read_prose
from archcalc.claims.files.reader import is_claims, read_claims
from archcalc.claims.library import literature_files
from archcalc.claims.model import Publication
from archcalc.description.source import Source, read, zoo
from archcalc.errors import DescriptionError, Problem, call_error, file_error, suggest

YAML = (".yaml", ".yml")
_SKIPPED = {"node_modules", "build", "dist", "site-packages", "__pycache__"}
MAX_FILES = 20_000

Found = tuple[list[Publication], list[Problem]]


def find_claims(names: Iterable[str], shipped: bool = False) -> Found:
    """The publications that the names mean, and what is malformed in them.

    Without names: those of the project, named by `[tool.archcalc] claims` in its pyproject.toml, or all in the folder.
    """
    names = list(names)
    if shipped:
        names += literature_files()
    elif not names:
        names = project()
    publications: list[Publication] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for name in names:
        found, wrong = _named(name, seen)
        publications += found
        problems += wrong
    return publications, problems


def _named(name: str, seen: set[str]) -> Found:
    if os.path.isdir(name):
        return _read(_walk(name), seen)
    if os.path.isfile(name) or name == "-":
        return _read([name], seen, asked=True)
    stem = name.removesuffix(".yaml")
    files = [path for path in literature_files() if os.path.basename(path) == f"{stem}.yaml"]
    if files:
        return _read(files, seen)
    if stem in zoo():
        return _about(stem)
    known = [os.path.basename(path).removesuffix(".yaml") for path in literature_files()]
    raise call_error(
        "ARC440",
        f"there is no file {name}, and no publication or network of that name",
        suggest(name, [*known, *zoo()]),
    )


def _about(network: str) -> Found:
    """What the shipped literature and its own file claim about a network of the zoo."""
    publications, problems = _read([*literature_files(), network], set())
    for publication in publications:
        own = os.path.basename(publication.path) == f"{network}.yaml"
        publication.claims = [one for one in publication.claims if own or one.setting.network == network]
    return [one for one in publications if one.claims], problems


def _read(paths: Iterable[str], seen: set[str], asked: bool = False) -> Found:
    publications: list[Publication] = []
    problems: list[Problem] = []
    for path in paths:
        if os.path.realpath(path) in seen:
            continue
        seen.add(os.path.realpath(path))
        try:
            source = read(path)
            if not asked and not path.endswith(PROSE) and not is_claims(source.text):
                continue
            publication, wrong = _one(source)
        except DescriptionError as error:
            problems += error.problems
            continue
        publications.append(publication)
        problems += wrong
    return publications, problems


def _one(source: Source) -> tuple[Publication, list[Problem]]:
    return read_prose(source) if source.path.endswith(PROSE) else read_claims(source)


def _walk(folder: str) -> Iterator[str]:
    """The YAML files below a folder, in a fixed order; hidden folders, environments and builds are left out."""
    count = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(
            one
            for one in folders
            if not one.startswith(".") and one not in _SKIPPED and not os.path.exists(os.path.join(root, one, "pyvenv.cfg"))
        )
        for name in sorted(files):
            if name.endswith(YAML):
                count += 1
                if count > MAX_FILES:
                    raise file_error("ARC441", folder, f"holds more than {MAX_FILES:,} YAML files", "name a smaller one")
                yield os.path.normpath(os.path.join(root, name))


def project(start: str = ".") -> list[str]:
    """The claims of the project that a folder stands in."""
    folder = os.path.abspath(start)
    while True:
        config = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(config):
            paths = _configured(config)
            return [os.path.relpath(os.path.join(folder, path)) for path in paths] if paths else [start]
        parent = os.path.dirname(folder)
        if parent == folder:
            return [start]
        folder = parent


def _configured(config: str) -> list[str]:
    with open(config, "rb") as file:
        try:
            paths = tomllib.load(file).get("tool", {}).get("archcalc", {}).get("claims", [])
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise file_error("ARC442", config, f"is not TOML: {error}") from None
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise file_error("ARC442", config, "tool.archcalc.claims is a list of files and folders")
    return paths

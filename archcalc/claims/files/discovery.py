"""Locates claims for the arguments of a call: files, folders, shipped publications, or those about a network."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator

from archcalc.claims.files.prose import PROSE, read_prose
from archcalc.claims.files.reader import VERSION_KEY, read_claims
from archcalc.claims.library import literature_files
from archcalc.claims.model import Publication
from archcalc.description.source import Source, read, read_found
from archcalc.description.zoo import full_name, meanings, path_of, zoo
from archcalc.errors import DescriptionError, Problem, call_error, file_error
from archcalc.suggestions import suggest

YAML = (".yaml", ".yml")
_SKIPPED = {"node_modules", "build", "dist", "site-packages", "__pycache__"}
MAX_FILES = 20_000

Claims = tuple[list[Publication], list[Problem]]


def find_claims(names: Iterable[str], shipped: bool = False) -> Claims:
    """The publications that the names locate, and the problems of malformed ones.

    Without names: those of the project, named by `[tool.archcalc] claims` in its pyproject.toml, or all in the folder.
    Of several names, YAML files without claims are left out, as in a folder; a single one is malformed then.
    Raises `DescriptionError` if there is no such file, publication or network.
    """
    names = list(names)
    by_user = set(names)
    meant = len(names) <= 1  # or named by the project
    if shipped:
        names += literature_files()
    elif not names:
        names = project_claims()
    publications: list[Publication] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for name in names:
        more, malformed = _named(name, seen, meant, name in by_user)
        publications += more
        problems += malformed
    return publications, problems


def _named(name: str, seen: set[str], meant: bool, by_user: bool) -> Claims:
    if os.path.isdir(name):
        return _read(_walk(name), seen)
    if os.path.exists(name) or name == "-":
        return _read([name], seen, meant, by_user)
    stem = name.removesuffix(".yaml")
    files = [path for path in literature_files() if os.path.basename(path) == f"{stem}.yaml"]
    if files:
        return _read(files, seen)
    network = full_name(name)
    if network is not None:
        return _about(network)
    known = [os.path.basename(path).removesuffix(".yaml") for path in literature_files()]
    raise call_error(
        "ARC440",
        f"there is no file {name}, and no publication or network of that name",
        suggest(name, [*known, *zoo()]),
    )


def _about(network: str) -> Claims:
    """The claims of the shipped literature and of its own file about a network of the zoo."""
    publications, problems = _read([*literature_files(), network], set())
    for publication in publications:
        own = publication.path == path_of(network)
        publication.claims = [claim for claim in publication.claims if own or meanings(claim.setting.network) == [network]]
    return [publication for publication in publications if publication.claims], problems


def _read(paths: Iterable[str], seen: set[str], meant: bool = False, by_user: bool = False) -> Claims:
    """The claims in files; unless they are `meant` to have some, YAML files without claims are left out.

    Only a user may name a pipe or standard input, of which the end may never come.
    """
    publications: list[Publication] = []
    problems: list[Problem] = []
    for path in paths:
        if os.path.realpath(path) in seen:
            continue
        seen.add(os.path.realpath(path))
        try:
            source = read(path) if by_user else read_found(path)
            if not meant and not path.endswith(PROSE) and not _is_claims(source.text):
                continue
            publication, malformed = read_publication(source)
        except DescriptionError as error:
            problems += error.closed()
            continue
        publications.append(publication)
        problems += malformed
    return publications, problems


def read_publication(source: Source) -> tuple[Publication, list[Problem]]:
    """The claims of a claims file, a description or a text, by the ending of its name."""
    return read_prose(source) if source.path.endswith(PROSE) else read_claims(source)


def _walk(folder: str) -> Iterator[str]:
    """The YAML files below a folder, in a fixed order; hidden folders, environments and builds are left out."""
    count = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not (name.startswith(".") or name in _SKIPPED or os.path.exists(os.path.join(root, name, "pyvenv.cfg")))
        )
        for name in sorted(files):
            if name.endswith(YAML):
                count += 1
                if count > MAX_FILES:
                    raise file_error("ARC441", folder, f"contains more than {MAX_FILES:,} YAML files", "name a smaller one")
                yield os.path.normpath(os.path.join(root, name))


def project_claims(start: str = ".") -> list[str]:
    """The files and folders with the claims of the project that contains a folder; else the folder itself."""
    folder = os.path.abspath(start)
    while True:
        config = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(config):
            return configured_claims(config) or [start]
        parent = os.path.dirname(folder)
        if parent == folder:
            return [start]
        folder = parent


def configured_claims(config: str) -> list[str]:
    """The files and folders that `[tool.archcalc] claims` of a pyproject.toml names. Raises `DescriptionError`."""
    folder = os.path.dirname(os.path.abspath(config))
    return [_shown(os.path.join(folder, path)) for path in _configured(config)]


def _shown(path: str) -> str:
    """A path as messages show it: relative to the current folder, unless it is on another drive."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return path


def _configured(config: str) -> list[str]:
    with open(config, "rb") as file:
        try:
            paths = tomllib.load(file).get("tool", {}).get("archcalc", {}).get("claims", [])
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise file_error("ARC442", config, f"is not TOML: {error}") from None
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise file_error("ARC442", config, "tool.archcalc.claims is a list of files and folders")
    return paths


def _is_claims(text: str) -> bool:
    """Whether a YAML text is a claims file, or a description with claims of its own."""
    return _has_key(text, VERSION_KEY) or (_has_key(text, "archcalc") and _has_key(text, "claims"))


def _has_key(text: str, key: str) -> bool:
    """Whether a YAML text has a key at the start of a line, or in braces as in JSON."""
    return bool(re.search(rf"""(^|[{{,]\s*)["']?{key}["']?\s*:""", text, re.M))

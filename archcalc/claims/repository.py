"""Files as CI services name them: relative to the repository, with slashes."""

from __future__ import annotations

import os
from functools import cache


def repository_path(path: str) -> str:
    """The path of a file in the repository that contains it.

    Without a repository it is relative to the workspace of GitHub Actions, else to the current folder. A file outside of
    these keeps its absolute path, and what is no file its name.
    """
    if not os.path.exists(path):
        return path.replace(os.sep, "/")
    folder, name = os.path.split(os.path.abspath(path))
    absolute = os.path.join(os.path.realpath(folder), name)
    root = _git_root(os.path.dirname(absolute)) or os.environ.get("GITHUB_WORKSPACE") or os.getcwd()
    try:
        relative = os.path.relpath(absolute, os.path.realpath(root))
    except ValueError:  # on another drive of Windows
        relative = os.pardir
    outside = relative.split(os.sep)[0] == os.pardir
    return (absolute if outside else relative).replace(os.sep, "/")


@cache
def _git_root(folder: str) -> str:
    """The folder with `.git`, which is a file in a worktree, at or above a folder; empty if there is none."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    return folder

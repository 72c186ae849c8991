"""Ways out for misspelt names: the known ones that are most similar."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterable

_CROWD = 1000
"""Names from which on only those that begin or end like a word are compared with it."""


def suggest(word: str, known: Iterable[str]) -> str:
    """A way out for an unknown name: the known names nearest to it, or all of them if none is near and they are few."""
    names = list(dict.fromkeys(map(str, known)))
    if len(names) < _CROWD:  # the order decides between equally similar names; of thousands, sorting takes longest
        names.sort()
    if near := nearest(word, names):
        return f"did you mean {' or '.join(near)}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 40 else "no name is similar"


def nearest(word: str, names: list[str], cutoff: float = 0.6) -> list[str]:
    """Up to three names that are similar to a word: those that begin with it first."""
    word = word[:80]
    longer = sorted((name for name in names if len(word) > 1 and name.startswith(word)), key=lambda name: (len(name), name))[:3]
    same = [name for name in names if _normalized(name) == _normalized(word)]
    return longer or same[:3] or _similar(word, names, cutoff)


def _similar(word: str, names: list[str], cutoff: float) -> list[str]:
    """Up to three names that have most of their letters in common with a word: all of them in another order first."""
    candidates = _candidates(word, names)
    swapped = [name for name in candidates if sorted(_normalized(name)) == sorted(_normalized(word))]
    normalized = {_normalized(name): name for name in reversed(candidates)}
    similar = difflib.get_close_matches(_normalized(word), normalized, n=3, cutoff=cutoff)
    matches = [*difflib.get_close_matches(word, candidates, n=3, cutoff=cutoff), *(normalized[name] for name in similar)]
    return list(dict.fromkeys(swapped or matches))[:3]


def clear_match(word: str, names: Iterable[str]) -> str | None:
    """The name that a misspelt word stands for; None unless exactly one is very similar."""
    matches = _similar(word[:80], sorted(names), 0.75)
    exact = [name for name in matches if _normalized(name) == _normalized(word)]
    found = exact or matches
    return found[0] if len(found) == 1 else None


def _candidates(word: str, names: list[str]) -> list[str]:
    """Those of many names that share most letters with a word, of thousands those that begin or end like it.

    difflib would take seconds for thousands.
    """
    if len(names) >= _CROWD:
        begin, end = word[:2], word[-2:]
        names = [name for name in names if name.startswith(begin) or name.endswith(end)]
        names = [name for name in names if abs(len(name) - len(word)) <= 3][:_CROWD]
    if len(names) <= 50:
        return names
    letters = set(word.lower())
    return heapq.nlargest(50, names, key=lambda name: len(letters & set(name.lower())) - abs(len(name) - len(word)))


def resembles(word: str, others: Iterable[str]) -> bool:
    """Whether a word is probably a misspelling of one of the others."""
    return bool(difflib.get_close_matches(_normalized(word), map(_normalized, others), n=1, cutoff=0.6))


def _normalized(name: str) -> str:
    """A name without capitals, dashes and underscores."""
    return name.lower().replace("_", "").replace("-", "")

"""Words of other frameworks and slips of the pen: what a word that is no kind, or no field, most probably means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from archcalc.description.source import words
from archcalc.layers import find
from archcalc.suggestions import clear_match, suggest

_AXES = re.compile(r"[123]d")


class Guess(NamedTuple):
    """What a word means: a way out, and the name that it stands for, with which reading goes on, if that is clear.

    `is_harmless` says that the rest of the entry means the same without it.
    """

    out: str
    name: str | None = None
    is_harmless: bool = False


def _way_out(text: str, value: str, kinds: Iterable[str]) -> str:
    """The way out of a word that is no field; `{}` in it is the activation that its value names."""
    if "{}" not in text:
        return text
    if _plain(value) in _words()["no_activation"]:
        return f"{value} is no activation: leave it out"
    names = [*kinds]
    guess = Guess("", value) if value in names else kind_guess(value, names)
    kind = find(guess.name) if guess.name else None
    return text.replace("{}", guess.name or "…") if kind is None or kind.family == "activation" else text.replace("{}", "…")


def _similar(word: str, names: Iterable[str]) -> Guess:
    """The name that a word clearly stands for, or else those that are similar."""
    meant = clear_match(word, names)
    return Guess(f"did you mean {meant}?" if meant else suggest(word, names), meant)


@cache
def _words() -> Mapping[str, Any]:
    """The sections of words.yaml; where the words are keys, without what `_plain` removes."""
    data = words()
    by_word = {_plain(word): kind for kind, words in data["kinds"].items() for word in words}
    plain = {key: {_plain(word): text for word, text in data[key].items()} for key in ("recipes", "not_fields")}
    fields = {name: {*map(_plain, words)} for name, words in data["fields"].items()}
    return {**data, **plain, "kinds": by_word, "fields": fields, "absent": {*map(_plain, data["absent"])}}


def _plain(word: str) -> str:
    """A word without capitals, dashes and underscores, module, number of axes, and `layer` at its end."""
    last = word.partition("(")[0].rpartition(".")[2].lower().replace("_", "").replace("-", "")
    return _AXES.sub("", last).removesuffix("layer") or last


def kind_guess(word: str, known: Iterable[str]) -> Guess:
    """What a word that is neither a kind nor a block means, among the known ones."""
    found, plain, names = _words(), _plain(word), {*known}
    meant = {_plain(name): name for name in names}.get(plain) or found["kinds"].get(plain)
    if meant in names:
        return Guess(f"did you mean {meant}?", meant)
    if plain in found["recipes"]:
        return Guess(found["recipes"][plain])
    if plain in found["absent"]:
        return Guess(f"{word} is not in the language yet; `archcalc layers` lists the kinds")
    return _similar(word, names)


def key_guess(word: str, known: Iterable[str]) -> str | None:
    """The key of a part of a description that a word of another framework means, or that it clearly misspells."""
    names, plain = {*known}, _plain(word)
    meant = (name for name, others in _words()["keys"].items() if name in names and plain in map(_plain, others))
    return next(meant, None) or clear_match(word, names)


def is_field_word(word: str, field: str) -> bool:
    """Whether a word of another framework is known to mean a field."""
    return _plain(word) in _words()["fields"][field] or _plain(word) == _plain(field)


def field_guess(word: str, value: str, known: Iterable[str], kinds: Iterable[str]) -> Guess:
    """What a word that is no field means, among the known ones; `value` is the text of its value."""
    found, plain, names = _words(), _plain(word), {*known}
    exact = {_plain(name): name for name in names}.get(plain)
    meant = exact or next((name for name, others in found["fields"].items() if name in names and plain in others), None)
    if meant:
        return Guess(f"did you mean {meant}?", meant)
    if plain in found["not_fields"]:
        return Guess(_way_out(found["not_fields"][plain], value, kinds), is_harmless=True)
    return _similar(word, names)

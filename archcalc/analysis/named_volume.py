"""Volumes with the description's word for positions: 768×197 tokens."""

from __future__ import annotations

from archcalc.layers._base import Volume


class NamedVolume(Volume):
    """A sequence C×L, printed with the word for its positions."""

    word: str

    def __str__(self) -> str:
        return f"{super().__str__()} {self.word}"


def named(volume: Volume, word: str) -> Volume:
    """The volume with the word for its positions, where it is a sequence C×L and there is a word."""
    if not word or len(volume) != 2:
        return volume
    sequence = NamedVolume(volume)
    sequence.word = word
    return sequence

"""Which entries depend on the number of a copy: only these are evaluated anew in each copy, the others share one scope."""

from __future__ import annotations

from archcalc.description.document import ParsedBlock, ParsedEntry
from archcalc.description.values import names_in

COPY = "copy"
"""The name that counts the copies of a repeat, from 1."""
ANY_BLOCK = ""
"""Instead of a block's name: an argument may hold the name of any block."""


class CopyReaders:
    """Knows which entries read `copy` of the repeat around them, themselves or inside the blocks that they use."""

    def __init__(self) -> None:
        self._blocks: dict[int, set[str]] = {}
        """The blocks that read `copy`, by the `id` of the blocks of a description."""
        self._entries: dict[int, bool] = {}

    def is_reader(self, entry: ParsedEntry) -> bool:
        """Whether a value of the entry, or what is inside its block, depends on `copy`."""
        key = id(entry)
        if key not in self._entries:
            if id(entry.blocks) not in self._blocks:
                self._blocks[id(entry.blocks)] = _reading_blocks(entry.blocks)
            self._entries[key] = entry.op in self._blocks[id(entry.blocks)] or _mentions_copy(entry)
        return self._entries[key]


def counts_copies(entry: ParsedEntry) -> bool:
    """Whether each copy of a repeated entry decides by its number whether it is used."""
    return entry.repeat is not None and COPY in names_in(entry.when)


def _mentions_copy(entry: ParsedEntry) -> bool:
    return any(COPY in names_in(value) for value in entry.values_per_copy)


def _reading_blocks(blocks: dict[str, ParsedBlock]) -> set[str]:
    """The blocks that read the `copy` of their use: an entry that is repeated inside has a `copy` of its own."""
    users: dict[str, list[str]] = {}
    own = {name: block for name, block in blocks.items() if not block.network}
    for name, block in own.items():
        for entry in block.layers:
            if entry.repeat is None and (entry.op in blocks or entry.is_open):
                users.setdefault(ANY_BLOCK if entry.is_open else entry.op, []).append(name)
    found = [name for name, block in own.items() if _reads_directly(block)]
    found += [ANY_BLOCK] if found else []
    reading = set(found)
    while found:
        for user in users.get(found.pop(), ()):
            if user not in reading:
                reading.add(user)
                found.append(user)
    return reading


def _reads_directly(block: ParsedBlock) -> bool:
    return any(COPY in names_in(default) for default in block.arguments.values()) or any(
        COPY in names_in(entry.repeat) or (entry.repeat is None and _mentions_copy(entry)) for entry in block.layers
    )

"""Entries whose `op` names an argument or variable: they are read once the kind or block that it holds is known."""

from __future__ import annotations

from typing import Any

from archcalc.description.document import ParsedBlock, ParsedEntry
from archcalc.description.layer_reader import LayerReader
from archcalc.description.operators import value_text
from archcalc.description.source import Node, Source
from archcalc.description.values import NOWHERE, Word
from archcalc.errors import Detail, Mark, Problems
from archcalc.layers import kinds


class ChosenKinds:
    """Reads open entries as the kinds and blocks that are chosen for them, each once; problems name the choice."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._readers: dict[int, _ChosenReader] = {}
        self._entries: dict[tuple[int, str], ParsedEntry] = {}

    def entry(self, entry: ParsedEntry, value: Any) -> ParsedEntry:
        """The entry with the kind or block that its argument holds.

        Where that is the name of neither, and a kind or block is named like the argument, it is that one.
        """
        is_own = _is_known(entry, entry.op) and not _is_known(entry, value)
        key = id(entry), entry.op if is_own else value if isinstance(value, str) else ""
        if key not in self._entries:
            if id(entry.blocks) not in self._readers:
                self._readers[id(entry.blocks)] = _ChosenReader(entry.source, entry.blocks, self._problems)
            self._entries[key] = self._readers[id(entry.blocks)].chosen(entry, entry.op if is_own else value)
        return self._entries[key]


def _is_known(entry: ParsedEntry, op: Any) -> bool:
    return isinstance(op, str) and (op in kinds() or op in entry.blocks)


class _ChosenReader(LayerReader):
    def __init__(self, source: Source, blocks: dict[str, ParsedBlock], problems: Problems) -> None:
        super().__init__(source)
        self.problems = problems
        self.result.blocks = blocks
        self.choice = ""
        """What was chosen, and where: the last detail of each problem."""

    def problem(self, code: str, place: Node | Mark, message: str, *details: Detail) -> None:
        super().problem(code, place, message, *details, self.choice)

    def chosen(self, entry: ParsedEntry, value: Any) -> ParsedEntry:
        """A copy of an open entry that is read as a kind or block; broken, with a problem, if the value names neither."""
        self.source, self.choice = entry.source, ""
        op = str(value) if _is_known(entry, value) else self.meant_op(entry, value)
        read = entry.read_as(op)
        if not op:
            read.broken = True
            return read
        if op != entry.op:
            where = f", given {value.mark.seen_from(entry.mark())}" if isinstance(value, Word) and value.mark != NOWHERE else ""
            self.choice = f"{entry.op} is {op} here{where}"
        self.contents(read, self.faults)
        return read

    def meant_op(self, entry: ParsedEntry, value: Any) -> str:
        """Report a value that names neither a kind nor a block; the one that it clearly stands for."""
        if value is None:  # reported already
            return ""
        if not isinstance(value, str):
            message = f"op: {entry.op} is {value_text(value)}, which is no layer kind or block"
            self.problem("ARC118", entry.mark("op"), message, f"give {entry.op} the name of one, such as relu")
            return ""
        guess = self.meant(value)
        mark = value.mark if isinstance(value, Word) else entry.mark("op")
        message = f"{entry.op}: there is no layer kind or block {value}"
        self.problem("ARC118", mark, message, guess.out, f"it is the op of the layer {entry.mark('op').seen_from(mark)}")
        return guess.name or ""

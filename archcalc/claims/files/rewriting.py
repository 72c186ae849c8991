"""Rewrites stale figures in texts, each in its own style; what is not fully understood is left alone, with a reason."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import NamedTuple

from archcalc import saving
from archcalc.claims.files.places import Places
from archcalc.claims.files.prose import PROSE, read_prose
from archcalc.claims.model import Claim
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError, read_printed_number
from archcalc.claims.units import is_count
from archcalc.claims.verdicts import AGREES, Value, compare, scale_apart, value_text
from archcalc.claims.verify import FAILS, Outcome
from archcalc.description.source import Source, read
from archcalc.errors import Problem, file_error


class CannotRewriteError(ValueError):
    """A figure that is left alone; the message says why, `out` is a way out."""

    def __init__(self, message: str, out: str = "correct it by hand") -> None:
        super().__init__(message)
        self.out = out


class Edit(NamedTuple):
    """A replacement of a figure, which begins at a character of the text."""

    start: int
    old: str
    new: str


@dataclass(frozen=True)
class Rewriting:
    """A text with its stale figures rewritten: how many there were, and the problems of those that are left alone."""

    text: str
    count: int
    left: tuple[Problem, ...]


def rewrite_files(outcomes: Iterable[Outcome]) -> int:
    """Rewrite the stale figures of all texts, and return how many there were.

    A file is written whole or not at all. Raises `DescriptionError` if it cannot be written.
    """
    count = 0
    for path, failing in _by_path(outcomes):
        result = rewritten(read(path), failing)
        count += result.count
        if result.count:
            _write(path, result.text)
    return count


def left_alone(outcomes: Iterable[Outcome]) -> list[Problem]:
    """The stale figures in texts that are not rewritten, each with its reason."""
    return [problem for path, failing in _by_path(outcomes) for problem in rewritten(read(path), failing).left]


def rewritten(source: Source, outcomes: Iterable[Outcome]) -> Rewriting:
    """The text with every stale figure that is understood in its own style; all other text is unchanged."""
    places = Places(source)
    at: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        at.setdefault(places.index(outcome.claim.mark), []).append(outcome)
    edits: dict[int, Edit] = {}
    left: dict[int, CannotRewriteError] = {}
    for start, about in at.items():
        if not any(_is_stale(outcome) for outcome in about):
            continue
        try:
            edits[start] = _edit(source, start, about)
        except CannotRewriteError as error:
            left[start] = error
    for edit in _misread(source, places, edits):
        sentence = f"with {edit.new} in its place, the line would be read as something else"
        left[edit.start] = CannotRewriteError(sentence)
        del edits[edit.start]
    problems = tuple(_left_alone(places, start, at[start][0].claim, reason) for start, reason in sorted(left.items()))
    return Rewriting(_edited(source.text, edits), len(edits), problems)


def _edit(source: Source, start: int, about: list[Outcome]) -> Edit:
    """The edit of one figure. Raises `CannotRewriteError` if it is not understood, or the file is another one by now."""
    edit = Edit(start, about[0].claim.printed.text, _replacement(about))
    if not source.text.startswith(edit.old, start):
        raise CannotRewriteError("the file has changed since it was read")
    return edit


def _by_path(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """The outcomes of every text that has a stale figure."""
    by_path: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.claim.mark.path.endswith(PROSE):
            by_path.setdefault(outcome.claim.mark.path, []).append(outcome)
    return ((path, some) for path, some in by_path.items() if any(map(_is_stale, some)))


def _is_stale(outcome: Outcome) -> bool:
    return outcome.status == FAILS and outcome.computed is not None


def _replacement(outcomes: list[Outcome]) -> str:
    """What is to be in the place of a figure that marks are about. Raises `CannotRewriteError` if there is no one text."""
    stale = [outcome for outcome in outcomes if _is_stale(outcome)]
    for outcome in stale:
        _refuse_other_scale(outcome.claim, outcome.computed)
    texts = {reformatted(outcome.claim.printed, outcome.computed) for outcome in stale}
    new = texts.pop()
    number = read_printed_number(new, *stale[0].claim.printed.reading)
    if texts or not all(compare(number, outcome.computed, outcome.claim.tolerance) in AGREES for outcome in outcomes):
        raise CannotRewriteError("several marks are about this figure, and it cannot be right for all")
    return new


def _refuse_other_scale(claim: Claim, value: Value) -> None:
    """Raises `CannotRewriteError` if a printed number and the computed one may be on different scales."""
    printed, scale = claim.printed, claim.scale_outside
    if scale:
        is_right = compare(printed, value) in AGREES
        out = f"take {scale} out" if is_right else f"write the whole figure in the mark, such as {_with_scale(printed, scale)}"
        raise CannotRewriteError(f"outside of the mark it is scaled by {scale}", out)
    where = "write the scale in the mark, such as 138.4 million, or all digits"
    if printed.scale == 1 and printed.step < 1 and is_count(claim.quantity):
        raise CannotRewriteError(f"{claim.quantity} is a whole number, so that its scale is not in the mark", where)
    if (factor := scale_apart(printed, value)) is not None:
        times = f"{round(factor):,} times as much" if factor > 1 else f"1/{round(1 / factor):,} of it"
        raise CannotRewriteError(f"computed is {value_text(value)}, {times}, which is another scale", where)


def _with_scale(printed: PrintedNumber, scale: str) -> str:
    """The digits of a figure with a scale, as they are read together; an example where they are not."""
    for text in (f"{printed.digits}{between}{scale}" for between in (" ", "", "×")):
        try:
            if read_printed_number(text).scale != 1:
                return text
        except PrintedNumberError:
            continue
    return "138.4 million"


def _misread(source: Source, places: Places, edits: dict[int, Edit]) -> list[Edit]:
    """The edits after which a mark would be about another figure than before, or about none."""
    old = {claim.id: claim for claim in read_prose(source)[0].claims}
    kept = dict(edits)
    while kept:
        new = {claim.id: claim.printed.text for claim in read_prose(Source(source.path, _edited(source.text, kept)))[0].claims}
        lines = set()
        for claim in old.values():
            edit = kept.get(places.index(claim.mark))
            if new.get(claim.id) != (edit.new if edit else claim.printed.text):
                lines.add(claim.mark.line)
        wrong = [edit for edit in kept.values() if places.mark(edit.start).line in lines]
        if not lines:
            break
        for edit in wrong or list(kept.values()):
            del kept[edit.start]
    return [edit for start, edit in edits.items() if start not in kept]


def _edited(text: str, edits: dict[int, Edit]) -> str:
    pieces, end = [], 0
    for start, edit in sorted(edits.items()):
        pieces += [text[end:start], edit.new]
        end = start + len(edit.old)
    return "".join([*pieces, text[end:]])


def _left_alone(places: Places, start: int, claim: Claim, reason: CannotRewriteError) -> Problem:
    sentence = f"{claim.id}: {claim.printed.text} is left alone: {reason}"
    return Problem("ARC427", sentence, places.mark(start), (reason.out,), "warning")


def _write(path: str, text: str) -> None:
    try:
        with open(path, "rb") as file:
            byte_order_mark = codecs.BOM_UTF8 if file.read(3) == codecs.BOM_UTF8 else b""
        saving.save(byte_order_mark + text.encode(), path)
    except OSError as error:
        raise file_error("ARC446", path, f"cannot be written: {error.strerror}") from None


# -- one figure --------------------------------------------------------------------------------------------------------


def reformatted(printed: PrintedNumber, value: Value) -> str:
    """The value in the format of the stale figure: same unit, same decimals, same separators.

    Raises `CannotRewriteError` if the format is not fully understood, or cannot express the value.
    """
    if not printed.rewritable:
        raise CannotRewriteError("its digits are not plain: markup or a sign that is not written here is between them")
    texts = _sizes(printed, value) if isinstance(value, tuple) else [_number(printed, value)]
    pieces, end = [], 0
    for (first, last), text in zip(printed.spans, texts, strict=True):
        pieces += [printed.text[end:first], _in_script(text, printed.text[first:last])]
        end = last
    new = "".join([*pieces, printed.text[end:]])
    try:
        agrees = compare(read_printed_number(new, *printed.reading), value) in AGREES
    except PrintedNumberError:
        agrees = False
    if not agrees:
        raise CannotRewriteError(f"{new} would not be {value_text(value)}")
    return new


def _sizes(printed: PrintedNumber, value: tuple[int, ...]) -> list[str]:
    """The sizes in the order of the printed ones: channels first, channels last, or left out."""
    volume = printed.volume
    if len(volume) == len(value):
        # The order in which most sizes remain in their places.
        best = max((value, value[1:] + value[:1]), key=lambda order: sum(map(int.__eq__, order, volume)))
    elif len(volume) == len(value) - 1 and volume:
        best = value[1:]
    elif len(volume) == 3 and len(value) == 1:
        best = (1, 1, *value)
    elif not volume and len(set(value)) == 1:
        best = value[:1]
    else:
        count = len(volume) or 1
        raise CannotRewriteError(f"it has {count} {'size' if count == 1 else 'sizes'}, computed are {value_text(value)}")
    return list(map(str, best))


def _number(printed: PrintedNumber, value: Value) -> str:
    if printed.volume:
        raise CannotRewriteError("it is a product, in which any factor may be wrong")
    number = Fraction(value) / printed.scale
    old = printed.text[slice(*printed.spans[0])]
    whole, _, fraction = _rounded(abs(number), len(old.partition(".")[2])).partition(".")
    if number and not int(whole + fraction):
        raise CannotRewriteError(f"with as many digits it would be 0, computed is {value_text(value)}")
    if printed.separator:
        whole = f"{int(whole):,}".replace(",", printed.separator)
    minus = (old[0] if old[0] in "-−" else "-") if number < 0 else ""
    return f"{minus}{whole}.{fraction}" if fraction else f"{minus}{whole}"


def _rounded(number: Fraction, decimals: int) -> str:
    """Rounded half up, with exactly so many decimals."""
    digits = str(floor(number * 10**decimals + Fraction(1, 2))).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


def _in_script(text: str, old: str) -> str:
    """The text with its digits in the script of the old ones, such as Arabic."""
    first = next(character for character in old if character.isdecimal())
    zero = ord(first) - unicodedata.decimal(first)
    return re.sub("[0-9]", lambda match: chr(zero + int(match.group())), text)

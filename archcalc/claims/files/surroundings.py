r"""What a text prints beside a marked figure and belongs to it: a scale, as in "138.4<!-- /archcalc --> million", or digits.

A reader of the page multiplies by it, so that the digits alone are not the figure. Only what is beside the figure is read, and
the head of its column in a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError
from archcalc.claims.printed_text import OPAQUE, PrintedText
from archcalc.claims.units import is_noun, is_scale

_NEAR = 120
"""Characters beside a figure that are read."""
_FAR = 20_000
"""Characters in which the beginning of a table is searched."""
_HEAD = 2_000
"""Characters of a table in which its head is searched."""
_COMMENT = re.compile(
    r"<!--.*?-->|<!--.*|\A[^<>]*-->|(?<!10)<sup>(?:[^<>]|</?a\b[^<>]*>){0,80}</sup>|\[\^[^\]\n]{1,40}\]|\\(?=\*)", re.S
)
"""Comments, and references to notes, which a reader skips."""
_TEX_COMMENT = re.compile(
    r"(?<!\\)%[^\n]*\n?[ \t]*"
    r"|\\(?:[a-z]*(?:note|notemark)|thanks|label|[A-Za-z]*cite[a-z]*)(?![A-Za-z])\*?(?:\[[^\]]*\])*(?:\{(?:[^{}]|\{[^{}]*\})*\})?"
)
_STYLE = " \n~*_`"
_NOTES = "†‡§¶#'\"-"
_PART_BEHIND = re.compile(r"[,.'_]?\d+")
_SCALE_BEHIND = re.compile(r"[%‰]|[ ~]*[×xX*][ ~]*10[ ~]*\^-?\d*")
"""A scale behind a figure that has one."""
_DIGITS_BEHIND = re.compile(r"\^|[dD][+-]?\d{1,2}\b|[ ~]\d{3}(?!\d)(?![ ~]?[×xX*])")
"""What belongs to a figure that ends in a digit."""
_PART_BEFORE = re.compile(r"\d[,.'_]?\Z|(?<![\w.-])[-.]\Z|[±√]\Z")
_GROUP_BEFORE = re.compile(r"\d[ ~]\Z")
_PARAGRAPH = re.compile(r"\n[ ~]*\n")
_BETWEEN = re.compile(r"[ ~,]*(?:\n(?=[(\[]))?")
_TOKEN = re.compile(
    r"(?P<before>\d[ ~]*-?|[(\[][ ~]*(?:in[ \n~]+)?|\bin[ \n~]+|(?<=\d)[eE]\+?(?=\d))?"
    r"(?:(?P<power>[×xX*/]?[ ~]*10[ ~]*\^[ ~]*-?\d+|[×xX*/][ ~]*1(?:[, ]?000)+\b|(?<=[eE])\d{1,2}\b|(?<=\+)\d{1,2}\b)"
    r"|(?P<word>[%‰万萬亿億兆만억]|[^\W\d_]+(?:[-–][^\W\d_]+)*))"
)


class _Table(NamedTuple):
    """How a kind of text writes a table: what begins it, a row of it, and a cell."""

    begin: re.Pattern[str]
    row: re.Pattern[str]
    cell: re.Pattern[str]


_TABLES = {
    "tex": _Table(re.compile(r"\\begin\{(?:tab|long|array)"), re.compile(r"\\\\"), re.compile(r"(?<!\\)&")),
    "html": _Table(re.compile(r"<table", re.I), re.compile(r"<tr", re.I), re.compile(r"<t[hd]", re.I)),
    "markdown": _Table(re.compile(r"\n[ \t\r]*\n"), re.compile(r"\n(?=.)"), re.compile(r"\|")),
}


def scale_outside(text: str, start: int, end: int, printed: PrintedNumber, quantity: str, is_tex: bool) -> str:
    """The words or the power of ten that scale a figure and are not in it; empty where there are none.

    The figure, with its mark, is from `start` to `end` of the text.
    """
    if printed.scale != 1 or printed.volume:
        return ""
    comment = _TEX_COMMENT if is_tex else _COMMENT
    before, behind = _beside(text, start, end, comment)
    kinds = ("tex",) if is_tex else ("html", "markdown")
    heads = (_signs(head, comment) for kind in kinds for head in _heads(text, start, _TABLES[kind]))
    return (
        _behind(behind, quantity) or _before(before, quantity) or next(filter(None, (_named(h, quantity) for h in heads)), "")
    )


def refuse_part(text: str, start: int, end: int, printed: PrintedNumber) -> None:
    """Refuse a marked figure of which the text prints a part outside of its mark: a digit, a sign, an exponent.

    Raises `PrintedNumberError` if there is one.
    """
    before, behind = _beside(text, start, end, _COMMENT)
    before, behind = before.rstrip("*_`"), behind.lstrip("*_`")
    is_digit = printed.text[-1:].isdigit() and not printed.volume
    part = (
        _PART_BEHIND.match(behind)
        or (_SCALE_BEHIND.match(behind) if printed.scale != 1 else None)
        or (_DIGITS_BEHIND.match(behind) if is_digit else None)
        or _PART_BEFORE.search(before)
        or (_GROUP_BEFORE.search(before) if printed.separator.isspace() else None)
    )
    if part:
        sentence = f"{printed.text!r} is not the whole figure: {part.group().strip(' ~')} beside the mark belongs to it"
        raise PrintedNumberError(sentence, "write the whole figure in the mark, such as 138.4 million or 138,357,544")


def _beside(text: str, start: int, end: int, comment: re.Pattern[str]) -> tuple[str, str]:
    """The signs before and behind a figure in its paragraph, without comments and notes."""
    before = comment.sub("", text[max(0, start - _HEAD) : start])[-_NEAR:]
    behind = comment.sub("", text[end : end + _HEAD])[:_NEAR]
    return _PARAGRAPH.split(PrintedText(before).signs)[-1], _PARAGRAPH.split(PrintedText(behind).signs)[0]


def _signs(text: str, comment: re.Pattern[str]) -> str:
    return PrintedText(comment.sub("", text)).signs


def _behind(signs: str, quantity: str) -> str:
    """A scale that follows a figure, also in brackets behind what is counted: "138.4 parameters (in millions)"."""
    index = len(signs) - len(signs.lstrip(_STYLE + _NOTES + OPAQUE))
    if glued := re.match(r"[eE][+-]?\d{1,2}\b", signs):
        return glued.group()
    is_first = True
    while token := _TOKEN.match(signs, index):
        if (is_first or (_is_marked(token) and not _is_item(token))) and _scales(token, quantity):
            return _shown(token)
        if token["power"] or not is_noun(token["word"]):
            return ""
        between = _BETWEEN.match(signs, token.end())
        index = between.end() if between else token.end()
        is_first = False
    return ""


def _before(signs: str, quantity: str) -> str:
    """A scale before a figure: in brackets or after "in", or the label that a colon or a border of a table ends."""
    label = signs.rstrip(" \n~*_`,-–")
    is_label = label.endswith((":", "=", "|", "&"))
    label = re.split(r"[.,;|&:=]", label.rstrip(" :=|&*_`"))[-1]
    found = ""
    for token in _TOKEN.finditer(label):
        if scale := _scale(token, quantity, is_label):
            found = scale
        elif not (is_label or token["word"] == "of" or (token["word"] and is_noun(token["word"]))):
            found = ""
    return found


def _named(signs: str, quantity: str) -> str:
    """A scale in the head of a column."""
    return next(filter(None, (_scale(token, quantity, True) for token in _TOKEN.finditer(signs))), "")


def _scale(token: re.Match[str], quantity: str, is_label: bool) -> str:
    """A scale in a label; one behind a number belongs to it."""
    if (token["before"] or "")[:1].isdigit() or not _scales(token, quantity):
        return ""
    is_sure = len(token["power"] or token["word"]) > 1
    is_meant = (is_label or is_sure) and not _is_item(token) if _is_marked(token) else is_label and is_sure
    return _shown(token) if is_meant else ""


def _scales(token: re.Match[str], quantity: str) -> bool:
    return bool(token["power"]) or is_scale(token["word"], quantity)


def _is_marked(token: re.Match[str]) -> bool:
    """Whether a word is in brackets, or after "in"."""
    return (token["before"] or "")[:1] in ("(", "[", "i")


def _is_item(token: re.Match[str]) -> bool:
    """Whether a letter in brackets counts items, as (b) does."""
    return token["word"] in ("b", "g", "m", "t")


def _shown(token: re.Match[str]) -> str:
    return str(token["power"] or re.split("[-–]", token["word"])[0]).strip()


def _heads(text: str, index: int, table: _Table) -> Iterator[str]:
    """The cells above a figure in the first rows of its table, if it is in one."""
    low = max(0, index - _FAR)
    begins = [match.end() for match in table.begin.finditer(text, low, index)]
    begin = begins[-1] if begins else low
    rows = [begin, *(match.end() for match in table.row.finditer(text, begin, min(index, begin + _HEAD)))]
    own = max(match.end() for match in table.row.finditer(text, begin, index)) if len(rows) > 1 else begin
    column = len(table.cell.findall(text, own, index))
    if not column or own == begin:
        return
    for first, last in zip(rows, [*rows[1:], own], strict=True):
        cells = table.cell.split(text[first : min(last, first + _HEAD)])
        if first < own and len(cells) > column:
            yield cells[column]

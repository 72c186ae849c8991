r"""Printed text as signs: what a reader of the page sees, each sign with its place in the source.

Papers, slides and web pages write one figure in many ways: `138\,357\,544`, `138{,}357{,}544`, `138&nbsp;357&nbsp;544`,
`138’357’544`, `\num{138357544}`. Markup is reduced here, so that the grammar of figures has one alphabet: digits 0 to 9, a
space for every kind of space, × for every sign of a product, ^ before an exponent, - for every minus.
"""

from __future__ import annotations

import html
import re
import unicodedata

NUMBER_COMMAND = "\ue000"
"""The sign for a command whose argument is a number, such as `\\num{`: what follows is a figure without doubt."""
UNKNOWN = "\ue001"
"""The sign for a command that is not known here: it may change the figure beside it."""
OPAQUE = "\ue002"
"""The sign for what is no figure, whatever it contains, such as a reference or a citation."""
_SHOWN = 60
"""Signs that a message looks at."""

_SIGNS = {
    **dict.fromkeys("·⋅∙✕✖", "×"),
    **dict.fromkeys("−‐‑", "-"),
    **dict.fromkeys("—―", "–"),
    **dict.fromkeys("’‘′ʼ", "'"),
    **dict.fromkeys("∼≃≅", "≈"),
    **dict.fromkeys("\t\r\f\v\u2028\u2029\x85", "\n"),
    "٫": ".",
    "٬": ",",
    "٪": "%",
}
_COMMANDS = {
    **dict.fromkeys(("times", "cdot", "ast"), "×"),
    **dict.fromkeys(("approx", "sim", "simeq"), "≈"),
    **dict.fromkeys(("pm", "mp"), "±"),
    **dict.fromkeys(("thinspace", "enspace", "medspace", "thickspace", "nobreakspace", "space", "quad", "qquad"), " "),
    "kilo": "K",
    "mega": "M",
    "giga": "G",
    "tera": "T",
    "kibi": "Ki",
    "mebi": "Mi",
    "gibi": "Gi",
    "tebi": "Ti",
    "byte": "B",
    "percent": "%",
    "minus": "-",
    "textendash": "–",
    "textemdash": "–",
}
"""What a command of LaTeX prints."""
_STYLES = (
    "text|textbf|textit|textrm|textsf|textsc|textsl|textup|texttt|textnormal|emph|bf|it|bfseries|itshape|mathrm|mathbf|mathit|"
    "mathsf|mathtt|boldsymbol|bm|operatorname|ensuremath|mbox|hbox|underline|si|unit|left|right|big|Big|bigl|bigr|xspace|"
    "displaystyle|textstyle|mathord|mathop|caption|title|section|subsection|paragraph|centering|item|protect|small"
)
"""Commands that print their argument as it is."""
_ELSEWHERE = (
    "[A-Za-z]*(?:ref|Ref|cite|Cite)[A-Za-z]*|label|url|href|includegraphics|input|include|footnotemark|vspace|hspace|"
    "begin|end|color|cellcolor|rowcolor"
)
"""Commands whose arguments are no figures."""
_ARGUMENT = r"\{[^{}]*\}"
_PRINTERS = (
    rf"(?:textcolor|colorbox)(?:\[[^\][]*\])?{_ARGUMENT}|multicolumn{_ARGUMENT}{_ARGUMENT}"
    rf"|multirow(?:\[[^\][]*\])?{_ARGUMENT}{_ARGUMENT}"
)
"""Commands that print their last argument as it is, with the others."""
_WORDS = (
    "LaTeX|TeX|ldots|dots|cdots|le|leq|ge|geq|ll|gg|lt|gt|to|rightarrow|Rightarrow|mapsto|par|newline|linebreak|noindent|"
    "hline|toprule|midrule|bottomrule|footnote|textgreater|textless|ie|eg"
)
"""Commands that end a figure, as a word does."""
_TOKEN = re.compile(
    rf"""
    (?P<number>\\(?:(?:num|SI|qty)(?:\[[^\][]*\])?|numprint|np)[ ]?\{{[ ]*)
    | \\(?:{_ELSEWHERE})(?P<elsewhere>(?![A-Za-z])\*?(?:\[[^\][]*\])*(?:\{{[^{{}}]*\}})*)
    | \\(?:{_WORDS})(?P<word>(?![A-Za-z]))
    | \\(?:{_STYLES})(?P<style>(?![A-Za-z]))\*?
    | \\(?P<printer>{_PRINTERS})(?=\{{)
    | \\(?P<superscript>textsuperscript(?=\{{))
    | \\(?P<command>[A-Za-z]+)\*?(?:(?:\[[^\][]*\])+(?=\{{))?
    | (?P<group>\{{(?:,|'|\\,|\\;|\\:|\\[ ]|[ ]|\.)\}})
    | \\(?P<thin>[,;: ])
    | (?P<nothing>\\[!()\[\]/\-]|\$|<!---->)
    | (?P<line>\\\\)
    | \\(?P<escaped>.)
    | (?P<between>\}}[ ]?\{{)
    | (?P<brace>[{{}}])
    | (?P<entity>&(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]{{2,31}});)
    | (?P<raised><sup>)
    | (?P<tag></?(?:sup|b|strong|i|em|code|span|u|mark|small)(?:\s[^<>]*)?>)
    | (?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)
    """,
    re.X | re.S,
)


class PrintedText:
    """The signs of a text, `signs`, and for each its place in the source: `starts` and `ends`, by index."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._signs: list[str] = []
        self._digit = -1  # the last digit among them
        self.starts: list[int] = []
        self.ends: list[int] = []
        arguments = _Arguments()
        index = 0
        for match in _TOKEN.finditer(source):
            self._plain(source[index : match.start()], index)
            signs = _printed(match)
            self._add(arguments.closed(match, self._digit) or signs, match.start(), match.end())
            arguments.opened(match, signs, len(self._signs))
            index = match.end()
        self._plain(source[index:], index)
        self.signs = "".join(self._signs)

    def _plain(self, text: str, start: int) -> None:
        for index, character in enumerate(text, start):
            self._add(_sign(character), index, index + 1)

    def _add(self, signs: str, start: int, end: int) -> None:
        for sign in signs:
            if sign.isdigit():
                self._digit = len(self._signs)
            self._signs.append(sign)
            self.starts.append(start)
            self.ends.append(end)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the source of the signs from `start` up to `end`."""
        return self.starts[start], self.ends[end - 1]

    def unbroken(self, start: int, end: int) -> bool:
        """Whether no markup that prints nothing lies between the signs from `start` up to `end`."""
        return all(
            self.ends[index] == self.starts[index + 1] or self.starts[index] == self.starts[index + 1]
            for index in range(start, end - 1)
        )


class _Arguments:
    """The braces that are open. One that ends an argument of a command is a sign: what is behind it is not joined to it."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []
        self._command = ""
        """The sign of the command of which the next brace would open an argument."""
        self._end = -1

    def closed(self, match: re.Match[str], digit: int) -> str:
        """The sign of a brace that ends an argument; with a digit in it, the argument of an unknown command may be a number."""
        self._command = self._command if match.start() == self._end else ""
        if not match.group().startswith("}"):
            return ""
        self._command, start = self._open.pop() if self._open else ("", 0)
        return UNKNOWN if self._command == UNKNOWN and digit >= start else OPAQUE if self._command else ""

    def opened(self, match: re.Match[str], signs: str, count: int) -> None:
        """Note what a piece of markup opens, behind which there are so many signs."""
        kind = match.lastgroup
        if kind in ("command", "word"):
            self._command = signs if signs in (UNKNOWN, OPAQUE) else ""
        elif kind == "number":
            self._open.append(("", count))
        elif match.group().endswith("{"):
            self._open.append((self._command, count))
            self._command = ""
        elif not match.group().startswith("}"):
            self._command = ""
        self._end = match.end()


def _printed(match: re.Match[str]) -> str:
    """The signs that a piece of markup prints."""
    kind = match.lastgroup or ""
    text = match[kind]
    if kind == "command":
        return _COMMANDS.get(text, UNKNOWN)
    if kind == "group":
        return _sign(text[1]) if text[1] != "\\" else " "
    if kind == "escaped":
        return text if text in "%_&#" else OPAQUE
    if kind == "entity":
        shown = html.unescape(text)
        return OPAQUE if shown == text else "".join(map(_sign, shown))
    if kind == "power":
        return "^" + "".join(_sign(unicodedata.normalize("NFKC", character)) for character in text)
    return _FIXED[kind]


_FIXED = {
    "number": NUMBER_COMMAND,
    "elsewhere": OPAQUE,
    "word": OPAQUE,
    "style": "",
    "printer": "",
    "superscript": "^",
    "thin": " ",
    "nothing": "",
    "line": "\n",
    "between": " ",
    "brace": "",
    "raised": "^",
    "tag": "",
}


def _sign(character: str) -> str:
    """The sign of one character: digits of any script are digits, and what is invisible prints nothing."""
    if character in _SIGNS:
        return _SIGNS[character]
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    return {"Zs": " ", "Cf": ""}.get(category, character)


def shown(signs: str, start: int = 0) -> str:
    """The beginning of some signs as a reader sees it, with … for a command that is not known."""
    text = re.split(rf"[{OPAQUE}\n]", signs[start : start + _SHOWN])[0]
    return text.replace(NUMBER_COMMAND, "").replace(UNKNOWN, "…").strip()[:40]

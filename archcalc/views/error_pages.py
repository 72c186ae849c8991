"""The page of an error code as text, Markdown or JSON, and the index of all pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import indent

from archcalc.codes import Page
from archcalc.escapes import markdown as escape
from archcalc.json_writer import dump

_LANGUAGES = {"py": "python"}
"""How Markdown names the language of a file, where its ending is another word."""


def writers() -> dict[str, Callable[[Page], str]]:
    """The writers by the name of their format."""
    return {"text": _text, "markdown": markdown, "json": _json}


def _text(page: Page) -> str:
    parts = [f"{page.code}: {page.title}", page.meaning.strip()]
    if page.shown:
        parts += [f"{name}:\n{indent(text.rstrip(), '    ')}" for name, text in page.texts.items()]
        parts.append("".join(f"$ {line}\n" for line in _commands(page)).rstrip())
    else:
        parts.append(page.because.strip())
    return "\n\n".join([*parts, f"Way out: {page.way_out.strip()}"]) + "\n"


def markdown(page: Page) -> str:
    """The page as Markdown, as in docs/errors."""
    parts = [f"# {page.code}: {escape(page.title)}", page.meaning.strip(), "## Example"]
    if page.shown:
        parts += [_file(name, text) for name, text in page.texts.items()]
        parts.append("```sh\n" + "\n".join(_commands(page)) + "\n```")
    else:
        parts.append(page.because.strip())
    return "\n\n".join([*parts, "## Way out", page.way_out.strip()]) + "\n"


def _file(name: str, text: str) -> str:
    ending = name.rpartition(".")[2]
    return f"`{name}`:\n\n```{_LANGUAGES.get(ending, ending)}\n{text.rstrip()}\n```"


def _commands(page: Page) -> list[str]:
    return [*page.setup.strip().splitlines(), page.command]


def _json(page: Page) -> str:
    example = {"files": page.texts, "setup": page.setup, "command": page.command, "exit": page.exit} if page.shown else None
    data = {"code": page.code, "title": page.title, "meaning": page.meaning, "example": example, "way_out": page.way_out}
    return dump({"schema": 1, **data})


def index(pages: Iterable[Page]) -> str:
    """All codes with their titles, each linked to its page."""
    lines = [f"| [{page.code}](errors/{page.code}.md) | {escape(page.title)} |" for page in pages]
    return "\n".join(
        [
            "# Error codes",
            "",
            "Every error and warning has a code. `archcalc explain CODE` prints what one means, an example and the way out.",
            "",
            "| code | what is wrong |",
            "| --- | --- |",
            *lines,
            "",
        ]
    )

"""The tables of keys in the documentation of the language, generated from the model of a description."""

from __future__ import annotations

from archcalc.description.model import Block, Description, Entry, Part

PARTS: dict[str, type[Part]] = {part.__name__: part for part in (Description, Entry, Block)}
"""The parts that have a table, by the name that marks its position in the page."""


def keys_table(part: type[Part]) -> str:
    """The keys of a part of a description as a table in Markdown: meaning, and whether it is required."""
    lines = ["| key | value | required |", "| :--- | :--- | :--- |"]
    for key, field in part.model_fields.items():
        lines.append(f"| `{key}` | {field.description} | {'yes' if field.is_required() else ''} |")
    return "\n".join(lines) + "\n"


def keys_sentence(part: type[Part]) -> str:
    """The keys of a part in a sentence: `` `id`, `op` and `when` ``."""
    *first, last = (f"`{key}`" for key in part.model_fields)
    return f"{', '.join(first)} and {last}"

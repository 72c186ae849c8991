"""`archcalc schema`."""

from __future__ import annotations

from archcalc.cli import _options as o


def command() -> None:
    """Print the JSON schema of a description, for completion and errors in an editor.

    Save it and begin a description with `# yaml-language-server: $schema=archcalc.schema.json`.
    """
    from archcalc.description.schema import schema
    from archcalc.json_writer import dump

    o.write_result(dump(schema()))

"""`archcalc zoo`."""

from __future__ import annotations

from archcalc.cli._options import Format, FormatOption, tell


def command(format: FormatOption = Format.table) -> None:
    """List the shipped networks with their sources."""
    from archcalc.views.catalogue import networks
    from archcalc.views.tables import write

    tell(write(networks(), format.value))

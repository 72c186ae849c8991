"""Draws the figure of `archcalc diagram`, or reports whether the file is stale."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from archcalc.cli._streams import write_result
from archcalc.errors import call_error

if TYPE_CHECKING:
    from archcalc.cli._network import NetworkOptions


def draw(
    network: NetworkOptions,
    spec: str,
    arguments: dict[str, Any],
    convention: str,
    output: str | None,
    dpi: float,
    fragment: bool,
    check: bool,
) -> None:
    """Draw a network with these options, or with `check` compare the file with what would be drawn.

    Raises `DescriptionError` if an option is malformed or the file cannot be written.
    """
    from archcalc.views.diagram import files
    from archcalc.views.diagram.layout import page
    from archcalc.views.diagram.option_section import options_of
    from archcalc.views.diagram.options import read_options
    from archcalc.views.diagram.style import refuse_unread
    from archcalc.views.diagram.writers import writer

    if check and output is None:
        raise call_error("ARC481", "--check needs the file to check", "name it with -o")
    ending = files.format_of(output) if output else "svg"
    if output and not check:
        files.refuse_input(output, [spec])
    graph = network.graph(spec)
    options = read_options(writer(ending).options | arguments, options_of(graph))
    refuse_unread(options.style, arguments)
    page.refuse_size(graph)
    report = network.report_of(graph, convention)
    draw_scene = page.draw if writer(ending).has_drawing else page.undrawn
    scene = draw_scene(report, options)
    for problem in scene.diagnostics:
        network.diagnostic(graph, problem)
    scene = files.stamped(scene, options, ending, dpi, fragment)
    if check and output:
        _report_check(output, files.is_current(output, scene, ending, dpi, fragment))
        return
    data = files.render(scene, ending, dpi, fragment)
    if output:
        files.save(data, output)
    else:
        sys.stdout.buffer.write(data)


def _report_check(path: str, is_current: bool) -> None:
    """Print whether the file is what would be drawn now; exit 1 if not."""
    if is_current:
        write_result(f"{path}: up to date")
        return
    write_result(f"{path}: stale, draw it again without --check")
    raise typer.Exit(1)

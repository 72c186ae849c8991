"""`archcalc diagram`."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions

Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Its ending is the format: svg pdf png tex pptx dot."),
]
Style = Annotated[
    str | None, typer.Option(help="blocks (default), graph, volumes, stacks, cone, connections.", show_default=False)
]
Show = Annotated[str | None, typer.Option(help="Labels, with commas: name,kernel,shape,params,macs,rf.")]
Palette = Annotated[str | None, typer.Option(help="okabe-ito (default), muted, print, dark.")]
Heat = Annotated[str | None, typer.Option(help="Colour by params, mult_adds or activations.")]
Only = Annotated[str | None, typer.Option(metavar="A..B", help="Draw only the layers or blocks from A to B.")]
Direction = Annotated[str | None, typer.Option(help="LR, to the right (default), or TB, downwards.")]
Width = Annotated[str | None, typer.Option(help="Width of the page: 16cm, 160mm, 6.3in, 450pt.")]
Aspect = Annotated[str | None, typer.Option(help="Width to height of the page: 16:9.")]
Scale = Annotated[str | None, typer.Option(help="Scale law of volumes: linear, sqrt, log, or height,width,channels.")]
Layer = Annotated[
    str | None, typer.Option(help="The layer of `cone` (usual: the last one that sees less than the input) or `connections`.")
]
Unit = Annotated[str | None, typer.Option(help="The unit of `cone`, its index on each axis from 0: 6,6.")]
MinText = Annotated[str | None, typer.Option("--min-text", metavar="PT", help="Smallest readable text; usual: 6.")]
Dpi = Annotated[float, typer.Option(min=10, max=2400, help="Pixels per inch of a PNG.")]
Flag = bool | None


class FigureArguments(NamedTuple):
    """The options of a figure, by their names in the `figure:` section; None leaves the value of the section."""

    style: Style = None
    show: Show = None
    palette: Palette = None
    heat: Heat = None
    expand: Annotated[Flag, typer.Option("--expand", help="Fold nothing, leave nothing out.")] = None
    depth: o.Depth = None
    only: Only = None
    direction: Direction = None
    width: Width = None
    aspect: Aspect = None
    scale: Scale = None
    layer: Layer = None
    unit: Unit = None
    legend: Annotated[Flag, typer.Option("--legend/--no-legend", help="The legend of kinds.")] = None
    caption: Annotated[Flag, typer.Option("--caption/--no-caption", help="Name, totals, convention.")] = None
    min_text: MinText = None
    transparent: Annotated[Flag, typer.Option("--transparent", help="No background.")] = None


def command(
    spec: o.Spec,
    output: Output = None,
    *,
    figure: FigureArguments,
    dpi: Dpi = 200,
    fragment: Annotated[bool, typer.Option("--fragment", help="TikZ for \\input, without a document around.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only report whether the file is up to date: exit 1 if not.")] = False,
    network: NetworkOptions,
    convention: o.ConventionOption = "mult-adds",
) -> None:
    """Draw a network: a figure for slides and papers, every label of it calculated.

    Options come from the `figure:` section and from the call, which takes precedence.
    """
    from archcalc.cli._figure import draw

    arguments = {name: value for name, value in figure._asdict().items() if value is not None}
    draw(network, spec, arguments, convention, output, dpi, fragment, check)

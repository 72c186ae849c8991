"""Graph: any network, laid out by Graphviz, drawn like every other figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import graphviz as dot_text

from archcalc.errors import printable
from archcalc.views.diagram.context import RenderContext
from archcalc.views.diagram.layout.blocks import LABEL, BlockLayout
from archcalc.views.diagram.layout.dot import laid_out
from archcalc.views.diagram.layout.lane import Placed
from archcalc.views.diagram.shapes.labels import lines, title
from archcalc.views.diagram.shapes.scene import Box, Drawing, Path, Point, Shape, Text, fitted
from archcalc.views.diagram.structure.series_parallel import Irreducible, Leaf, Parallel, Repeat, Segment, Series, SideOutput
from archcalc.views.diagram.style import Style

SHOW = ("name", "kernel", "shape")


def draw(context: RenderContext) -> Drawing:
    """Nodes and edges where Graphviz puts them, in the direction that was asked for or in that which fits better."""
    if context.options.direction != "any":
        return _drawn(context)
    both = [_drawn(replace(context, options=replace(context.options, direction=way))) for way in ("LR", "TB")]
    aspect = context.options.aspect or STYLE.page[0] / STYLE.page[1]
    return min(both, key=lambda drawing: max(drawing.width / aspect, drawing.height))


def _drawn(context: RenderContext) -> Drawing:
    block_layout = BlockLayout(context.palette, context.show(SHOW), context.heat(), False)
    wiring = _Wiring(context.segments)
    placed = {one.index: block_layout.leaf(one) for one in wiring.nodes}
    found = laid_out(_text(context, wiring, placed, bare=True))
    height = float(found["bb"].split(",")[3])
    shapes: list[Shape] = []
    for thing in found.get("objects", ()):
        if thing["name"].startswith("cluster"):
            shapes += _frame(context, thing, wiring, height)
    shapes += _edges(block_layout, found, height)
    for thing in found.get("objects", ()):
        if thing["name"].startswith("s"):
            one = placed[int(thing["name"][1:])]
            x, y = _place(thing["pos"], height)
            shapes += block_layout.shapes_at(one, x - one.length / 2, y)
    return fitted(shapes)


def dot(context: RenderContext) -> str:
    """The graph as DOT with its labels, for Graphviz itself."""
    block_layout = BlockLayout(context.palette, context.show(SHOW), context.heat(), False)
    wiring = _Wiring(context.segments)
    return _text(context, wiring, {one.index: block_layout.leaf(one) for one in wiring.nodes}, bare=False)


class _Wiring:
    """Nodes, edges and repetitions of the tree as a flat graph: (from, to, remembered)."""

    def __init__(self, segments: Series) -> None:
        self.nodes: list[Leaf] = []
        self.edges: list[tuple[int, int, bool]] = []
        self.frames: list[tuple[int, int | None, list[int]]] = []
        """Times, the frame around it, its nodes."""
        self.series_parallel(segments, None, None)

    def series_parallel(self, segments: Series, before: int | None, frame: int | None) -> int | None:
        for segment in segments:
            before = self.segment(segment, before, frame)
        return before

    def node(self, one: Leaf, frame: int | None) -> None:
        self.nodes.append(one)
        if frame is not None:
            self.frames[frame][2].append(one.index)

    def segment(self, segment: Segment, before: int | None, frame: int | None) -> int | None:
        match segment:
            case Leaf():
                self.node(segment, frame)
                self.edges += [(before, segment.index, False)] if before is not None else []
                return segment.index
            case Repeat():
                self.frames.append((segment.times, frame, []))
                return self.series_parallel(segment.segments, before, len(self.frames) - 1)
            case Parallel():
                for index, branch in enumerate(segment.branches):
                    end = self.series_parallel(branch, before, frame)
                    kind = index >= len(segment.branches) - segment.index_edges
                    self.edges += [(end, segment.merge.index, kind)] if end is not None else []
                self.node(segment.merge, frame)
                return segment.merge.index
            case SideOutput():
                self.series_parallel(segment.segments, segment.source.index, frame)
                return before
            case Irreducible():
                for one in segment.steps:
                    self.node(one, frame)
                for source, target, kind in segment.edges:
                    start = segment.steps[source].index if source >= 0 else before
                    self.edges += [(start, segment.steps[target].index, kind)] if start is not None else []
                return segment.steps[-1].index


def _text(context: RenderContext, wiring: _Wiring, placed: dict[int, Placed], bare: bool) -> str:
    """DOT text; `bare` without words, for a layout that we draw ourselves."""
    way = "LR" if context.options.direction == "LR" else "TB"
    graph = dot_text.Digraph(
        graph_attr={"rankdir": way, "nodesep": "0.18", "ranksep": "0.28", "splines": "spline"},
        node_attr={"shape": "box", "fixedsize": "true"}
        if bare
        else {"shape": "box", "style": "rounded,filled", "fontname": "Fira Sans", "fontsize": "9"},
        edge_attr={"arrowsize": "0.6"},
    )
    if not bare:
        graph.attr(label=dot_text.escape(printable(context.step_graph.report.name)), fontname="Fira Sans")
    for one in wiring.nodes:
        if bare:
            box = placed[one.index]
            graph.node(f"s{one.index}", label="", width=f"{box.length / 72:.4f}", height=f"{(box.up + box.down) / 72:.4f}")
        else:
            words = lines(one.step, context.show(SHOW))
            # A backslash of a name is doubled; the line break is Graphviz's own and stands unescaped.
            label = dot_text.escape("\n".join(words)).replace("\n", "\\n")
            graph.node(
                f"s{one.index}",
                label=label,
                fillcolor=context.palette.fill(one.step.family),
                tooltip=dot_text.escape(title(one.step)),
            )
    _clusters(graph, wiring, bare)
    for start, end, carries_indices in wiring.edges:
        graph.edge(f"s{start}", f"s{end}", **({"style": "dashed"} if carries_indices else {}))
    return str(graph.source)


def _clusters(graph: dot_text.Digraph, wiring: _Wiring, bare: bool) -> None:
    parts = [dot_text.Digraph(f"cluster{index}") for index in range(len(wiring.frames))]
    for (times, _, nodes), part in zip(wiring.frames, parts, strict=True):
        if bare:  # without any text Graphviz needs no fonts, whose absence it would complain of
            part.attr(margin="14")
        else:
            part.attr(label=f"×{times}", labeljust="r", style="dashed", fontsize="9")
        for index in nodes:
            part.node(f"s{index}")
    for index in reversed(range(len(parts))):
        around = wiring.frames[index][1]
        (graph if around is None else parts[around]).subgraph(parts[index])


def _place(text: str, height: float) -> Point:
    x, y = text.split(",")
    return float(x), height - float(y)


def _frame(context: RenderContext, thing: dict[str, str], wiring: _Wiring, height: float) -> Iterator[Shape]:
    left, bottom, right, top = (float(part) for part in thing["bb"].split(","))
    times = wiring.frames[int(thing["name"].removeprefix("cluster"))][0]
    palette = context.palette
    yield Box(left, height - top, right - left, top - bottom, palette.panel, palette.faint, 0.7, 5.0, True)
    yield Text(left + 5.0, height - top + LABEL + 2.0, f"×{times}", LABEL, palette.ink, True, "start")


def _edges(block_layout: BlockLayout, found: dict[str, list[dict[str, str]]], height: float) -> Iterator[Path]:
    for edge in found.get("edges", ()):
        tip: Point | None = None
        points: list[Point] = []
        for part in edge["pos"].split(" "):
            if part.startswith("e,"):
                tip = _place(part[2:], height)
            elif part and not part.startswith("s,"):
                points.append(_place(part, height))
        if tip is not None:
            end = points[-1]
            points += [_between(end, tip, 1 / 3), _between(end, tip, 2 / 3), tip]
        yield Path(tuple(points), block_layout.palette.edge, 0.9, curved=True, arrow=True, dashed=edge.get("style") == "dashed")


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


# A graph may be larger than a slide, since readers zoom; 500 nodes are laid out in a moment.
STYLE = Style(draw=draw, page=(1900.0, 2700.0), most=500, dot=dot)

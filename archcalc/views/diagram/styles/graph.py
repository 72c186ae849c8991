"""Graph: any network, with Graphviz's layout, drawn like every other figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import graphviz

from archcalc.errors import printable
from archcalc.views.diagram.context import RenderContext, all_steps
from archcalc.views.diagram.layout.blocks import BlockLayout
from archcalc.views.diagram.layout.boxes import LABEL
from archcalc.views.diagram.layout.dot import graphviz_layout
from archcalc.views.diagram.layout.lane import Placed
from archcalc.views.diagram.shapes.labels import label_lines, tooltip
from archcalc.views.diagram.shapes.scene import Box, Drawing, Path, Point, Shape, Text, cropped
from archcalc.views.diagram.shapes.strokes import between
from archcalc.views.diagram.structure.series_parallel import Irreducible, Leaf, Parallel, Repeat, Segment, Series, SideOutput
from archcalc.views.diagram.structure.steps import Edge
from archcalc.views.diagram.style import Style

SHOW = ("name", "kernel", "shape")


def draw(context: RenderContext) -> Drawing:
    """Nodes and edges placed by Graphviz, in the direction of the option or in the one that fits better."""
    if context.options.direction != "any":
        return _drawn(context)
    both = [_drawn(replace(context, options=replace(context.options, direction=way))) for way in ("LR", "TB")]
    aspect = context.options.aspect or STYLE.page[0] / STYLE.page[1]
    return min(both, key=lambda drawing: max(drawing.width / aspect, drawing.height))


def _drawn(context: RenderContext) -> Drawing:
    block_layout = BlockLayout(context.palette, context.labels(SHOW), context.heat_shares(all_steps(context)), False)
    flat = _FlatGraph(context.segments)
    placed = {leaf.index: block_layout.leaf(leaf) for leaf in flat.nodes}
    layout = graphviz_layout(_text(context, flat, placed, bare=True))
    height = float(layout["bb"].split(",")[3])
    shapes: list[Shape] = []
    for item in layout.get("objects", ()):
        if item["name"].startswith("cluster"):
            shapes += _frame(context, item, flat, height)
    shapes += _edges(block_layout, layout, height)
    for item in layout.get("objects", ()):
        if item["name"].startswith("s"):
            node = placed[int(item["name"][1:])]
            x, y = _point(item["pos"], height)
            shapes += block_layout.shapes_at(node, x - node.length / 2, y)
    return cropped(shapes)


def dot(context: RenderContext) -> str:
    """The graph as DOT with labels, for users of Graphviz."""
    block_layout = BlockLayout(context.palette, context.labels(SHOW), context.heat_shares(all_steps(context)), False)
    flat = _FlatGraph(context.segments)
    return _text(context, flat, {leaf.index: block_layout.leaf(leaf) for leaf in flat.nodes}, bare=False)


class _FlatGraph:
    """The steps, edges and repetitions of a series as a flat graph."""

    def __init__(self, segments: Series) -> None:
        self.nodes: list[Leaf] = []
        self.edges: list[Edge] = []
        self.frames: list[tuple[int, int | None, list[int]]] = []
        """For each repetition its count, the frame around it, the indices of its nodes."""
        self.add_series(segments, None, None)

    def add_series(self, segments: Series, before: int | None, frame: int | None) -> int | None:
        for segment in segments:
            before = self.add_segment(segment, before, frame)
        return before

    def add_node(self, leaf: Leaf, frame: int | None) -> None:
        self.nodes.append(leaf)
        if frame is not None:
            self.frames[frame][2].append(leaf.index)

    def add_segment(self, segment: Segment, before: int | None, frame: int | None) -> int | None:
        match segment:
            case Leaf():
                self.add_node(segment, frame)
                self.edges += [Edge(before, segment.index)] if before is not None and not segment.step.begins_path else []
                return segment.index
            case Repeat():
                self.frames.append((segment.times, frame, []))
                return self.add_series(segment.segments, before, len(self.frames) - 1)
            case Parallel():
                for index, branch in enumerate(segment.branches):
                    end = self.add_series(branch, before, frame)
                    carries_indices = index >= len(segment.branches) - segment.index_edges
                    self.edges += [Edge(end, segment.merge.index, carries_indices)] if end is not None else []
                self.add_node(segment.merge, frame)
                return segment.merge.index
            case SideOutput():
                self.add_series(segment.segments, segment.start, frame)
                return before
            case Irreducible():
                for leaf in segment.steps:
                    self.add_node(leaf, frame)
                for source, target, carries_indices in segment.edges:
                    if segment.steps[target].step.begins_path:
                        continue
                    start = segment.steps[source].index if source >= 0 else before
                    self.edges += [Edge(start, segment.steps[target].index, carries_indices)] if start is not None else []
                return segment.steps[-1].index


def _text(context: RenderContext, flat: _FlatGraph, placed: dict[int, Placed], bare: bool) -> str:
    """DOT text; `bare` without labels, for a layout whose shapes we draw ourselves."""
    rankdir = "LR" if context.options.direction == "LR" else "TB"
    graph = graphviz.Digraph(
        graph_attr={"rankdir": rankdir, "nodesep": "0.18", "ranksep": "0.28", "splines": "spline"},
        node_attr={"shape": "box", "fixedsize": "true"}
        if bare
        else {"shape": "box", "style": "rounded,filled", "fontname": "Fira Sans", "fontsize": "9"},
        edge_attr={"arrowsize": "0.6"},
    )
    if not bare:
        graph.attr(label=graphviz.escape(printable(context.step_graph.report.name)), fontname="Fira Sans")
    for leaf in flat.nodes:
        if bare:
            box = placed[leaf.index]
            graph.node(f"s{leaf.index}", label="", width=f"{box.length / 72:.4f}", height=f"{(box.up + box.down) / 72:.4f}")
        else:
            labels = label_lines(leaf.step, context.labels(SHOW))
            # A backslash of a name is doubled; the line break is Graphviz's own and is not escaped.
            label = graphviz.escape("\n".join(labels)).replace("\n", "\\n")
            graph.node(
                f"s{leaf.index}",
                label=label,
                fillcolor=context.palette.fill(leaf.step.family),
                tooltip=graphviz.escape(tooltip(leaf.step)),
            )
    _clusters(graph, flat, bare)
    for start, end, carries_indices in flat.edges:
        graph.edge(f"s{start}", f"s{end}", **({"style": "dashed"} if carries_indices else {}))
    return str(graph.source)


def _clusters(graph: graphviz.Digraph, flat: _FlatGraph, bare: bool) -> None:
    parts = [graphviz.Digraph(f"cluster{index}") for index in range(len(flat.frames))]
    for (times, _, nodes), part in zip(flat.frames, parts, strict=True):
        if bare:  # without any text Graphviz needs no fonts, whose absence it would complain of
            part.attr(margin="14")
        else:
            part.attr(label=f"×{times}", labeljust="r", style="dashed", fontsize="9")
        for index in nodes:
            part.node(f"s{index}")
    for index in reversed(range(len(parts))):
        around = flat.frames[index][1]
        (graph if around is None else parts[around]).subgraph(parts[index])


def _point(text: str, height: float) -> Point:
    x, y = text.split(",")
    return float(x), height - float(y)


def _frame(context: RenderContext, item: dict[str, str], flat: _FlatGraph, height: float) -> Iterator[Shape]:
    left, bottom, right, top = (float(part) for part in item["bb"].split(","))
    times = flat.frames[int(item["name"].removeprefix("cluster"))][0]
    palette = context.palette
    yield Box(left, height - top, right - left, top - bottom, palette.panel, palette.faint, 0.7, 5.0, True)
    yield Text(left + 5.0, height - top + LABEL + 2.0, f"×{times}", LABEL, palette.ink, True, "start")


def _edges(block_layout: BlockLayout, layout: dict[str, list[dict[str, str]]], height: float) -> Iterator[Path]:
    for edge in layout.get("edges", ()):
        tip: Point | None = None
        points: list[Point] = []
        for part in edge["pos"].split(" "):
            if part.startswith("e,"):
                tip = _point(part[2:], height)
            elif part and not part.startswith("s,"):
                points.append(_point(part, height))
        if tip is not None:
            end = points[-1]
            points += [between(end, tip, 1 / 3), between(end, tip, 2 / 3), tip]
        yield Path(tuple(points), block_layout.palette.edge, 0.9, curved=True, arrow=True, dashed=edge.get("style") == "dashed")


# A graph may be larger than a slide, since readers zoom; 500 nodes are laid out in a moment.
STYLE = Style(
    draw=draw,
    page=(1900.0, 2700.0),
    max_steps=500,
    dot=dot,
    drawn=all_steps,
    reads=("show", "heat", "expand", "depth", "only", "direction"),
    refers=True,
)

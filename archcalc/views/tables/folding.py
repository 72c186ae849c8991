"""Layers as the rows of a table: equal repeated blocks folded, activations joined to the layer they follow.

A row represents one or several layers and `times` copies of them; its number is the sum over all of them, so that the
columns of a folded table add up to the same totals as those of an expanded one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archcalc.analysis.grades import total_grade
from archcalc.analysis.layer_report import LayerReport
from archcalc.graph import Group
from archcalc.layers._base import field_metadata
from archcalc.layers._fields import LabelFormat
from archcalc.views.tables.table import Cell, graded_cell


@dataclass
class LayerRow:
    """`layers` of one copy, `times` copies; a heading begins a block and has no numbers of its own."""

    label: str
    kind: str
    layers: list[LayerReport]
    times: int = 1
    level: int = 0
    heading: bool = False
    ends: tuple[LayerReport, ...] = ()
    """Its last layer in the first copy and in the last one, whose receptive fields differ."""

    def sum(self, quantity: str) -> int:
        """A quantity over all layers and copies of the row."""
        return self.times * sum(getattr(layer, quantity) for layer in self.layers)

    def cell(self, quantity: str) -> Cell:
        """The sum as a cell: a lower bound, or unknown, where a layer is not counted."""
        return graded_cell(self.sum(quantity), total_grade(self.layers, quantity).is_complete)

    @property
    def last(self) -> LayerReport:
        """The last of its layers, whose output is that of the row."""
        return self.layers[-1]


@dataclass
class _Branch:
    """A block in the tree of a network, with its blocks and layers."""

    group: Group | None
    children: list[_Branch | LayerReport] = field(default_factory=list)
    attached: dict[int, int] = field(default_factory=dict)
    """For a child that only acts on the values of another one, such as a ReLU, their positions."""
    equal: int = 0
    """Blocks with the same number are equal: same kinds, fields and volumes, layer by layer."""

    def leaves(self) -> Iterator[LayerReport]:
        """All layers inside, in order."""
        stack: list[_Branch | LayerReport] = [self]
        while stack:
            item = stack.pop()
            if isinstance(item, LayerReport):
                yield item
            else:
                stack += reversed(item.children)


def rows(layers: tuple[LayerReport, ...], expand: bool = False, depth: int | None = None) -> list[LayerRow]:
    """The rows of a table over all layers of a report; blocks deeper than `depth` are one row each."""
    if expand:
        return [LayerRow(layer.id, describe(layer), [layer], ends=(layer,)) for layer in layers]
    return list(_rows(_tree(layers), 0, 1, depth, {}))


def _tree(layers: tuple[LayerReport, ...]) -> _Branch:
    root = _Branch(None)
    open_branches = [root]
    ends: dict[int, tuple[_Branch, int]] = {}  # of each row so far: its last layer, its branch and position
    for index, layer in enumerate(layers):
        groups = layer.node.groups
        common = 0
        while common < min(len(groups), len(open_branches) - 1) and (open_branches[common + 1].group is groups[common]):
            common += 1
        del open_branches[common + 1 :]
        for group in groups[common:]:
            branch = _Branch(group)
            open_branches[-1].children.append(branch)
            open_branches.append(branch)
        branch, position = open_branches[-1], len(open_branches[-1].children)
        source = next(iter(layer.node.sources), index)
        owner, head = ends.get(source, (None, 0))
        if owner is branch and _follows(layers[source], layer):
            branch.attached[position] = head
            ends[index] = ends.pop(source)
        else:
            ends[index] = branch, position
        branch.children.append(layer)
    _number_equal(root)
    return root


def _number_equal(root: _Branch) -> None:
    """Assign equal numbers to equal blocks, from the innermost outwards."""
    numbers: dict[tuple[object, ...], int] = {}
    order = [root]
    for branch in order:
        order += [child for child in branch.children if isinstance(child, _Branch)]
    for branch in reversed(order):
        parts: list[object] = [branch.group.op if branch.group else ""]
        for child in branch.children:
            if isinstance(child, _Branch):
                parts.append(("block", child.equal))
            else:
                parts.append(child.signature)
        branch.equal = numbers.setdefault(tuple(parts), len(numbers) + 1)


def _rows(branch: _Branch, level: int, times: int, depth: int | None, first_copy: dict[int, LayerReport]) -> Iterator[LayerRow]:
    """The rows of a branch; `first_copy` is the layer in the first of equal blocks, by the `id` of that in the last."""
    for item, copies in _runs(branch):
        if isinstance(item, list):
            lead, final = item[0], item[-1] if copies == 1 else item[1]
            layers = item if copies == 1 else item[:1]
            kinds = " + ".join([describe(lead), *(layer.op for layer in layers[1:])])
            ends = first_copy.get(id(layers[-1]), layers[-1]), final
            yield LayerRow(_copies(lead.node.name, copies), kinds, layers, times * copies, level, ends=ends)
            continue
        first, last = item.children[0], item.children[-1]
        assert isinstance(first, _Branch)
        assert isinstance(last, _Branch)
        group = last.group
        assert group is not None
        label, layers = _label(first, last, copies), list(last.leaves())
        for layer, copy in zip(first.leaves(), layers, strict=True):
            first_copy[id(copy)] = first_copy.get(id(layer), layer)
        if depth is not None and level + 1 >= depth:
            ends = first_copy[id(layers[-1])], layers[-1]
            yield LayerRow(label, group.op, layers, times * copies, level, ends=ends)
        else:
            yield LayerRow(label, group.op, layers, times * copies, level, heading=True)
            yield from _rows(last, level + 1, times * copies, depth, first_copy)


def _copies(name: str, copies: int) -> str:
    """The name of a layer, or of a run of its copies from this one on."""
    stem, _, number = name.rpartition(".")
    if copies == 1:
        return name
    if not stem:  # an id that counts, without a dot
        digits = len(name) - len(name.rstrip("0123456789"))
        return f"{name}…{int(name[-digits:]) + copies - 1}"
    return stem if number == "1" else f"{stem}.{number}…{int(number) + copies - 1}"


def _label(first: _Branch, last: _Branch, copies: int) -> str:
    """The name of one block, or of a run of equal ones."""
    assert first.group is not None
    assert last.group is not None
    if copies == 1:
        return last.group.name
    if first.group.entry is not last.group.entry:
        return f"{first.group.name} … {last.group.name}"
    if last.group.entry.counted:
        return f"{first.group.name}…{last.group.name}"
    whole = first.group.copy == 1
    return last.group.shared_name if whole else f"{last.group.shared_name}.{first.group.copy}…{last.group.copy}"


def _runs(branch: _Branch) -> list[tuple[_Branch | list[LayerReport], int]]:
    """Children as rows: equal neighbours as one with a count, activations with the layer whose values they read.

    A run of blocks is a branch whose children are the equal blocks, a run of layers the first and the last one.
    """
    children = branch.children
    runs: list[tuple[_Branch | list[LayerReport], int]] = []
    open_rows: dict[int, list[LayerReport]] = {}  # by the head of a chain: the row that the next layer of the chain joins
    index = 0
    while index < len(children):
        child, head, end = children[index], branch.attached.get(index, index), index + 1
        if isinstance(child, _Branch):
            while end < len(children) and _same_block(child, children[end]):
                end += 1
            runs.append((_Branch(None, children[index:end]), end - index))
        elif head in open_rows:
            open_rows[head].append(child)
        else:
            final = child
            while end < len(children) and isinstance(copy := children[end], LayerReport) and _same_layer(child, copy):
                final, end = copy, end + 1
            row = [child] if final is child else [child, final]
            if final is child:  # what follows one of several copies is a row of its own
                open_rows[head] = row
            runs.append((row, end - index))
        index = end
    return runs


def _same_block(branch: _Branch, other: _Branch | LayerReport) -> bool:
    return isinstance(other, _Branch) and other.equal == branch.equal


def _same_layer(layer: LayerReport, other: LayerReport) -> bool:
    """Copies of one repeated layer."""
    return other.node.entry is layer.node.entry and other.signature == layer.signature


def _follows(layer: LayerReport, other: LayerReport) -> bool:
    """Whether `other`, which reads `layer`, only acts on its values: in place and without parameters."""
    is_only_input = len(other.node.sources) == 1
    return is_only_input and other.counts.layer.in_place and other.output == layer.output and other.params == 0


def describe(layer: LayerReport) -> str:
    """The kind with the fields that a paper's table prints: conv 3×3/2, 32 groups."""
    rule, axes = layer.counts.layer, len(layer.counts.first_input.spatial)
    texts = (shown.text(getattr(rule, name), axes) for name, shown in field_metadata(type(rule), LabelFormat).items())
    return layer.op + "".join(texts)

"""Resolves the names by which layers read each other to their places in the list of layers."""

from __future__ import annotations

from functools import partial

from archcalc.description.document import ParsedEntry
from archcalc.graph.expansion import Expansion
from archcalc.graph.nodes import Node
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.references import check_references
from archcalc.graph.unresolved import Reference
from archcalc.suggestions import suggest


def resolve(expansion: Expansion) -> list[Node]:
    """The nodes of an expansion with the indices of what they read; reports the names that lead to no layer."""
    for reference in expansion.references:
        _look_up(expansion, reference)
    references = {reference.output_ref: reference for reference in expansion.references}
    dropped = _dropped(expansion, references)
    # An input of a block is a reference outside it, where a dead end is reported.
    named_here = [reference for reference in expansion.references if reference.output_ref.target not in references]
    # Only once all names are looked up is a chain of dropped layers complete.
    for reference in named_here:
        is_left_out = reference.output_ref in dropped and _leaves_out_dropped(reference.entry) and reference.key == "inputs"
        if reference.output_ref.target is not None and reference.output_ref.resolve() is None and not is_left_out:
            _report_dead_end(expansion, reference)
    named_layers = [_connect(expansion, index, dropped) for index in range(len(expansion.nodes))]
    _tie_blocks(expansion)
    document = expansion.document
    is_read = document.inputs and document.layers and all(block.layers for block in document.blocks.values())
    if is_read and not expansion.nodes and not expansion.problems:
        mark = document.mark("layers")
        expansion.problems.add("ARC111", mark, "every layer is dropped, so that no layer is left")
    check_references(expansion.nodes, named_layers, expansion.problems)
    return expansion.nodes


def _look_up(expansion: Expansion, reference: Reference) -> None:
    """The target of a reference, from the names at its level."""
    output_ref, name, entry, key, namespace = reference
    output_ref.target = namespace.find(name)
    if output_ref.target is None:
        expansion.problems.add(
            "ARC135",
            entry.mark(key),
            f"there is no layer {name} to read here",
            lambda: suggest(name, (*namespace.names, *namespace.namespaces)),
        )
    elif key == "weights_of" and output_ref.target in expansion.dropped:
        out = "name a layer that is not dropped"
        expansion.problems.add("ARC142", entry.mark(key), f"{name} is dropped here", out)
        output_ref.target = None


def _leaves_out_dropped(entry: ParsedEntry) -> bool:
    return entry.kind is not None and entry.kind.leaves_out_dropped


def _dropped(expansion: Expansion, references: dict[OutputRef, Reference]) -> dict[OutputRef, str]:
    """The names that stand for a dropped layer, at their level or as an input of the blocks around, by their reference."""
    if not expansion.dropped:
        return {}
    dropped: dict[OutputRef, str] = {}
    for output_ref, reference in references.items():
        target = output_ref.target
        while isinstance(target, OutputRef) and target in references:
            target = target.target
        if isinstance(target, OutputRef) and target in expansion.dropped:
            dropped[output_ref] = reference.name
    return dropped


def _report_dead_end(expansion: Expansion, reference: Reference) -> None:
    """A name of a dropped layer stands for its input; report that it has none, or several."""
    _, name, entry, key, _ = reference
    last = reference.output_ref.last()
    dropped = expansion.dropped.get(last) if last is not None else None
    if dropped is None:
        expansion.problems.add("ARC139", entry.mark(key), f"{name} is dropped, and its input chain is a cycle")
    elif reference.output_ref in expansion.unread:
        return  # a layer that is dropped too, as the way out says; who names that layer is reported
    elif dropped.inputs:
        message = f"{name} is dropped here, and had several inputs: {', '.join(dropped.inputs)}"
        expansion.problems.add("ARC142", entry.mark(key), message, "name the one that is meant")
    elif dropped.reads_nothing:
        message = f"{name} is dropped here, and reads nothing that could take its place"
        expansion.problems.add("ARC142", entry.mark(key), message, "drop what reads it by the same condition")


def _connect(expansion: Expansion, index: int, dropped: dict[OutputRef, str]) -> list[int | None]:
    """Enter at a node what it reads; returns the layers that its fields name, None where one is not resolved."""
    node, unresolved = expansion.nodes[index], expansion.node_sources[index]
    kept = unresolved.sources
    if dropped:
        leaves_out = _leaves_out_dropped(node.entry)
        if leaves_out or len(kept) > 1:
            node.dropped = tuple(dropped[output_ref] for output_ref in kept if output_ref in dropped)
        kept = tuple(output_ref for output_ref in kept if not leaves_out or output_ref not in dropped)
        if not kept and node.dropped:
            message = f"every layer that {node.id} ({node.entry.op}) reads is dropped: {', '.join(node.dropped)}"
            mark = node.entry.mark("inputs")
            expansion.problems.add("ARC146", mark, message, "drop it too, by the same condition", once=id(node.entry))
    sources = [output_ref.resolve() for output_ref in kept]
    named = [output_ref.resolve() for output_ref, _ in unresolved.shape_sources]
    node.shape_sources = tuple(
        (layer, volume) for layer, (_, volume) in zip(named, unresolved.shape_sources, strict=True) if layer is not None
    )
    # A layer with an unresolved name is not computed, and causes no further problems: it reads nothing.
    if None not in sources and None not in named:
        node.sources = _values_read(node, tuple(source for source in sources if source is not None), named)
    node.tied_to = unresolved.tied_to.resolve() if unresolved.tied_to is not None else None
    return named


def _values_read(node: Node, sources: tuple[int, ...], named: list[int | None]) -> tuple[int, ...]:
    """The sources without those that repeat, behind the last one, the layers that the fields name.

    PyTorch's unpooling has the indices of its pooling as its second argument: `inputs: [x, pool]` is `inputs: [x]`.
    """
    most = node.entry.kind.max_inputs if node.entry.kind is not None else None
    return sources[:most] if most is not None and list(sources[most:]) == named else sources


def _tie_blocks(expansion: Expansion) -> None:
    """A block that uses the weights of another one: its layers are tied one by one, by their names inside it."""
    indices = {node.id: index for index, node in enumerate(expansion.nodes)} if expansion.tied_blocks else {}
    for layers, prefix, entry, namespace in expansion.tied_blocks:
        owner_name = entry.weights_of or ""
        owner = namespace.block(owner_name)
        mark = entry.mark("weights_of")
        if owner is None:
            out = partial(suggest, owner_name, namespace.namespaces)
            expansion.problems.add("ARC135", mark, f"there is no block {owner_name} to share with", out)
            continue
        for index in layers:
            node = expansion.nodes[index]
            name = node.id.removeprefix(prefix)
            node.tied_to = indices.get(owner.prefix + name)
            if node.tied_to is None:
                expansion.problems.add("ARC204", mark, f"{owner_name} has no layer {name} to share with")

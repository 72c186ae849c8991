"""The tables of layers: params, macs, shapes, receptive fields, and the summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from archcalc.analysis.derivation import quantity_label
from archcalc.analysis.grades import grade_notes
from archcalc.analysis.receptive_field.fields import ReceptiveField
from archcalc.analysis.report import Report
from archcalc.views.folded_field import folded_field
from archcalc.views.tables.folding import LayerRow, rows
from archcalc.views.tables.table import Cell, Column, Row, Table, graded_cell
from archcalc.views.units import bytes_, rounded, share

LAYER, KIND, OUTPUT = Column("Layer", priority=9), Column("Kind", priority=5), Column("Output", priority=6)
TIMES = Column("×", True, 9)


def params(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Parameters: weights and biases; where not all are trainable, also trainable, frozen and fixed ones."""
    totals = report.totals
    untrained = [name for name in ("frozen", "fixed") if getattr(totals, name)]
    split = ["trainable", *untrained] if untrained else []
    sums = ["weights", "biases", "params", *split, *(["buffers"] if totals.buffers else [])]
    notes = [f"params = weights + biases{_input(report)}"]
    notes += [f"total {_reading(report, 'params')}{_split(report)}", *_graded(report, ("params",))]
    if totals.active_params != totals.params:
        notes.append(f"active {_reading(report, 'active_params')}: of copies side by side those that one position uses")
    if totals.buffers:
        notes.append("buffers (moving statistics) are stored with the layers and are not parameters")
    shared = [
        f"{layer.id} uses the weights of {layer.tied_to}" for layer in report.layers if layer.tied_to and layer.counts.params
    ]
    return _table(report, "parameters", sums, "params", expand, depth, notes + shared)


def macs(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Operations by the report's convention, beside multiply-adds and flops."""
    convention = report.options.convention
    is_other = convention.name not in ("mult-adds", "flops")
    sums = [*(["operations"] if is_other else []), "mult_adds", "flops"]
    lead = "operations" if is_other else "flops" if convention.name == "flops" else "mult_adds"
    reading = f"total {_reading(report, lead)} {convention.unit}{_input(report)}, batch 1"
    notes = [f"{convention.name}: {convention.about.strip()}", reading, *_graded(report, sums)]
    if by_kind := _by_kind(report, lead):
        notes.append(by_kind)
    if convention.name != "flops":
        notes.insert(1, "flops: two per multiply-add, one per other operation (bias, activation, pooling, norm …)")
    table = _table(report, "operations", sums, lead, expand, depth, notes)
    table.columns = [Column(convention.name, True, 8) if column.name == "Operations" else column for column in table.columns]
    return table


def _by_kind(report: Report, quantity: str) -> str:
    """The parts of the kinds in a total, the largest first."""
    sums: dict[str, int] = {}
    for layer in report.layers:
        if number := getattr(layer, quantity):
            sums[layer.op] = sums.get(layer.op, 0) + number
    parts = sorted(sums.items(), key=lambda part: -part[1])
    return f"by kind: {', '.join(f'{op} {number:,}' for op, number in parts)}" if len(parts) > 1 else ""


def shapes(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Volumes, channels first."""
    table_rows = []
    for row in rows(report.layers, expand, depth):
        output, elements = ("", None) if row.heading else (str(row.last.output), int(row.last.counts.elements))
        table_rows.append(_row(row, [_inputs(row), output, elements]))
    columns = [LAYER, KIND, TIMES, Column("Input", priority=4), OUTPUT, Column("Elements", True, 3)]
    title = f"{report.name}: volumes, channels first"
    notes = [f"input {_volumes(report)}; elements are values per example"]
    return _without_empty_times(Table(title, columns, table_rows, None, notes))


def rf(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Receptive fields: size, effective stride and effective padding on the network's input, in positions.

    `depth` is not used: copies of a block differ in their receptive field. All `VIEWS` have one signature.
    """
    table_rows = []
    for row in rows(report.layers, expand=True):  # copies differ in their receptive field and are not folded
        if not expand and row.last.counts.layer.in_place:
            continue
        field = row.last.receptive_field
        varying = ", per phase" if field.has_phases and field.status != "per phase" else ""
        status = f"{field.status}{varying}{field.qualifier}"
        numbers = [_axes(field.size), _axes(field.stride), _axes(field.padding)]
        table_rows.append(Row([row.label, row.kind, str(row.last.output), *numbers, status]))
    numeric = [Column("Size", True, 8), Column("Stride", True, 7), Column("Padding", True, 6)]
    columns = [LAYER, KIND, OUTPUT, *numeric, Column("Status", priority=2)]
    fields = [layer.receptive_field for layer in report.layers]
    varies = any(field.has_phases for field in fields)
    where = ", except in rows per phase" if varies else ""
    notes = [f"input {_volumes(report)}; unit u sees positions u·stride − padding … + size − 1 along each axis{where}"]
    if varies:
        notes.append("per phase: the extent depends on the unit (see explain); size is the largest, stride the mean distance")
    if any(field.status == "unaligned" for field in fields):
        notes.append("unaligned: the fields of paths that meet are not centred on each other; size is that of all together")
    return Table(f"{report.name}: receptive field", columns, table_rows, None, notes)


def summary(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Output volumes, params, mult-adds, activations and receptive fields, with the totals in words below."""
    quantities = ("params", "mult_adds", "activations")
    table_rows = []
    for row in rows(report.layers, expand, depth):
        numbers: list[Cell] = [None if row.heading else row.cell(quantity) for quantity in quantities]
        output = "" if row.heading else str(row.last.output)
        field = "" if row.heading else folded_field([layer.receptive_field for layer in row.ends], brief=True)
        table_rows.append(_row(row, [output, *numbers, field]))
    numeric = [Column("Params", True, 8), Column("Mult-adds", True, 7), Column("Activations", True, 4)]
    columns = [LAYER, KIND, TIMES, OUTPUT, *numeric, Column("RF", priority=3)]
    total: list[Cell] = ["total", "", None, str(report.output), *(_total(report, name) for name in quantities), ""]
    title = f"{report.name}: summary, input {_volumes(report)}"
    table = Table(title, columns, table_rows, total, _summary_notes(report))
    return _without_empty_times(table, ", and its receptive fields are first…last")


def _summary_notes(report: Report) -> list[str]:
    totals, options = report.totals, report.options
    notes = [
        f"params       {_reading(report, 'params')}{_split(report)}",
        f"mult-adds    {_reading(report, 'mult_adds')}; flops {totals.text('flops')}",
        f"depth        {totals.grade('depth').text(report.depth)} (layers that papers count, on the longest path)",
        f"neurons      {totals.text('neurons')}; connections {totals.text('connections')}",
        f"activations  {totals.activations:,}, with the input {totals.activations + report.input_elements:,}"
        f"{' (in-place kinds and views take none)' if options.inplace else ''}",
        f"memory       weights {totals.grade('weight_bytes').words}{bytes_(totals.weight_bytes)}, "
        f"activations {bytes_(totals.activation_bytes)} ({options.dtype}, batch 1; 1 MiB = 1,048,576 bytes)",
    ]
    if totals.active_params != totals.params:
        notes.insert(1, f"active       {_reading(report, 'active_params')} params that one position uses")
    if totals.buffers:
        notes.insert(1, f"buffers      {totals.text('buffers')} (moving statistics; no params)")
    last = _last_field(report)
    return [*notes, *_graded(report, ("params", "mult_adds", "flops")), *([last] if last else [])]


def as_printed(title: str, rows: Sequence[tuple[str, str, int, str]], total: tuple[int | str, int, str | None]) -> Table:
    """A publication's own table: name, printed and computed number and remark of each row, and of the total.

    A total without a remark is the sum of the rows.
    """
    columns = [Column("Row", priority=9), Column("Printed", True, 9), Column("Computed", True, 9), Column("Remark", priority=2)]
    printed, computed, why = total
    return Table(
        title,
        columns,
        [Row([*row]) for row in rows],
        ["total", printed, computed, "the rows added up" if why is None else why],
        ["without a remark: exact; rounded, truncated: correct to the printed digits; a sentence: an erratum"],
    )


def _table(
    report: Report, subject: str, sums: list[str], lead: str, expand: bool, depth: int | None, notes: list[str]
) -> Table:
    """A table of sums per layer with the share of each row in the `lead` quantity."""
    whole, is_complete = getattr(report.totals, lead), report.totals.grade(lead).is_complete
    table_rows = []
    for row in rows(report.layers, expand, depth):
        numbers: list[Cell] = [None if row.heading else row.cell(name) for name in sums]
        part = "" if row.heading or not is_complete else share(row.sum(lead), whole)
        output = "" if row.heading else str(row.last.output)
        table_rows.append(_row(row, [output, *numbers, part]))
    columns = [LAYER, KIND, TIMES, OUTPUT]
    priority = {lead: 8} | dict.fromkeys(("weights", "biases", "buffers"), 3)
    columns += [Column(_title(name), True, priority.get(name, 5)) for name in sums]
    columns.append(Column("Share", True, 2))
    totals = (_total(report, name) for name in sums)
    total: list[Cell] = ["total", "", None, "", *totals, share(whole, whole) if is_complete else ""]
    return _without_empty_times(Table(f"{report.name}: {subject}", columns, table_rows, total, notes))


def _without_empty_times(table: Table, further: str = "") -> Table:
    """The table without its column of copies if nothing is folded; else with a note of what a folded row contains."""
    index = table.columns.index(TIMES)
    if all(row.cells[index] is None for row in table.rows):
        del table.columns[index]
        for cells in [row.cells for row in table.rows] + ([table.total] if table.total else []):
            del cells[index]
    else:
        table.notes.append(f"a row marked with × is the sum of that many equal layers{further}")
    return table


def _row(row: LayerRow, cells: Sequence[Cell]) -> Row:
    """The table's row of a folded row: its label, kind and number of copies, then further cells."""
    return Row([row.label, row.kind, row.times if row.times > 1 else None, *cells], row.level, row.heading)


def _title(quantity: str) -> str:
    return {"mult_adds": "Mult-adds", "flops": "FLOPs"}.get(quantity, quantity.capitalize())


def _total(report: Report, quantity: str) -> Cell:
    return graded_cell(getattr(report.totals, quantity), report.totals.grade(quantity).is_complete)


def _reading(report: Report, quantity: str) -> str:
    """A total with its rounded reading, in which `at least` says that it is not complete."""
    number = getattr(report.totals, quantity)
    return report.totals.text(quantity) + (f" ({rounded(number)})" if number >= 1000 else "")


def _graded(report: Report, quantities: Iterable[str]) -> list[str]:
    return grade_notes({quantity_label(quantity): report.totals.grade(quantity) for quantity in quantities})


def _split(report: Report) -> str:
    """The parts of the parameters, if not all are trainable."""
    totals = report.totals
    parts = [f"{name} {totals.text(name)}" for name in ("trainable", "frozen", "fixed") if getattr(totals, name)]
    return f": {', '.join(parts)}" if totals.frozen or totals.fixed else ""


def _volumes(report: Report) -> str:
    several = len(report.inputs) > 1
    return ", ".join(f"{name} {volume}" if several else str(volume) for name, volume in report.inputs.items())


def _input(report: Report) -> str:
    return f"; input {_volumes(report)}"


def _inputs(row: LayerRow) -> str:
    if row.heading:
        return ""
    return ", ".join(dict.fromkeys(str(volume) for volume in row.layers[0].inputs))


def _axes(values: Sequence[object]) -> str:
    """One value if all axes agree, else all of them."""
    texts = ["–" if value is None else str(value) for value in values]
    return texts[0] if len(set(texts)) == 1 else "×".join(texts)


def _last_field(report: Report) -> str:
    """The receptive field of the last layer where it is still exact, in words; that without gates where only these widen it."""
    gate = next((layer.id for layer in report.layers if layer.receptive_field.ungated), "")
    for layer in reversed(report.layers):
        field = layer.receptive_field
        through = f"whole input through gates, from {gate} on; without them " if field.ungated else ""
        field = ReceptiveField(field.ungated or field.axes)
        if layer.counts.layer.in_place:
            continue
        if field.axes and field.status in ("exact", "per phase", "unaligned") and field.size[0] is not None:
            return (
                f"receptive field at {layer.id}: {through}{_axes(field.size)}, stride {_axes(field.stride)}, "
                f"padding {_axes(field.padding)} ({field.status})"
            )
    return ""


VIEWS: dict[str, Callable[[Report, bool, int | None], Table]] = {
    "params": params,
    "macs": macs,
    "shapes": shapes,
    "rf": rf,
    "summary": summary,
}
"""The tables by name: functions of the report, whether every layer is listed, and the depth to which blocks are listed."""

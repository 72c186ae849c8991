"""The tables of the commands: which columns a question about a network calls for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archcalc.analysis.receptive_field.fields import ReceptiveField
from archcalc.analysis.report import Report
from archcalc.views.tables.folding import TableRow, rows
from archcalc.views.tables.table import Cell, Column, Line, Table
from archcalc.views.units import bytes_, rounded, share

LAYER, KIND, OUTPUT = Column("Layer", keep=9), Column("Kind", keep=5), Column("Output", keep=6)
TIMES = Column("×", True, 9)


def params(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Parameters: weights and biases, and where they differ from all, trainable, frozen and fixed ones."""
    totals = report.totals
    apart = [name for name in ("frozen", "fixed") if getattr(totals, name)]
    split = ["trainable", *apart] if apart else []
    sums = ["weights", "biases", "params", *split, *(["buffers"] if totals.buffers else [])]
    notes = [f"params = weights + biases{_input(report)}"]
    notes += [f"total {_reading(totals.params)}{_split(report)}"]
    if totals.buffers:
        notes.append("buffers (moving statistics) are kept with the layers and are not parameters")
    shared = [
        f"{layer.id} uses the weights of {layer.tied_to}" for layer in report.layers if layer.tied_to and layer.counts.params
    ]
    return _table(report, "parameters", sums, "params", expand, depth, notes + shared)


def macs(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Operations under the report's convention, beside multiply-adds and flops."""
    chosen = report.options.convention
    named = chosen.name not in ("mult-adds", "flops")
    sums = [*(["operations"] if named else []), "mult_adds", "flops"]
    lead = "operations" if named else "flops" if chosen.name == "flops" else "mult_adds"
    total = getattr(report.totals, lead)
    reading = f"total {_reading(total)} {chosen.unit}{_input(report)}, batch 1"
    notes = [f"{chosen.name}: {chosen.about.strip()}", reading]
    if by_kind := _by_kind(report, lead):
        notes.append(by_kind)
    if chosen.name != "flops":
        notes.insert(1, "flops: two per multiply-add, one per other operation (bias, activation, pooling, norm …)")
    table = _table(report, "operations", sums, lead, expand, depth, notes)
    table.columns = [Column(chosen.name, True, 8) if c.name == "Operations" else c for c in table.columns]
    return table


def _by_kind(report: Report, quantity: str) -> str:
    """How a total divides among the kinds that have a part in it, the largest first."""
    sums: dict[str, int] = {}
    for layer in report.layers:
        if number := getattr(layer, quantity):
            sums[layer.op] = sums.get(layer.op, 0) + number
    parts = sorted(sums.items(), key=lambda part: -part[1])
    return f"by kind: {', '.join(f'{op} {number:,}' for op, number in parts)}" if len(parts) > 1 else ""


def shapes(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Volumes, channels first."""
    found = rows(report.layers, expand, depth)
    lines = [
        Line(
            [
                row.label,
                row.kind,
                _times(row),
                _inputs(row),
                "" if row.heading else str(row.last.output),
                None if row.heading else int(row.last.counts.elements),
            ],
            row.level,
            row.heading,
        )
        for row in found
    ]
    columns = [LAYER, KIND, TIMES, Column("Input", keep=4), OUTPUT, Column("Elements", True, 3)]
    title = f"{report.name}: volumes, channels first"
    return _trim(Table(title, columns, lines, None, [f"input {_volumes(report)}; elements are values per example"]))


def rf(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Receptive fields: size, effective stride and effective padding on the network's input."""
    found = rows(report.layers, expand=True)
    if not expand:  # copies differ in their receptive field, so only what acts in place is left out
        found = [row for row in found if not row.last.counts.layer.in_place]
    lines = []
    for row in found:
        field = row.last.receptive_field
        status = f"{field.status}: {field.reason}" if field.reason else field.status
        lines.append(
            Line(
                [
                    row.label,
                    row.kind,
                    str(row.last.output),
                    _axes(field.size),
                    _axes(field.stride),
                    _axes(field.padding),
                    status,
                ]
            )
        )
    columns = [
        LAYER,
        KIND,
        OUTPUT,
        Column("Size", True, 8),
        Column("Stride", True, 7),
        Column("Padding", True, 6),
        Column("Status", keep=2),
    ]
    notes = [f"input {_volumes(report)}; unit u sees positions u·stride − padding … + size − 1 along each axis"]
    if any(field.receptive_field.status == "per phase" for field in report.layers):
        notes.append("per phase: units of different phases see different extents; size is the largest (see explain)")
    return Table(f"{report.name}: receptive field", columns, lines, None, notes)


def summary(report: Report, expand: bool = False, depth: int | None = None) -> Table:
    """Everything at a glance."""
    totals, options = report.totals, report.options
    found = rows(report.layers, expand, depth)
    sums = ("params", "mult_adds", "activations")
    lines = [
        Line(
            [
                row.label,
                row.kind,
                _times(row),
                "" if row.heading else str(row.last.output),
                *(None if row.heading else row.sum(name) for name in sums),
                "" if row.heading else _field(row.last.receptive_field),
            ],
            row.level,
            row.heading,
        )
        for row in found
    ]
    columns = [
        LAYER,
        KIND,
        TIMES,
        OUTPUT,
        Column("Params", True, 8),
        Column("Mult-adds", True, 7),
        Column("Activations", True, 4),
        Column("RF", keep=3),
    ]
    total: list[Cell] = ["total", "", None, str(report.output), *(getattr(totals, name) for name in sums), ""]
    notes = [
        f"params       {_reading(totals.params)}{_split(report)}",
        f"mult-adds    {_reading(totals.mult_adds)}; flops {totals.flops:,}",
        f"depth        {report.depth:,} (layers that papers count, on the longest path)",
        f"neurons      {totals.neurons:,}; connections {totals.connections:,}",
        f"activations  {totals.activations:,}, with the input {totals.activations + report.input_elements:,}"
        f"{' (in-place kinds and views take none)' if options.inplace else ''}",
        f"memory       weights {bytes_(totals.weight_bytes)}, activations {bytes_(totals.activation_bytes)}"
        f" ({options.dtype}, batch 1; 1 MiB = 1,048,576 bytes)",
    ]
    if totals.buffers:
        notes.insert(1, f"buffers      {totals.buffers:,} (moving statistics; no params)")
    last = _last_field(report)
    if last:
        notes.append(last)
    return _trim(Table(f"{report.name}: summary, input {_volumes(report)}", columns, lines, total, notes))


def as_printed(title: str, rows: Sequence[tuple[str, str, int, str]], total: tuple[int | str, int, str | None]) -> Table:
    """A publication's own table: name, printed and computed figure and remark of each row, and of the total.

    A total without a remark is the sum of the rows.
    """
    columns = [Column("Row", keep=9), Column("Printed", True, 9), Column("Computed", True, 9), Column("Remark", keep=2)]
    printed, computed, why = total
    return Table(
        title,
        columns,
        [Line([*row]) for row in rows],
        ["total", printed, computed, "the rows added up" if why is None else why],
        ["without a remark: exact; rounded, truncated: correct to the printed digits; a sentence: an erratum"],
    )


def _table(report: Report, what: str, sums: list[str], lead: str, expand: bool, depth: int | None, notes: list[str]) -> Table:
    """A table of sums per layer with the share that each row has in the leading one."""
    whole = getattr(report.totals, lead)
    found = rows(report.layers, expand, depth)
    lines = []
    for row in found:
        numbers: list[Cell] = [None if row.heading else row.sum(name) for name in sums]
        part = "" if row.heading else share(row.sum(lead), whole)
        output = "" if row.heading else str(row.last.output)
        lines.append(Line([row.label, row.kind, _times(row), output, *numbers, part], row.level, row.heading))
    columns = [LAYER, KIND, TIMES, OUTPUT]
    keep = {lead: 8} | dict.fromkeys(("weights", "biases", "buffers"), 3)
    columns += [Column(_title(name), True, keep.get(name, 5)) for name in sums]
    columns.append(Column("Share", True, 2))
    total: list[Cell] = ["total", "", None, "", *(getattr(report.totals, name) for name in sums), share(whole, whole)]
    return _trim(Table(f"{report.name}: {what}", columns, lines, total, notes))


def _trim(table: Table) -> Table:
    """Without the column of copies where nothing is folded."""
    at = table.columns.index(TIMES)
    if all(line.cells[at] is None for line in table.lines):
        del table.columns[at]
        for cells in [line.cells for line in table.lines] + ([table.total] if table.total else []):
            del cells[at]
    else:
        table.notes.append("a row marked with × is the sum of that many equal layers")
    return table


def _times(row: TableRow) -> int | None:
    return row.times if row.times > 1 else None


def _title(quantity: str) -> str:
    return {"mult_adds": "Mult-adds", "flops": "FLOPs"}.get(quantity, quantity.capitalize())


def _reading(number: int) -> str:
    return f"{number:,} ({rounded(number)})" if number >= 1000 else str(number)


def _split(report: Report) -> str:
    """How the parameters divide, where they do."""
    totals = report.totals
    parts = [f"{name} {number:,}" for name in ("trainable", "frozen", "fixed") if (number := getattr(totals, name))]
    return f": {', '.join(parts)}" if totals.frozen or totals.fixed else ""


def _volumes(report: Report) -> str:
    several = len(report.inputs) > 1
    return ", ".join(f"{name} {volume}" if several else str(volume) for name, volume in report.inputs.items())


def _input(report: Report) -> str:
    return f"; input {_volumes(report)}"


def _inputs(row: TableRow) -> str:
    if row.heading:
        return ""
    return ", ".join(dict.fromkeys(str(volume) for volume in row.layers[0].inputs))


def _axes(values: Sequence[object]) -> str:
    """One value if all axes agree, else all of them."""
    texts = ["–" if value is None else str(value) for value in values]
    return texts[0] if len(set(texts)) == 1 else "×".join(texts)


def _field(field: ReceptiveField) -> str:
    return field.status if not field.axes or field.size[0] is None else _axes(field.size)


def _last_field(report: Report) -> str:
    """The receptive field where it is still exact, at the last layer that slides."""
    for layer in reversed(report.layers):
        field = layer.receptive_field
        if layer.counts.layer.in_place:
            continue
        if field.axes and field.status in ("exact", "per phase", "unaligned") and field.size[0] is not None:
            return (
                f"receptive field at {layer.id}: {_axes(field.size)}, stride {_axes(field.stride)}, "
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
"""The tables by name: a function of the report, whether every layer is listed, and the depth of blocks shown."""

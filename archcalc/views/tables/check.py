"""The check of a network as a table: a row per layer, with one value where prediction and measurement agree, else both."""

from __future__ import annotations

from typing import Any

from archcalc.views.tables.table import Cell, Column, Row, Table, cell_text
from archcalc.views.units import bytes_

COLUMNS = {
    "output": "Output",
    "params": "Params",
    "trainable": "Trainable",
    "buffers": "Buffers",
    "mult_adds": "Mult-adds",
    "mult_adds to inputs": "To inputs",
    "mult_adds to weights": "To weights",
    "weight_bytes": "Weight bytes",
    "output_bytes": "Output bytes",
    "receptive field": "RF",
    "connected maps": "Maps",
    "finite values": "Finite",
}
NUMERIC = {
    "params",
    "trainable",
    "buffers",
    "mult_adds",
    "mult_adds to inputs",
    "mult_adds to weights",
    "weight_bytes",
    "output_bytes",
}
RARE = ("trainable", "buffers", "weight_bytes", "output_bytes")
"""Columns that are left out first where space lacks."""


def table(check: dict[str, Any]) -> Table:
    """The table of a check, which is given as plain data."""
    measured = [name for name in COLUMNS if any(name in layer["quantities"] for layer in check["layers"])]
    timed = any(layer.get("timing") for layer in check["layers"])
    columns = [Column("Layer", priority=9), Column("Kind", priority=5)]
    columns += [Column(COLUMNS[name], name in NUMERIC, 2 if name in RARE else 6) for name in measured]
    if timed:
        columns += [Column("ms", True, 4), Column("GFLOP/s", True, 3), Column("Bytes/op", True, 3)]
        columns.append(Column("Bound", priority=3))
    columns.append(Column("Agrees", priority=9))
    rows = [Row(_cells(layer, measured, timed)) for layer in check["layers"]]
    title = f"{check['name']} on {check['device']} ({check['machine']}), {check['dtype']}, batch {check['batch']}"
    return Table(title, columns, rows, _total(check, measured, timed), notes(check))


def _cells(layer: dict[str, Any], measured: list[str], timed: bool) -> list[Cell]:
    cells: list[Cell] = [layer["id"], layer["op"]]
    cells += [_cell(name, layer["quantities"].get(name)) for name in measured]
    if timed:
        time = layer.get("timing") or {}
        rate, moved = time.get("operations_per_second"), time.get("bytes_per_operation")
        cells += [
            f"{1000 * time['seconds']:.3f}" if time else "",
            f"{rate / 1e9:.1f}" if rate else "",
            f"{moved:.3f}" if moved else "",
            time.get("bound") or "",
        ]
    return [*cells, "yes" if layer["agrees"] else "NO"]


def _cell(name: str, cell: dict[str, Any] | None) -> Cell:
    if cell is None:
        return "" if name not in NUMERIC else None
    predicted, measured = _short(name, cell["predicted"]), _short(name, cell["measured"])
    if cell["agrees"]:
        return measured
    if cell_text(predicted) == cell_text(measured):  # they differ in what the short text leaves out
        predicted, measured = str(cell["predicted"]), str(cell["measured"])
    return f"{cell_text(predicted)} ≠ {cell_text(measured)}"


def _short(name: str, value: Any) -> Cell:
    """A quantity in few characters."""
    if name == "output":
        return "×".join(map(str, value))
    if name == "receptive field":
        return ", ".join("×".join(_span(span) for span in spans) for _, spans in value[:1])
    if name == "connected maps":
        counts = sorted({len(maps) for maps in value})
        return f"{counts[0]}…{counts[-1]}" if len(counts) > 1 else str(counts[0])
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _span(span: list[int] | None) -> str:
    return "0" if span is None else str(span[1] - span[0] + 1)


def _total(check: dict[str, Any], measured: list[str], timed: bool) -> list[Cell]:
    cells: list[Cell] = ["total", ""]
    cells += [_cell(name, check["totals"].get(name)) for name in measured]
    if timed:
        time = check["timing"]
        cells += (
            [f"{1000 * time['seconds']:.3f}", f"{time['operations_per_second'] / 1e9:.1f}", "", ""]
            if time
            else (["", "", "", ""])
        )
    return [*cells, "yes" if check["agrees"] else "NO"]


def notes(check: dict[str, Any]) -> list[str]:
    """The sentences below a check, the verdict first."""
    sentences = [verdict(check)]
    sentences += [f"refused: {message}" for message in check["refused"]]
    for layer in check["layers"]:
        sentences += [f"{layer['id']}: {note}" for note in layer.get("notes", ())]
    for name, cell in check["totals"].items():
        if not cell["exact"]:
            sentences.append(f"{name}: {bytes_(cell['predicted'])} computed, {bytes_(cell['measured'])} measured")
    for row in check["training_step"]:
        verdicts = ", ".join(f"{name}: {'yes' if cell['agrees'] else 'NO'}" for name, cell in row["quantities"].items())
        sentences.append(f"training step, {row['id']} ({row['op']}): {verdicts}; {'; '.join(row.get('notes', ()))}")
    if check["timing"]:
        ceilings = check["timing"]["ceilings"]
        rates = f"{ceilings['operations_per_second'] / 1e9:,.0f} GFLOP/s and {ceilings['bytes_per_second'] / 1e9:,.1f} GB/s"
        sentences.append(f"this device reaches {rates}; times are medians of {check['timing']['repeats']} runs")
    sentences += [f"not measured: {quantity}" for quantity in check["not_measured"]]
    versions = ", ".join(f"{name} {version}" for name, version in check["versions"].items())
    return [*sentences, versions]


def verdict(check: dict[str, Any]) -> str:
    """Whether prediction and measurement agree, in one line."""
    wrong = [layer["id"] for layer in check["layers"] if not layer["agrees"]]
    wrong += [row["op"] for row in check["training_step"] if not row["agrees"]]
    wrong += [name for name, cell in check["totals"].items() if not cell["agrees"]]
    partial = "" if check["finished"] else "incomplete: "
    agreeing = f"{len(check['layers'])} layer{'s' * (len(check['layers']) != 1)}"
    if check["agrees"]:
        return f"{partial}every exact quantity agrees in {agreeing}"
    some = ", ".join(wrong[:8]) + (f" and {len(wrong) - 8} more" if len(wrong) > 8 else "")
    if not some:
        return f"{partial}a layer is refused; every exact quantity agrees in {agreeing} before it"
    return f"{partial}prediction and measurement differ: {some}"

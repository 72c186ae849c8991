"""The tables of memory and training, and their data for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from archcalc.analysis.grades import TotalGrade, grade_notes
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.memory.inference import Memory
from archcalc.analysis.memory.training_step import TrainingMemory
from archcalc.analysis.training.cost import Training
from archcalc.layers._grades import Grade
from archcalc.views.tables.folding import describe
from archcalc.views.tables.table import Cell, Column, Row, Table, graded_cell
from archcalc.views.units import bytes_, rounded


def memory(memory: Memory, training_memory: TrainingMemory | None = None) -> Table:
    """Activations in values and bytes layer by layer, the bytes alive while each runs, and below them the totals."""
    report = memory.report
    columns = [
        Column("Layer", priority=9),
        Column("Kind", priority=4),
        Column("Output", priority=6),
        Column("Values", True, 7),
        Column("Bytes", True, 5),
        Column("Alive", True, 8),
    ]
    if training_memory is not None:
        columns.append(Column("Saved", True, 8))
    rows = []
    for index, (layer, moment) in enumerate(zip(report.layers, memory.per_layer, strict=True)):
        values = memory.batch * layer.activations
        cells: list[Cell] = [layer.id, describe(layer), str(layer.output)]
        cells += [values, values * memory.value_bytes, moment.bytes]
        if training_memory is not None:
            cells.append(training_memory.saved_bytes_per_layer[index])
        rows.append(Row(cells))
    values = memory.activation_values
    total: list[Cell] = ["with the input", "", "", values, memory.activation_bytes, memory.peak.bytes]
    total += [] if training_memory is None else [training_memory.saved_bytes]
    title = f"{report.name}: memory, {report.options.dtype}, batch {memory.batch}"
    return Table(title, columns, rows, total, _memory_notes(memory, training_memory))


def _memory_grades(memory: Memory, is_training: bool) -> dict[str, TotalGrade]:
    """How complete the weights and statistics are and, in training, what is saved for the backward pass."""
    totals = memory.report.totals
    grades = {"weights": totals.grade("weight_bytes"), "statistics": totals.grade("buffers")}
    return grades | ({"saved": totals.grade("saved")} if is_training else {})


def _memory_grades_data(memory: Memory, is_training: bool) -> dict[str, object]:
    grades = _memory_grades(memory, is_training)
    return {name: grade.to_dict() for name, grade in grades.items() if grade.sentence}


def _whole(grades: Mapping[str, TotalGrade], *names: str) -> str:
    """The words before a number that several totals are part of."""
    return next((grades[name].words for name in names if grades[name].words), "")


def _memory_notes(memory: Memory, training_memory: TrainingMemory | None) -> list[str]:
    grades = _memory_grades(memory, training_memory is not None)
    counted = "in-place kinds, views and softmax count 0" if memory.report.options.inplace else "every output counts"
    notes = [
        f"activations {memory.activation_values:,} values with the input, {_size(memory.activation_bytes)} ({counted})",
        f"weights {grades['weights'].words}{_size(memory.weight_bytes)}"
        + (f", statistics {grades['statistics'].words}{_size(memory.buffer_bytes)}" if memory.buffer_bytes else ""),
        f"inference peak {_size(memory.peak.bytes)} of tensors at {memory.peak.layer}; "
        f"with the weights {_whole(grades, 'weights', 'statistics')}{_size(memory.inference_bytes)}",
    ]
    if training_memory is not None:
        notes += [
            f"saved for the backward pass {grades['saved'].words}{_size(training_memory.saved_bytes)}",
            f"gradients {grades['weights'].words}{_size(training_memory.gradient_bytes)}, "
            f"optimizer state {grades['weights'].words}{_size(training_memory.state_bytes)}",
            f"training peak {grades['saved'].words}{_size(training_memory.peak.bytes)} of tensors "
            f"at {training_memory.peak.layer}; in all {_whole(grades, *grades)}{_size(training_memory.training_bytes)}",
        ]
    notes += grade_notes(grades)
    return [*notes, "alive: tensors in memory while the layer runs; workspace of convolutions and the framework come on top"]


def memory_data(memory: Memory, training_memory: TrainingMemory | None = None) -> dict[str, object]:
    """The memory as plain data: sizes in bytes, activations in values."""
    report = memory.report
    layers = [
        {
            "id": layer.id,
            "op": layer.op,
            "output": list(layer.output),
            "values": memory.batch * layer.activations,
            "bytes": memory.batch * layer.activations * memory.value_bytes,
            "alive_bytes": moment.bytes,
            **({} if training_memory is None else {"kept_bytes": training_memory.saved_bytes_per_layer[index]}),
        }
        for index, (layer, moment) in enumerate(zip(report.layers, memory.per_layer, strict=True))
    ]
    data: dict[str, object] = {
        "schema": 1,
        "name": report.name,
        "batch": memory.batch,
        "dtype": report.options.dtype,
        "inplace": report.options.inplace,
        "activation_values": memory.activation_values,
        "activation_bytes": memory.activation_bytes,
        "weight_bytes": memory.weight_bytes,
        "buffer_bytes": memory.buffer_bytes,
        "inference_peak_bytes": memory.peak.bytes,
        "inference_peak_layer": memory.peak.layer,
        "inference_bytes": memory.inference_bytes,
        "grades": _memory_grades_data(memory, training_memory is not None),
        "layers": layers,
    }
    if training_memory is not None:
        data |= {
            "kept_bytes": training_memory.saved_bytes,
            "gradient_bytes": training_memory.gradient_bytes,
            "state_bytes": training_memory.state_bytes,
            "training_peak_bytes": training_memory.peak.bytes,
            "training_peak_layer": training_memory.peak.layer,
            "training_bytes": training_memory.training_bytes,
        }
    return data


def training(training: Training) -> Table:
    """Multiply-adds of one example layer by layer, and below them the totals of the training."""
    columns = [
        Column("Layer", priority=9),
        Column("Kind", priority=4),
        Column("Forward", True, 7),
        Column("To inputs", True, 6),
        Column("To weights", True, 6),
        Column("Backward", True, 5),
    ]
    rows = []
    for cost in training.layers:
        cells = [graded_cell(getattr(cost, name), _is_counted(cost.layer, name)) for name in PASSES]
        if any(cells):
            rows.append(Row([cost.layer.id, describe(cost.layer), *cells]))
    sums = (training.forward, training.to_inputs, training.to_weights, training.to_inputs + training.to_weights)
    totals = zip(sums, (*PASSES[:3], "to_weights"), strict=True)
    return Table(
        f"{training.report.name}: training, mult-adds of one example",
        columns,
        rows,
        ["total", "", *(graded_cell(part, training.grade(name).is_complete) for part, name in totals)],
        _training_notes(training),
    )


PASSES = ("forward", "to_inputs", "to_weights", "backward")
"""The multiply-adds of a layer in training, by their names in JSON."""


def _is_counted(layer: LayerReport, name: str) -> bool:
    """Whether multiply-adds of a layer are known; those of its gradients only if its parameters are, too."""
    quantities = ("mult_adds",) if name == "forward" else ("mult_adds", "params")
    return all(layer.grade(quantity) is not Grade.NOT_COUNTED for quantity in quantities)


def training_data(training: Training) -> dict[str, object]:
    """The training as plain data; days and shares as text, so that nothing is rounded."""
    plan = training.plan
    totals = (
        "iterations_per_epoch",
        "iterations",
        "examples",
        "mult_adds_per_example",
        "mult_adds",
        "update_operations",
        "operations",
        "state_bytes",
    )
    fractions = ("ideal_days", "days", "utilisation")
    return {
        "schema": 1,
        "name": training.report.name,
        "batch": plan.batch,
        "dataset_size": plan.dataset_size,
        "epochs": plan.epochs,
        "optimizer": plan.optimizer.name,
        "rule": plan.optimizer.rule,
        "layers": [
            {
                "id": cost.layer.id,
                "op": cost.layer.op,
                "grade": str(cost.layer.grade("mult_adds")),
                **{name: getattr(cost, name) or (0 if _is_counted(cost.layer, name) else None) for name in PASSES},
            }
            for cost in training.layers
        ],
        "grades": {name: grade.to_dict() for name in totals if (grade := training.grade(name)).sentence},
        "totals": {
            "forward": training.forward,
            "to_inputs": training.to_inputs,
            "to_weights": training.to_weights,
            **{name: int(getattr(training, name)) for name in totals},
            **{name: str(value) if (value := getattr(training, name)) is not None else None for name in fractions},
        },
    }


def _training_notes(training: Training) -> list[str]:
    plan, sums = training.plan, training
    notes = [
        f"{int(sums.iterations_per_epoch):,} iterations per epoch, {int(sums.iterations):,} in all "
        f"({plan.dataset_size:,} examples, batch {plan.batch:,}, {plan.epochs:,} epochs)",
        f"mult-adds of an example {sums.grade('mult_adds').text(int(sums.mult_adds_per_example))}, "
        f"in all {sums.grade('mult_adds').words}{rounded(int(sums.mult_adds))}",
        f"{plan.optimizer.name}: {plan.optimizer.rule}; {plan.optimizer.operations} operations per trained parameter, "
        f"{sums.grade('update_operations').words}{rounded(int(sums.update_operations))} in all; "
        f"state {sums.grade('state_bytes').words}{bytes_(int(sums.state_bytes))}",
        f"operations in all {sums.grade('operations').words}{rounded(int(sums.operations))}: two per mult-add, and the updates",
        *grade_notes({"mult-adds": sums.grade("mult_adds"), "updates and state": sums.grade("state_bytes")}),
    ]
    if training.ideal_days is not None:
        notes.append(f"at the peak of {_devices(plan.peak, plan.devices)}: {_days(training.ideal_days)}")
    if training.days is not None and training.utilisation is not None:
        percent = f"{float(100 * training.utilisation):.1f} %"
        notes.append(
            f"{_days(training.days)} mean a utilisation of {percent}"
            if plan.days is not None
            else f"at a utilisation of {percent}: {_days(training.days)}"
        )
        if training.utilisation > 1:
            notes.append("more than the devices can do: the days, the peak or the plan must be wrong")
    return notes


def _size(number: int) -> str:
    return f"{number:,} bytes ({bytes_(number)})" if number >= 1024 else f"{number} bytes"


def _devices(peak: Fraction | None, count: int) -> str:
    speed = f"{float(peak or 0) / 1e12:.4g} TFLOP/s"
    return f"{count} devices of {speed}" if count > 1 else speed


def _days(days: Fraction) -> str:
    hours = float(days) * 24
    if hours < 1:
        return f"{hours * 60:.3g} minutes"
    return f"{hours:.3g} hours" if hours < 48 else f"{float(days):.3g} days"

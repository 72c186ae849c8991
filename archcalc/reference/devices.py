"""Devices: their names, their free memory, and their peak performance."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable

import torch

from archcalc.errors import call_error
from archcalc.suggestions import suggest

DTYPES = {
    "float64": torch.float64,
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}


def devices() -> list[str]:
    """The devices that PyTorch finds on this machine; `meta` has only shapes."""
    names = ["cpu", "meta"]
    if torch.cuda.is_available():
        names += ["cuda", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        names.append("mps")
    return names


def resolve(name: str, dtype: str) -> tuple[str, torch.dtype]:
    """The device and its data type by their names; `auto` is an accelerator if there is one. Raises `DescriptionError`."""
    available = devices()
    if name == "auto":
        name = next(device for device in ("cuda", "mps", "cpu") if device in available)
    if name not in available:
        raise call_error("ARC506", f"there is no device {name} here", suggest(name, ["auto", *available]))
    if dtype not in DTYPES:
        raise call_error("ARC504", f"PyTorch does not run networks in {dtype}", suggest(dtype, DTYPES))
    if name == "mps" and dtype == "float64":
        raise call_error("ARC504", "mps has no float64", "choose --dtype float32")
    return name, DTYPES[dtype]


def describe(device: str) -> str:
    """The device in words."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    if device == "meta":
        return "shapes only"
    return f"{_processor()}, {torch.get_num_threads()} threads" if device == "cpu" else platform.processor() or device


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = (line.partition(":")[2].strip() for line in file if line.startswith("model name"))
            return next(names, platform.machine())
    except OSError:
        return platform.processor() or platform.machine()


def free_memory(device: str) -> int | None:
    """The bytes that are free on a device; None where that is unknown."""
    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(device)[0])
    if device == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    if device == "meta":
        return None
    limits = (_system_memory(), _container_memory(), _address_space())
    return min((limit for limit in limits if limit is not None), default=None)


def _system_memory() -> int | None:
    try:
        with open("/proc/meminfo", encoding="utf-8") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None


def _container_memory() -> int | None:
    """The bytes that the container may still allocate."""
    folder = "/sys/fs/cgroup"
    try:
        with (
            open(os.path.join(folder, "memory.max"), encoding="utf-8") as most,
            open(os.path.join(folder, "memory.current"), encoding="utf-8") as now,
        ):
            return int(most.read()) - int(now.read())
    except (OSError, ValueError):
        return None


def _address_space() -> int | None:
    try:
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        with open("/proc/self/statm", encoding="utf-8") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        return None if soft == resource.RLIM_INFINITY else max(soft - used, 0)
    except (ImportError, OSError, ValueError):
        return None


def synchronise(device: str) -> None:
    """Wait until the device has finished its queue."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device == "mps":
        torch.mps.synchronize()


def seconds(device: str, work: Callable[[], object], repeats: int = 5) -> float:
    """The shortest of several runs on a device, in seconds, after one run to warm up."""
    work()
    best = float("inf")
    for _ in range(repeats):
        synchronise(device)
        start = time.perf_counter()
        work()
        synchronise(device)
        best = min(best, time.perf_counter() - start)
    return best


def ceilings(device: str, dtype: torch.dtype) -> tuple[float, float]:
    """Operations and bytes per second that the device reaches, in a square matrix product and a long copy."""
    size = 1024 if device == "cpu" else 8192
    a = torch.randn(size, size, device=device).to(dtype)
    operations = 2 * size**3 / seconds(device, lambda: a @ a)
    values = torch.ones(2**24 if device == "cpu" else 2**28, dtype=dtype, device=device)
    copy = torch.empty_like(values)
    moved = 2 * values.numel() * values.element_size()
    return operations, moved / seconds(device, lambda: copy.copy_(values))

"""Devices: which are there, how much memory is free on them, and what they can do at most."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable

import torch

from archcalc.errors import call_error, suggest

DTYPES = {
    "float64": torch.float64,
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}


def devices() -> list[str]:
    """The devices that PyTorch finds on this machine; `meta` knows shapes only."""
    found = ["cpu", "meta"]
    if torch.cuda.is_available():
        found += ["cuda", *(f"cuda:{at}" for at in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        found.append("mps")
    return found


def resolve(name: str, dtype: str) -> tuple[str, torch.dtype]:
    """A device that is there and a data type it has; `auto` takes an accelerator before the processor."""
    there = devices()
    if name == "auto":
        name = next(one for one in ("cuda", "mps", "cpu") if one in there)
    if name not in there:
        raise call_error("ARC506", f"there is no device {name} here", suggest(name, ["auto", *there]))
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
    """Bytes that can still be had on a device; None where it cannot be asked."""
    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(device)[0])
    if device == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    if device == "meta":
        return None
    found = [one for one in (_available(), _group_limit(), _address_space()) if one is not None]
    return min(found, default=None)


def _available() -> int | None:
    try:
        with open("/proc/meminfo", encoding="utf-8") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None


def _group_limit() -> int | None:
    """What a container may still take."""
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
    """Wait until the device has done all it was given."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device == "mps":
        torch.mps.synchronize()


def seconds(device: str, work: Callable[[], object], repeats: int = 5) -> float:
    """The shortest time that some work took on a device, after one run to warm up."""
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
    """Operations and bytes a second that the device reaches: a square matrix product and a long copy."""
    size = 1024 if device == "cpu" else 8192
    a = torch.randn(size, size, device=device).to(dtype)
    operations = 2 * size**3 / seconds(device, lambda: a @ a)
    values = torch.ones(2**24 if device == "cpu" else 2**28, dtype=dtype, device=device)
    copy = torch.empty_like(values)
    moved = 2 * values.numel() * values.element_size()
    return operations, moved / seconds(device, lambda: copy.copy_(values))

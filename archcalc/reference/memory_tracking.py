"""Measures memory: the bytes of all tensors that PyTorch allocates and frees while a network runs."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter


class TensorMemoryTracker(TorchDispatchMode):
    """Tracks the live tensor storage: the memory of every output of an operation until it is freed.

    That includes the tensors between the operations of a layer, but not what an operation allocates internally.
    """

    def __init__(self, excluded: Iterable[Tensor] = ()) -> None:
        super().__init__()
        self.alive = 0
        self.peak = 0
        self.paused = False
        """While true, new tensors are part of the measurement and do not count."""
        self._known = {tensor.untyped_storage()._cdata for tensor in excluded}

    def add(self, tensor: Tensor) -> None:
        """Count the memory of a tensor, once."""
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key in self._known:
            return
        self._known.add(key)
        self.alive += size
        self.peak = max(self.peak, self.alive)
        weakref.finalize(storage, self._release, key, size)

    def _release(self, key: int, size: int) -> None:
        self._known.discard(key)
        self.alive -= size

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for tensor in tree_iter(result):
            if isinstance(tensor, Tensor) and not self.paused:
                self.add(tensor)
        return result


class SavedTensors:
    """The memory that PyTorch saves for a backward pass: a context around the forward pass."""

    def __init__(self, excluded: Iterable[Tensor] = ()) -> None:
        self.bytes = 0
        self._known = {tensor.untyped_storage()._cdata for tensor in excluded}
        self._tensors: list[Tensor] = []
        self._hooks = torch.autograd.graph.saved_tensors_hooks(self._pack, lambda tensor: tensor)

    def _pack(self, tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in self._known:
            self._known.add(storage._cdata)
            self._tensors.append(tensor.detach())  # so that no later tensor has the same address
            self.bytes += storage.nbytes()
        return tensor

    def __enter__(self) -> SavedTensors:
        self._hooks.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._hooks.__exit__(*error)
        self._tensors.clear()

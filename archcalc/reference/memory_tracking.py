"""Memory measured: the bytes of all tensors that PyTorch makes and lets go while a network runs."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter


class TensorMemoryTracker(TorchDispatchMode):
    """Books the memory of every tensor an operation gives, until nothing holds it any more.

    It sees what lies between a layer's operations too; not what an operation takes and returns within itself.
    """

    def __init__(self, leave_out: Iterable[Tensor] = ()) -> None:
        super().__init__()
        self.alive = 0
        self.peak = 0
        self.paused = False
        """What is made now belongs to the measurement and not to the network."""
        self._known = {one.untyped_storage()._cdata for one in leave_out}

    def book(self, tensor: Tensor) -> None:
        """Count a tensor's memory, once."""
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
        for one in tree_iter(result):
            if isinstance(one, Tensor) and not self.paused:
                self.book(one)
        return result


class SavedTensors:
    """The memory that PyTorch keeps for a backward pass: a context around the forward pass."""

    def __init__(self, leave_out: Iterable[Tensor] = ()) -> None:
        self.bytes = 0
        self._known = {one.untyped_storage()._cdata for one in leave_out}
        self._held: list[Tensor] = []
        self._hooks = torch.autograd.graph.saved_tensors_hooks(self._pack, lambda tensor: tensor)

    def _pack(self, tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in self._known:
            self._known.add(storage._cdata)
            self._held.append(tensor.detach())  # so that no later tensor takes its place under the same number
            self.bytes += storage.nbytes()
        return tensor

    def __enter__(self) -> SavedTensors:
        self._hooks.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._hooks.__exit__(*error)
        self._held.clear()

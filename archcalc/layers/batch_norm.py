"""Batch normalisation."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._norm import MovingNorm


class BatchNorm(MovingNorm):
    """Normalise each channel to mean 0 and variance 1, then with `affine` scale by γ and shift by β.

    At inference the moving mean and variance are used. They are stored with the layer as buffers: they are updated, not
    trained, and are not counted as parameters (Keras lists them as non-trainable parameters). Without them, by
    `track_running_stats: false`, mean and variance are those of the input itself, of which each output reads all.

    `scale: false` leaves out γ alone, as Inception's norms in Keras and TF-Slim do: the layer behind the ReLU scales.
    PyTorch's module has no such argument; it computes the same where its `weight` is None.

    Counts
        Parameters: γ and β, one each per channel. Buffers: mean and variance, one each per channel. Per output one
        addition (the mean) and one division (by √(variance + ε)), with γ one multiplication more, with β one addition
        more; one square root per channel. Without moving statistics mean and variance are computed as by `instance_norm`,
        for one example. No multiply-adds.

    Sources
        Ioffe & Szegedy 2015, "Batch normalization", algorithms 1 and 2. Keras documentation, `BatchNormalization` (`scale`).
    """

    summary: ClassVar[str] = "normalisation per channel, moving statistics as buffers"
    example: ClassVar[dict[str, Any]] = {"inputs": [[32, 112, 112]], "fields": {}}
    normalizes: ClassVar[bool] = True

    scale: bool = True

    @property
    def has_scale(self) -> bool:
        return self.affine and self.scale

    @property
    def has_shift(self) -> bool:
        return self.affine

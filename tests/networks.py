"""The networks of the zoo that tests go through: those of the first textbook chapters, and a sample of the others."""

from __future__ import annotations

import random

from archcalc.description.zoo import zoo

CLASSICS = (
    "alexnet",
    "deconv_demo",
    "deeplab_largefov",
    "googlenet",
    "lenet5",
    "mlp",
    "mobilenet_v1",
    "resnet101",
    "resnet152",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet_cifar",
    "segnet",
    "squeezenet",
    "unet",
    "vgg11",
    "vgg13",
    "vgg16",
    "vgg19",
    "zfnet",
)
MOST = 12


def _sample() -> tuple[str, ...]:
    others = [name for name in zoo() if name not in CLASSICS]
    return (*CLASSICS, *sorted(random.Random(1).sample(others, min(MOST, len(others)))))


NETWORKS = _sample()
"""Every classic network, and the same dozen of the others in each run; the printed figures of all of them are claims."""

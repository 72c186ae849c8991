"""The gallery: networks, each in the style that suits it. `python docs/generate.py` writes and checks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archcalc import analyze, load
from archcalc.views.diagram.files import stamped
from archcalc.views.diagram.layout.page import draw
from archcalc.views.diagram.options import read_options
from archcalc.views.diagram.writers.svg import document

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
OF_TODAY = (
    "transformer_base",
    "vit_b_16",
    "torchvision/convnext_tiny",
    "gpt2",
    "mixtral_8x7b",
    "lstm_lm",
    "wavenet",
    "pointnet",
)
USUAL = [("blocks", {"aspect": "16:9"}, "")]
# Network: style, settings, what to see. A network that is not named is drawn as blocks on a slide.
SUITED = {
    "alexnet": [
        ("volumes", {}, "Two towers for the two GPUs, as in figure 2 of the paper; windows lead to the next volume."),
        ("cone", {"layer": "conv5"}, "What the middle unit of conv5 sees."),
        ("connections", {}, "The groups of conv2, conv4 and conv5."),
    ],
    "lenet5": [
        ("stacks", {}, "Figure 2 of the paper."),
        ("connections", {}, "Table I of the paper: which maps of S2 feed which map of C3."),
    ],
    "vgg16": [*USUAL, ("volumes", {}, "The same as volumes: halved in size where the channels double.")],
    "zfnet": [("volumes", {}, "")],
    "deeplab_largefov": [("cone", {"layer": "fc6"}, "Taps 12 apart see far with few weights.")],
    "mlp": [("blocks", {"show": "name,kernel,shape,params"}, "")],
    "deconv_demo": [("cone", {"layer": "deconv", "unit": "1,1"}, "What a unit of a transposed convolution reads.")],
    "resnet50": [*USUAL, ("blocks", {"heat": "params", "aspect": "16:9"}, "Coloured by parameters.")],
    "transformer_base": [
        ("blocks", {"direction": "TB"}, "Figure 1 of the paper: what every layer of the decoder reads is named there."),
        ("blocks", {"depth": "1"}, "The same, a block of the description as one box."),
    ],
    "unet": [*USUAL, ("volumes", {"width": "40cm", "min_text": "4"}, "The maps to scale, skips above.")],
}


def pages(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every figure with its text, and the page that shows them."""
    parts = [
        "# Gallery\n\nThe classic networks of the zoo and some of today, each in the style that suits it. All labels are "
        "calculated; `python docs/generate.py` draws the figures again, and with `--check` says whether one is stale.\n"
    ]
    for name in (*CLASSICS, *OF_TODAY):
        report = analyze(load(name))
        parts.append(f"\n## {report.name}\n\n{report.source}\n")
        for at, (style, given, words) in enumerate(SUITED.get(name, USUAL)):
            chosen = read_options({"style": style, **given})
            scene = stamped(draw(report, chosen), chosen, "svg")
            file = f"{name.replace('/', '-')}-{style}{'' if at == 0 or style != SUITED[name][at - 1][0] else '-2'}.svg"
            yield folder / "gallery" / file, document(scene)
            options = "".join(f" --{key.replace('_', '-')} {value}" for key, value in given.items())
            parts.append(f"\n![{scene.title}, {style}](gallery/{file})\n")
            command = f"`archcalc diagram {name} --style {style}{options} -o FILE`"
            parts.append(f"\n{words} {command}\n" if words else f"\n{command}\n")
    yield folder / "gallery.md", "".join(parts)

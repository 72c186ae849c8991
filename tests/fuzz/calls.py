"""Calls of the command line on a network: every command that reads one, with every option, sound or not."""

from __future__ import annotations

import random

from tests.fuzz.case import HOSTILE, Case

STYLES = ["blocks", "graph", "volumes", "stacks", "cone", "connections", "nonsense"]
TABLES = ["table", "markdown", "csv", "json", "latex"]
FIGURES = [
    "140M",
    "1,234",
    "0",
    "138,357,544",
    "1.5e9",
    "3×10⁸",
    "15.5 GFLOPs",
    "12 MB",
    "x",
    "",
    "-7",
    "९",
    "1.000.000",
    "9" * 400,
]
ZOO = ["lenet5", "vgg11", "mobilenet_v1", "resnet_cifar", "squeezenet", "deconv_demo", "mlp", "alexnet", "unet"]
NUMBERS = [
    "1",
    "2",
    "3",
    "4",
    "8",
    "0",
    "1",
    "2",
    "3",
    "-1",
    "1.5",
    "7",
    "1e3",
    "",
    "x",
    "9" * 20,
    "9" * 5000,
    "1/3",
    "nan",
    "inf",
    "0x10",
    "٣",
    "1 000",
    "30%",
]


def call(chance: random.Random, network: str, names: list[str]) -> list[str]:
    """A command on a network whose layers may have these names."""
    command = chance.choice([*COMMANDS, "params", "summary", "diagram"])
    words = [command, network, *COMMANDS[command](chance, names)]
    if command != "verify":
        words += overrides(chance)
    return words


def overrides(chance: random.Random) -> list[str]:
    """The options of every command on a network."""
    words: list[str] = []
    if chance.random() < 0.06:
        words += ["--set", f"{chance.choice(['n', 'k', 'flag', 'alpha', 'w', ''])}={chance.choice(HOSTILE)}"]
    if chance.random() < 0.05:
        words += [
            "--input",
            chance.choice(["3x32x32", "1x28x28", "3", "3×9×9", "0x1", "", "x", "2x2x2x2", f"{chance.choice(NUMBERS)}x8x8"]),
        ]
    if chance.random() < 0.05:
        words += ["--freeze", chance.choice(["*", "conv*", "nosuch", "", "[", "*a*b*c*d*", "c.1"])]
    if chance.random() < 0.03:
        words += ["--max-layers", chance.choice(NUMBERS)]
    return words


def table(chance: random.Random, names: list[str]) -> list[str]:
    words = ["--format", chance.choice(TABLES)] if chance.random() < 0.6 else []
    return [*words, *(["--expand"] if chance.random() < 0.2 else []), *(["--notes"] if chance.random() < 0.3 else [])]


def total(chance: random.Random, names: list[str]) -> list[str]:
    return ["--total"] if chance.random() < 0.2 else depth(chance, names)


def depth(chance: random.Random, names: list[str]) -> list[str]:
    return table(chance, names) + (["--depth", chance.choice(NUMBERS)] if chance.random() < 0.2 else [])


def memory(chance: random.Random, names: list[str]) -> list[str]:
    words = ["--format", chance.choice(TABLES)]
    for option in ("--batch", "--dtype"):
        if chance.random() < 0.1:
            words += [option, chance.choice([*NUMBERS, "float16", "int8"])]
    if chance.random() < 0.3:
        words += ["--training", "--optimizer", chance.choice(["sgd", "adam", "sgd_momentum", "x"])]
    return [*words, *(["--no-inplace"] if chance.random() < 0.2 else [])]


def training(chance: random.Random, names: list[str]) -> list[str]:
    words = ["--format", chance.choice(TABLES)]
    for option in (
        "--batch",
        "--dataset-size",
        "--epochs",
        "--devices",
        "--peak",
        "--utilisation",
        "--days",
        "--optimizer",
        "--explain",
    ):
        if chance.random() < 0.08:
            words += [option, chance.choice([*NUMBERS, *names, "1.5T"])]
    return words


def explain(chance: random.Random, names: list[str]) -> list[str]:
    words = [chance.choice(names)] if names and chance.random() < 0.8 else []
    if words and chance.random() < 0.3:
        words.append(chance.choice(["params", "output", "mult_adds", "rf", "receptive_field", "flops", "x"]))
    return [*words, "--format", chance.choice(["text", "markdown", "latex", "json"])]


def sweep(chance: random.Random, names: list[str]) -> list[str]:
    values = [chance.choice(NUMBERS[:13]) for _ in range(chance.randint(1, 3))]
    return ["--set", f"{chance.choice(['n', 'k', 'w', 'flag'])}={','.join(values)}", "--format", chance.choice(TABLES)]


def diagram(chance: random.Random, names: list[str]) -> list[str]:
    ending = chance.choice(["svg", "svg", "svg", "tex", "dot"])
    words = ["-o", f"out.{ending}"] if chance.random() < 0.8 else []
    if chance.random() < 0.8:
        words += ["--style", chance.choice(STYLES)]
    options = {
        "--show": ["name", "name,rf", "shape,params", "x", "macs,name,kernel"],
        "--heat": ["params", "mult_adds", "activations", "x"],
        "--width": ["3cm", "5cm", "8.4cm", "12cm", "30cm", "0cm", "450pt", "x", "1e9cm"],
        "--aspect": ["16:9", "4:3", "1:9", "0:1", "x"],
        "--depth": ["1", "2", "0"],
        "--palette": ["dark", "print", "muted", "x"],
        "--direction": ["LR", "TB", "x"],
        "--scale": ["linear", "sqrt", "log", "x"],
        "--layer": names or ["x"],
        "--unit": ["0,0", "1,1", "0", "9,9", "-1,-1", "x", "1,1,1"],
        "--only": [f"{chance.choice(names)}..{chance.choice(names)}" if names else "a..b", "..", "x"],
        "--min-text": NUMBERS,
        "--convention": ["flops", "fvcore", "x", "calflops"],
    }
    for option, values in options.items():
        if chance.random() < 0.08:
            words += [option, chance.choice(values)]
    return words + [
        option for option in ("--expand", "--no-legend", "--no-caption", "--check", "--fragment") if chance.random() < 0.1
    ]


def report(chance: random.Random, names: list[str]) -> list[str]:
    return ["-o", "out.html"]


def macs(chance: random.Random, names: list[str]) -> list[str]:
    conventions = ["flops", "mult-adds", "fvcore", "calflops", "ptflops", "thop", "x"]
    return total(chance, names) + (["--convention", chance.choice(conventions)] if chance.random() < 0.5 else [])


def verify(chance: random.Random, names: list[str]) -> list[str]:
    formats = ["text", "concise", "github", "junit", "sarif", "json", "markdown"]
    return ["--format", chance.choice(formats), *(["--fix"] if chance.random() < 0.1 else [])]


def diagnose(chance: random.Random, names: list[str]) -> list[str]:
    quantity = chance.choice(["params", "mult-adds", "flops", "activations", "neurons", "weights", "buffers", "connections"])
    words = [f"--{quantity}", chance.choice([*FIGURES, str(chance.randint(1, 5000))])]
    if names and chance.random() < 0.2:
        words += ["--of", chance.choice(names)]
    return [*words, "--format", chance.choice(["text", "json"])]


COMMANDS = {
    "params": total,
    "summary": depth,
    "shapes": depth,
    "rf": table,
    "macs": macs,
    "memory": memory,
    "training": training,
    "explain": explain,
    "sweep": sweep,
    "diagram": diagram,
    "report": report,
    "verify": verify,
    "diagnose": diagnose,
}
"""Commands that read a network, with what draws their options."""


def case(chance: random.Random) -> Case:
    """A call on a network of the zoo, or one that makes no sense at all."""
    if chance.random() < 0.1:
        words = [chance.choice([*COMMANDS, "layers", "zoo", "schema", "completion", "check", "nosuch", "-x", "", "lenet5"])]
        return Case({}, [[*words, *(chance.choice([*HOSTILE, *ZOO, "--help", "-f"]) for _ in range(chance.randint(0, 3)))]])
    return Case(
        {}, [call(chance, chance.choice(ZOO), ["conv1", "conv1_1", "pool1", "C3", "fc6", "input", "nosuch", "a.b", "*"])]
    )

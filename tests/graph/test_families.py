"""A family from one file (`extends`), and networks as blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archcalc import analyze, load
from archcalc.description import networks
from archcalc.description.data import read_description
from archcalc.description.networks import read_beside
from archcalc.errors import ArchcalcError
from archcalc.graph import Graph, Group, Limits, Node
from tests.conftest import Run
from tests.support import calls_of

FAMILY = """\
archcalc: 1
name: Family
source: a paper
variables: {depths: [1, 2], width: 8, act: relu, classes: 10}
input: {shape: [3, 32, 32]}
blocks:
  unit:
    arguments: {c: required, s: 1}
    layers:
      - {id: conv, op: conv, out_channels: c, kernel_size: 3, stride: s, padding: 1}
      - {op: act}
  stage:
    arguments: {n: required, c: required}
    layers: [{id: 1..n, op: unit, c: c}]
layers:
  - {id: stem, op: unit, c: width}
  - {id: layer1..2, op: stage, n: "depths[copy-1]", c: width*2**copy}
  - {id: pool, op: global_avg_pool}
  - {op: flatten}
  - {id: fc, op: linear, out_features: classes}
frozen: [stem]
ignore: [ARC302]
claims: []
"""
LINEAR = "archcalc: 1\ninput: {shape: [8]}\nlayers: [{op: linear, out_features: 2}]\n"
BIG = "archcalc: 1\nextends: family.yaml\nvariables: {width: 16, act: tanh}\n"


def conv(i: int, o: int) -> int:
    return 9 * i * o + o


def total(width: int, depths: list[int], classes: int, channels: int = 3) -> int:
    """The parameters of a member of the family, by hand."""
    count = conv(channels, width)
    before = width
    for stage, depth in enumerate(depths, 1):
        for _ in range(depth):
            count, before = count + conv(before, width * 2**stage), width * 2**stage
    return count + (before + 1) * classes


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """Writes files into a folder, and returns the first one."""

    def write(**texts: str) -> str:
        for name, text in {"family": FAMILY, **texts}.items():
            path = tmp_path / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return str(tmp_path / f"{next(iter(texts), 'family').replace('__', '/')}.yaml")

    return write


def params(path: Any, **options: Any) -> int:
    return analyze(path if isinstance(path, Graph) else load(path, **options)).totals.params


def errors(path: str) -> str:
    with pytest.raises(ArchcalcError) as caught:
        analyze(load(path))
    return caught.value.with_excerpts()


# -- extends ---------------------------------------------------------------------------------------------------------------


def test_variables_are_replaced_by_name(files: Any) -> None:
    path = files(big=BIG)
    assert params(path) == total(16, [1, 2], 10)
    graph = load(path)
    assert [node.entry.op for node in graph.nodes][1] == "tanh"
    assert graph.variables == {"depths": [1, 2], "width": 16, "act": "tanh", "classes": 10}
    assert params(path, variables={"width": 4, "depths": [2, 2]}) == total(4, [2, 2], 10)


def test_name_and_claims_are_its_own_and_the_rest_is_taken_over(files: Any) -> None:
    document = load(files(big=BIG)).document
    assert (document.name, document.source, document.opaque, document.frozen) == ("", "a paper", {}, ["stem"])
    assert load(files(big=BIG)).name == "big"
    assert document.ignore == ["ARC302"]


def test_a_family_over_three_files_in_two_folders(files: Any) -> None:
    bigger = "archcalc: 1\nextends: ../big.yaml\nvariables: {classes: 2*width}\ninput: {shape: [1, 64, 64]}\nfrozen: []\n"
    graph = load(files(sub__bigger=bigger, big=BIG))
    assert analyze(graph).totals.params == total(16, [1, 2], 32, channels=1)
    assert not graph.frozen


def test_input_and_inputs_replace_each_other(files: Any) -> None:
    assert params(files(big=BIG + "inputs: {image: {shape: [1, 8, 8]}}\n")) == total(16, [1, 2], 10, channels=1)


def test_a_block_is_replaced_by_name(files: Any) -> None:
    unit = "blocks:\n  unit: {arguments: {c: required, s: 1}, layers: [{op: conv, out_channels: c, kernel_size: 1}]}\n"
    graph = load(files(big=BIG + unit))
    assert [node.id for node in graph.nodes[:3]] == ["stem.conv1", "layer1.1.conv1", "layer2.1.conv1"]


def test_a_zoo_network_is_extended() -> None:
    text = "archcalc: 1\nextends: mobilenet_v1\nvariables: {alpha: 0.5, resolution: 160}\n"
    assert params(text) == params("mobilenet_v1", variables={"alpha": 0.5, "resolution": 160})
    assert params({"archcalc": 1, "extends": "mobilenet_v1"}) == params("mobilenet_v1")


def test_a_member_as_a_model_is_the_same_network(files: Any) -> None:
    assert params(read_description(files(big=BIG))) == total(16, [1, 2], 10)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("extends: big.yaml", ["big.yaml:2:10: error[ARC148] extends: big.yaml comes back to itself: big.yaml → big.yaml"]),
        ("extends: other.yaml", ["other.yaml:2:10: error[ARC148] extends: big.yaml", "big.yaml → other.yaml → big.yaml"]),
        ("extends: nowhere.yaml", ["error[ARC148] extends: there is no file nowhere.yaml"]),
        ("extends: family", ["there is no network family in the zoo", "write family.yaml for the file"]),
        ("extends: lenet", ["error[ARC148] extends: there is no .yaml file lenet", "did you mean lenet5?"]),
        ("extends: /etc/passwd", ["error[ARC148] extends: there is no .yaml file /etc/passwd"]),
        ("extends: ''", ["error[ARC148]"]),
        ("extends: [family.yaml]", ["error[ARC115] this is a single text"]),
        ("extends: broken.yaml", ["broken.yaml:2:11: error[ARC106]"]),
        ("extends: family.yaml\nvariables: {widht: 3}", ["has no variable widht", "did you mean width?"]),
        ("extends: family.yaml\nvariables: {width: wdth}", ["big.yaml:3:20: error[ARC131] width: there is no variable"]),
        ("extends: family.yaml\ninput: {shape: [3, 0, 32]}", ["big.yaml:3:20: error[ARC138]"]),
        ("extends: family.yaml\nfrozen: [stem, conv9]", ["big.yaml:3:16: error[ARC140]"]),
        ("extends: family.yaml\nlayers: [{op: relu}]", ["family.yaml:21:10: error[ARC140]", "  frozen: [stem]\n           ^"]),
        ("extends: family.yaml\nvariables: {act: 3}", ["family.yaml:11:14: error[ARC118]", "      - {op: act}\n"]),
        ("extends: family.yaml\nfrozen: []\nlayers: [{op: nonsense}]", ["big.yaml:4:15: error[ARC118]"]),
    ],
)
def test_what_cannot_be_extended(text: str, sentences: list[str], files: Any) -> None:
    found = errors(
        files(big=f"archcalc: 1\n{text}\n", other="archcalc: 1\nextends: big.yaml\n", broken="archcalc: 1\nlayers: [ }\n")
    )
    for sentence in sentences:
        assert sentence in found
    assert found.count("error[") == 1


def test_every_command_quotes_the_file_of_the_problem(files: Any, run: Run) -> None:
    """Line 8 of the child is not what is wrong in line 8 of the network that it extends."""
    child = "archcalc: 1\nextends: base.yaml\nvariables: {n: 4}\n" + "# a line of the child\n" * 9
    base = "archcalc: 1\nvariables: {n: 3}\ninput: {shape: [8, 4]}\n\n\n\nlayers:\n"
    layer, figure = "  - {op: linear, out_features: 2, id: fc}\n", "figure:\n  style: nonsense\n"
    path = files(child=child, base=base + "  - {op: linaer, out_features: n}\n")
    for command in ("params", "sweep"):
        assert "base.yaml:8:10: error[ARC118]" in (found := run(command, path).err)
        assert "  - {op: linaer, out_features: n}\n" in found
        assert "a line of the child" not in found
    path = files(child=child, base=base + layer + figure)
    found = run("diagram", path).err
    assert "base.yaml:10:10: error[ARC471]" in found
    assert "  style: nonsense\n" in found


@pytest.mark.needs("torch")
def test_a_network_without_a_builder_quotes_its_file(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from archcalc.reference import network

    monkeypatch.setattr(network, "builder", lambda op: None)
    graph = load(files(child="archcalc: 1\nextends: base.yaml\n# a\n# b\n", base=LINEAR))
    with pytest.raises(ArchcalcError) as caught:
        network.Network(graph)
    assert "layers: [{op: linear, out_features: 2}]\n" in caught.value.with_excerpts()


def test_a_long_chain_is_refused(files: Any) -> None:
    texts = {f"f{at}": f"archcalc: 1\nextends: f{at + 1}.yaml\n" for at in range(20)}
    assert "more than 8 files extend or use each other: f0.yaml → f1.yaml" in errors(files(**texts))


@pytest.mark.parametrize(("name", "code"), [('""', "ARC148"), ("' '", "ARC148"), ("x" * 2001, "ARC126"), ("[a]", "ARC115")])
@pytest.mark.parametrize("key", ["extends: {}", "blocks: {{b: {{network: {}}}}}\nlayers: [{{op: b}}]"])
def test_a_name_that_is_none_is_one_problem(files: Any, key: str, name: str, code: str) -> None:
    found = errors(files(net=f"archcalc: 1\ninput: {{shape: [4]}}\n{key.format(name)}\n"))
    assert (found.count("error["), f"error[{code}]" in found) == (1, True), found
    if code == "ARC148":
        assert "names no network\n" in found
        assert "write a .yaml file, or a network of the zoo such as resnet50" in found


def test_networks_that_multiply_beside_one_that_cannot_be_read(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file uses the next one eight times, and the last one is beyond the chain: 8**8 uses of no layer."""
    made = calls_of(monkeypatch, "archcalc.graph.expansion.Group", Group)
    head = "archcalc: 1\ninput: {shape: [3, 4]}\n"
    uses = "layers: [" + ", ".join(["{op: b}"] * 8) + "]\n"
    texts = {f"f{at}": f"{head}blocks: {{b: {{network: f{at + 1}.yaml}}}}\n{uses}" for at in range(9)}
    assert "error[ARC148]" in errors(files(**texts))
    assert len(made) <= 2


# -- a network as a block --------------------------------------------------------------------------------------------------

USER = """\
archcalc: 1
variables: {width: 3, w: 5}
input: {shape: [3, 48, 48]}
blocks:
  unit: {layers: [{op: conv, out_channels: width, kernel_size: 1}]}
  backbone: {network: family.yaml, until: layer1..2, set: {width: 2*width}}
  whole: {network: family.yaml}
layers:
"""


def test_layers_to_the_last_one_with_the_ids_of_the_network(files: Any) -> None:
    graph = load(files(user=USER + "  - {id: b, op: backbone}\n"))
    assert [node.id for node in graph.nodes][-4:] == [
        "b.layer2.1.conv",
        "b.layer2.1.act1",
        "b.layer2.2.conv",
        "b.layer2.2.act1",
    ]
    assert params(graph) == total(6, [1, 2], 0)
    assert analyze(graph).layers[-1].output == (24, 48, 48)


def test_both_have_blocks_and_variables_of_their_own(files: Any) -> None:
    """`unit` and `width` mean one thing here, and another one in the network."""
    found = params(files(user=USER + "  - {op: unit}\n  - {op: whole}\n"))
    assert found == 4 * 3 + total(8, [1, 2], 10)


def test_its_variables_are_arguments(files: Any) -> None:
    layers = "  - {op: whole, width: w, depths: [2, 1], act: sigmoid, classes: width}\n"
    graph = load(files(user=USER + layers))
    assert params(graph) == total(5, [2, 1], 3)
    assert graph.nodes[1].entry.op == "sigmoid"


def test_it_is_repeated_tied_and_named_like_any_block(files: Any) -> None:
    layers = "  - {id: a, op: backbone}\n  - {id: b, op: backbone, inputs: input, weights_of: a}\n"
    layers += "  - {op: concat, inputs: [a.stem.conv, '*.stem.conv']}\n"
    graph = load(files(user=USER + layers))
    assert params(graph) == total(6, [1, 2], 0)
    assert len(graph.nodes[-1].sources) == 3


def test_a_zoo_network_is_a_block_without_its_input() -> None:
    last = next(entry.id for entry in load("vgg16").document.layers if entry.op == "max_pool")
    text = "archcalc: 1\ninput: {shape: [3, 64, 64]}\nlayers: [{op: b}]\n"
    text += f"blocks: {{b: {{network: vgg16, until: {last}}}}}\n"
    assert analyze(load(text)).layers[-1].output == (64, 32, 32)


def test_what_a_network_extends_may_be_its_block_too(files: Any) -> None:
    text = "archcalc: 1\nextends: family.yaml\nblocks: {b: {network: family.yaml, until: stem}}\nlayers: [{id: stem, op: b}]\n"
    assert params(files(user=text)) == conv(3, 8)


def test_networks_in_networks(files: Any) -> None:
    inner = USER + "  - {op: unit}\n  - {id: b, op: backbone}\n"
    outer = "archcalc: 1\ninput: {shape: [1, 9, 9]}\nblocks: {n: {network: inner.yaml, set: {width: 7}}}\nlayers: [{id: n, op: n, repeat: 2}]\n"
    graph = load(files(outer=outer, inner=inner))
    assert [node.id for node in graph.nodes[:2]] == ["n.1.unit1.conv1", "n.1.b.stem.conv"]
    assert params(graph) == 2 * 7 + total(14, [1, 2], 0, 7) + (56 + 1) * 7 + total(14, [1, 2], 0, 7)


def test_a_network_block_as_a_model(files: Any) -> None:
    path = files(user=USER + "  - {id: b, op: backbone}\n")
    assert params(read_description(path)) == total(6, [1, 2], 0)


@pytest.mark.parametrize(
    ("block", "sentences"),
    [
        ("network: user.yaml", ["error[ARC148] network: user.yaml comes back to itself"]),
        ("network: nowhere.yaml", ["error[ARC148] network: there is no file nowhere.yaml"]),
        ("network: family.yaml, until: layer1", ["has no layer or block layer1, outside of its blocks", "layer1..2"]),
        ("network: family.yaml, set: {widht: 1}", ["has no variable widht", "did you mean width?"]),
        (
            "network: family.yaml, set: {width: widht}",
            ["user.yaml:5:42: error[ARC131] width: there is no variable or argument"],
        ),
        ("network: family.yaml, set: {width: in_channels/0}", ["divides by zero"]),
        ("network: family.yaml, layers: []", ["block b, a network, has no key layers"]),
        ("until: a, layers: [{op: relu}]", ["block b has no key until"]),
        ("network: wrong.yaml", ["wrong.yaml:4:17: error[ARC118]"]),
        ("network: family.yaml, set: {depths: 3}", ["family.yaml:17:35: error[ARC131]", "depths is a number, 3"]),
    ],
)
def test_what_cannot_be_a_block(block: str, sentences: list[str], files: Any) -> None:
    text = f"archcalc: 1\nvariables: {{width: 3}}\ninput: {{shape: [3, 8, 8]}}\nblocks:\n  b: {{{block}}}\nlayers: [{{op: b, id: b}}]\n"
    wrong = "archcalc: 1\ninput: {shape: [3, 8, 8]}\nlayers:\n  - {id: b, op: nonsense}\n"
    found = errors(files(user=text, wrong=wrong))
    for sentence in sentences:
        assert sentence in found
    assert found.count("error[") == 1


def test_networks_that_double_are_bounded(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file uses the next one nine times, and 200 blocks are networks: an error before most of it is made or read."""
    made = calls_of(monkeypatch, "archcalc.graph.expansion.Node", Node)
    use = "archcalc: 1\ninput: {{shape: [1]}}\nblocks: {{n: {{network: f{0}.yaml}}}}\nlayers: [{{op: n, repeat: 9}}]\n"
    texts = {f"f{at}": use.format(at + 1) for at in range(5)} | {
        "f5": "archcalc: 1\ninput: {shape: [1]}\nlayers: [{op: relu}]\n"
    }
    path = files(**texts)
    assert len(load(path).nodes) == len(made) == 9**5
    made.clear()
    with pytest.raises(ArchcalcError, match="the network has more than 50,000 layers"):
        load(path, limits=Limits(layers=50_000))
    assert len(made) == 9**4, "one of the nine, by which the others are counted"
    blocks = ", ".join(f"b{at}: {{network: f5.yaml}}" for at in range(200))
    many = f"archcalc: 1\ninput: {{shape: [1]}}\nblocks: {{{blocks}}}\nlayers: [{{op: b1}}]\n"
    read = []
    monkeypatch.setattr(networks, "read_beside", lambda name, path: read.append(name) or read_beside(name, path))
    assert "more than 100 networks are extended or used as blocks" in errors(files(many=many, f5=texts["f5"]))
    assert len(read) == 100

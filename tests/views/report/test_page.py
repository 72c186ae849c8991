"""The HTML report: what it holds, that it holds together, and that text in it stays text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from archcalc import analyze, load
from archcalc.analysis.loading import load_source
from archcalc.description.source import Source
from archcalc.errors import DescriptionError
from archcalc.views.diagram.layout.page import draw
from archcalc.views.report import explorer
from archcalc.views.report.page import write
from tests.networks import NETWORKS

pytestmark = pytest.mark.needs("jinja2")
VOID = {"meta", "link", "br", "input", "img", "hr"}


class Page(HTMLParser):
    """The elements of a page, and whether they nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(str(values.get("href")))
        self.sources += [str(values[key]) for key in ("src", "srcset", "action") if values.get(key)]
        assert not any(key.startswith("on") for key in values), f"an event handler in {tag}"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def three() -> str:
    return write([analyze(load(name)) for name in ("resnet50", "vgg16", "mobilenet_v1")])


def test_one_file_of_bounded_size_that_fetches_nothing(three: str) -> None:
    assert len(three.encode()) < 2_000_000
    page = Page(three)
    assert page.open == []
    assert page.sources == []
    assert all(link.startswith("#") for link in page.links)
    addresses = set(re.findall(r"https?://[^\"'\s<]+", three))
    assert addresses <= {"http://www.w3.org/2000/svg"}, addresses


def test_ids_are_unique_and_links_lead_somewhere(three: str) -> None:
    page = Page(three)
    assert len(page.ids) == len(set(page.ids))
    missing = {link for link in page.links if link[1:] not in set(page.ids)}
    assert not missing, sorted(missing)[:5]


def test_the_numbers_are_there(three: str) -> None:
    text = " ".join(Page(three).text)
    # Simonyan & Zisserman 2015; the multiply-adds of MobileNet v1.
    for number in ("138,357,544", "568,740,352", "25,557,032"):
        assert number in text


@pytest.mark.parametrize("name", NETWORKS)
def test_every_shipped_network_has_a_page(name: str) -> None:
    page = Page(write([analyze(load(name))]))
    assert page.open == []
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_hostile_text_stays_text() -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} \u202e\x07"
    text = (
        f"archcalc: 1\nname: {json.dumps(evil)}\nsource: {json.dumps(evil)}\ninput: {{shape: [3, 32, 32]}}\nlayers:\n"
        f"  - {{id: {json.dumps(evil)}, op: conv, out_channels: 4, kernel_size: 3}}\n"
    )
    made = write([analyze(load_source(Source("net.yaml", text)))], {0: [("holds", evil)]})
    page = Page(made)
    assert page.open == []
    assert page.tags.count("script") == 2
    assert "img" not in page.tags
    words = " ".join(page.text)
    assert "{{ 7*7 }}" in words
    assert "\x07" not in made
    assert "\u202e" not in made


def test_claims_appear_with_their_verdicts() -> None:
    made = write([analyze(load("vgg16"))], {0: [("erratum", "params 138,423,208, computed 138,357,544")]})
    assert "138,423,208" in made
    assert "Printed figures" in made
    assert "Printed figures" not in write([analyze(load("vgg16"))])


@pytest.mark.parametrize(
    ("name", "layer"), [("alexnet", "conv5"), ("deeplab_largefov", "fc6"), ("unet", "up2.up"), ("deconv_demo", "deconv")]
)
def test_the_explorer_looks_up_what_the_report_says(name: str, layer: str) -> None:
    report = analyze(load(name))
    data = explorer.data(report)
    entry: dict[str, Any] = next(one for one in data["layers"] if one["id"] == layer)
    found = report.layer(layer)
    for unit in (0, 1, int(found.output.spatial[0]) // 2):
        box = found.receptive_field.box((unit,) * len(entry["size"]))
        for axis, table in enumerate(entry["fields"]):
            spans = data["spans"][table]
            assert (spans[2 * unit], spans[2 * unit + 1]) == box[axis]


def test_one_and_three_axes() -> None:
    for shape, size in (("[2, 50]", "[2, 46]"), ("[2, 8, 20, 30]", "[2, 4, 16, 26]")):
        text = f"archcalc: 1\ninput: {{shape: {shape}}}\nlayers:\n  - {{op: conv, out_channels: 2, kernel_size: 5}}\n"
        report = analyze(load_source(Source("net.yaml", text)))
        assert list(report.output) == json.loads(size)
        assert Page(write([report])).open == []


def test_notebooks() -> None:
    report = analyze(load("lenet5"))
    assert report._repr_svg_().startswith("<svg")
    assert "60,840 parameters" in report._repr_html_()
    assert "id=" not in report._repr_html_().replace("textLength", "")
    assert report._repr_markdown_().startswith("**LeNet-5")
    assert r"\toprule" in report._repr_latex_()


def test_a_figure_that_does_not_fit_is_left_out_with_a_sentence() -> None:
    """Copies of copies, 40 levels deep, whose numbers have hundreds of digits; all else is there."""
    blocks = {f"b{level}": {"layers": [{"op": f"b{level + 1}", "parallel": 10**30, "active": 2}]} for level in range(39)}
    blocks["b39"] = {"layers": [{"op": "linear", "out_features": 4}]}
    text = {"archcalc": 1, "name": "deep", "input": {"shape": [4]}, "blocks": blocks, "layers": [{"op": "b0"}]}
    report = analyze(load_source(Source("net.yaml", json.dumps(text))))
    assert report.totals.params == 10 ** (30 * 39) * 20
    with pytest.raises(DescriptionError, match="ARC475"):
        draw(report)
    page = Page(write([report, analyze(load("lenet5"))]))
    words = " ".join(page.text)
    assert "No figure: deep does not fit the page with text of at least" in words
    assert f"{10 ** (30 * 39) * 20:,}" in words
    assert page.tags.count("figure") > 0
    assert {link[1:] for link in page.links} <= set(page.ids)
    with pytest.raises(DescriptionError, match="ARC471"):
        write([analyze(load_source(Source("net.yaml", json.dumps({**text, "figure": {"style": "nosuch"}}))))])


def test_a_page_of_too_many_layers_is_refused() -> None:
    text = "archcalc: 1\ninput: {{shape: [1, 8]}}\nlayers:\n  - {{op: relu, repeat: {}}}\n"
    report = analyze(load_source(Source("net.yaml", text.format(10_001))))
    with pytest.raises(DescriptionError, match=r"ARC489.*a report of 20,002 layers is more than 20,000"):
        write([report, report])

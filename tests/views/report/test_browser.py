"""The report in a real browser, opened from disk with the network off: sorting, derivations, explorer, keyboard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archcalc import analyze, load

pytestmark = pytest.mark.needs("playwright", "chromium", "jinja2")
SHOTS = os.environ.get("ARCHCALC_ARTEFACTS")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from archcalc.views.report.page import write

    path = tmp_path_factory.mktemp("report") / "r.html"
    path.write_text(write([analyze(load(name)) for name in ("alexnet", "lenet5")]), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
    page.goto(file.as_uri())
    yield page
    context.close()
    assert not said, said


def test_it_looks_as_it_should(page: Any, tmp_path: Path) -> None:
    shot = Path(SHOTS or tmp_path) / "report.png"
    page.screenshot(path=str(shot), full_page=True)
    assert shot.stat().st_size > 50_000
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page scrolls sideways"


def test_sorting_by_keyboard(page: Any) -> None:
    table = page.locator("table.layers").first
    button = table.locator("thead button", has_text="Parameters")
    button.focus()
    page.keyboard.press("Enter")
    assert table.locator("thead th", has_text="Parameters").get_attribute("aria-sort") == "descending"
    # Krizhevsky et al. 2012: fc6 holds most of the parameters, 4096·(9216 + 1).
    assert table.locator("tbody tr").first.locator("th").inner_text() == "fc6"
    page.keyboard.press("Enter")
    assert table.locator("thead th", has_text="Parameters").get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert table.locator("tbody tr").first.locator("th").inner_text() == "conv1"


def test_a_number_shows_its_derivation(page: Any) -> None:
    page.locator("table.layers").first.locator("tbody tr", has_text="conv1").first.locator("a.why").first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog#sum")
    assert dialog.is_visible()
    assert "34,944" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.className") == "why"


def test_the_explorer(page: Any) -> None:
    explorer = page.locator(".explorer").first
    assert explorer.is_visible()
    explorer.locator("select").select_option(label="conv2 (27×27)")
    slider = explorer.locator("input[type=range]").first
    slider.focus()
    page.keyboard.press("Home")
    result = explorer.locator(".result").inner_text()
    expected = analyze(load("alexnet")).layer("conv2").receptive_field.box((0, 13))
    (top, bottom), (left, right) = expected  # type: ignore[misc]
    assert f"{top} … {bottom} by {left} … {right}" in result
    before = explorer.locator(".plane.input .field").get_attribute("y")
    page.keyboard.press("End")
    assert explorer.locator(".plane.input .field").get_attribute("y") != before
    assert explorer.locator(".result").inner_text() != result


def test_everything_can_be_read_without_a_script(browser: Any, file: Path) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator("table.layers").first.is_visible()
    assert page.locator("svg.chart").first.is_visible()
    assert not page.locator(".explorer").first.is_visible()
    link = page.locator("a.why").first
    target = link.get_attribute("href")
    link.click()
    assert page.locator(str(target)).is_visible(), "the link opens the derivation it leads to"
    context.close()


def test_text_has_contrast(page: Any) -> None:
    """Of every visible text against white or its panel at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    worst = page.evaluate("""() => {
      const lum = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(Number).map((v) => {
        v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      let worst = [99, ""];
      for (const element of document.querySelectorAll("p,a,th,td,li,span,strong,small,summary,figcaption,dt,dd,caption")) {
        if (!element.textContent.trim() || !element.offsetParent) continue;
        let back = element, color = "rgba(0, 0, 0, 0)";
        while (back && color === "rgba(0, 0, 0, 0)") { color = getComputedStyle(back).backgroundColor; back = back.parentElement; }
        if (color === "rgba(0, 0, 0, 0)") color = "rgb(255, 255, 255)";
        const [a, b] = [lum(getComputedStyle(element).color), lum(color)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < worst[0]) worst = [ratio, element.outerHTML.slice(0, 120)];
      }
      return worst; }""")
    assert worst[0] >= 4.5, worst

"""The pages in a real Chromium: what only a browser can show."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from tests.app.serving import Server, serving
from tests.test_theme import MODES, TEXT, channels, contrast, theme

pytestmark = pytest.mark.browser

PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def server(harbour: Path) -> Iterator[Server]:
    with serving(harbour) as running:
        yield running


@pytest.fixture
def trouble() -> list[str]:
    """What went wrong in the page of the test: errors of its console, requests to elsewhere."""
    return []


@pytest.fixture
def open_page(browser: Browser, server: Server, trouble: list[str]) -> Iterator[OpenPage]:
    contexts = []

    def opened(path: str = "/", width: int = 1440, mode: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 2600},
            color_scheme=mode,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: trouble.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: _note_elsewhere(request.url, server, trouble))
        page.goto(server.address + path)
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def _note_elsewhere(url: str, server: Server, trouble: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob") and parts.netloc != server.host:
        trouble.append(f"request to {url}")


def settled(page: Page) -> None:
    """Waits until the last part of the page is there and nothing runs any more."""
    expect(page.get_by_text(re.compile("^How it is computed: "))).to_be_visible()
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning"
    )


def address(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def test_a_page_is_drawn_without_an_error_and_without_asking_elsewhere(
    open_page: OpenPage, trouble: list[str]
) -> None:
    page = open_page("/?metric=lead_time")
    expect(page.locator("[data-testid=stMetric]")).to_have_count(5)
    expect(page.locator(".js-plotly-plot .scatterlayer .trace").first).to_be_visible()
    page.get_by_role("link", name="Sources").click()
    expect(page.get_by_role("heading", name="What is missing")).to_be_visible()
    assert trouble == []


def test_the_tab_has_our_mark_and_the_name_of_the_page(open_page: OpenPage) -> None:
    page = open_page()
    assert page.title() == "Delivery · Cairn"
    icon = page.locator("link[rel='shortcut icon']").first.get_attribute("href") or ""
    assert "svg" in icon
    assert "://" not in icon.replace(page.url.split("/?")[0], "")


def test_a_cell_of_the_table_opens_its_rows(open_page: OpenPage) -> None:
    page = open_page()
    box = page.locator("[data-testid=stDataFrame]").nth(1).bounding_box()
    assert box is not None
    row = box["height"] / 7  # a head and six teams
    page.mouse.click(box["x"] + box["width"] * 0.35, box["y"] + row * 5.5)
    expect(page.get_by_role("heading", name="Rows behind change lead time")).to_be_visible()
    settled(page)
    assert address(page) == {"metric": "lead_time", "group": "web"}
    expect(page.get_by_text("median of 90 of 90 changes")).to_be_visible()


def test_filters_end_in_the_address_and_a_reload_shows_the_same(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Team", exact=True).first.click()
    page.get_by_role("option", name="Few").click()
    expect(page.get_by_text("Few · production")).to_be_visible()
    settled(page)
    assert address(page) == {"team": "few"}
    page.reload()
    settled(page)
    expect(page.get_by_text("Few · production")).to_be_visible()
    assert address(page) == {"team": "few"}


def test_back_shows_what_was_shown_before(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Trend and rows").first.click()
    expect(page.get_by_role("heading", name="Rows behind change lead time")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Rows behind deployment frequency")).to_be_visible()
    assert address(page) == {}


def test_every_filter_can_be_reached_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))
    names = ["Team", "Service", "Environment", "Period", "Trend by", "Compare with"]
    found = [next((n for n in names if n in label), None) for label in reached]
    assert [name for name in found if name][: len(names)] == names


@pytest.mark.parametrize("mode", MODES)
def test_charts_are_readable_in_both_modes(open_page: OpenPage, mode: str) -> None:
    page = open_page(mode=mode)
    colours = theme(mode)
    surface, label = colours["backgroundColor"], colours["dataframeHeaderTextColor"]
    expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", _rgb(surface))
    expect(page.locator(".js-plotly-plot .xtick text").first).to_have_css("fill", _rgb(label))
    assert contrast(label, surface) >= TEXT


@pytest.mark.parametrize("width", [1440, 768])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, width: int) -> None:
    page = open_page("/?metric=lead_time&window=365d", width)
    wider = "e => e.scrollWidth - e.clientWidth"
    assert page.locator("[data-testid=stMain]").evaluate(wider) == 0
    labels = page.locator("[data-testid=stMetricLabel] p")
    expect(labels).to_have_count(5)
    assert [labels.nth(i).evaluate(wider) for i in range(labels.count())] == [0] * 5


def test_the_rows_can_be_taken_away(open_page: OpenPage, harbour: Path, tmp_path: Path) -> None:
    page = open_page("/?metric=lead_time&group=web")
    with page.expect_download() as download:
        page.get_by_role("button", name="All rows as CSV").click()
    assert download.value.suggested_filename == "lead_time_web_2026-08-03_2026-10-31.csv"
    download.value.save_as(tmp_path / "rows.csv")
    text = (tmp_path / "rows.csv").read_text(encoding="utf-8")
    assert "# team: web" in text
    assert text.count("https://git.example/web/pull/") == 90
    (told,) = [entry.event for entry in Ledger(harbour).entries(Asked(kind="export.*"))]
    assert told is not None
    assert told.after == hashlib.sha256(text.encode()).hexdigest(), "it was logged before it left"


def _rgb(colour: str) -> str:
    """A colour as a browser tells it."""
    return "rgb({}, {}, {})".format(*channels(colour))

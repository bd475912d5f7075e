"""What a trend marks, what moved, and the targets, in a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.app.organisation import publish_into, records
from tests.app.serving import Server, serving
from tests.data.published import at, deployment

pytestmark = pytest.mark.browser

PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
DAILY = "/?team=web&grain=day"
CLIPPED = """all => all.filter(e => {
  const style = getComputedStyle(e);
  return e.clientHeight > 0 && (
    (style.overflowY != "visible" && e.scrollHeight > e.clientHeight + 1) ||
    (style.overflowX != "visible" && e.scrollWidth > e.clientWidth + 1));
}).map(e => e.innerText)"""
"""What does not fit into its box and is hidden for that."""
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small organisation, with one day of many deployments."""
    folder: Path = tmp_path_factory.mktemp("lively")
    burst = [
        deployment(
            1000 + number,
            (at("2026-10-14") + timedelta(hours=number)).strftime("%Y-%m-%d %H:%M"),
        )
        for number in range(8, 20)
    ]
    publish_into(folder, [*records(), *burst])
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    contexts = []

    def opened(path: str, width: int = 1440, mode: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 3000},
            color_scheme=mode,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(server.address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def address(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def traces(page: Page) -> Locator:
    return page.locator(".js-plotly-plot .scatterlayer .trace")


def test_a_day_of_many_deployments_is_marked_and_told(open_page: OpenPage) -> None:
    page = open_page(DAILY)
    expect(page.get_by_text("1 of 90 days unusual: 14 Oct 2026")).to_be_visible()
    drawn = traces(page).last.locator(".point")
    expect(drawn).to_have_count(1)
    page.get_by_text("What is usual, and what is to be expected?").click()
    expect(
        page.get_by_text("13.0 per day instead of about 1.0 per day: 8 of the 8")
    ).to_be_visible()


def test_marks_can_be_switched_off_and_stay_off_after_a_reload(open_page: OpenPage) -> None:
    page = open_page(DAILY)
    expect(traces(page)).to_have_count(4)
    page.get_by_role("button", name="unusual").click()
    expect(traces(page)).to_have_count(3)
    page.get_by_role("button", name="expected").click()
    expect(traces(page)).to_have_count(1)
    assert address(page)["marks"] == "level"
    page.reload()
    expect(page.get_by_text("1 of 90 days unusual")).to_be_visible()
    expect(traces(page)).to_have_count(1)


def test_a_part_of_what_moved_leads_to_its_rows(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_text("What moved since").click()
    expect(page.get_by_text("each team adds its own change")).to_be_visible()
    box = page.locator("[data-testid=stExpander] [data-testid=stDataFrame]").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 4 * 1.5)
    expect(page.get_by_label("Team", exact=True).last).to_be_visible()
    page.wait_for_url("**group=**")
    assert address(page)["group"] in ("web", "few", "unowned")


@pytest.mark.parametrize("width", [1440, 400])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_target_is_cut(open_page: OpenPage, width: int, mode: str) -> None:
    page = open_page("/targets", width, mode)
    expect(page.locator("[data-testid=stMetric]")).to_have_count(20)
    expect(page.get_by_text("T20").first).to_be_visible()
    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth") == 0
    assert page.locator("[data-testid=stMain] *").evaluate_all(CLIPPED) == []


def test_a_target_leads_to_the_rows_of_its_metric(open_page: OpenPage) -> None:
    page = open_page("/targets?team=web")
    page.get_by_role("link", name="Trend and rows").nth(2).click()
    expect(page.get_by_role("heading", name="Rows behind change lead time")).to_be_visible()
    assert (address(page)["team"], address(page)["metric"]) == ("web", "lead_time")

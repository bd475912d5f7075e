"""Allocation and Commitments in a real Chromium: a click opens lines, and nothing is cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from data.store.workspace import Workspace
from tests.app.serving import Server, serving

pytestmark = pytest.mark.browser

PATIENCE = 60_000
_LINE = 33
"""Pixels of a row of a table."""


@pytest.fixture(scope="module")
def server(billed: Workspace) -> Iterator[Server]:
    with serving(billed.folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield launched
        launched.close()


def opened(browser: Browser, server: Server, path: str, width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 5000})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server.address}/{path}")
    expect(page.locator("[data-testid=stPlotlyChart]").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=PATIENCE
    )
    return page


def choose(page: Page, table: str, row: int) -> None:
    """Chooses a row of the table whose alternative text begins so."""
    box = page.get_by_role("region", name=table).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + _LINE * (row + 0.5))


def test_a_rule_opens_the_lines_that_it_caught_and_the_address_keeps_it(
    browser: Browser, server: Server
) -> None:
    page = opened(browser, server, "allocation")
    choose(page, "One row a rule, in the order", 8)
    expect(page.get_by_text("Lines behind what no rule matches")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("2 lines = 93.90 EUR")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {"open": ["rule:none"]})
    page.close()


def test_a_row_is_chosen_with_the_keyboard(browser: Browser, server: Server) -> None:
    page = opened(browser, server, "allocation")
    table = page.get_by_role("region", name="One row a rule, in the order")
    table.locator("canvas").first.focus()
    for _ in range(7):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_text("Lines behind what no rule matches")).to_be_visible(timeout=PATIENCE)
    page.close()


def test_a_commitment_opens_its_months(browser: Browser, server: Server) -> None:
    page = opened(browser, server, "commitments")
    choose(page, "One row a commitment", 1)
    heading = page.get_by_role("heading", name="Machines, one year")
    expect(heading).to_be_visible(timeout=PATIENCE)
    page.close()


@pytest.mark.parametrize("view", ["allocation", "commitments"])
@pytest.mark.parametrize("width", [1440, 400])
def test_nothing_is_wider_than_the_window(
    browser: Browser, server: Server, view: str, width: int
) -> None:
    page = opened(browser, server, view, width)
    wider = page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wider == 0
    tables = page.locator("[data-testid=stTable]")
    cut = """es => es.filter(e => [e, ...e.querySelectorAll("div")].some(
        d => d.scrollWidth > d.clientWidth + 1)).map(e => e.innerText)"""
    assert tables.evaluate_all(cut) == []
    page.close()

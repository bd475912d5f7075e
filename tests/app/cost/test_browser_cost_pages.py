"""Cost overview and Team cost in a real Chromium, with mouse and keyboard."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from data.store.workspace import Workspace
from tests.app.serving import Server, serving

pytestmark = pytest.mark.browser

PATIENCE = 120_000
_LINE = 35
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


def settled(page: Page) -> None:
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=PATIENCE
    )


def opened(browser: Browser, server: Server, path: str, width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 4200})
    page.set_default_timeout(PATIENCE)
    page.goto(server.address + path)
    last = "How far the bills reach" if "overview" in path else "What nobody has"
    expect(page.get_by_role("heading", name=last)).to_be_visible(timeout=PATIENCE)
    settled(page)
    return page


def test_a_row_opens_its_lines_and_the_address_says_so(browser: Browser, server: Server) -> None:
    page = opened(browser, server, "/cost_overview")
    box = page.get_by_role("region", name="One row a team:").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + _LINE * 1.5)
    expect(page.get_by_text("Lines behind Payments, in EUR")).to_be_visible(timeout=PATIENCE)
    settled(page)
    shown = {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}
    assert shown == {"open": "part-team:pay"}
    assert page.get_by_text("does not add up").count() == 0
    page.close()


def test_what_is_stacked_is_chosen_with_the_keyboard(browser: Browser, server: Server) -> None:
    page = opened(browser, server, "/team_cost?team=web")
    choice = page.get_by_role("radio", name="Provider").or_(
        page.get_by_role("button", name="Provider", exact=True)
    )
    choice.first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("stacked=provider"), timeout=PATIENCE)
    page.close()


@pytest.mark.parametrize("path", ["/cost_overview", "/team_cost?team=web"])
@pytest.mark.parametrize("width", [1440, 400])
def test_nothing_is_wider_than_the_window(
    browser: Browser, server: Server, path: str, width: int
) -> None:
    page = opened(browser, server, path, width)
    wider = page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wider == 0
    page.close()

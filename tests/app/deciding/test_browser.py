"""A waiver from its request to its approval by somebody else, in a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from data.decisions.book import Book
from data.decisions.waiver import State, waivers
from tests.app.serving import Server, serving
from tests.app.test_browser_governance import PATIENCE, address, browser, settled

pytestmark = pytest.mark.browser

__all__ = ["browser"]


@pytest.fixture
def folder(harbour: Path, tmp_path: Path) -> Path:
    """The small organisation, without any decision yet."""
    shutil.copy(harbour / "cairn.toml", tmp_path)
    (tmp_path / "store").symlink_to(harbour / "store")
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with serving(folder) as running:
        yield running


def opened(browser: Browser, link: str, name: str) -> Page:
    """The page as somebody sees it who decides under a name; by keyboard."""
    page = browser.new_page(viewport={"width": 1440, "height": 2000})
    page.set_default_timeout(PATIENCE)
    page.goto(link)
    field = page.get_by_role("textbox", name="You decide as")
    expect(field).to_be_visible(timeout=PATIENCE)
    settled(page)
    field.fill(name)
    field.press("Enter")
    settled(page)
    return page


def test_a_waiver_is_asked_for_by_one_and_approved_by_another(
    browser: Browser, server: Server, folder: Path
) -> None:
    page = opened(browser, f"{server.address}/waivers?about=request&control=DP-05", "ada")
    page.get_by_label("Justification").fill("the way back is being built")
    page.get_by_role("button", name="Request", exact=True).click()
    expect(page.get_by_text("It is asked for")).to_be_visible(timeout=PATIENCE)
    settled(page)
    link, made = page.url, address(page)["waiver"]
    page.close()

    page = opened(browser, link, "bo")
    page.get_by_label("Your reason").fill("agreed for three weeks")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("The waiver is approved, by bo")).to_be_visible(timeout=PATIENCE)
    settled(page)
    one = waivers(Book(folder)).find(made)
    assert one is not None
    assert (one.requester, one.approved and one.approved.by) == ("ada", "bo")
    assert one.state(datetime.now(UTC).date()) is State.IN_FORCE
    page.get_by_role("link", name="See DP-05").click()
    expect(page.get_by_role("heading", name="Population")).to_be_visible(timeout=PATIENCE)
    assert address(page)["control"] == "DP-05"
    page.close()

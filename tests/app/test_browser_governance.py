"""From how teams stand to one failing row, in a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from tests.app.serving import Server, serving
from tests.app.trailed import logged_into

pytestmark = pytest.mark.browser

PATIENCE = 120_000
_LINE = 35
"""Pixels of a row of a table."""


@pytest.fixture(scope="module")
def server(harbour: Path) -> Iterator[Server]:
    with serving(harbour) as running:
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


def address(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def test_a_row_of_posture_opens_its_control_and_the_way_back_shows_posture(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 3000})
    page.set_default_timeout(PATIENCE)
    page.goto(server.address + "/posture?framework=soc2&team=web")
    expect(page.get_by_text("Evaluate month by month")).to_be_visible(timeout=PATIENCE)
    settled(page)
    box = page.locator("[data-testid=stDataFrame]").nth(1).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + _LINE * 1.5)
    expect(page.get_by_role("heading", name="Population")).to_be_visible(timeout=PATIENCE)
    settled(page)
    shown = address(page)
    assert shown["team"] == "web"
    assert page.get_by_role("heading", name=shown["control"]).is_visible()
    page.get_by_role("link", name="Posture").click()
    expect(page.get_by_role("heading", name="Clauses of SOC 2")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert page.get_by_role("heading", name="Population").count() == 0
    assert address(page) == {"framework": "soc2", "team": "web"}
    page.close()


@pytest.mark.parametrize("view", ["posture", "control", "waivers", "blind_spots"])
@pytest.mark.parametrize("width", [1440, 400])
def test_nothing_is_wider_than_the_window(
    browser: Browser, server: Server, view: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 2000})
    page.goto(f"{server.address}/{view}")
    expect(page.get_by_role("heading", level=2).first).to_be_visible(timeout=PATIENCE)
    settled(page)
    wider = page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wider == 0
    tables = page.locator("[data-testid=stTable]")
    cut = """es => es.filter(e => [e, ...e.querySelectorAll("div")].some(
        d => d.scrollWidth > d.clientWidth + 1)).map(e => e.innerText)"""
    assert tables.evaluate_all(cut) == []
    page.close()


def test_all_frameworks_are_seen_at_once_on_a_desk(browser: Browser, server: Server) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 2000})
    page.goto(f"{server.address}/posture")
    expect(page.get_by_role("heading", level=2).first).to_be_visible(timeout=PATIENCE)
    settled(page)
    scroller = page.locator("[data-testid=stDataFrame]").first.locator(".dvn-scroller")
    assert scroller.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    page.close()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return logged_into(tmp_path_factory.mktemp("trail"))


@pytest.fixture(scope="module")
def trail(log: Ledger) -> Iterator[Server]:
    with serving(log.place.folder.parent) as running:
        yield running


def test_a_row_of_the_trail_opens_its_entry_whose_proof_can_be_taken_away(
    browser: Browser, trail: Server, log: Ledger
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 3000})
    page.set_default_timeout(PATIENCE)
    page.goto(trail.address + "/audit_trail?window=2026-09&q=change%2F119")
    expect(page.locator("[data-testid=stPlotlyChart]")).to_be_visible(timeout=PATIENCE)
    settled(page)
    table = page.locator("[data-testid=stDataFrame]").last
    table.click(position={"x": 20, "y": _LINE * 1.5})  # once it has come to rest
    expect(page.get_by_role("heading", name="Entry 119")).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.wait_for_url("**entry=119**")
    assert address(page) == {"window": "2026-09", "q": "change/119", "entry": "119"}
    page.get_by_text("The way from the entry to the root").click()
    expect(page.get_by_role("img", name="7 steps from entry 119")).to_be_visible()
    event = "change.merged:test:web#change/119"
    proof = log.prove(event, 119)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download proof bundle").click()
    assert Path(taken.value.path()).read_text(encoding="utf-8") == str(proof)
    (told,) = [entry.event for entry in log.entries(Asked(kind="export.*"))]
    assert told is not None
    assert (told.subject, told.actor, told.data["byte_count"]) == (
        event,
        None,
        len(str(proof).encode()),
    )
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("heading", name="Entry 119")).to_have_count(0)
    assert "entry" not in address(page)
    page.close()


@pytest.mark.parametrize("width", [1440, 400])
def test_an_entry_and_its_proof_are_no_wider_than_the_window(
    browser: Browser, trail: Server, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 2000})
    page.goto(f"{trail.address}/audit_trail?window=2026-09&entry=120")
    expect(page.get_by_role("heading", name="Proof")).to_be_visible(timeout=PATIENCE)
    settled(page)
    wider = page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wider == 0
    page.close()

"""The drawing of what is made from what, and the same as a table."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from streamlit.testing.v1 import AppTest

from app.components.lineage_drawing import drawing
from app.components.lineage_outline import outline
from app.components.palette import Palette
from data.inventory.lineage import Lineage
from tests.app.conftest import OpenPage
from tests.app.organisation import CONFIGURATION, HOSTILE, UNTIL, publish_into, records
from tests.app.serving import serving
from tests.data.facts.operations import dataset, edge
from tests.data.facts.operations import run as pipeline_run

COLOURS = Palette("#111111", "#555555", "#ffffff", "#dddddd", ("#0000ff",) * 6, "#88aaff")
TEAM = """
[[team]]
name = "growth"
owns = ["dataset:*"]
"""


def node(kind: str, name: str, *, is_start: bool = True) -> dict[str, object]:
    return {"kind": kind, "name": name, "thing": name, "version": None, "team": "growth",
            "environment": None, "is_start": is_start}  # fmt: skip


def link(source: str | None, made: str | None, untold: str | None = None) -> dict[str, object]:
    return {"from_kind": source and "dataset", "from_name": source,
            "to_kind": made and "dataset", "to_name": made, "untold": untold}  # fmt: skip


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small organisation with three datasets, one of unknown origin."""
    folder = tmp_path_factory.mktemp("traced")
    data = [dataset("orders"), dataset("raw"), dataset("visits", is_source=True)]
    publish_into(
        folder, [*records(), *data, edge("raw", "orders")], CONFIGURATION + TEAM, UNTIL
    )  # fmt: skip
    return folder


def opened(open_page: OpenPage, folder: Path, **address: str) -> AppTest:
    page = open_page(folder)
    for key, value in {"about": "datasets", **address}.items():
        page.query_params[key] = value
    page.switch_page("views/team/data.py").run()
    assert not page.exception, page.exception[0].message
    return page


def drawn(page: AppTest) -> str:
    """The drawing as it was sent, without the outline for narrow windows."""
    (found,) = [
        one.proto.body for one in page.get("html") if 'aria-label="Lineage' in one.proto.body
    ]
    return str(found).partition('class="lineage-outline"')[0]


def test_a_thing_has_a_box_that_leads_to_its_page_and_says_what_is_beside_it() -> None:
    found = Lineage([node("dataset", "raw"), node("dataset", "orders")], [link("raw", "orders")], 2)
    html = drawing(found, {"growth": "Growth"}, COLOURS)
    assert 'href="data?about=datasets&amp;dataset=orders"' in html
    assert "dataset orders, owned by Growth. Made from raw." in html
    assert "Leads to orders." in html


def test_an_end_of_which_nobody_tells_is_drawn_and_named() -> None:
    found = Lineage([node("dataset", "lost")], [link(None, "lost", "where it comes from")], 1)
    html = drawing(found, {}, COLOURS)
    assert "not told: where it comes from" in html
    assert "1px dashed" in html


def test_what_was_asked_for_stands_out_among_the_others() -> None:
    nodes = [node("dataset", "raw", is_start=False), node("dataset", "orders")]
    html = drawing(Lineage(nodes, [link("raw", "orders")], 2), {}, COLOURS)
    assert html.count("font-weight:600") == 1


def test_names_from_elsewhere_are_text_and_no_markup() -> None:
    hostile = '"><script>alert(1)</script>'
    html = drawing(Lineage([node("dataset", hostile)], [], 1), {}, COLOURS)
    assert "<script" not in html
    assert re.search(r'href="data\?about=datasets&amp;dataset=[^"<>]+"', html)


def outlined(nodes: list[dict[str, object]], links: list[dict[str, object]]) -> list[str]:
    """What the outline says in words, line by line."""
    html = outline(Lineage(nodes, links, len(nodes)), {}, COLOURS)
    lines = re.findall(r"<(?:a|div) [^>]*style=[^>]*>(.*?)</(?:a|div)>", html)
    return [re.sub(r"<[^>]*>", "", line) for line in lines]


def test_the_outline_lists_each_thing_below_what_it_is_made_from() -> None:
    nodes = [node("dataset", name) for name in ("orders", "raw", "report")]
    links = [link("raw", "orders"), link("orders", "report")]
    assert outlined(nodes, links) == ["raw dataset", "orders dataset", "report dataset"]
    html = outline(Lineage(nodes, links, 3), {}, COLOURS)
    assert html.index("</ul></li></ul></li></ul>") > html.index(">report <")


def test_what_is_made_from_two_things_is_spread_out_once_and_named_again() -> None:
    nodes = [node("dataset", name) for name in ("left", "right", "both", "after")]
    links = [link("left", "both"), link("right", "both"), link("both", "after")]
    assert outlined(nodes, links) == [
        "left dataset", "both dataset", "after dataset", "right dataset",
        "both dataset, shown above",
    ]  # fmt: skip


def test_the_outline_tells_open_ends_and_what_is_made_in_a_circle() -> None:
    open_end = link(None, "lost", "where it comes from")
    assert outlined([node("dataset", "lost")], [open_end]) == [
        "not told: where it comes from", "lost dataset",
    ]  # fmt: skip
    circle = [node("dataset", "egg"), node("dataset", "hen")]
    assert outlined(circle, [link("egg", "hen"), link("hen", "egg")]) == [
        "egg dataset", "hen dataset", "egg dataset, shown above",
    ]  # fmt: skip


def test_the_outline_shows_foreign_names_as_text() -> None:
    hostile = '"><script>alert(1)</script>'
    html = outline(Lineage([node("dataset", hostile)], [], 1), {}, COLOURS)
    assert "<script" not in html
    assert 'href="data?about=datasets&amp;dataset=' in html


def test_the_page_of_data_draws_all_and_lists_the_same_as_a_table(
    open_page: OpenPage, traced: Path
) -> None:
    page = opened(open_page, traced)
    assert drawn(page).count("<a ") == 3
    text = " ".join(element.value for element in page.markdown)
    assert (
        "3 datasets. What a thing is made from stands left of it, or above it where the window is "
        "narrow. 1 dashed end" in text
    )
    (table,) = [t.value for t in page.dataframe if "made from" in t.value.columns]
    assert set(zip(table["made from"], table["what"], strict=True)) == {
        ("dataset raw", "dataset orders"),
        ("not told: where it comes from", "dataset raw"),
    }


def test_one_dataset_is_drawn_with_what_belongs_to_it(open_page: OpenPage, traced: Path) -> None:
    page = opened(open_page, traced, dataset="orders")
    assert drawn(page).count("<a ") == 2
    assert "visits" not in drawn(page)


def test_a_hostile_name_reaches_the_page_as_text(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, [*records(), dataset(HOSTILE)], CONFIGURATION + TEAM, UNTIL)
    page = opened(open_page, tmp_path)
    assert "<b>x</b>" not in drawn(page)


def test_what_no_source_traces_says_which_sources_would(
    open_page: OpenPage, tmp_path: Path
) -> None:
    loads = [pipeline_run(1, "2026-10-05 00:30")]
    publish_into(tmp_path, [*records(), *loads], CONFIGURATION + TEAM, UNTIL)
    page = opened(open_page, tmp_path, about="pipelines")
    text = " ".join(element.value for element in page.markdown)
    assert (
        "Not known: no source tells of any dataset, pipeline or model what it is made from" in text
    )


@pytest.mark.browser
def test_a_box_can_be_reached_and_followed_with_the_keyboard(traced: Path) -> None:
    with serving(traced) as server, sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 400, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{server.address}/data?about=datasets")
        box = page.get_by_role("link", name="dataset orders, owned by growth. Made from raw.")
        expect(box).to_be_visible(timeout=60_000)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        box.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/data?about=datasets&dataset=orders")
        expect(page.get_by_text("2 datasets. What a thing is made from")).to_be_visible(
            timeout=60_000
        )
        browser.close()

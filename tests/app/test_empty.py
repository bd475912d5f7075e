"""Every empty page says why it is empty and what to do; each cause has a page of its own here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.components.empty import _NOTICES, Cause
from tests.app.conftest import OpenPage
from tests.app.organisation import publish_into

BARE = '[organisation]\nname = "Bare"\n'


def failed(folder: Path) -> Path:
    publish_into(folder, [], BARE, error="the host does not answer")
    return folder


def unheard(folder: Path) -> Path:
    publish_into(folder, [], BARE)
    return folder


def untouched(folder: Path) -> Path:
    return folder


IN_OWN_FOLDER: dict[Cause, Callable[[Path], Path]] = {
    Cause.NOTHING_PUBLISHED: untouched,
    Cause.NO_SOURCE: unheard,
    Cause.SOURCE_FAILED: failed,
}

AT_AN_ADDRESS: dict[Cause, dict[str, str]] = {
    Cause.OWNS_NOTHING: {"team": "nobody"},
    Cause.NEVER_DEPLOYED: {"team": "silent"},
    Cause.FILTERED_OUT: {"team": "staged"},
    Cause.BEFORE_FIRST: {"team": "web", "window": "2026-04"},
    Cause.NOT_YET: {"window": "2027"},
    Cause.NONE_IN_PERIOD: {"team": "few", "metric": "recovery_time"},
    Cause.NOT_KNOWN: {"team": "web", "window": "2026-10-28", "metric": "recovery_time"},
}


def test_every_cause_has_a_page_below() -> None:
    assert {*IN_OWN_FOLDER, *AT_AN_ADDRESS} == set(Cause) == set(_NOTICES)


@pytest.mark.parametrize("cause", IN_OWN_FOLDER)
def test_a_folder_without_figures_says_why(
    open_page: OpenPage, tmp_path: Path, cause: Cause
) -> None:
    page = open_page(IN_OWN_FOLDER[cause](tmp_path))
    assert [heading.value for heading in page.header] == [_NOTICES[cause].title]
    assert not page.metric


@pytest.mark.parametrize("cause", AT_AN_ADDRESS)
def test_an_address_without_figures_says_why(open_page: OpenPage, cause: Cause) -> None:
    page = open_page(**AT_AN_ADDRESS[cause])
    assert _NOTICES[cause].title in [heading.value for heading in page.header]
    assert any(_NOTICES[cause].way_out in text.value for text in page.markdown)


@pytest.mark.parametrize("cause", AT_AN_ADDRESS)
def test_an_unknown_figure_is_never_a_zero(open_page: OpenPage, cause: Cause) -> None:
    page = open_page(**AT_AN_ADDRESS[cause])
    values = {metric.label: metric.value for metric in page.metric}
    assert values.get("Recovery time", "–") == "–"


def test_without_data_the_commands_name_the_folder(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path)
    assert [code.value for code in page.code] == [
        f"cairn --data {tmp_path} demo",
        f"cairn --data {tmp_path} init\ncairn --data {tmp_path} sync",
    ]


def test_starting_over_goes_back_to_the_first_page(open_page: OpenPage) -> None:
    page = open_page(window="2027", team="web")
    next(button for button in page.button if button.label == "Start over").click().run()
    assert page.query_params == {}
    assert len(page.metric) == 5

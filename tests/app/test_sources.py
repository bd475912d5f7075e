"""The Sources page: freshness, gaps, owners, and what is at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.model import Gap
from data.store.lock import writing
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.app.organisation import publish_into, records
from tests.data.published import repository

BARE = '[organisation]\nname = "Bare"\n'


def sources(page: AppTest) -> AppTest:
    page.switch_page("views/admin/sources.py").run()
    assert not page.exception, page.exception[0].message
    return page


def test_each_source_tells_how_fresh_it_is_and_how_far_it_reaches(open_page: OpenPage) -> None:
    table = sources(open_page()).table[0].value
    assert list(table["Source"]) == ["**later**", "**test**"]
    assert "never read" in table["State"].iloc[0]
    assert "stale" in table["State"].iloc[1]
    assert table["Complete"].iloc[1] == "until 1 Nov 2026, 00:00 UTC"
    assert "9 new, 0 changed, 0 gone" in table["Last reading"].iloc[1]


def test_a_source_not_read_for_a_day_is_stale(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, records(), BARE, read_at=datetime.now(UTC) - timedelta(days=3))
    page = sources(open_page(tmp_path))
    assert "stale" in page.table[0].value["State"].iloc[0]
    assert page.table[0].value["State"].iloc[0].endswith("read 3 days ago")


def test_a_failed_reading_is_told_with_its_error(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, records(), BARE, error="the host [says](x) no")
    page = sources(open_page(tmp_path))
    assert "failed" in page.table[0].value["Last reading"].iloc[0]
    assert page.error[0].value == r"**test**: the host \[says\]\(x\) no"


def test_gaps_tell_cause_and_fix_and_nothing_else(open_page: OpenPage) -> None:
    gap = sources(open_page()).table[1].value.iloc[0]
    assert list(gap.index) == ["Source", "What is missing", "What to do"]
    cause, _, what = gap["What is missing"].partition("] ")
    assert "history cut off" in cause
    assert what.startswith(r"The history of web \[click\]\(javascript\:")
    assert what.endswith("Things missing: 12. :gray[*until 1 May 2026*]")
    assert gap["What to do"] == r"Run `git fetch --unshallow`."


def test_what_to_do_is_a_sentence_also_where_it_is_nothing(
    open_page: OpenPage, tmp_path: Path
) -> None:
    fix = "nothing: it keeps no times"
    gap = Gap(id="g", source="test", reason="unavailable", what="times", fix=fix, count=None)
    publish_into(tmp_path, [gap], BARE)
    told = sources(open_page(tmp_path)).table[1].value.iloc[0]
    assert told["What to do"].startswith("Nothing")


@pytest.mark.parametrize(
    ("said", "count", "told"),
    [
        ("test: tags lead nowhere: 2 (v1)", 2, r"Tags lead nowhere\: 2 \(v1\)."),
        ("other: of 2012", 12, r"other\: of 2012. Things missing: 12."),
    ],
)
def test_a_gap_says_its_source_and_its_count_once(
    open_page: OpenPage, tmp_path: Path, said: str, count: int, told: str
) -> None:
    gap = Gap(id="g", source="test", reason="not_found", what=said, fix="look", count=count)
    publish_into(tmp_path, [gap], BARE)
    cell = sources(open_page(tmp_path)).table[1].value["What is missing"].iloc[0]
    assert cell.partition("] ")[2] == told


def test_services_that_nobody_owns_are_listed_without_unsafe_links(open_page: OpenPage) -> None:
    page = sources(open_page())
    unowned = page.dataframe[1].value
    assert list(unowned["service"]) == ["orphan"]
    assert unowned["url"].isna().all()


def test_patterns_that_match_nothing_are_listed(open_page: OpenPage) -> None:
    page = sources(open_page())
    assert page.table[2].value["Pattern"].tolist() == [r"service\:gone\-\*"]


def test_a_sync_at_work_is_told(open_page: OpenPage, harbour: Path) -> None:
    page = sources(open_page())
    assert not page.info
    with writing(Workspace(harbour), "cairn sync"):
        page.run()
        assert "**cairn sync** is running" in page.info[0].value
    page.run()
    assert not page.info


def test_the_page_names_its_snapshot_and_its_definitions(
    open_page: OpenPage, harbour: Path
) -> None:
    page = sources(open_page())
    current = Workspace(harbour).current.read_text().strip()
    assert f"`{current}`" in page.table[3].value.to_string()
    hashes = page.dataframe[2].value.set_index("definition")
    assert len(hashes.loc["lead_time", "sha256"]) == 64
    assert "fact deployment_outcome" in hashes.index


def test_one_source_well_read_has_nothing_to_mend(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, [], BARE)
    told = " ".join(text.value for text in sources(open_page(tmp_path)).markdown)
    assert "No gap is known" in told
    assert "Every service has an owner" in told
    assert "Every repository has an owner" in told
    assert "Every ownership pattern matches something" in told


def test_repositories_that_nobody_owns_are_listed(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, [repository("spare")], BARE)
    page = sources(open_page(tmp_path))
    told = " ".join(text.value for text in page.markdown)
    assert "1 repository that nobody owns" in told
    assert any("spare" in frame.value.to_string() for frame in page.dataframe)

"""The demo organisation as a source: same pages every time, and resumable anywhere."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.demo import Demo, DemoSettings
from connectors.demo.governance import governance
from connectors.interface import Batch, Context, Cursor, Reading, Severity
from data.model import ENTITY_OF, Change, Deployment, Gap, GapReason, Incident, Record, Repository

SHORT = date(2025, 2, 1)
LATER = date(2025, 4, 1)

ONE_PAGE_HASH = """
import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from connectors.demo import Demo, DemoSettings
from connectors.demo.governance import governance
from connectors.interface import Context

context = Context(Path(), Path(), "^hotfix", lambda: datetime.now(UTC), lambda *done: None)
demo = Demo("demo", DemoSettings(until=date(2025, 1, 1)), context)
digest = hashlib.sha256()
for stream in demo.discover():
    for batch in demo.pull(stream, None):
        digest.update(batch.payload)
print(digest.hexdigest())
"""


def demo(
    until: date = SHORT, seed: int = 7, years: int = 2, pattern: str = "(?i)^hotfix[/:]"
) -> Demo:
    def never() -> datetime:
        raise AssertionError("the demo has its own time")

    context = Context(Path(), Path(), pattern, never, lambda *done: None)
    return Demo("demo", DemoSettings(until=until, seed=seed, years=years), context)


def batches(source: Demo, stream: str, cursor: Cursor | None = None) -> list[Batch]:
    (found,) = (s for s in source.discover() if s.name == stream)
    return [batch for batch in source.pull(found, cursor) if isinstance(batch, Batch)]


def rows_of(source: Demo, stream: str, pages: Sequence[Batch]) -> dict[str, Record]:
    return {row.id: row for page in pages for row in source.rows(stream, page.payload)}


def names(source: Demo) -> list[str]:
    return [stream.name for stream in source.discover()]


@pytest.fixture(scope="module")
def short() -> Demo:
    return demo()


@pytest.fixture(scope="module")
def later() -> Demo:
    return demo(LATER)


def test_a_second_reading_gives_the_same_bytes(short: Demo) -> None:
    again = demo()
    for stream in names(short):
        assert batches(short, stream) == batches(again, stream)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_gives_the_same_bytes(hash_seed: str) -> None:
    digest = hashlib.sha256()
    here = demo(date(2025, 1, 1))
    for stream in names(here):
        for batch in batches(here, stream):
            digest.update(batch.payload)
    there = subprocess.run(
        [sys.executable, "-c", ONE_PAGE_HASH],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == digest.hexdigest()


BEYOND_CHANCE = ("reviews", "protection", "environments", "reuse", "audit")
"""Streams that are written down, or tell nothing of the first months. So are refusals."""


def test_another_seed_gives_another_history(short: Demo) -> None:
    other = demo(seed=8)
    for stream in set(names(short)) - set(BEYOND_CHANCE):
        assert ":" in stream or batches(short, stream) != batches(other, stream)


@pytest.mark.parametrize("stream", ["changes", "versions", "deployments"])
def test_a_later_end_leaves_the_earlier_pages_as_they_were(
    short: Demo, later: Demo, stream: str
) -> None:
    before = [batch.payload for batch in batches(short, stream)]
    after = [batch.payload for batch in batches(later, stream)]
    assert after[: len(before)] == before
    assert len(after) == len(before) + 2


@pytest.mark.parametrize("stream", ["models", "pipelines", "operations"])
def test_a_later_end_leaves_the_quarters_that_were_over_as_they_were(
    later: Demo, stream: str
) -> None:
    (before,) = batches(demo(date(2025, 1, 1)), stream)
    after = batches(later, stream)
    assert after[0].payload == before.payload
    assert [page.cursor for page in after] == [{"next": "2025-01-01"}, {"next": "2025-04-01"}]


@pytest.mark.parametrize("until", [SHORT, date(2025, 1, 17)])
def test_going_on_from_an_earlier_end_gives_the_rows_of_reading_all_at_once(
    later: Demo, until: date
) -> None:
    early = demo(until)
    for stream in names(later)[1:]:
        known = batches(early, stream)
        rest = batches(later, stream, known[-1].cursor)
        rows = rows_of(early, stream, known) | rows_of(later, stream, rest)
        assert rows == rows_of(later, stream, batches(later, stream))


def test_resuming_from_any_cursor_gives_the_rest_of_the_pages(later: Demo) -> None:
    for stream in names(later):
        pages = batches(later, stream)
        for done, page in enumerate(pages, start=1):
            assert batches(demo_like(later), stream, page.cursor) == pages[done:]


def demo_like(source: Demo) -> Demo:
    """A new connector that need not live through the organisation's history again."""
    fresh = demo(LATER)
    fresh.__dict__["_pages"] = source._pages
    return fresh


def test_nothing_comes_after_the_last_page(short: Demo) -> None:
    for stream in names(short):
        assert batches(short, stream, batches(short, stream)[-1].cursor) == []


def test_each_stream_is_known_up_to_the_end_and_no_further(short: Demo) -> None:
    for stream in names(short):
        assert batches(short, stream)[-1].complete_until == datetime(2025, 2, 1, tzinfo=UTC)


MONTHLY = ("changes", "versions", "deployments", "incidents")


def test_each_month_is_a_page_and_the_last_is_complete_until_the_end(short: Demo) -> None:
    for stream in MONTHLY:
        pages = batches(short, stream)
        assert [page.cursor for page in pages] == [
            {"next": "2024-12-01"},
            {"next": "2025-01-01"},
            {"next": "2025-02-01"},
        ]
        assert [page.is_last for page in pages] == [False, False, True]
        assert [page.complete_until for page in pages] == [
            None,
            None,
            datetime(2025, 2, 1, tzinfo=UTC),
        ]


def test_the_catalogue_is_one_complete_page(short: Demo) -> None:
    (page,) = batches(short, "catalogue")
    assert page.reading is Reading.COMPLETE
    assert page.is_last


def test_rows_need_nothing_but_the_page(short: Demo) -> None:
    other = demo(LATER, seed=99)
    for stream in names(short):
        for page in batches(short, stream):
            assert other.rows(stream, page.payload) == short.rows(stream, page.payload)


def test_a_stream_gives_only_what_it_announces_and_each_id_once(short: Demo) -> None:
    seen: set[tuple[str, str]] = set()
    for stream in short.discover():
        for page in batches(short, stream.name):
            for row in short.rows(stream.name, page.payload):
                key = (ENTITY_OF[type(row)].name, row.id)
                assert key[0] in stream.entities
                assert row.source == "demo"
                assert key not in seen
                seen.add(key)


def test_fewer_years_leave_out_the_older_pages() -> None:
    brief = demo(date(2026, 1, 1), years=1)
    pages = batches(brief, "deployments")
    assert len(pages) == 12
    assert [p.payload for p in pages] == [
        p.payload for p in batches(demo(date(2026, 1, 1)), "deployments")[2:]
    ]


def test_the_houses_pattern_decides_what_a_hotfix_is(short: Demo) -> None:
    def hotfixes(source: Demo) -> int:
        rows = rows_of(source, "changes", batches(short, "changes")).values()
        return sum(isinstance(row, Change) and row.is_hotfix for row in rows)

    assert 0 < hotfixes(short) < 60
    assert hotfixes(demo(pattern="^never")) == 0


def texts(payload: bytes) -> Iterator[tuple[str, object]]:
    def walk(key: str, value: object) -> Iterator[tuple[str, object]]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(name, inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(key, inner)
        else:
            yield key, value

    return walk("", json.loads(payload))


OF_ACCOUNTS = ("author", "authors", "merged_by", "triggered_by", "approved_by", "actor")


def test_no_person_and_no_real_host_is_named(short: Demo) -> None:
    known = governance()
    people = {name for team in known.teams for name in team.people}
    people |= {one.account for one in known.leavers} | {known.update_bot, known.approve_bot}
    machines = "model-board|duty-lead|[a-z]+-modelling"
    for stream in names(short):
        for page in batches(short, stream):
            for key, value in texts(page.payload):
                if key in OF_ACCOUNTS:
                    is_machine = value and re.fullmatch(machines, str(value))
                    assert value is None or value in people or is_machine
                    continue
                assert not re.search("author$|committer$|user|login|mail|person", key)
                assert not re.search(r"\w@[\w-]+\.\w", str(value))
                for host in re.findall(r"https?://([^/]+)", str(value)):
                    assert host.endswith(".tarnfell.example")


def test_every_row_but_a_gap_links_to_its_source(short: Demo) -> None:
    for stream in names(short):
        for row in rows_of(short, stream, batches(short, stream)).values():
            assert row.url or isinstance(row, Gap)


def test_gaps_say_what_is_missing_and_the_rows_are_indeed_missing() -> None:
    source = demo(date(2025, 11, 1), years=1)
    rows = rows_of(source, "deployments", batches(source, "deployments")).values()
    (gap,) = (row for row in rows if isinstance(row, Gap))
    since, until = datetime(2025, 7, 7, tzinfo=UTC), datetime(2025, 7, 19, tzinfo=UTC)
    assert gap.id.startswith("gap:demo:deployments:truncated:")
    assert (gap.reason, gap.since_at, gap.until_at) == (GapReason.TRUNCATED, since, until)
    staged = [
        row.deployed_at
        for row in rows
        if isinstance(row, Deployment)
        and (row.service, row.environment) == ("fleet-telematics", "staging")
    ]
    assert not any(since <= at < until for at in staged)
    assert sum(at < since for at in staged) > 50
    assert sum(at >= until for at in staged) > 20
    hidden = rows_of(source, "incidents", batches(source, "incidents")).values()
    assert {row.reason for row in hidden if isinstance(row, Gap)} == {GapReason.NO_PERMISSION}


def test_a_shallow_repository_begins_at_position_one_and_says_so() -> None:
    source = demo(date(2025, 11, 1), years=1)
    catalogue = rows_of(source, "catalogue", batches(source, "catalogue")).values()
    (shallow,) = (row for row in catalogue if isinstance(row, Repository) and row.is_shallow)
    (gap,) = (row for row in catalogue if isinstance(row, Gap))
    assert shallow.name == "platform-queue"
    assert gap.reason == GapReason.SHALLOW
    cut_at = datetime(2025, 9, 1, tzinfo=UTC)
    assert gap.until_at == cut_at
    changes = [
        row
        for row in rows_of(source, "changes", batches(source, "changes")).values()
        if isinstance(row, Change) and row.repository == "platform-queue"
    ]
    assert [change.position for change in changes] == list(range(1, len(changes) + 1))
    assert min(change.merged_at for change in changes) >= cut_at


def test_an_incident_that_was_open_is_told_again_when_it_is_over() -> None:
    before, after = demo(date(2025, 5, 21)), demo(date(2025, 5, 22))

    def pilot(source: Demo, cursor: Cursor | None = None) -> list[Incident]:
        rows = rows_of(source, "incidents", batches(source, "incidents", cursor)).values()
        title = "Arrival estimates of the pilot are a day off"
        return [row for row in rows if isinstance(row, Incident) and row.title == title]

    (open_one,) = pilot(before)
    (over,) = pilot(after, batches(before, "incidents")[-1].cursor)
    assert open_one.resolved_at is None
    assert over.resolved_at == datetime(2025, 5, 21, 10, tzinfo=UTC)
    assert over.id == open_one.id


def test_the_end_must_lie_after_the_founding() -> None:
    with pytest.raises(ValidationError, match="must be after 2024-11-01"):
        DemoSettings(until=date(2024, 11, 1))


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="sead"):
        DemoSettings.model_validate({"sead": 3})


def test_the_self_check_finds_nothing_wrong(short: Demo) -> None:
    (finding,) = short.check()
    assert finding.severity is Severity.OK
    assert "12 teams" in finding.what

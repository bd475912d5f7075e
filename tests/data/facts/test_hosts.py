"""What facts make of sources that ask a Git host: places from commits, times not read yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from data.configuration import Configuration
from data.facts.build import build
from data.model import ChangeCommit, Record
from data.store.page import Page
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.working import Working
from data.store.workspace import Workspace
from tests.data.facts.story import Story, commit, ran, service
from tests.data.published import at, change, deployment, incident, repository, sha

WEB = repository("web", host_id="4711")


@contextmanager
def read(
    folder: Path, streams: Mapping[str, Iterable[Record]], **complete_from: str
) -> Iterator[Snapshot]:
    """Publishes streams; some are read only since a time."""
    workspace = Workspace(folder)
    with closing(Working(workspace.working)) as working:
        for name, records in streams.items():
            since = complete_from.get(name.partition(":")[0])
            page = Page(
                source="test",
                stream=name,
                evidence="none",
                observed_at=at("2026-11-01"),
                settings="",
                cursor={},
                complete_until=at("2026-11-01"),
                complete_from=at(since) if since else None,
            )
            working.merge_records(page, list(records))
        fill = partial(build, configuration=Configuration())
        publish(workspace, working.connection, fill, keep=5)
    reader = SnapshotReader(workspace)
    with closing(reader), reader.reading() as snapshot:
        yield snapshot


def outcomes(snapshot: Snapshot, column: str) -> dict[str, Any]:
    rows = snapshot.rows(f"select deployed_at, {column} as told from deployment_outcome")
    return {f"{row['deployed_at']:%m-%d}": row["told"] for row in rows}


# --- a change has the place of its commit -------------------------------------------------------


def test_a_change_that_tells_no_place_has_that_of_the_commit_it_landed_as(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02", position=None),
        change(3, "2026-05-04", position=None),
        ran(2, "2026-05-05"),
    )
    assert facts.delivery(2)["link_method"] == "commit"
    assert facts.delivery(2)["deployed_at"] == at("2026-05-05")
    assert facts.delivery(3)["state"] == "waiting"


def test_what_was_merged_into_another_branch_is_no_change_of_the_mainline(story: Story) -> None:
    release = "e" * 40
    facts = story(
        ran(1, "2026-05-01"),
        commit(release, position=2),
        change(2, "2026-05-02", position=None),
        change(9, "2026-05-03", position=None, landed_sha=release, target_branch="release-1"),
        ran(2, "2026-05-05"),
    )
    (row,) = facts.snapshot.rows("select number from change_delivery")
    assert row["number"] == "2"


def test_a_change_whose_commit_is_not_read_yet_waits_for_it(story: Story) -> None:
    facts = story(ran(5, "2026-05-01"), change(77, "2026-04-02", position=None))
    assert facts.snapshot.rows("select id from change_delivery") == []


# --- a mainline commit that nothing brought was pushed directly ---------------------------------


def mainline(number: int, committed_at: str, **fields: Any) -> Record:
    return commit(
        sha(number),
        id=f"test:web#commit/{number}",
        position=number,
        is_mainline=True,
        committed_at=at(committed_at),
        authored_at=at(committed_at),
        **fields,
    )


def directly(snapshot: Snapshot) -> list[str]:
    rows = snapshot.rows("select id from change_delivery where kind = 'direct' order by id")
    return [row["id"].partition("@")[0] for row in rows]


def pushed(**fields: Any) -> dict[str, list[Record]]:
    return {
        "repository:4711": [WEB, service("web", "web")],
        "deployments:4711": [deployment(1, "2026-05-01"), deployment(3, "2026-07-01")],
        "history:4711": [
            mainline(1, "2026-04-30"),
            mainline(2, "2026-06-01", **fields),
            mainline(3, "2026-06-30"),
        ],
    }


def test_a_commit_that_no_request_brought_was_pushed(tmp_path: Path) -> None:
    streams = {**pushed(), "changes:4711": [change(3, "2026-06-30", position=None)]}
    with read(tmp_path, streams) as snapshot:
        assert directly(snapshot) == ["test:web#push/1", "test:web#push/2"]


@pytest.mark.parametrize(
    ("touched", "services"),
    [(("api",), ["api"]), (("api", "web"), ["api", "web"]), ((), []), (None, ["api", "web"])],
)
def test_a_push_is_of_the_services_it_touched_and_of_all_where_that_is_not_known(
    tmp_path: Path, touched: tuple[str, ...] | None, services: list[str]
) -> None:
    streams = {
        "repository:4711": [WEB, service("web", "web", "web"), service("api", "web", "api")],
        "history:4711": [mainline(1, "2026-06-01", services=touched)],
        "changes:4711": [],
    }
    with read(tmp_path, streams) as snapshot:
        rows = snapshot.rows("select service from change_delivery order by service")
        assert [row["service"] for row in rows] == services
        elsewhere = snapshot.rows("select changes from change_elsewhere")
        assert [row["changes"] for row in elsewhere] == ([] if services else [1])


def test_a_commit_of_a_request_that_landed_as_it_was_is_no_push(tmp_path: Path) -> None:
    own = ChangeCommit(
        id="test:web#merge_request/3/commit/2",
        source="test",
        repository="web",
        change="3",
        sha=sha(2),
        ordinal=1,
        authored_at=at("2026-06-01"),
        committed_at=at("2026-06-01"),
        is_merge=False,
        authors=(),
        author_count=1,
    )
    streams = {**pushed(), "changes:4711": [change(3, "2026-06-30", position=None), own]}
    with read(tmp_path, streams) as snapshot:
        assert directly(snapshot) == ["test:web#push/1"]


def test_a_commit_whose_request_its_host_names_is_no_push(tmp_path: Path) -> None:
    streams = {**pushed(change="7"), "changes:4711": [change(3, "2026-06-30", position=None)]}
    with read(tmp_path, streams) as snapshot:
        assert directly(snapshot) == ["test:web#push/1"]


def test_a_push_that_turns_out_to_be_a_request_is_counted_once(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        replace(change(2, "2026-05-02"), id="test:web#push/2", number=None, kind="direct"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03"),
    )
    (row,) = facts.snapshot.rows("select number from change_delivery where number is not null")
    assert row["number"] == "2"
    assert directly(facts.snapshot) == []


def test_before_requests_were_read_nobody_knows_what_was_pushed(tmp_path: Path) -> None:
    streams = {**pushed(), "changes:4711": [change(3, "2026-06-30", position=None)]}
    with read(tmp_path, streams, changes="2026-05-15") as snapshot:
        assert directly(snapshot) == ["test:web#push/2"]


# --- silence says something only where it was listened to ---------------------------------------


def test_no_incident_is_known_before_incidents_were_read(tmp_path: Path) -> None:
    streams = {
        "repository:4711": [WEB],
        "deployments:4711": [deployment(1, "2026-05-01"), deployment(2, "2026-07-01")],
        "incidents:4711": [],
    }
    with read(tmp_path, streams, incidents="2026-06-01") as snapshot:
        assert outcomes(snapshot, "is_watched") == {"05-01": False, "07-01": True}


def test_a_repository_whose_incidents_are_told_says_nothing_of_another(tmp_path: Path) -> None:
    streams = {
        "repository:4711": [WEB],
        "incidents:4711": [incident(1, "2026-05-02")],
        "deployments:4711": [deployment(1, "2026-05-01")],
        "repository:4712": [repository("api", host_id="4712")],
        "deployments:4712": [
            deployment(7, "2026-05-03", service="api", repository="api", id="test:api/7")
        ],
    }
    with read(tmp_path, streams) as snapshot:
        assert outcomes(snapshot, "is_watched") == {"05-01": True, "05-03": False}


def test_reverts_are_not_known_before_changes_were_read(tmp_path: Path) -> None:
    streams = {
        "repository:4711": [WEB],
        "deployments:4711": [deployment(1, "2026-05-01"), deployment(2, "2026-07-01")],
        "changes:4711": [change(2, "2026-06-20")],
    }
    with read(tmp_path, streams, changes="2026-06-01") as snapshot:
        assert outcomes(snapshot, "is_traced") == {"05-01": False, "07-01": True}


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_an_issue_that_is_no_incident_any_more_fails_nothing(
    tmp_path: Path, is_withdrawn: bool
) -> None:
    streams = {
        "repository:4711": [WEB],
        "deployments:4711": [deployment(1, "2026-05-01")],
        "incidents:4711": [incident(1, "2026-05-02", is_withdrawn=is_withdrawn)],
    }
    with read(tmp_path, streams) as snapshot:
        assert outcomes(snapshot, "is_failed") == {"05-01": not is_withdrawn}
        assert outcomes(snapshot, "is_watched") == {"05-01": True}

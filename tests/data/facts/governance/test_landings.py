"""Every commit of a mainline: brought by a request, pushed, or nobody knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from data.configuration import Configuration, Organisation, Team
from data.model import Record
from data.store.snapshot import Snapshot
from tests.data.facts.governance.told import rows, wrote
from tests.data.facts.story import Story, commit, service
from tests.data.facts.test_hosts import read
from tests.data.published import at, change, repository, sha


def mainline(number: int, committed_at: str, **fields: Any) -> Record:
    return commit(
        sha(number),
        **{
            "id": f"test:web#commit/{number}",
            "position": number,
            "is_mainline": True,
            "committed_at": at(committed_at),
            **fields,
        },
    )


def request(number: int, merged_at: str, **fields: Any) -> Record:
    return change(number, merged_at, **{"position": None, "opened_at": at("2026-05-01"), **fields})


def host(
    commits: list[Record], changes: list[Record], **more: list[Record]
) -> dict[str, list[Record]]:
    """The streams of a host that tells repository, history and requests of `web`."""
    return {
        "repository:4711": [repository("web", host_id="4711"), service("web", "web")],
        "history:4711": commits,
        "changes:4711": changes,
        **more,
    }


def ways(snapshot: Snapshot) -> dict[int, str]:
    """How each commit came, by its place."""
    found = snapshot.rows("select position, change, number, is_direct from mainline_commit")
    return {
        row["position"]: "unknown"
        if row["change"] is None
        else "pushed"
        if row["is_direct"]
        else f"#{row['number']}"
        for row in found
    }


def test_requests_pushes_and_the_unknown_are_all_commits(tmp_path: Path) -> None:
    commits = [
        mainline(1, "2026-04-01"),
        mainline(2, "2026-05-02"),
        mainline(3, "2026-05-03"),
        mainline(4, "2026-05-04"),
    ]
    changes = [request(2, "2026-05-02"), request(4, "2026-05-04")]
    with read(tmp_path, host(commits, changes), changes="2026-05-01") as snapshot:
        assert ways(snapshot) == {1: "unknown", 2: "#2", 3: "pushed", 4: "#4"}
        assert sorted(rows(snapshot, "merged_change", "is_direct")) == [False, False, True]


def test_a_rebase_lands_several_commits_by_one_request(tmp_path: Path) -> None:
    commits = [mainline(2, "2026-05-02", change="3"), mainline(3, "2026-05-02", change="3")]
    with read(tmp_path, host(commits, [request(3, "2026-05-02", kind="rebase")])) as snapshot:
        assert ways(snapshot) == {2: "#3", 3: "#3"}
        assert rows(snapshot, "merged_change", "number") == ["3"]


def test_a_branch_that_moved_the_mainline_forward_brought_its_commits(tmp_path: Path) -> None:
    commits = [mainline(2, "2026-05-02"), mainline(3, "2026-05-02")]
    changes = [
        request(3, "2026-05-03"),
        wrote(3, sha(2), "2026-05-02", "ada"),
        wrote(3, sha(3), "2026-05-02", "ada", ordinal=2),
    ]
    with read(tmp_path, host(commits, changes)) as snapshot:
        assert ways(snapshot) == {2: "#3", 3: "#3"}


def test_a_commit_counts_when_its_change_was_merged_and_not_when_it_was_made(
    tmp_path: Path,
) -> None:
    commits = [mainline(3, "2026-04-29")]
    with read(tmp_path, host(commits, [request(3, "2026-05-03")])) as snapshot:
        assert rows(snapshot, "mainline_commit", "happened_at") == [at("2026-05-03")]


def test_what_was_merged_into_another_branch_is_none_of_the_mainline(tmp_path: Path) -> None:
    commits = [mainline(2, "2026-05-02"), commit("e" * 40, position=2)]
    other = request(9, "2026-05-03", landed_sha="e" * 40, target_branch="release-1")
    with read(tmp_path, host(commits, [request(2, "2026-05-02"), other])) as snapshot:
        assert ways(snapshot) == {2: "#2"}
        assert rows(snapshot, "merged_change", "number") == ["2"]


def test_a_signature_is_known_unknown_or_missing(tmp_path: Path) -> None:
    commits = [
        mainline(1, "2026-05-01", is_signed=True),
        mainline(2, "2026-05-02", is_signed=False),
        mainline(3, "2026-05-03"),
    ]
    with read(tmp_path, host(commits, [])) as snapshot:
        assert rows(snapshot, "mainline_commit", "is_signed") == [True, False, None]


# --- two sources tell one repository ------------------------------------------------------------


def clone(*numbers: int, **fields: Any) -> list[Record]:
    """What a clone tells of the same commits: a change for each, and no request."""
    told: list[Record] = []
    for number in numbers:
        day = f"2026-05-0{number}"
        own = {"id": f"clone:web#commit/{number}", "source": "clone"}
        told.append(mainline(number, day, **own))
        own = {"id": f"clone:web#change/{number}", "source": "clone", "kind": "direct", **fields}
        told.append(replace(change(number, day, **own), number=None))
    return told


def test_a_commit_that_a_clone_tells_too_is_told_once_by_the_host_and_its_signature_is_known(
    tmp_path: Path,
) -> None:
    commits = [mainline(2, "2026-05-02", is_signed=True), mainline(3, "2026-05-03")]
    streams = host(commits, [request(2, "2026-05-02")], clone=clone(2, 3))
    with read(tmp_path, streams) as snapshot:
        assert ways(snapshot) == {2: "#2", 3: "pushed"}
        assert rows(snapshot, "mainline_commit", "source", "is_signed") == [
            ("test", True),
            ("test", None),
        ]
        assert rows(snapshot, "merged_change", "source") == ["test", "test"]


def test_a_clone_takes_no_commit_of_a_rebased_request_for_a_push(tmp_path: Path) -> None:
    commits = [mainline(2, "2026-05-02", change="3"), mainline(3, "2026-05-03", change="3")]
    streams = host(commits, [request(3, "2026-05-03", kind="rebase")], clone=clone(2, 3))
    with read(tmp_path, streams) as snapshot:
        assert ways(snapshot) == {2: "#3", 3: "#3"}
        assert rows(snapshot, "merged_change", "number") == ["3"]


def test_a_clone_takes_no_commit_of_a_branch_moved_forward_for_a_push(tmp_path: Path) -> None:
    changes = [
        request(3, "2026-05-03"),
        wrote(3, sha(2), "2026-05-02", "ada"),
        wrote(3, sha(3), "2026-05-02", "ada", ordinal=2),
    ]
    commits = [mainline(2, "2026-05-02"), mainline(3, "2026-05-03")]
    with read(tmp_path, host(commits, changes, clone=clone(2, 3))) as snapshot:
        assert rows(snapshot, "merged_change", "number") == ["3"]


def test_a_merge_in_a_clone_that_no_request_brought_is_a_push_by_what_the_host_says(
    tmp_path: Path,
) -> None:
    commits = [mainline(2, "2026-05-02"), mainline(3, "2026-05-03")]
    streams = host(commits, [request(2, "2026-05-02")], clone=clone(3, kind="merge"))
    with read(tmp_path, streams) as snapshot:
        assert ways(snapshot) == {2: "#2", 3: "pushed"}


# --- whose it is, and by which clock ------------------------------------------------------------

TOKYO = Configuration(
    organisation=Organisation(timezone="UTC"),
    team=(Team(name="core", owns=("repo:web",), timezone="Asia/Tokyo"),),
)


def test_a_change_of_a_repository_without_services_is_not_lost_and_has_its_teams_clock(
    story: Story,
) -> None:
    facts = story(repository("web"), change(2, "2026-05-31 16:00", services=()), by=TOKYO)
    (row,) = facts.snapshot.rows("select team, happened_at, local_at from merged_change")
    assert row["team"] == "core"
    assert row["happened_at"] == at("2026-05-31 16:00")
    assert row["local_at"] == at("2026-06-01 01:00").replace(tzinfo=None)


def test_what_nobody_owns_belongs_to_the_unowned(story: Story) -> None:
    facts = story(repository("web"), change(2, "2026-05-31", services=()))
    assert rows(facts.snapshot, "merged_change", "team") == ["unowned"]
    assert set(rows(facts.snapshot, "mainline_commit", "team")) == {"unowned"}

"""What an auditor is given to test a member again: all that the facts tell of it, and no name."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from data.controls.evidence.piece import Piece, pieces, statements
from data.controls.given import Given
from data.ledger.ledger import Ledger
from data.store.snapshot import Snapshot
from tests.data.facts.governance.test_findings_and_rights import finding, right
from tests.data.facts.governance.told import check, event, review, rules, wrote
from tests.data.published import at, change, deployment, incident, published, sha

HEAD = "a" * 40
CHANGE, BARE = "test:web#pull/2", "test:web#pull/3"
DEPLOYED = "test:web#deployment/production/2"
NAMES = ("ada", "bo", "cy", "dee", "eve")
RECORDS = [
    change(1, "2026-10-01"),
    change(
        2,
        "2026-10-10 12:00",
        head_sha=HEAD,
        author="ada",
        is_bot=False,
        merged_by="dee",
        branch="ada/faster",
    ),
    change(3, "2026-10-11"),
    wrote(2, HEAD, "2026-10-10 09:00", "ada", "bo"),
    review(2, "cy", "2026-10-10 11:00", sha=HEAD),
    review(2, "bo", "2026-10-10 11:30", sha="b" * 40),
    check("build", HEAD, "2026-10-10 10:00", started_at="2026-10-10 09:30"),
    deployment(1, "2026-10-02"),
    deployment(2, "2026-10-12", triggered_by="dee", approved_by=("eve",)),
    incident(7, "2026-10-12 10:00", deployment=DEPLOYED),
    finding(5, "2026-10-01"),
    right("ada", "acme"),
    event(9, "2026-10-03", "rule_suite.bypass", actor="bo", subject="refs/heads/main"),
    rules("2026-09-01", required_approvals=1),
    rules("2026-10-05", required_approvals=0),
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with published(tmp_path_factory.mktemp("looked"), RECORDS) as opened:
        yield opened


def told(found: tuple[Piece, ...], part: str) -> list[Piece]:
    return [one for one in found if one.part == part]


def test_of_a_change_its_authors_reviews_checks_push_merge_and_deployments_are_told(
    snapshot: Snapshot,
) -> None:
    found = pieces(snapshot, [CHANGE])[CHANGE]
    assert [one.who for one in told(found, "author")] == [("ada",), ("bo",)]
    (push,) = told(found, "last push")
    assert (push.what, push.happened_at) == (f"commit {HEAD}", at("2026-10-10 09:00"))
    by_cy, by_bo = told(found, "review")
    assert (by_cy.who, by_cy.happened_at) == (("cy",), at("2026-10-10 11:00"))
    assert by_cy.says == "approved; an approval; of what landed"
    assert by_bo.says == "approved; by an author of the change; an approval; not of what landed"
    assert by_bo.what == f"of commit {'b' * 40}"
    assert [(one.what, one.says) for one in told(found, "check")] == [
        ("build", "at the merge: success")
    ]
    (merge,) = told(found, "merge")
    assert (merge.who, merge.what, merge.url) == (
        ("dee",),
        f"landed as {sha(2)}",
        "https://git.example/web/pull/2",
    )
    assert [one.what for one in told(found, "deployment")] == ["web to production"]


def test_what_a_source_never_tells_is_said_and_not_counted_as_none(snapshot: Snapshot) -> None:
    found = pieces(snapshot, [BARE])[BARE]
    assert [one.says for one in told(found, "reviews")] == ["none: its source never tells reviews"]
    assert [one.says for one in told(found, "checks")] == ["none: its source never tells checks"]
    assert [one.says for one in told(found, "last push")] == ["when is not told"]
    assert told(found, "review") == []


def test_of_a_deployment_its_record_approvals_and_changes_are_told(snapshot: Snapshot) -> None:
    found = pieces(snapshot, [DEPLOYED])[DEPLOYED]
    assert [one.who for one in told(found, "deployment")] == [("dee",)]
    assert [one.who for one in told(found, "approval")] == [("eve",)]
    assert [(one.what, one.who) for one in told(found, "change")] == [("Change 2", ("ada", "bo"))]
    assert [one.who for one in told(found, "approval of a change")] == [("cy",), ("bo",)]


def test_of_the_others_the_row_of_their_source_is_told(snapshot: Snapshot) -> None:
    ids = ["test:web#finding/5", "test:acme#access/ada", "test:event/9", "test:incident/7"]
    (rule,) = snapshot.rows("select id from rule_change")
    found = pieces(snapshot, [*ids, rule["id"]])
    parts = {member: [one.part for one in every] for member, every in found.items()}
    assert parts == {
        ids[0]: ["finding"],
        ids[1]: ["right"],
        ids[2]: ["recorded event"],
        ids[3]: ["incident", "deployment"],
        rule["id"]: ["rules", "before"],
    }
    now, before = (one.says or "" for one in found[rule["id"]])
    assert "approvals: 0;" in now
    assert "approvals: 1;" in before


def test_a_review_of_access_stands_below_the_right_that_it_decided_about(
    snapshot: Snapshot,
) -> None:
    row = {"review": "r1", "source": "test", "kind": "member", "scope": "acme", "subject": "ada",
           "decision": "keep", "taken_at": at("2026-10-01"), "decided_at": at("2026-10-02"),
           "completed_at": None}  # fmt: skip
    given = Given({"access_review_decision": [row]})
    *_, last = pieces(snapshot, ["test:acme#access/ada"], given)["test:acme#access/ada"]
    assert (last.part, last.says) == ("review of access", "keep; not completed")


def test_where_people_are_not_named_the_same_one_has_the_same_pseudonym(
    snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    people = Ledger(tmp_path_factory.mktemp("log")).people
    ids = [CHANGE, DEPLOYED, "test:acme#access/ada", "test:event/9"]
    found = pieces(snapshot, ids, people=people)
    ada = people.pseudonym("ada")
    assert found[CHANGE][0].who == (ada,) == found["test:acme#access/ada"][0].who
    shown = repr([one for every in found.values() for one in every])
    assert set(NAMES).isdisjoint(re.findall(r"\w+", shown))


def test_what_was_not_drawn_or_is_not_there_has_no_evidence(snapshot: Snapshot) -> None:
    assert pieces(snapshot, []) == {}
    assert pieces(snapshot, ["test:web#pull/404"]) == {}


@pytest.mark.parametrize("name", statements())
def test_each_statement_says_first_what_one_row_is(name: str) -> None:
    assert statements()[name].startswith("-- One row is ")

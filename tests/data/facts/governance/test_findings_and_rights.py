"""How long findings stay open, and who may do what."""

from __future__ import annotations

from typing import Any

from data.configuration import Configuration, Organisation, Team
from data.model import MemberAccess, Reuse, SecurityFinding
from data.model import Organisation as HostOrganisation
from tests.data.facts.story import Facts, Row, Story
from tests.data.published import at, repository

READ_AT = at("2026-11-01")
CORE = Team(name="core", title="Core", owns=("repo:web",), timezone="Europe/Berlin")
OWNED = Configuration(organisation=Organisation(name="acme"), team=(CORE,))


def finding(number: int, opened_at: str, **fields: Any) -> SecurityFinding:
    """An open finding in a dependency of web."""
    defaults: dict[str, Any] = {
        "id": f"test:web#finding/{number}",
        "source": "test",
        "repository": "web",
        "kind": "dependency",
        "number": str(number),
        "rule": "ADV-1",
        "subject": "leftpad",
        "tool": None,
        "severity": "high",
        "state": "open",
        "opened_at": at(opened_at),
        "fixed_at": None,
        "dismissed_at": None,
        "dismissed_reason": None,
    }
    return SecurityFinding(**{**defaults, **fields})


def right(subject: str, scope: str, **fields: Any) -> MemberAccess:
    """A right of an account."""
    defaults: dict[str, Any] = {
        "id": f"test:{scope}#access/{subject}",
        "source": "test",
        "kind": "member",
        "role": None,
        "is_admin": None,
        "is_read_only": None,
        "has_two_factor": None,
        "created_at": None,
        "expires_at": None,
        "last_used_at": None,
    }
    return MemberAccess(**{**defaults, **fields}, subject=subject, scope=scope)


def used(kind: str, name: str, version: str | None, *, is_pinned: bool | None) -> Reuse:
    """Something shared that web builds on."""
    return Reuse(
        id=f"test:web#{kind}/{name}",
        source="test",
        repository="web",
        kind=kind,
        name=name,
        path="ci.yaml",
        version=version,
        is_pinned=is_pinned,
    )


def issue(facts: Facts, number: int) -> Row:
    """A finding by its number."""
    (row,) = facts.snapshot.rows("select * from security_issue where number = ?", [str(number)])
    return row


def test_an_open_finding_has_no_end(story: Story) -> None:
    row = issue(story(finding(1, "2026-05-01")), 1)
    assert (row["closed_at"], row["closed_before_at"], row["ended_at"]) == (None, None, None)
    assert row["open_seconds"] is None


def test_a_finding_is_over_when_it_was_fixed_or_dismissed(story: Story) -> None:
    facts = story(
        finding(1, "2026-05-01", state="fixed", fixed_at=at("2026-05-03")),
        finding(2, "2026-05-01", state="dismissed", dismissed_at=at("2026-05-04")),
    )
    assert issue(facts, 1)["closed_at"] == issue(facts, 1)["ended_at"] == at("2026-05-03")
    assert issue(facts, 2)["closed_before_at"] == at("2026-05-04")
    assert issue(facts, 1)["open_seconds"] == 2 * 86_400


def test_a_secret_that_was_revoked_is_over_once_though_two_times_are_told(story: Story) -> None:
    times = {"fixed_at": at("2026-05-03"), "dismissed_at": at("2026-05-03")}
    row = issue(story(finding(1, "2026-05-01", kind="secret", state="fixed", **times)), 1)
    assert row["closed_at"] == at("2026-05-03")


def test_a_finding_of_which_nobody_says_when_it_went_was_gone_when_it_was_read(
    story: Story,
) -> None:
    row = issue(story(finding(1, "2026-05-01", state="fixed")), 1)
    assert row["closed_at"] is None
    assert row["closed_before_at"] == row["ended_at"] == READ_AT


def test_a_finding_that_was_opened_again_is_open(story: Story) -> None:
    row = issue(story(finding(1, "2026-05-01", state="open")), 1)
    assert row["ended_at"] is None


def test_a_finding_is_of_the_team_that_owns_the_repository_and_has_its_clock(
    story: Story,
) -> None:
    facts = story(
        repository("web"),
        finding(1, "2026-05-31 22:30"),
        finding(2, "2026-05-01", repository="nobodys"),
        by=OWNED,
    )
    row = issue(facts, 1)
    assert (row["team"], f"{row['local_at']:%Y-%m-%d %H:%M}") == ("core", "2026-06-01 00:30")
    assert issue(facts, 2)["team"] == "unowned"


def test_a_right_in_a_repository_is_of_its_team_and_one_in_an_organisation_of_none(
    story: Story,
) -> None:
    facts = story(
        repository("web"), right("ada", "web"), right("ada", "acme"), right("ada", "@acme/web"),
        by=OWNED,
    )  # fmt: skip
    rows = facts.snapshot.rows("select scope, team, repository from access_right order by scope")
    assert [tuple(row.values()) for row in rows] == [
        ("@acme/web", None, None),
        ("acme", None, None),
        ("web", "core", "web"),
    ]


def test_what_was_not_told_of_a_right_stays_unknown(story: Story) -> None:
    (row,) = story(right("ada", "acme")).snapshot.rows("select * from access_right")
    untold = ("role", "is_admin", "has_two_factor", "last_used_at", "created_at", "is_read_only")
    assert [row[name] for name in untold] == [None] * 6
    assert (row["began_at"], row["ended_at"]) == (READ_AT, None)


def test_settings_of_an_organisation_keep_what_is_not_told(story: Story) -> None:
    organisation = HostOrganisation(
        id="test:acme",
        source="test",
        name="acme",
        is_two_factor_required=None,
        default_right=None,
        default_workflow_right="read",
        is_workflow_approval_allowed=False,
        plan=None,
    )
    (row,) = story(organisation).snapshot.rows("select * from host_setting")
    assert row["is_two_factor_required"] is None
    assert row["is_workflow_approval_allowed"] is False
    assert row["team"] is None


def test_what_is_used_is_of_the_team_of_the_repository(story: Story) -> None:
    facts = story(
        repository("web"),
        used("action", "acme/checkout", "v4", is_pinned=False),
        used("action", "./local", None, is_pinned=None),
        by=OWNED,
    )
    rows = facts.snapshot.rows("select title, team, is_pinned from workflow_use order by title")
    assert [tuple(row.values()) for row in rows] == [
        ("./local", "core", None),
        ("acme/checkout@v4", "core", False),
    ]

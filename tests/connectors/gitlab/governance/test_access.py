"""Who has access to a group and its projects, read over the double of GitLab."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.gitlab.governance.access import Access
from connectors.gitlab.governance.access_rows import access_token_row, is_in_force, member_row
from connectors.gitlab.governance.repository_access import RepositoryAccess
from data.model import GapReason, MemberAccess, Organisation, SubjectKind
from tests.connectors.gitlab.one_reader import OneReader
from tests.doubles.gitlab import story
from tests.doubles.gitlab.world import DeployKey, DeployToken, Group, Level

IN_JULY = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneReader]:
    made = OneReader(tmp_path, Access, RepositoryAccess)
    with closing(made):
        story.push(made.world, made.project, made.dev, made.at(), "Begin")
        yield made


def top(source: OneReader) -> Group:
    return source.project.group.lineage[-1]


def told(source: OneReader, *fields: str) -> dict[str, tuple[Any, ...]]:
    """What of each right, by the place it holds for and what has it."""
    rows = source.all_of(MemberAccess)
    return {f"{r.scope} {r.subject}": tuple(getattr(r, name) for name in fields) for r in rows}


def test_a_right_is_told_once_where_it_was_given(source: OneReader) -> None:
    story.join(top(source), source.dev, Level.OWNER, source.at())
    story.join(source.project.group, source.reviewer, Level.REPORTER, source.at())
    story.join(source.project, source.bot, Level.MAINTAINER, source.at())
    source.sync()
    assert told(source, "kind", "role", "is_admin", "is_read_only") == {
        "acme dev-1": ("member", "owner", True, False),
        "acme/shop reviewer-2": ("member", "reporter", False, True),
        "acme/shop/web release-bot": ("outside", "maintainer", True, False),
    }
    assert source.gaps == {}


def test_a_member_of_the_group_above_is_no_outsider_in_a_project(source: OneReader) -> None:
    story.join(top(source), source.dev, Level.REPORTER, source.at())
    story.join(source.project, source.dev, Level.DEVELOPER, source.at())
    source.sync()
    assert told(source, "kind")["acme/shop/web dev-1"] == ("member",)


def test_a_membership_says_since_and_until_when(source: OneReader) -> None:
    at = source.at()
    story.join(top(source), source.dev, Level.DEVELOPER, at).expires_at = IN_JULY
    source.sync()
    assert told(source, "created_at", "expires_at") == {"acme dev-1": (at, IN_JULY)}


def test_a_token_is_no_member_though_it_acts_through_an_account(source: OneReader) -> None:
    for place in (top(source), source.project):
        made = story.issue_token(source.world, place, "reports", Level.MAINTAINER, source.at())
        made.scopes, made.expires_at, made.last_used_at = ["api"], IN_JULY, source.at()
    source.sync()
    rows = source.all_of(MemberAccess)
    assert [(row.kind, row.scope, row.role) for row in rows] == [
        ("token", "acme", "maintainer: api"),
        ("token", "acme/shop/web", "maintainer: api"),
    ]
    assert all(row.is_admin and row.expires_at == IN_JULY and row.last_used_at for row in rows)


def test_a_token_that_opens_nothing_any_more_is_no_right(source: OneReader) -> None:
    story.issue_token(source.world, source.project, "old", Level.OWNER, source.at())
    source.sync()
    assert len(source.all_of(MemberAccess)) == 1
    source.project.access_tokens[0].is_revoked = True
    source.project.members.clear()
    source.pass_day()
    source.sync()
    assert source.all_of(MemberAccess) == []


def test_keys_and_deploy_tokens_have_access_to_a_project(source: OneReader) -> None:
    source.project.deploy_keys += [
        DeployKey(1, "robot", source.at(), can_push=True),
        DeployKey(2, "mirror", source.at(), expires_at=IN_JULY),
    ]
    writing = DeployToken(3, "images", "gitlab+deploy-token-3", ["read_registry", "write_registry"])
    source.project.deploy_tokens.append(writing)
    top(source).deploy_tokens.append(DeployToken(3, "packages", "gitlab+deploy-token-4"))
    source.sync()
    assert told(source, "kind", "role", "is_read_only", "expires_at") == {
        "acme packages": ("token", "read_repository", True, None),
        "acme/shop/web images": ("token", "read_registry, write_registry", False, None),
        "acme/shop/web mirror": ("deploy_key", "read", True, IN_JULY),
        "acme/shop/web robot": ("deploy_key", "write", False, None),
    }


def test_a_group_that_was_invited_has_access(source: OneReader) -> None:
    invited = {
        "group_id": 9,
        "group_name": "partners",
        "group_full_path": "partners",
        "group_access_level": 30,
        "expires_at": "2026-07-01",
    }
    shared = {"shared_with_groups": [invited]}
    source.double.damage(r"/groups/acme\?", lambda said: {**said, **shared})
    source.double.damage(r"/groups/acme/projects", lambda said: [{**p, **shared} for p in said])
    source.sync()
    assert told(source, "kind", "role", "expires_at") == {
        "acme partners": ("team", "developer", IN_JULY),
        "acme/shop/web partners": ("team", "developer", IN_JULY),
    }


def test_the_group_says_whether_it_wants_a_second_factor(source: OneReader) -> None:
    top(source).is_two_factor_required = True
    source.sync()
    (row,) = source.all_of(Organisation)
    assert (row.id, row.name, row.is_two_factor_required) == (
        "gitlab:acme#organisation",
        "acme",
        True,
    )


def test_who_left_is_gone(source: OneReader) -> None:
    story.join(top(source), source.dev, Level.OWNER, source.at())
    story.join(source.project, source.reviewer, Level.OWNER, source.at())
    source.sync()
    top(source).members.clear()
    source.project.members.clear()
    source.pass_day()
    source.sync()
    assert source.all_of(MemberAccess) == []


def test_within_a_day_nothing_is_asked(source: OneReader) -> None:
    source.double.refuse("access_tokens", 404)
    source.sync()
    gaps = source.gaps
    story.join(top(source), source.dev, Level.OWNER, source.at())
    source.time.at += timedelta(hours=22)
    assert source.sync().pages == 0
    assert (source.questions, source.gaps) == (0, gaps)


def test_what_a_developer_may_not_see_is_a_gap_and_the_rest_is_told(source: OneReader) -> None:
    story.join(top(source), source.dev, Level.DEVELOPER, source.at())
    story.join(source.project, source.reviewer, Level.DEVELOPER, source.at())
    source.holds(Level.DEVELOPER)
    source.sync()
    assert told(source) == {"acme dev-1": (), "acme/shop/web reviewer-2": ()}
    assert {key: gap.reason for key, gap in source.gaps.items()} == {
        "access/no_permission": GapReason.NO_PERMISSION,
        "repository_access/no_permission": GapReason.NO_PERMISSION,
    }
    assert "access tokens, deploy keys, deploy tokens" in (
        source.gaps["repository_access/no_permission"].what
    )


def test_what_is_refused_from_now_on_stays_and_the_rest_goes_on(source: OneReader) -> None:
    source.project.deploy_keys.append(DeployKey(1, "robot", source.at()))
    source.sync()
    source.double.refuse("deploy_keys", 403)
    story.join(source.project, source.dev, Level.OWNER, source.at())
    source.pass_day()
    source.sync()
    assert set(told(source)) == {"acme/shop/web robot", "acme/shop/web dev-1"}
    (gap,) = source.gaps.values()
    assert "what was known before stays" in gap.what
    source.double.allow()
    source.project.deploy_keys.clear()
    source.pass_day()
    source.sync()
    assert set(told(source)) == {"acme/shop/web dev-1"}
    assert source.gaps == {}


def test_what_is_refused_altogether_is_not_taken_for_gone(source: OneReader) -> None:
    story.join(top(source), source.dev, Level.OWNER, source.at())
    story.join(source.project, source.reviewer, Level.OWNER, source.at())
    source.sync()
    rows = source.all_of(MemberAccess)
    source.house.set_cursors({})
    source.double.refuse(r"groups/acme(\?|/(members|a|d))|projects/\d+/(members|a|d)", 404)
    source.sync()
    assert source.all_of(MemberAccess) == rows
    assert {gap.reason for gap in source.gaps.values()} == {GapReason.NOT_FOUND}


def test_gitlab_says_401_of_tokens_that_may_not_be_seen(source: OneReader) -> None:
    story.join(source.project, source.dev, Level.OWNER, source.at())
    source.double.refuse("access_tokens", 401)
    source.sync()
    assert set(told(source)) == {"acme/shop/web dev-1"}
    assert set(source.gaps) == {"access/no_permission", "repository_access/no_permission"}


def test_no_mail_address_and_no_key_is_archived(source: OneReader) -> None:
    story.join(top(source), source.dev, Level.OWNER, source.at())
    source.project.deploy_keys.append(DeployKey(1, "robot@ci.example.com", source.at()))
    identity = {"extern_uid": "personnel-4711", "provider": "group_saml"}
    someone = {"email": "dev-1@example.com", "group_saml_identity": identity}
    source.double.damage("/members", lambda said: [{**item, **someone} for item in said])
    source.sync()
    archived = source.house.everything()
    for hidden in ("dev-1@example.com", "robot@ci", "personnel-4711", "ssh-ed25519"):
        assert hidden not in archived
    assert source.all_of(MemberAccess)


def test_single_projects_have_no_group_to_read(source: OneReader) -> None:
    source.settings = {"group": None, "projects": ["acme/shop/web"]}
    story.join(source.project, source.dev, Level.OWNER, source.at())
    source.sync()
    assert source.all_of(Organisation) == []
    assert set(told(source)) == {"acme/shop/web dev-1"}


@pytest.mark.parametrize("odd", [None, []])
def test_a_key_that_does_not_say_whether_it_pushes_is_a_gap(source: OneReader, odd: Any) -> None:
    source.project.deploy_keys.append(DeployKey(1, "robot", source.at(), can_push=True))
    source.double.damage("/deploy_keys", lambda said: [{**said[0], "can_push": odd}])
    source.sync()
    assert source.all_of(MemberAccess) == []
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.UNREADABLE]


@pytest.mark.parametrize("odd", [{"access_level": None}, {"username": None}, {"created_at": 7}])
def test_a_member_that_cannot_be_read_is_a_gap(source: OneReader, odd: dict[str, Any]) -> None:
    story.join(top(source), source.dev, Level.OWNER, source.at())
    story.join(top(source), source.reviewer, Level.OWNER, source.at())
    source.double.damage("/groups/acme/members/all", lambda said: [{**said[0], **odd}, *said[1:]])
    source.sync()
    assert set(told(source)) == {"acme reviewer-2"}
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.UNREADABLE]


def test_a_role_of_the_groups_own_may_do_more_than_its_level(source: OneReader) -> None:
    told = {
        "id": 1,
        "username": "dev-1",
        "state": "blocked",
        "access_level": 20,
        "member_role": {"name": "auditor"},
    }
    row = member_row(source.connector()._asking, "acme", SubjectKind.MEMBER, told)
    assert (row.role, row.is_admin, row.is_read_only) == ("reporter (auditor), blocked", None, None)


def test_a_token_changes_nothing_by_its_scopes_or_by_its_level(source: OneReader) -> None:
    asking = source.connector()._asking
    token = {"id": 1, "name": "t", "access_level": 50, "scopes": ["read_api", "read_repository"]}
    row = access_token_row(asking, "acme", token)
    assert (row.is_admin, row.is_read_only) == (False, True)
    row = access_token_row(asking, "acme", {**token, "access_level": 20, "scopes": ["api"]})
    assert (row.is_admin, row.is_read_only) == (False, True)
    assert not is_in_force({**token, "active": False})
    assert is_in_force(token)


def test_archived_pages_alone_give_the_same_rows(source: OneReader, tmp_path: Path) -> None:
    story.join(top(source), source.dev, Level.OWNER, source.at())
    source.sync()
    story.join(source.project, source.reviewer, Level.OWNER, source.at())
    source.pass_day()
    source.sync()
    assert source.house.is_rebuilt_alike(source.connector(), tmp_path)
    assert source.reads_anew_alike()

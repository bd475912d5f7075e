"""What a token may not see is asked for at each sync, what is not there once a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.gitlab.api.refusing import MOST_ASKED_AGAIN
from connectors.gitlab.connector import GROUP_READERS, READERS
from connectors.gitlab.governance.access import Access
from connectors.gitlab.governance.protection import Protections
from connectors.gitlab.governance.repository_access import RepositoryAccess
from data.model import GapReason, MemberAccess, Protection
from tests.connectors.gitlab.one_reader import OneReader
from tests.doubles.gitlab import story
from tests.doubles.gitlab.world import DeployKey, Level

TOKENS = r"/projects/\d+/(access_tokens|deploy_)"


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneReader]:
    made = OneReader(tmp_path, RepositoryAccess)
    with closing(made):
        story.push(made.world, made.project, made.dev, made.at(), "Begin")
        made.project.deploy_keys.append(DeployKey(1, "robot", made.at()))
        yield made


@pytest.fixture
def everything(tmp_path: Path) -> Iterator[OneReader]:
    """All streams of the group and of its project."""
    made = OneReader(tmp_path, *READERS, *GROUP_READERS)
    with closing(made):
        story.push(made.world, made.project, made.dev, made.at(), "Begin")
        yield made


def keys(source: OneReader) -> list[str]:
    return [row.subject for row in source.all_of(MemberAccess)]


@pytest.mark.parametrize("status", [401, 403])
def test_what_the_token_may_not_see_costs_one_request_each_and_is_told_once_it_may(
    source: OneReader, status: int
) -> None:
    source.double.refuse(TOKENS, status)
    source.sync()
    gaps = source.gaps
    assert [gap.reason for gap in gaps.values()] == [GapReason.NO_PERMISSION]
    assert source.sync().pages == 0
    assert (source.questions, source.gaps) == (3, gaps)
    assert len(source.asked(TOKENS)) == 3
    source.double.allow()
    source.sync()
    assert (keys(source), source.gaps) == (["robot"], {})
    source.sync()
    assert source.questions == 0


def test_what_is_not_there_is_asked_for_once_a_day(source: OneReader) -> None:
    source.double.refuse(TOKENS, 404)
    source.sync()
    gaps = source.gaps
    assert [gap.reason for gap in gaps.values()] == [GapReason.NOT_FOUND]
    source.double.allow()
    source.sync()
    assert (source.questions, source.gaps) == (0, gaps)
    source.pass_day()
    source.sync()
    assert (keys(source), source.gaps) == (["robot"], {})


def test_of_what_is_refused_and_what_is_not_there_only_the_first_is_asked_for(
    source: OneReader,
) -> None:
    source.double.refuse("deploy_keys", 403)
    source.double.refuse("deploy_tokens", 404)
    source.sync()
    source.sync()
    assert source.questions == len(source.asked("deploy_keys")) == 1
    fixes = {gap.reason: gap.fix for gap in source.gaps.values()}
    assert fixes[GapReason.NO_PERMISSION].endswith("it is asked for again at each sync")
    assert fixes[GapReason.NOT_FOUND].endswith("it is asked for once a day")


def test_a_right_to_one_thing_alone_shows_at_once_too(source: OneReader) -> None:
    source.double.refuse(TOKENS, 403)
    source.sync()
    source.double.allow()
    source.double.refuse("access_tokens|deploy_tokens", 403)
    source.sync()
    assert keys(source) == ["robot"]
    (gap,) = source.gaps.values()
    assert "access tokens, deploy tokens: not told" in gap.what


def test_what_was_answered_is_asked_for_once_a_day_though_something_was_refused(
    source: OneReader,
) -> None:
    source.double.refuse("deploy_tokens", 403)
    source.sync()
    source.project.deploy_keys.clear()
    source.sync()
    assert keys(source) == ["robot"]
    source.pass_day()
    source.sync()
    assert keys(source) == []


def test_a_file_is_asked_for_again_where_it_was(tmp_path: Path) -> None:
    with closing(OneReader(tmp_path, Protections)) as source:
        source.project.files["docs/CODEOWNERS"] = ""
        story.push(source.world, source.project, source.dev, source.at(), "Begin")
        source.double.refuse("repository/files", 403)
        source.sync()
        source.sync()
        assert source.questions == 3
        source.double.allow()
        source.time.at += timedelta(hours=1)
        source.sync()
        newest = max(
            (row for row in source.all_of(Protection) if row.kind == "branch"),
            key=lambda row: row.changed_before_at,
        )
        assert (newest.has_code_owners, source.gaps) == (True, {})


def test_of_many_groups_no_more_than_some_are_asked_again(tmp_path: Path) -> None:
    with closing(OneReader(tmp_path, Access)) as source:
        for number in range(20):
            source.world.group(f"acme/team-{number}")
        source.holds(Level.DEVELOPER)
        source.sync()
        (gap,) = source.gaps.values()
        assert gap.fix.endswith("20 of 44 are asked for again at each sync, all once a day")
        source.sync()
        assert (source.questions, list(source.gaps.values())) == (MOST_ASKED_AGAIN, [gap])
        source.holds(Level.OWNER)
        source.sync()
        assert source.gaps == {}


def test_where_the_plan_has_no_such_things_a_project_costs_little_more(
    everything: OneReader,
) -> None:
    everything.sync()
    everything.sync()
    usual = len(everything.double.counted)
    everything.project.group.lineage[-1].plan = "free"
    everything.pass_day()
    everything.sync()
    everything.sync()
    # GitLab says of a log that is not in the plan that it is forbidden.
    assert len(everything.asked("audit_events")) == 2
    assert len(everything.double.counted) == usual + 2 <= 10


def test_with_few_rights_each_refusal_costs_one_request(everything: OneReader) -> None:
    everything.sync()
    everything.sync()
    usual = len(everything.double.counted)
    everything.holds(Level.DEVELOPER)
    everything.pass_day()
    everything.sync()
    assert everything.sync().pages == 0
    of_project = len(everything.asked(TOKENS + r"|protected_tags|push_rule|/\d+/audit_events"))
    of_groups = len(everything.asked(r"/groups/.*(tokens|audit_events)"))
    assert (of_project, of_groups) == (6, 5)
    assert len(everything.double.counted) == usual + of_project + of_groups

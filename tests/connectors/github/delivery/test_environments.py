"""Environments and workflows, read over the double of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.github.delivery.environments import Environments
from connectors.github.pipelines.workflows import Pipelines
from data.model import Environment, Gap, GapReason, Pipeline
from tests.connectors.github.one_stream import A_DAY, OneStream
from tests.doubles.github import story
from tests.doubles.github.world import Workflow


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, Environments)
    at = made.time.at - 30 * A_DAY
    story.push(made.world, made.repository, made.dev, at, "Begin")
    for name in ("production", "staging"):
        story.deploy(made.world, made.repository, made.dev, at, name)
    yield made
    made.close()


def guarded(source: OneStream) -> Environment:
    return next(row for row in source.rows(Environment) if row.name == "production")


def test_an_environment_nobody_guards_is_known_to_be_open(source: OneStream) -> None:
    assert not source.sync().errors
    row = guarded(source)
    assert row.id == "github:acme/web#environment/production"
    assert (row.reviewers, row.required_approvals) == ((), 0)
    assert (row.is_self_approval_barred, row.wait_minutes) == (False, 0)
    assert row.is_limited_to_protected_branches is False


def test_reviewers_waiting_and_branches_are_read(source: OneStream) -> None:
    team = source.world.organisations["acme"].add_team("core", 7)
    reviewer = source.world.account("reviewer-2")
    story.guard(
        source.repository,
        "production",
        reviewer,
        team,
        is_self_review_prevented=True,
        wait_minutes=15,
        branch_policy="protected",
    )
    source.sync()
    row = guarded(source)
    assert (row.reviewers, row.required_approvals) == (("reviewer-2", "Team:core"), 1)
    assert (row.is_self_approval_barred, row.wait_minutes) == (True, 15)
    assert row.is_limited_to_protected_branches is True


def test_patterns_of_branches_say_nothing_of_their_protection(source: OneStream) -> None:
    story.guard(source.repository, "production", branch_policy="custom", branch_patterns=("main",))
    source.sync()
    assert guarded(source).is_limited_to_protected_branches is None


def test_rules_that_are_not_told_are_unknown(source: OneStream) -> None:
    def without_rules(told: dict[str, list[dict[str, object]]]) -> object:
        for item in told["environments"]:
            del item["protection_rules"]
        return told

    source.double.damage("/environments", without_rules)
    source.sync()
    row = guarded(source)
    assert (row.reviewers, row.required_approvals, row.wait_minutes) == (None, None, None)


def test_what_was_deleted_goes_and_nothing_new_costs_nothing(source: OneStream) -> None:
    source.sync()
    assert source.sync().pages == 0
    assert not source.asked("/environments")
    source.repository.environments.pop()
    source.sync()
    assert [row.name for row in source.rows(Environment)] == ["production"]
    assert source.reads_anew_alike()


def test_a_null_among_environments_is_a_gap(source: OneStream) -> None:
    source.double.damage(
        "/environments", lambda told: {**told, "environments": [None, told["environments"][0]]}
    )
    assert not source.sync().errors
    assert len(source.rows(Environment)) == 1
    assert [gap.reason for gap in source.rows(Gap)] == [GapReason.UNREADABLE]


def test_a_refused_list_is_a_gap_and_the_rows_stay(source: OneStream) -> None:
    source.sync()
    source.double.refuse("/environments", 403)
    source.sync()
    assert len(source.rows(Environment)) == 2
    (gap,) = source.house.standing(source.stream)
    assert gap.reason == GapReason.NO_PERMISSION


def test_workflows_are_read_also_those_that_are_switched_off(tmp_path: Path) -> None:
    source = OneStream(tmp_path, Pipelines)
    at = source.time.at - A_DAY
    source.repository.workflows = [
        Workflow(1, "Test", ".github/workflows/test.yml", at),
        Workflow(2, "Old", ".github/workflows/old.yml", at, "disabled_manually"),
        Workflow(3, "CodeQL", "dynamic/github-code-scanning/codeql", at),
    ]
    source.sync()
    told = [(row.name, row.path, row.is_active) for row in source.rows(Pipeline)]
    assert told == [
        ("Test", ".github/workflows/test.yml", True),
        ("Old", ".github/workflows/old.yml", False),
        ("CodeQL", None, True),
    ]
    assert source.sync().pages == 0
    assert not source.asked("/actions/workflows")
    source.close()

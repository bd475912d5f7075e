"""How often GitLab is asked: for a large project, and where nothing is new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.interface import Severity
from data.model import Change, Deployment, Incident, PipelineRun
from tests.connectors.gitlab.one_project import OneProject
from tests.doubles.gitlab import story
from tests.doubles.gitlab.generate import large_history


def test_where_nothing_is_new_a_project_costs_eight_requests_at_most(shop: OneProject) -> None:
    large_history(shop.world, "acme/shop/web", changes=30, pipelines=90, deployments=20, issues=5)
    shop.time.at += timedelta(days=30)
    shop.sync()
    assert shop.sync().pages == 0
    assert len(shop.double.counted) <= 8
    assert not shop.double.unanswered


def test_one_more_project_costs_no_more_lists_of_projects(shop: OneProject) -> None:
    for number in range(3):
        project = shop.world.project(f"acme/p-{number}")
        story.push(shop.world, project, shop.dev, shop.at())
    shop.sync()
    shop.sync()
    assert len(shop.asked("/groups/acme/projects")) == 1
    assert len(shop.double.counted) <= 1 + 4 * 7


@pytest.mark.slow
def test_a_large_project_is_read_with_fewer_than_a_thousand_requests(shop: OneProject) -> None:
    project = large_history(shop.world, "acme/shop/web")
    shop.time.at = max(one.updated_at for one in project.pipelines) + timedelta(days=1)
    shop.sync()
    assert len(shop.double.counted) <= 1000
    assert len(shop.rows_of(Change)) == 2000
    assert len(shop.rows_of(PipelineRun)) == 10_000
    assert len(shop.rows_of(Deployment)) == 1000
    assert len(shop.rows_of(Incident)) == 300
    assert max(shop.double.complexities) <= 250
    assert shop.sync().pages == 0
    assert len(shop.double.counted) <= 10


def test_doctor_says_what_may_be_read_and_what_is_refused(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    shop.double.refuse("/repository/commits", 403)
    findings = {finding.where: finding for finding in shop.connector().check()}
    refused = findings.pop("acme/shop/web history")
    assert refused.severity is Severity.WARNING
    assert {finding.severity for finding in findings.values()} == {Severity.OK}


def test_a_preview_shows_what_the_rules_would_take_and_leave(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    shop.settings = {"deployments": [{"name": "live"}]}
    for name in ("live", "stage"):
        story.deploy(shop.world, shop.project, name, shop.at(), shop.bot)
    story.open_incident(shop.world, shop.project, shop.dev, shop.at(), "Down")
    story.open_issue(shop.world, shop.project, shop.dev, shop.at(), "A wish")
    told = {each.what: each.taken_as for each in shop.connector().preview(10)}
    assert told["deployment to stage, success"] is None
    assert told["issue A wish"] is None
    assert (told["Down"] or "").startswith("incident")
    assert any("to live" in (taken or "") for taken in told.values())

"""Issues that are incidents, by their kind, label or title, and what becomes of them."""

from __future__ import annotations

import pytest

from data.model import Incident
from tests.connectors.gitlab.one_project import SITE, OneProject
from tests.doubles.gitlab import story

LABELLED = {"incidents": [{"labels": ["incident", "outage"]}]}


def by_title(shop: OneProject) -> dict[str, Incident]:
    return {row.title: row for row in shop.rows_of(Incident)}


def test_gitlab_s_own_incidents_are_told_without_a_rule(shop: OneProject) -> None:
    story.open_incident(shop.world, shop.project, shop.dev, shop.at(), "Down", "CRITICAL")
    story.open_incident(shop.world, shop.project, shop.dev, shop.at(), "Slow", "UNKNOWN")
    story.open_issue(shop.world, shop.project, shop.dev, shop.at(), "A wish")
    shop.sync()
    assert {title: row.severity for title, row in by_title(shop).items()} == {
        "Down": "critical",
        "Slow": None,
    }
    row = by_title(shop)["Down"]
    assert (row.service, row.environment) == ("acme/shop/web", None)
    assert row.url == f"{SITE}/acme/shop/web/-/issues/1"


def test_labels_say_what_an_incident_is_about(shop: OneProject) -> None:
    shop.settings = LABELLED
    labels = ("outage", "sev2", "service: cart", "environment:stage")
    story.open_issue(shop.world, shop.project, shop.dev, shop.at(), "Down", labels=labels)
    shop.sync()
    row = by_title(shop)["Down"]
    assert (row.severity, row.service, row.environment) == ("sev2", "cart", "stage")


def test_a_label_that_is_removed_later_withdraws_the_incident(shop: OneProject) -> None:
    shop.settings = LABELLED
    issue = story.open_issue(
        shop.world, shop.project, shop.dev, shop.at(), "Down", labels=("incident",)
    )
    shop.sync()
    assert by_title(shop)["Down"].is_withdrawn is False
    story.unlabel(shop.world, issue, shop.dev, shop.at(), "incident")
    shop.sync()
    assert by_title(shop)["Down"].is_withdrawn is True
    story.label(shop.world, issue, shop.dev, shop.at(), "outage")
    shop.sync()
    assert by_title(shop)["Down"].is_withdrawn is False


def test_an_incident_that_becomes_a_mere_issue_is_withdrawn(shop: OneProject) -> None:
    issue = story.open_incident(shop.world, shop.project, shop.dev, shop.at(), "Down")
    shop.sync()
    issue.kind, issue.updated_at = "issue", shop.at()
    shop.sync()
    assert by_title(shop)["Down"].is_withdrawn is True


def test_an_issue_that_becomes_one_later_is_told(shop: OneProject) -> None:
    shop.settings = LABELLED
    issue = story.open_issue(shop.world, shop.project, shop.dev, shop.at(), "Down")
    shop.sync()
    assert by_title(shop) == {}
    story.label(shop.world, issue, shop.dev, shop.at(), "incident")
    shop.sync()
    assert by_title(shop)["Down"].is_withdrawn is False


def test_an_incident_that_is_opened_again_is_not_resolved(shop: OneProject) -> None:
    issue = story.open_incident(shop.world, shop.project, shop.dev, shop.at(), "Down")
    story.close(shop.world, issue, shop.dev, shop.at())
    shop.sync()
    assert by_title(shop)["Down"].resolved_at == issue.closed_at
    story.reopen(shop.world, issue, shop.dev, shop.at())
    shop.sync()
    row = by_title(shop)["Down"]
    assert (row.resolved_at, row.reopened_count) == (None, 1)
    assert shop.reads_anew_alike()


def test_titles_make_incidents_where_a_rule_says_so(shop: OneProject) -> None:
    shop.settings = {"incidents": [{"title": "(?i)^outage:"}]}
    shop.small_pages(2)
    for number in range(5):
        story.open_issue(shop.world, shop.project, shop.dev, shop.at(), f"Outage: {number}")
        story.open_issue(shop.world, shop.project, shop.dev, shop.at(), f"Wish {number}")
    shop.sync()
    assert set(by_title(shop)) == {f"Outage: {number}" for number in range(5)}
    assert shop.sync().pages == 0


def test_where_labels_alone_decide_old_issues_without_them_are_not_read(shop: OneProject) -> None:
    shop.settings = LABELLED
    shop.small_pages(3)
    for number, label in enumerate(["incident", "outage"] * 4):
        story.open_issue(
            shop.world, shop.project, shop.dev, shop.at(), f"Down {number}", labels=(label,)
        )
    story.open_incident(shop.world, shop.project, shop.dev, shop.at(), "Own")
    for number in range(30):
        story.open_issue(shop.world, shop.project, shop.dev, shop.at(), f"Wish {number}")
    shop.sync()
    assert set(by_title(shop)) == {f"Down {number}" for number in range(8)} | {"Own"}
    assert len(shop.asked(r"/issues\?")) <= 1 + 2 + 2 + 1 + 1
    assert shop.sync().pages == 0


def test_the_story_of_each_incident_is_asked_for_once(shop: OneProject) -> None:
    shop.settings = LABELLED
    for number in range(4):
        story.open_issue(
            shop.world, shop.project, shop.dev, shop.at(), f"Down {number}", labels=("incident",)
        )
    shop.small_pages(3)
    shop.sync()
    assert len(shop.asked("resource_state_events")) == 4
    shop.sync()
    assert not shop.asked("resource_state_events")


@pytest.mark.parametrize(
    ("named", "cause"),
    [
        ("17", "gitlab:acme/shop/web#deployment/17"),
        (f"{SITE}/acme/shop/web/-/jobs/9", "gitlab:acme/shop/web#job/9"),
        (f"<{SITE}/acme/api/-/pipelines/8>.", "gitlab:acme/api#run/8/1"),
        ("A1" * 20, "a1" * 20),
        ("1A2b3c4.", "1a2b3c4"),
        (f"{SITE}/acme/api/-/commit/1a2b3c4d", "1a2b3c4d"),
        ("defaced pages", None),
        ("gitlab:acme/api#deployment/3", "gitlab:acme/api#deployment/3"),
        ("https://other.example.com/acme/api/-/jobs/9", None),
        ("nobody knows", None),
    ],
)
def test_a_line_may_name_the_deployment_that_caused_it(
    shop: OneProject, named: str, cause: str | None
) -> None:
    story.open_issue(
        shop.world,
        shop.project,
        shop.dev,
        shop.at(),
        "Down",
        kind="incident",
        description=f"We saw it.\n\nCaused by: {named}\n",
    )
    shop.sync()
    assert by_title(shop)["Down"].deployment == cause

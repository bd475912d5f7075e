"""Issues that the user's rules call incidents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.github.delivery.incidents import Incidents
from data.model import Gap, GapReason, Incident, Record
from tests.connectors.github.one_stream import A_DAY, OneStream, asking_with, small_pages
from tests.connectors.house import Kill, Killed
from tests.doubles.github import story
from tests.doubles.github.world import Issue

RULE: Mapping[str, Any] = {"labels": ["incident"]}
CLOSED = {"__typename": "ClosedEvent", "createdAt": "2026-02-01T12:00:00Z"}
REOPENED = {"__typename": "ReopenedEvent", "createdAt": "2026-02-01T13:00:00Z"}


def listed(*nodes: Any) -> dict[str, Any]:
    return {"totalCount": len(nodes), "nodes": list(nodes)}


def node(*labels: str, events: tuple[Any, ...] = (), **changed: Any) -> dict[str, Any]:
    """An issue as GitHub tells it."""
    return {
        "number": 7,
        "url": "https://git.example.com/acme/web/issues/7",
        "title": "Payments fail",
        "body": "",
        "state": "OPEN",
        "stateReason": None,
        "createdAt": "2026-02-01T10:00:00Z",
        "updatedAt": "2026-02-01T10:00:00Z",
        "closedAt": None,
        "author": None,
        "labels": listed(*({"name": label} for label in labels)),
        "timelineItems": listed(*events),
        **changed,
    }


def bore(label: str) -> dict[str, Any]:
    return {"__typename": "LabeledEvent", "createdAt": "", "label": {"name": label}}


def rows_of(
    rule: Mapping[str, Any], *nodes: Any, told: tuple[int, ...] = (), **settings: Any
) -> list[Record]:
    """Rows of a page with these issues, of which some were told as incidents before."""
    reader = Incidents(asking_with(incidents=[rule], **settings))
    answer = {"data": {"repository": {"issues": {"nodes": list(nodes)}}}}
    return list(reader.rows({"repository": "acme/web", "told": told}, [answer]))


def only(rows: list[Record]) -> Incident:
    (row,) = rows
    assert isinstance(row, Incident)
    return row


def test_an_issue_with_the_label_is_an_incident_from_its_creation() -> None:
    row = only(rows_of(RULE, node("Incident", "sev1")))
    assert row.id == "github:acme/web#issue/7"
    assert (row.title, row.severity) == ("Payments fail", "sev1")
    assert row.started_at == datetime.fromisoformat("2026-02-01T10:00:00Z")
    assert (row.resolved_at, row.reopened_count, row.is_withdrawn) == (None, 0, False)
    assert (row.environment, row.deployment) == (None, None)


def test_an_issue_that_no_rule_fits_is_none() -> None:
    assert rows_of(RULE, node("bug", events=(bore("bug"),))) == []


def test_a_rule_may_go_by_the_title() -> None:
    rule = {"title": "(?i)^outage"}
    assert only(rows_of(rule, node(title="Outage of payments")))
    assert rows_of(rule, node(title="After the outage")) == []


def test_labels_name_service_and_environment() -> None:
    row = only(rows_of(RULE, node("incident", "service:shop", "environment:Staging")))
    assert (row.service, row.environment) == ("shop", "Staging")


def test_an_issue_is_about_the_only_service_of_its_repository_and_about_none_of_several() -> None:
    assert only(rows_of(RULE, node("incident"))).service == "acme/web"
    services = {"acme/web": {"shop": "shop", "stock": "stock"}}
    assert only(rows_of(RULE, node("incident"), services=services)).service is None


@pytest.mark.parametrize("reason", ["COMPLETED", "NOT_PLANNED", "DUPLICATE"])
def test_a_closed_incident_is_resolved_however_it_was_closed(reason: str) -> None:
    closed = {"state": "CLOSED", "stateReason": reason, "closedAt": "2026-02-01T12:00:00Z"}
    row = only(rows_of(RULE, node("incident", events=(CLOSED,), **closed)))
    assert row.resolved_at == datetime.fromisoformat("2026-02-01T12:00:00Z")


def test_a_reopened_incident_is_open_and_counts_how_often() -> None:
    row = only(rows_of(RULE, node("incident", events=(CLOSED, REOPENED, CLOSED, REOPENED))))
    assert (row.resolved_at, row.reopened_count) == (None, 2)


def test_an_incident_that_lost_its_label_is_withdrawn() -> None:
    row = only(rows_of(RULE, node("sev2", events=(bore("incident"),))))
    assert (row.is_withdrawn, row.severity) == (True, "sev2")


def test_an_incident_that_lost_its_title_is_withdrawn() -> None:
    assert only(rows_of({"title": "^Outage"}, node(), told=(7,))).is_withdrawn


@pytest.mark.parametrize(
    ("line", "deployment"),
    [
        ("caused by: 12", "github:acme/web#deployment/12"),
        ("Caused by: github:acme/pay#deployment/3", "github:acme/pay#deployment/3"),
        (
            "- **Caused by:** https://git.example.com/acme/web/deployments/12.",
            "github:acme/web#deployment/12",
        ),
        (
            "caused by: <https://git.example.com/api/v3/repos/acme/web/deployments/12>",
            "github:acme/web#deployment/12",
        ),
        ("caused by: https://git.example.com/acme/web/actions/runs/7", "github:acme/web#run/7/1"),
        (
            "caused by: https://git.example.com/acme/web/actions/runs/7/attempts/2",
            "github:acme/web#run/7/2",
        ),
        (
            "caused by: https://git.example.com/acme/web/actions/runs/7/job/70",
            "github:acme/web#job/70",
        ),
        (f"caused by: {'A1' * 20}", "a1" * 20),
        ("caused by: 1A2b3c4.", "1a2b3c4"),
        ("caused by: 1a2b3c", None),
        ("caused by: defaced pages", None),
        ("caused by: https://git.example.com/acme/web/commit/1a2b3c4d", "1a2b3c4d"),
        ("caused by: https://elsewhere.example.com/acme/web/deployments/12", None),
        ("caused by: a slow disk", None),
        ("caused by: http://[", None),
        ("it was not caused by: 12", None),
        ("caused by:\n12", None),
    ],
)
def test_a_line_of_the_text_names_the_deployment_that_caused_it(
    line: str, deployment: str | None
) -> None:
    body = f"Since ten o'clock.\r\n{line}\r\nMore later."
    assert only(rows_of(RULE, node("incident", body=body))).deployment == deployment


def test_events_that_do_not_fit_on_the_page_are_a_gap_beside_the_incident() -> None:
    events = {"totalCount": 140, "nodes": [bore("incident")] * 100}
    incident, gap = rows_of(RULE, node("incident", timelineItems=events))
    assert isinstance(incident, Incident)
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.count) == (GapReason.TRUNCATED, 40)


def test_an_issue_that_cannot_be_read_is_a_gap_and_the_others_stand() -> None:
    renamed = {name: value for name, value in node("incident").items() if name != "closedAt"}
    gap, other = rows_of(RULE, {**renamed, "state": "CLOSED"}, node("incident", number=8))
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.count) == (GapReason.UNREADABLE, 1)
    assert other.id == "github:acme/web#issue/8"


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, Incidents, incidents=[RULE])
    story.push(made.world, made.repository, made.dev, made.time.at - 400 * A_DAY, "Begin")
    yield made
    made.close()


def opens(source: OneStream, days_ago: int, *labels: str, **told: Any) -> Issue:
    at = source.time.at - days_ago * A_DAY
    return story.open_issue(source.world, source.repository, source.dev, at, labels=labels, **told)


def incidents(source: OneStream) -> dict[str, Incident]:
    return {row.id.rpartition("/")[2]: row for row in source.rows(Incident)}


def test_incidents_are_asked_for_only_where_a_rule_is_for_the_repository(
    source: OneStream,
) -> None:
    source.settings["incidents"] = [{**RULE, "repositories": ["acme/pay"]}]
    source.sync()
    assert not source.double.asked.like("/issues|graphql")


def test_a_sync_without_news_is_free_also_after_a_pull_request(source: OneStream) -> None:
    opens(source, 3, "incident")
    source.sync()
    assert len(incidents(source)) == 1
    story.open_pull(source.world, source.repository, source.dev, source.time.at, "A change")
    assert source.sync().pages == 0
    assert not source.asked("/issues|graphql")


def test_the_first_reading_asks_for_the_labels_alone(source: OneStream) -> None:
    source.settings["incidents"] = [RULE, {"labels": ["outage"]}]
    with small_pages(Incidents, 5):
        old = [opens(source, 300 - days, "incident") for days in range(12)]
        both = opens(source, 250, "outage", "incident")
        outage = opens(source, 240, "outage")
        for days in range(100):
            opens(source, 200 - days, "bug")
        source.sync()
    told = {str(issue.number) for issue in (*old, both, outage)}
    assert incidents(source).keys() == told
    assert len(source.asked("graphql")) == 1 + 3 + 1


def test_a_rule_by_title_reads_all_issues(source: OneStream) -> None:
    source.settings["incidents"] = [{"title": "^Outage"}]
    with small_pages(Incidents, 5):
        outage = opens(source, 300, title="Outage of payments")
        for days in range(20):
            opens(source, 200 - days, "incident")
        source.sync()
    assert list(incidents(source)) == [str(outage.number)]


def test_a_title_that_is_changed_later_withdraws_the_incident(source: OneStream) -> None:
    source.settings["incidents"] = [{"title": "^Outage"}]
    with small_pages(Incidents, 5):
        issues = [opens(source, 30 - days, title=f"Outage {days}") for days in range(12)]
        source.sync()
        source.time.sleep(60)
        issues[2].title, issues[2].updated_at = "No outage", source.time.at
        source.sync()
        assert source.sync().pages == 0
    withdrawn = {key for key, row in incidents(source).items() if row.is_withdrawn}
    assert len(incidents(source)) == 12
    assert withdrawn == {str(issues[2].number)}


def test_a_label_that_is_removed_later_withdraws_the_incident(source: OneStream) -> None:
    with small_pages(Incidents, 5):
        issues = [opens(source, 30 - days, "incident") for days in range(12)]
        source.sync()
        story.unlabel(source.world, issues[2], "incident", source.dev, source.time.at)
        source.sync()
    told = incidents(source)
    assert len(told) == 12
    assert [key for key, row in told.items() if row.is_withdrawn] == [str(issues[2].number)]


def test_a_label_that_comes_later_makes_the_incident(source: OneStream) -> None:
    with small_pages(Incidents, 5):
        issues = [opens(source, 30 - days, "bug") for days in range(12)]
        source.sync()
        assert not incidents(source)
        story.label(source.world, issues[2], "incident", source.dev, source.time.at)
        source.sync()
    assert list(incidents(source)) == [str(issues[2].number)]
    assert source.reads_anew_alike()


def test_an_incident_is_resolved_and_reopened_as_its_issue_is(source: OneStream) -> None:
    issue = opens(source, 3, "incident")
    source.sync()
    source.time.sleep(3600)
    story.close(source.world, issue, source.dev, source.time.at, "NOT_PLANNED")
    source.sync()
    (row,) = incidents(source).values()
    assert (row.resolved_at, row.reopened_count) == (source.time.at, 0)
    source.time.sleep(3600)
    story.reopen(source.world, issue, source.dev, source.time.at)
    source.sync()
    (row,) = incidents(source).values()
    assert (row.resolved_at, row.reopened_count) == (None, 1)
    assert source.reads_anew_alike()


def test_an_issue_of_a_deleted_account_is_read(source: OneStream) -> None:
    opens(source, 3, "incident")
    story.delete_account(source.dev)
    source.sync()
    assert len(incidents(source)) == 1


@pytest.mark.parametrize("is_committed", [True, False])
@pytest.mark.parametrize("page", [0, 1, 2, 3])
def test_a_kill_is_resumed_and_what_changed_meanwhile_is_not_lost(
    source: OneStream, page: int, is_committed: bool
) -> None:
    source.settings["incidents"] = [RULE, {"labels": ["outage"]}]
    with small_pages(Incidents, 5):
        issues = [opens(source, 90 - days, "incident") for days in range(12)]
        issues += [opens(source, 70 - days, "outage") for days in range(7)]
        with pytest.raises(Killed):
            source.sync(Kill(page, is_committed=is_committed))
        story.close(source.world, issues[3], source.dev, source.time.at)
        issues.append(opens(source, 1, "outage"))
        source.sync()
        assert incidents(source).keys() == {str(issue.number) for issue in issues}
        assert incidents(source)[str(issues[3].number)].resolved_at == source.time.at
        assert source.sync().pages == 0
        assert source.reads_anew_alike()


def test_no_mail_address_is_kept(source: OneStream) -> None:
    opens(source, 3, "incident", body="Reported by dev-2 <dev-2@example.com>")
    source.sync()
    assert "@example.com" not in source.house.everything()

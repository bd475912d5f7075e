"""What incidents of PagerDuty become, and what of a large account is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from data.model import Alert, GapReason, Incident
from tests.connectors.one_api import OneApi
from tests.connectors.pagerduty.test_conformance import PagerDutyBinding
from tests.doubles.pagerduty.double import INTEGRATION, USER, PagerDutyDouble

SERVICES = {"services": {"Checkout *": "checkout"}, "environments": {"* (staging)": "staging"}}


class Empty(PagerDutyBinding):
    """An account in which nothing has happened yet."""

    def tell_the_story(self) -> None:
        pass

    def settings(self) -> dict[str, object]:
        return dict(SERVICES)


@pytest.fixture
def account(tmp_path: Path) -> Iterator[OneApi]:
    with closing(OneApi(Empty, tmp_path)) as made:
        yield made


@pytest.fixture
def double(account: OneApi) -> PagerDutyDouble:
    found = account.source.double
    assert isinstance(found, PagerDutyDouble)
    return found


@pytest.fixture
def at(account: OneApi) -> datetime:
    """Ten days ago."""
    return account.source.time.at - timedelta(days=10)


@contextmanager
def only_rows(double: PagerDutyDouble, most: int) -> Iterator[None]:
    """PagerDuty would show no more rows of a list than these."""
    double.most_rows = most
    place = "connectors.pagerduty"
    with patch(f"{place}.windows.MOST_ROWS", most), patch(f"{place}.story.SIZE", most):
        yield


def test_an_account_without_incidents_is_empty(account: OneApi) -> None:
    assert account.sync().pages == 0
    assert not account.house.gaps()


def test_an_incident_tells_who_took_it_on_and_who_mended_it(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    made = double.trigger("Checkout API", "Errors", at)
    double.acknowledge(made, at + timedelta(minutes=4))
    double.resolve(made, at + timedelta(minutes=9), INTEGRATION, "api")
    account.sync()
    (incident,), (alert,) = account.rows(Incident), account.rows(Alert)
    assert (incident.service, incident.severity) == ("checkout", "high")
    assert incident.resolved_at == at + timedelta(minutes=9)
    assert alert.acknowledged_at == at + timedelta(minutes=4)
    assert alert.resolved_at == incident.resolved_at
    assert alert.incident == incident.id
    assert alert.is_remedied_by_machine is True


@pytest.mark.parametrize(
    ("agent", "channel", "is_machine"), [(USER, "website", False), (INTEGRATION, "timeout", None)]
)
def test_neither_a_person_nor_a_timeout_is_a_machine_that_mends(
    account: OneApi,
    double: PagerDutyDouble,
    at: datetime,
    agent: object,
    channel: str,
    is_machine: bool | None,
) -> None:
    double.resolve(double.trigger("Checkout API", "Errors", at), at, agent, channel)
    account.sync()
    assert [alert.is_remedied_by_machine for alert in account.rows(Alert)] == [is_machine]


def test_the_end_of_one_of_several_alerts_is_not_known(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    made = double.trigger("Checkout API", "Errors", at, alerts=2)
    made.alerts[1].extra["resolved_at"] = (at + timedelta(minutes=1)).isoformat()
    double.resolve(made, at + timedelta(minutes=9))
    account.sync()
    ends = [alert.resolved_at for alert in account.rows(Alert)]
    assert ends == [None, at + timedelta(minutes=1)]


def test_an_alert_that_joins_later_was_not_acknowledged_before_it_began(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    made = double.trigger("Checkout API", "Errors", at)
    double.acknowledge(made, at + timedelta(minutes=4))
    made.alerts[0].at = at + timedelta(minutes=6)
    account.sync()
    assert [alert.acknowledged_at for alert in account.rows(Alert)] == [None]


def test_an_incident_that_is_opened_again_is_open_and_counted(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    made = double.trigger("Checkout API", "Errors", at)
    double.resolve(made, at + timedelta(minutes=5))
    account.sync()
    account.source.wait()
    double.reopen(made, account.source.time.at)
    account.sync()
    (incident,) = account.rows(Incident)
    assert (incident.resolved_at, incident.reopened_count) == (None, 1)
    account.source.wait()
    double.resolve(made, account.source.time.at)
    account.sync()
    (incident,) = account.rows(Incident)
    assert (incident.resolved_at, incident.reopened_count) == (account.source.time.at, 1)


def test_what_was_merged_into_another_is_withdrawn(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    made = double.trigger("Checkout API", "Errors", at)
    made.resolve_reason = {"type": "merge_resolve_reason"}
    double.resolve(made, at)
    account.sync()
    assert [incident.is_withdrawn for incident in account.rows(Incident)] == [True]


def test_a_service_stands_for_an_environment(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    double.trigger("Checkout (staging)", "Errors", at)
    double.trigger("Search", "Errors", at)
    account.sync()
    told = [(incident.service, incident.environment) for incident in account.rows(Incident)]
    assert told == [("checkout", "staging"), ("Search", None)]


def test_years_are_read_in_windows_of_half_a_year(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    for year in range(4):
        double.trigger("Search", "Errors", at - timedelta(days=365 * year), alerts=0)
    account.sync()
    assert len(account.rows(Incident)) == 4
    windows = double.asked.like(r"GET /incidents\?sort_by")
    assert len(windows) == 7


def test_a_window_with_too_many_rows_is_read_in_smaller_ones(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    with only_rows(double, 6):
        for number in range(40):
            double.trigger("Search", "Errors", at + timedelta(hours=number), alerts=0)
        account.sync()
    assert len(account.rows(Incident)) == 40
    assert not account.house.gaps()


def test_a_second_with_too_many_rows_is_a_gap_of_that_second(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    with only_rows(double, 6):
        for _ in range(8):
            double.trigger("Search", "Errors", at, alerts=0)
        later = double.trigger("Search", "Errors", at + timedelta(days=1), alerts=0)
        account.sync()
    assert account.rows(Incident)[-1].id.endswith(later.id)
    (gap,) = account.gaps(GapReason.TRUNCATED)
    assert gap.since_at is not None
    assert gap.until_at is not None
    assert gap.count == 2
    assert gap.since_at <= at < gap.until_at <= gap.since_at + timedelta(seconds=3)


def test_an_incident_that_is_withheld_is_a_gap_and_the_others_go_on(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    first, second = (double.trigger("Search", "Errors", at) for _ in range(2))
    account.sync()
    account.source.wait()
    for made in (first, second):
        double.resolve(made, account.source.time.at)
    double.refuse(rf"/incidents/{first.id}$", 403, "Access Denied")
    account.sync()
    ends = [incident.resolved_at for incident in account.rows(Incident)]
    assert ends == [None, account.source.time.at]
    assert len(account.gaps(GapReason.NO_PERMISSION)) == 1


def test_what_a_tool_wrote_into_an_alert_is_not_archived(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    double.trigger("Search", "Errors", at)
    account.sync()
    assert not [page for _, page in account.house.pages() if b"what the tool wrote" in page]


def test_a_used_up_limit_is_waited_for(
    account: OneApi, double: PagerDutyDouble, at: datetime
) -> None:
    for number in range(30):
        double.trigger("Search", f"Errors {number}", at)
    double.limits = {"": (20, 60)}
    account.sync()
    assert len(account.rows(Incident)) == 30
    assert sum(account.source.time.slept) >= 60

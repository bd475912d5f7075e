"""What scans found, read over the double of GitHub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.github.governance.finding_rows import (
    code_finding,
    dependency_finding,
    secret_finding,
)
from connectors.github.governance.findings import CodeFindings, DependencyFindings, SecretFindings
from data.model import Gap, GapReason, SecurityFinding
from tests.connectors.github.one_stream import TOKEN, OneStream, asking_with, small_pages
from tests.connectors.house import Kill, Killed
from tests.connectors.loopback import Answer
from tests.doubles.github.world import CodeAlert, DependencyAlert, SecretAlert

HOUR = timedelta(hours=1)
SECRET = "not-a-real-secret"


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Callable[..., OneStream]]:
    made: list[OneStream] = []

    def read(reader: type) -> OneStream:
        made.append(OneStream(tmp_path, reader))
        return made[-1]

    yield read
    for each in made:
        each.close()


def dependency(source: OneStream, number: int, **fields: Any) -> DependencyAlert:
    at = source.time.at - 400 * HOUR + number * HOUR
    alert = DependencyAlert(number, at, at, **fields)
    alerts = source.repository.dependency_alerts
    assert alerts is not None
    alerts.append(alert)
    return alert


def only_row(source: OneStream) -> SecurityFinding:
    (row,) = source.rows(SecurityFinding)
    return row


def test_a_weak_dependency_is_read_with_its_severity(reading: Callable[..., OneStream]) -> None:
    source = reading(DependencyFindings)
    alert = dependency(source, 7, severity="critical", package="left-lib")
    assert not source.sync().errors
    row = only_row(source)
    assert row.id == "github:acme/web#finding/dependency/7"
    assert (row.rule, row.subject, row.severity) == ("GHSA-0000-0000-0001", "left-lib", "critical")
    assert (row.state, row.opened_at, row.fixed_at) == ("open", alert.created_at, None)


def test_what_was_fixed_or_dismissed_since_is_told_with_time_and_reason(
    reading: Callable[..., OneStream],
) -> None:
    source = reading(DependencyFindings)
    fixed, dismissed = dependency(source, 1), dependency(source, 2)
    source.sync()
    source.time.at += HOUR
    fixed.state, fixed.fixed_at, fixed.updated_at = "fixed", source.time.at, source.time.at
    dismissed.state, dismissed.dismissed_reason = "dismissed", "tolerable_risk"
    dismissed.dismissed_at = dismissed.updated_at = source.time.at
    source.sync()
    first, second = source.rows(SecurityFinding)
    assert (first.state, first.fixed_at) == ("fixed", source.time.at)
    assert (second.state, second.dismissed_reason) == ("dismissed", "tolerable_risk")
    assert second.dismissed_at == source.time.at


def test_nothing_new_costs_nothing(reading: Callable[..., OneStream]) -> None:
    source = reading(DependencyFindings)
    dependency(source, 1)
    source.sync()
    assert len(source.asked("dependabot")) == 1
    assert source.sync().pages == 0
    assert not source.asked("dependabot")


def test_many_pages_survive_a_kill_at_any(reading: Callable[..., OneStream]) -> None:
    source = reading(DependencyFindings)
    for number in range(1, 12):
        dependency(source, number)
    with small_pages(DependencyFindings, 3):
        for page in range(4):
            house = source.new_house()
            with pytest.raises(Killed):
                source.sync(Kill(page, is_committed=bool(page % 2)), house)
            source.sync(house=house)
            assert len(source.rows(SecurityFinding, house)) == 11
            assert source.sync(house=house).pages == 0


def test_a_place_in_the_list_that_github_forgot_lets_it_be_read_anew(
    reading: Callable[..., OneStream],
) -> None:
    source = reading(DependencyFindings)
    for number in range(1, 8):
        dependency(source, number)
    with small_pages(DependencyFindings, 3):
        with pytest.raises(Killed):
            source.sync(Kill(0, is_committed=True))
        source.double.fail("after=", [Answer.json({"message": "Invalid cursor"}, 400)])
        assert not source.sync().errors
    assert len(source.rows(SecurityFinding)) == 7


@pytest.mark.parametrize(
    ("reader", "alerts"),
    [
        (DependencyFindings, "dependency_alerts"),
        (CodeFindings, "code_alerts"),
        (SecretFindings, "secret_alerts"),
    ],
)
def test_a_scan_that_is_switched_off_is_a_gap_that_says_so_and_not_zero(
    reading: Callable[..., OneStream], reader: type, alerts: str
) -> None:
    source = reading(reader)
    setattr(source.repository, alerts, None)
    assert not source.sync().errors
    (gap,) = source.house.standing(source.stream)
    assert (gap.reason, gap.fix[:6]) == (GapReason.NOT_FOUND, "switch")
    setattr(source.repository, alerts, [])
    source.sync()
    assert source.house.standing(source.stream) == []


def test_a_repository_that_was_never_analysed_is_a_gap(reading: Callable[..., OneStream]) -> None:
    source = reading(CodeFindings)
    source.repository.has_analyses = False
    source.sync()
    (gap,) = source.house.standing(source.stream)
    assert "no analysis found" in gap.what


@pytest.mark.parametrize("reader", [DependencyFindings, CodeFindings, SecretFindings])
def test_a_missing_right_is_no_switched_off_scan(
    reading: Callable[..., OneStream], reader: type
) -> None:
    source = reading(reader)
    source.double.add_token(TOKEN, "dev-1", ["metadata:read"])
    source.sync()
    (gap,) = source.house.standing(source.stream)
    assert gap.reason == GapReason.NO_PERMISSION
    assert "read" in gap.fix


def test_a_finding_in_code_names_rule_file_and_tool(reading: Callable[..., OneStream]) -> None:
    source = reading(CodeFindings)
    at = source.time.at - HOUR
    source.repository.code_alerts = [CodeAlert(3, at, at, severity="medium")]
    source.sync()
    row = only_row(source)
    assert (row.rule, row.subject) == ("example/unsafe-call", "src/app.py")
    assert (row.tool, row.severity, row.state) == ("example-scan", "medium", "open")


def test_a_secret_itself_is_neither_asked_for_nor_kept(reading: Callable[..., OneStream]) -> None:
    source = reading(SecretFindings)
    at = source.time.at - HOUR
    source.repository.secret_alerts = [SecretAlert(1, at, at, is_bypassed=True)]
    source.double.ignored_filters.add("hide_secret")
    source.sync()
    assert source.double.asked.like("hide_secret=true")
    assert SECRET not in source.house.everything()
    assert SECRET not in str(source.house.cursors)
    row = only_row(source)
    assert (row.rule, row.subject, row.severity) == ("example_token", None, None)
    assert row.is_push_bypassed is True


@pytest.mark.parametrize(
    ("resolution", "state"),
    [("revoked", "fixed"), ("false_positive", "dismissed"), ("used_in_tests", "dismissed")],
)
def test_a_resolved_secret_is_fixed_only_if_it_was_revoked(
    reading: Callable[..., OneStream], resolution: str, state: str
) -> None:
    source = reading(SecretFindings)
    at = source.time.at - HOUR
    alert = SecretAlert(1, at, at, state="resolved", dismissed_at=at, dismissed_reason=resolution)
    source.repository.secret_alerts = [alert]
    source.sync()
    row = only_row(source)
    assert (row.state, row.dismissed_at, row.dismissed_reason) == (state, at, resolution)
    assert row.fixed_at == (at if state == "fixed" else None)


@pytest.mark.parametrize(
    "damage", [lambda item: None, lambda item: {**item, "state": "odd"}], ids=["null", "odd"]
)
def test_an_alert_that_cannot_be_read_is_a_gap_and_the_others_stand(
    reading: Callable[..., OneStream], damage: Callable[[Any], Any]
) -> None:
    source = reading(DependencyFindings)
    for number in (1, 2, 3):
        dependency(source, number)
    source.double.damage("dependabot", lambda items: [items[0], damage(items[1]), items[2]])
    assert not source.sync().errors
    assert [row.number for row in source.rows(SecurityFinding)] == ["1", "3"]
    assert [gap.reason for gap in source.rows(Gap)] == [GapReason.UNREADABLE]


# --- pure mapping ------------------------------------------------------------------------------


def alert(**fields: Any) -> dict[str, Any]:
    return {
        "number": 4,
        "state": "open",
        "created_at": "2026-02-01T10:00:00+01:00",
        "html_url": "https://git.example.com/acme/web/security/4",
        "fixed_at": None,
        "dismissed_at": None,
        "dismissed_reason": None,
        "security_advisory": {"ghsa_id": "GHSA-1", "severity": "low"},
        "dependency": {"package": {"name": "left-lib"}},
        "rule": {"id": "r", "severity": "note", "security_severity_level": None},
        "tool": {"name": "example-scan"},
        "most_recent_instance": None,
        **fields,
    }


def test_times_are_utc_and_what_a_rule_dismissed_has_its_own_time() -> None:
    at = "2026-02-03T10:00:00Z"
    told = alert(state="auto_dismissed", auto_dismissed_at=at)
    row = dependency_finding(asking_with(), "acme/web", told)
    assert row.opened_at.isoformat() == "2026-02-01T09:00:00+00:00"
    assert (row.state, row.dismissed_reason) == ("dismissed", "auto_dismissed")
    assert row.dismissed_at is not None
    assert row.severity == "low"


def test_a_rule_that_is_no_weakness_has_no_severity_and_a_gone_alert_is_fixed() -> None:
    row = code_finding(asking_with(), "acme/web", alert(state=None))
    assert (row.severity, row.subject, row.state, row.fixed_at) == (None, None, "fixed", None)


def test_a_field_that_was_always_there_and_is_gone_is_not_taken_for_null() -> None:
    told = alert(secret_type="t", resolution=None)
    assert secret_finding(asking_with(), "acme/web", told).state == "open"
    del told["resolution"]
    with pytest.raises(KeyError):
        secret_finding(asking_with(), "acme/web", told)

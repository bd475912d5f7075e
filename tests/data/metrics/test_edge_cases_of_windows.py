"""The edge cases of time: zones, zero against no data, and windows (numbers of the research)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.configuration import Configuration
from data.metrics.definition import Definition, definition, definitions
from data.metrics.engine import evaluate, rows_behind
from data.metrics.evidence import add_up
from data.metrics.figure import NoValue
from data.metrics.scope import By, Scope
from data.period import Grain, Window
from tests.data.published import at, change, deployment, incident, published

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))
METRICS = [
    metric
    for metric in definitions().values()
    if metric.watched_in == "service_watch" and metric.of is None
]
SPRING = Window(date(2026, 3, 1), date(2026, 6, 1))


def _team(name: str, timezone: str, service: str = "web") -> dict[str, object]:
    return {"name": name, "timezone": timezone, "owns": [f"service:{service}"]}


def test_12_a_deployment_belongs_to_the_local_day_of_its_team(tmp_path: Path) -> None:
    late = [deployment(1, "2026-05-01 12:00"), deployment(2, "2026-05-31 16:30")]
    tokyo = Configuration(team=[_team("web", "Asia/Tokyo")])  # there it is 01:30 on 1 June
    with published(tmp_path / "tokyo", late, tokyo) as snapshot:
        frequency = definition("deployment_frequency")
        assert evaluate(snapshot, frequency, Scope(), MAY).figures[0].n == 1
        in_utc = Scope(timezone="UTC")
        assert evaluate(snapshot, frequency, in_utc, MAY).figures[0].n == 2


def test_12_rows_of_teams_in_several_zones_stand_newest_first_by_the_same_clock(
    tmp_path: Path,
) -> None:
    teams = Configuration(team=[_team("far", "Asia/Tokyo", "far"), _team("near", "UTC", "web")])
    ran = [
        deployment(1, "2026-05-03 10:00", service="far", id="far"),  # 19:00 there
        deployment(2, "2026-05-03 12:00", id="near"),
    ]
    with published(tmp_path, ran, teams) as snapshot:
        rows = rows_behind(snapshot, definition("deployment_frequency"), Scope(), MAY)
        assert rows["id"].to_pylist() == ["near", "far"]


def test_12_days_count_right_where_the_clock_is_put_forward(tmp_path: Path) -> None:
    # Lisbon puts the clock forward at 01:00 UTC on 29 March 2026: 23:30 UTC on the 28th is still
    # the 28th, 23:30 UTC on the 29th is already the 30th.
    nights = [deployment(1, "2026-03-28 23:30"), deployment(2, "2026-03-29 23:30")]
    lisbon = Configuration(team=[_team("web", "Europe/Lisbon")])
    with published(tmp_path, nights, lisbon) as snapshot:
        week = Window(date(2026, 3, 28), date(2026, 3, 31))
        answer = evaluate(
            snapshot, definition("deployment_frequency"), Scope(), week, grain=Grain.DAY
        )
        assert {f.period: f.n for f in answer.figures} == {
            "2026-03-28": 1,
            "2026-03-29": 0,
            "2026-03-30": 1,
        }
        named = Scope(timezone="Europe/Lisbon")
        same = evaluate(snapshot, definition("deployment_frequency"), named, week, Grain.DAY)
        assert [f.n for f in same.figures] == [f.n for f in answer.figures]


def test_12_a_named_zone_decides_the_days_of_everything_that_is_counted_by_days(
    tmp_path: Path,
) -> None:
    # 23:30 and 00:30 UTC are two days in London's winter and one in Tokyo, the day after.
    nights = [deployment(1, "2026-01-10 23:30"), deployment(2, "2026-01-11 00:30")]
    january = Window(date(2026, 1, 1), date(2026, 1, 22))
    with published(tmp_path, nights, Configuration(team=[_team("web", "Asia/Tokyo")])) as snapshot:
        days = definition("deployment_days")
        for zone, count, watched in (("Asia/Tokyo", 1, 11), ("UTC", 2, 12), (None, 1, 11)):
            scope = Scope(timezone=zone)
            (figure,) = evaluate(snapshot, days, scope, january).figures
            assert (figure.days, figure.value) == (watched, count * 7 / watched)
            assert add_up(snapshot, days, scope, january).measure == count


def test_13_nothing_in_a_watched_month_is_zero_deployments_but_no_lead_time(
    tmp_path: Path,
) -> None:
    with published(
        tmp_path, [deployment(1, "2026-03-15"), deployment(2, "2026-05-02")]
    ) as snapshot:
        frequency = evaluate(
            snapshot, definition("deployment_frequency"), Scope(), SPRING, Grain.MONTH
        )
        april = frequency.figures[1]
        assert (april.value, april.reason) == (0.0, None)
        lead = evaluate(snapshot, definition("lead_time"), Scope(), SPRING, Grain.MONTH)
        assert (lead.figures[1].value, lead.figures[1].reason) == (None, NoValue.NONE_IN_PERIOD)


def test_13_before_the_first_deployment_and_after_the_last_reading_nothing_is_zero(
    tmp_path: Path,
) -> None:
    year = Window(date(2026, 1, 1), date(2027, 1, 1))
    with published(tmp_path, [deployment(1, "2026-03-15")], as_of="2026-11-01") as snapshot:
        answer = evaluate(
            snapshot, definition("deployment_frequency"), Scope(), year, Grain.QUARTER
        )
        assert [f.reason for f in answer.figures] == [None, None, None, None]
        months = evaluate(snapshot, definition("deployment_frequency"), Scope(), year, Grain.MONTH)
        reasons = {f.period: f.reason for f in months.figures}
        assert reasons["2026-02"] is NoValue.BEFORE_FIRST
        assert reasons["2026-11"] is reasons["2026-12"] is NoValue.NOT_YET
        assert reasons["2026-10"] is None


def test_13_a_service_that_never_deployed_is_unknown_not_low(tmp_path: Path) -> None:
    silent = change(1, "2026-05-02", services=("silent",))
    with published(tmp_path, [silent, deployment(1, "2026-05-02")]) as snapshot:
        answer = evaluate(
            snapshot, definition("deployment_frequency"), Scope(), MAY, by=[By.SERVICE]
        )
        figures = {f.item: f for f in answer.figures}
        assert figures["silent"].value is None
        assert figures["silent"].reason is NoValue.NOTHING_DEPLOYED
        assert figures["silent"].band is None
        assert figures["web"].value == 1 / 30


def test_13_no_incident_source_leaves_the_fail_rate_without_coverage_and_band(
    tmp_path: Path,
) -> None:
    quiet = [deployment(n, f"2026-05-{n:02}") for n in range(1, 11)]
    with published(tmp_path / "blind", quiet) as snapshot:
        blind = evaluate(snapshot, definition("change_fail_rate"), Scope(), MAY).figures[0]
        assert (blind.value, blind.coverage, blind.unknown) == (None, 0.0, 10)
        assert (blind.reason, blind.band) == (NoValue.NOT_KNOWN, None)
    watched = [*quiet, incident(1, "2026-01-01")]
    with published(tmp_path / "watched", watched) as snapshot:
        seen = evaluate(snapshot, definition("change_fail_rate"), Scope(), MAY).figures[0]
        assert (seen.value, seen.coverage, seen.unknown) == (0.0, 1.0, 0)
        assert seen.band is not None


def test_13_below_the_least_number_of_rows_no_band_is_given(tmp_path: Path) -> None:
    few = [deployment(n, f"2026-05-{n:02}") for n in range(1, 5)]
    with published(tmp_path, [*few, incident(1, "2026-01-01")]) as snapshot:
        figure = evaluate(snapshot, definition("change_fail_rate"), Scope(), MAY).figures[0]
        assert (figure.n, figure.value, figure.band) == (4, 0.0, None)


def test_14_failure_and_recovery_are_those_of_the_deployments_in_the_window(
    tmp_path: Path,
) -> None:
    records = [
        deployment(1, "2026-04-01"),
        deployment(2, "2026-04-30"),
        incident(1, "2026-04-30 12:00", resolved_at=at("2026-05-02")),
        deployment(3, "2026-05-10"),
    ]
    with published(tmp_path, records) as snapshot:
        recovery = definition("recovery_time")
        april = Window(date(2026, 4, 1), date(2026, 5, 1))
        assert evaluate(snapshot, recovery, Scope(), april).figures[0].value == 2 * 86400
        may = evaluate(snapshot, recovery, Scope(), MAY).figures[0]
        assert (may.value, may.n) == (None, 0)
        rate = definition("change_fail_rate")
        assert evaluate(snapshot, rate, Scope(), april).figures[0].value == 1 / 2
        assert evaluate(snapshot, rate, Scope(), MAY).figures[0].value == 0


def test_14_lead_time_belongs_to_the_window_of_the_deployment(tmp_path: Path) -> None:
    records = [
        change(1, "2026-03-31"),
        deployment(1, "2026-04-01"),
        change(2, "2026-04-29"),
        deployment(2, "2026-05-01"),
    ]
    with published(tmp_path, records) as snapshot:
        lead = definition("lead_time")
        assert evaluate(snapshot, lead, Scope(), MAY).figures[0].value == 2 * 86400
        assert rows_behind(snapshot, lead, Scope(), MAY).num_rows == 1


def test_the_period_that_is_not_over_counts_only_the_days_that_are_known(tmp_path: Path) -> None:
    records = [deployment(n, f"2026-10-{n:02}") for n in range(1, 11)]
    with published(tmp_path, records, as_of="2026-10-11") as snapshot:
        october = Window(date(2026, 10, 1), date(2026, 11, 1))
        figure = evaluate(snapshot, definition("deployment_frequency"), Scope(), october).figures[0]
        assert (figure.value, figure.is_partial, figure.change) == (1.0, True, None)


def test_the_period_in_which_deployments_begin_counts_from_the_first(tmp_path: Path) -> None:
    records = [deployment(n, f"2026-05-{n:02}") for n in range(22, 32)]
    with published(tmp_path, records) as snapshot:
        figure = evaluate(snapshot, definition("deployment_frequency"), Scope(), MAY).figures[0]
        assert figure.value == 1.0


def test_a_window_that_begins_inside_a_month_counts_nothing_from_before_it(tmp_path: Path) -> None:
    records = [deployment(n, f"2026-05-{n:02}") for n in range(1, 31)]
    with published(tmp_path, records) as snapshot:
        late = Window(date(2026, 5, 21), date(2026, 7, 1))
        metric = definition("deployment_frequency")
        may, june = evaluate(snapshot, metric, Scope(), late, Grain.MONTH).figures
        assert (may.window.start, may.n, may.previous) == (date(2026, 5, 21), 10, None)
        assert (june.n, june.previous) == (0, None)
        assert rows_behind(snapshot, metric, Scope(), may.window).num_rows == 10


def test_13_a_source_that_was_not_read_since_says_nothing_and_not_zero(tmp_path: Path) -> None:
    teams = Configuration(team=[_team("near", "UTC", "web"), _team("far", "Asia/Tokyo", "far")])
    often = [deployment(n, f"2026-05-{n:02}") for n in range(1, 32)]
    rarely = [deployment(n, f"2026-05-{n:02}", service="far", id=f"far {n}") for n in range(1, 11)]
    frequency = definition("deployment_frequency")
    # In Tokyo the 10th of May has ended at 15:00 UTC.
    told = {"2026-05-10 15:00": rarely}
    with published(tmp_path, often, teams, as_of="2026-06-01", others=told) as snapshot:
        may = {f.team: f for f in evaluate(snapshot, frequency, Scope(), MAY, by=[By.TEAM]).figures}
        assert (may["near"].value, may["near"].days, may["near"].is_partial) == (1, 31, False)
        assert (may["far"].value, may["far"].days, may["far"].is_partial) == (1, 10, True)
        assert not any(part.is_partly_unread or part.is_lower_bound for part in may.values())
        (week, *_, last) = evaluate(snapshot, frequency, Scope("far"), MAY, Grain.WEEK).figures
        assert (week.value, week.reason) == (1, None)
        assert (last.value, last.reason) == (None, NoValue.NOT_YET)
        (lead,) = evaluate(
            snapshot, definition("lead_time"), Scope("far"), Window(date(2026, 5, 20), MAY.end)
        ).figures
        assert (lead.value, lead.reason) == (None, NoValue.NOT_YET)


def test_13_failures_that_nobody_would_tell_of_make_a_share_a_lower_bound(tmp_path: Path) -> None:
    ran = [deployment(n, f"2026-05-{n:02}") for n in range(1, 10)]
    back = deployment(3, "2026-05-20", id="back")  # a rollback needs no incident to be seen
    with published(tmp_path, [*ran, back]) as snapshot:
        (failed,) = evaluate(snapshot, definition("change_fail_rate"), Scope(), MAY).figures
        assert failed.value
        assert failed.is_lower_bound
        (often,) = evaluate(snapshot, definition("deployment_frequency"), Scope(), MAY).figures
        assert not often.is_lower_bound
        rows = rows_behind(snapshot, definition("change_fail_rate"), Scope(), MAY).to_pylist()
        assert {row["is_failed"] for row in rows} == {True, False}
        assert not any(row["is_assured"] for row in rows)


def test_13_a_sum_with_a_part_that_was_not_read_since_is_a_lower_bound(tmp_path: Path) -> None:
    rarely = [deployment(1, "2026-05-02"), deployment(2, "2026-05-04")]
    often = [deployment(n, f"2026-04-{n:02}", service="far", id=f"far {n}") for n in range(1, 11)]
    frequency = definition("deployment_frequency")
    with published(tmp_path, rarely, as_of="2026-06-01", others={"2026-04-11": often}) as snapshot:
        (may,) = evaluate(snapshot, frequency, Scope(), MAY).figures
        assert (may.n, may.is_lower_bound) == (2, True)
        late = Window(date(2026, 5, 10), date(2026, 5, 20))
        (nothing,) = evaluate(snapshot, frequency, Scope(), late).figures
        assert (nothing.value, nothing.reason) == (None, NoValue.NOT_KNOWN)
        (alone,) = evaluate(snapshot, frequency, Scope(service="web"), late).figures
        assert (alone.value, alone.is_lower_bound) == (0, False)


FAR = [
    deployment(n, f"2026-04-{n:02}", service="far", repository="far", id=f"far {n}")
    for n in range(1, 11)
]
"""Deployments of a service whose stream is complete until 11 April."""


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_13_nothing_counted_where_a_part_was_not_read_is_unknown_in_every_metric(
    tmp_path: Path, metric: Definition
) -> None:
    ran = [deployment(1, "2026-05-02"), deployment(2, "2026-05-04")]
    late = Window(date(2026, 5, 10), date(2026, 5, 20))
    with published(tmp_path, ran, as_of="2026-06-01", others={"2026-04-11": FAR}) as snapshot:
        (both,) = evaluate(snapshot, metric, Scope(), late).figures
        assert (both.value, both.reason, both.is_partly_unread) == (None, NoValue.NOT_KNOWN, True)
        (read,) = evaluate(snapshot, metric, Scope(service="web"), late).figures
        assert read.reason is (None if metric.per else NoValue.NONE_IN_PERIOD)
        (begun,) = evaluate(
            snapshot, metric, Scope(service="far"), Window(date(2026, 4, 5), late.end)
        ).figures
        assert begun.reason is (None if metric.per else NoValue.NOT_KNOWN)


def test_13_a_median_of_what_was_read_says_so_and_is_no_lower_bound(tmp_path: Path) -> None:
    ran = [deployment(n, f"2026-05-{n:02}") for n in range(1, 11)]
    merged = [change(n, f"2026-05-{n:02}") for n in range(1, 11)]
    told = {"2026-04-11": FAR}
    with published(tmp_path, [*ran, *merged], as_of="2026-06-01", others=told) as snapshot:
        lead = definition("lead_time")
        (may,) = evaluate(snapshot, lead, Scope(), MAY).figures
        assert (may.n, may.coverage) == (9, 1)
        assert (may.is_partly_unread, may.is_lower_bound) == (True, False)
        assert may.band is not None
        (web,) = evaluate(snapshot, lead, Scope(service="web"), MAY).figures
        assert (web.value, web.is_partly_unread) == (may.value, False)


def test_13_a_service_that_deploys_seldom_is_read_as_far_as_its_source(tmp_path: Path) -> None:
    often = [deployment(n, f"2026-05-{n:02}") for n in range(1, 32)]
    once = deployment(1, "2026-01-05", service="quiet", id="quiet")
    with published(tmp_path, [*often, once], as_of="2026-06-01") as snapshot:
        frequency = definition("deployment_frequency")
        (may,) = evaluate(snapshot, frequency, Scope(), MAY).figures
        assert (may.value, may.is_partly_unread, may.is_lower_bound) == (1, False, False)
        (quiet,) = evaluate(snapshot, frequency, Scope(service="quiet"), MAY).figures
        assert (quiet.value, quiet.is_partial) == (0, False)
        (lead,) = evaluate(snapshot, definition("lead_time"), Scope(service="quiet"), MAY).figures
        assert lead.reason is NoValue.NONE_IN_PERIOD


def test_13_a_day_less_is_not_unread(tmp_path: Path) -> None:
    ran = [deployment(n, f"2026-05-{n:02}") for n in range(1, 32)]
    frequency = definition("deployment_frequency")
    for until, is_unread in (("2026-05-31", False), ("2026-05-30 23:59", True)):
        told = {until: FAR}
        with published(tmp_path / until, ran, as_of="2026-06-01", others=told) as snapshot:
            (may,) = evaluate(snapshot, frequency, Scope(), MAY).figures
            assert (may.is_partly_unread, may.is_lower_bound) == (is_unread, is_unread)


def test_13_a_lower_bound_on_either_side_is_no_change(tmp_path: Path) -> None:
    # A rollback is seen without an incident source; nothing else that fails is.
    april = [deployment(n, f"2026-04-{n:02}") for n in range(1, 10)]
    may = [deployment(n + 20, f"2026-05-{n:02}") for n in range(1, 10)]
    back = deployment(3, "2026-04-20", id="back")
    again = deployment(23, "2026-05-20", id="again")
    fail = definition("change_fail_rate")
    for name, watch, is_bound in (
        ("blind", [], True),
        ("seen", [incident(1, "2026-01-01")], False),
    ):
        with published(tmp_path / name, [*april, back, *may, again, *watch]) as snapshot:
            (figure,) = evaluate(snapshot, fail, Scope(), MAY).figures
            assert figure.value
            assert figure.previous
            assert figure.is_previous_lower_bound is is_bound
            assert (figure.change is None) is is_bound


def test_13_a_month_that_is_over_is_not_called_running(tmp_path: Path) -> None:
    april = Window(date(2026, 4, 1), date(2026, 5, 1))
    june = Window(date(2026, 6, 1), date(2026, 7, 1))
    near = [deployment(1, "2026-05-02")]
    told = {"2026-04-11": FAR}
    with published(tmp_path, near, as_of="2026-06-11 12:00", others=told) as snapshot:
        frequency = definition("deployment_frequency")
        (far,) = evaluate(snapshot, frequency, Scope(service="far"), april).figures
        assert (far.is_partial, far.is_over) == (True, True)
        (running,) = evaluate(snapshot, frequency, Scope(service="web"), june).figures
        assert (running.is_partial, running.is_over) == (True, False)
        quarter = Window(date(2026, 3, 14), date(2026, 6, 12))
        (far,) = evaluate(snapshot, frequency, Scope(service="far"), quarter).figures
        assert (far.is_partial, far.is_over) == (True, True)
        (none,) = evaluate(snapshot, definition("lead_time"), Scope(service="web"), june).figures
        assert none.reason is NoValue.NONE_IN_PERIOD


def test_14_thirty_days_are_compared_with_a_month_of_thirty_days(tmp_path: Path) -> None:
    ran = [deployment(n, f"2026-{4 + n // 30:02}-{1 + n % 30:02}") for n in range(45)]
    thirty = Window(date(2026, 5, 1), date(2026, 5, 31))
    with published(tmp_path, ran) as snapshot:
        (may,) = evaluate(snapshot, definition("deployment_frequency"), Scope(), thirty).figures
        assert (may.previous, may.value) == (1, 0.5)


def test_14_one_day_of_a_week_is_not_compared_with_a_whole_week(tmp_path: Path) -> None:
    ran = [deployment(n, f"2026-05-{n:02}") for n in range(1, 20)]
    with published(tmp_path, ran, as_of="2026-05-19") as snapshot:
        frequency = definition("deployment_frequency")
        until_monday = Window(date(2026, 5, 4), date(2026, 5, 19))
        found = evaluate(snapshot, frequency, Scope(), until_monday, Grain.WEEK).figures
        assert [figure.period for figure in found] == [
            "2026-W19",
            "2026-W20",
            "2026-05-18/2026-05-18",
        ]
        assert [figure.previous is None for figure in found] == [False, False, True]
        until_sunday = Window(date(2026, 5, 1), date(2026, 6, 8))
        last = evaluate(snapshot, frequency, Scope(), until_sunday, Grain.MONTH).figures[-1]
        assert (last.period, last.previous) == ("2026-06-01/2026-06-07", None)


def test_stages_are_those_of_the_changes_that_have_a_lead_time(tmp_path: Path) -> None:
    lead = definition("lead_time")
    merged = at("2026-05-02 12:00")
    own = change(2, "2026-05-02 12:00", first_commit_at=at("2026-05-02"), opened_at=merged)
    foreign = [
        change(n, "2026-05-03 12:00", repository="library", services=("library",), id=f"l{n}",
               first_commit_at=at("2026-05-01"), opened_at=at("2026-05-03"))
        for n in range(1, 5)
    ]  # fmt: skip
    ran = [deployment(1, "2026-05-01"), deployment(2, "2026-05-03")]
    with published(tmp_path, [change(1, "2026-04-30"), own, *foreign, *ran]) as snapshot:
        (figure,) = evaluate(snapshot, lead, Scope(), MAY).figures
        assert (figure.n, figure.unknown) == (1, 4)
        assert figure.parts["coding"] == 12 * 3600


def test_a_breakdown_by_environment_has_all_rows_and_no_group_without_a_name(
    tmp_path: Path,
) -> None:
    lead = definition("lead_time")
    told = [
        deployment(1, "2026-05-01"),
        deployment(2, "2026-05-03"),
        change(1, "2026-04-30"),
        change(2, "2026-05-02"),
        change(1, "2026-05-02", repository="never", services=("never",), id="never"),
    ]
    with published(tmp_path, told) as snapshot:
        (whole,) = evaluate(snapshot, lead, Scope(), MAY).figures
        for by in ([By.ENVIRONMENT], [By.SERVICE, By.ENVIRONMENT]):
            parts = evaluate(snapshot, lead, Scope(), MAY, by=by).figures
            assert sum(part.population for part in parts) == whole.population == 2
            assert all(part.environment for part in parts)

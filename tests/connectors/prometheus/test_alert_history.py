"""When alerts fired, as a real Prometheus tells it of a past that was backfilled."""

from __future__ import annotations

from tests.connectors.prometheus.conftest import Read
from tests.connectors.prometheus.past import alert, moment, up
from tests.servers.prometheus import needs_prometheus

pytestmark = needs_prometheus

HOUR = 3600
OF_A = {"job": "self", "instance": "a"}
OF_B = {"job": "shop", "instance": "b"}


def test_an_alert_begins_when_its_condition_did_and_ends_in_the_first_step_without_it(
    read: Read,
) -> None:
    past = [*up((0, 3 * HOUR)), *alert((600, 1800), active=600, fires=(900, 1800))]
    (found,) = read(past).all_alerts
    assert (found.name, found.service, found.severity) == ("ErrorsHigh", "shop", "page")
    assert found.started_at == moment(600)
    assert found.firing_until_at == moment(1800)
    assert found.resolved_at == moment(1860)


def test_an_alert_that_was_only_pending_did_not_fire(read: Read) -> None:
    past = [*up((0, HOUR)), *alert((600, 1800), active=600, fires=(0, 0))]
    assert read(past).all_alerts == []


def test_a_server_that_was_down_is_no_recovery(read: Read) -> None:
    past = [
        *up((0, HOUR)),
        *up((2 * HOUR, 4 * HOUR)),
        *alert((1800, HOUR), active=1800),
        *alert((600, 1200), active=600, labels={"alertname": "EndedBefore"}),
    ]
    known = read(past)
    assert known.alerts["ErrorsHigh"].resolved_at is None
    assert known.alerts["ErrorsHigh"].firing_until_at == moment(HOUR)
    assert known.alerts["EndedBefore"].resolved_at == moment(1260)
    gap = known.gaps[f"alerts/unwatched/{moment(HOUR).timestamp():.0f}/unavailable"]
    assert (gap.since_at, gap.until_at) == (moment(HOUR), moment(2 * HOUR + 60))


def test_an_alert_that_goes_on_after_the_server_was_down_is_the_same(read: Read) -> None:
    past = [
        *up((0, HOUR)),
        *up((2 * HOUR, 4 * HOUR)),
        *alert((1800, HOUR), active=1800),
        *alert((2 * HOUR, 3 * HOUR), active=1800),
    ]
    (found,) = read(past).all_alerts
    assert found.started_at == moment(1800)
    assert found.resolved_at == moment(3 * HOUR + 60)


def test_an_alert_that_is_active_anew_after_the_server_was_down_is_another(read: Read) -> None:
    past = [
        *up((0, HOUR)),
        *up((2 * HOUR, 4 * HOUR)),
        *alert((1800, HOUR), active=1800),
        *alert((2 * HOUR, 3 * HOUR), active=2 * HOUR),
    ]
    first, second = read(past).all_alerts
    assert first.fingerprint == second.fingerprint
    assert (first.resolved_at, second.started_at) == (None, moment(2 * HOUR))


def test_a_target_that_cannot_be_scraped_is_no_recovery(read: Read) -> None:
    past = [
        *up((0, 4 * HOUR)),
        *up((0, HOUR), instance="b"),
        *up((HOUR, 2 * HOUR), 0, "b"),
        *up((2 * HOUR, 4 * HOUR), instance="b"),
        *alert((1800, HOUR), active=1800, labels=OF_B),
        *alert((1800, HOUR), active=1800, labels={"alertname": "OfTheJob", "job": "shop"}),
        *alert((1800, HOUR), active=1800, labels={**OF_A, "alertname": "OfAnother"}),
    ]
    known = read(past)
    assert known.alerts["ErrorsHigh"].resolved_at is None
    assert known.alerts["OfTheJob"].resolved_at is None
    assert known.alerts["OfAnother"].resolved_at == moment(HOUR + 60)
    told = [gap for key, gap in known.gaps.items() if key.endswith("unscraped/unavailable")]
    assert sorted(gap.what.split()[2] for gap in told) == ["ErrorsHigh", "OfTheJob"]


def test_an_alert_about_a_target_that_was_down_ends_when_the_target_is_back(read: Read) -> None:
    past = [
        *up((0, 4 * HOUR)),
        *up((0, HOUR), 0, "b"),
        *up((HOUR, 4 * HOUR), instance="b"),
        *alert((600, HOUR), active=600, labels={**OF_B, "alertname": "InstanceDown"}),
    ]
    assert read(past).alerts["InstanceDown"].resolved_at == moment(HOUR + 60)


def test_two_times_in_one_series_are_two_alerts_and_the_first_ended_before_the_second(
    read: Read,
) -> None:
    past = [
        *up((0, 2 * HOUR)),
        *alert((600, 1200), active=600),
        *alert((1200, 1800), active=1203),
    ]
    first, second = read(past).all_alerts
    assert first.resolved_at == second.started_at == moment(1203)
    assert second.resolved_at == moment(1860)


def test_labels_of_ones_own_say_what_an_alert_is_about(read: Read) -> None:
    labels = {"component": "pay", "stage": "qa", "dag_id": "load", "model": "churn"}
    past = [*up((0, HOUR)), *alert((600, 1200), active=600, labels=labels)]
    (found,) = read(past, labels={"service": ["component", "service"]}).all_alerts
    assert (found.service, found.environment) == ("pay", "qa")
    assert (found.pipeline, found.model) == ("load", "churn")


def test_an_environment_that_no_label_says_is_that_of_the_source(read: Read) -> None:
    past = [*up((0, HOUR)), *alert((600, 1200), active=600)]
    (found,) = read(past, environment="production").all_alerts
    assert found.environment == "production"


def test_without_any_heartbeat_it_is_said_that_ends_cannot_be_told(read: Read) -> None:
    known = read([*alert((600, 1200), active=600)])
    assert known.all_alerts[0].resolved_at is None
    assert "alerts/silent/unavailable" in known.gaps

"""Days of objectives, utilisation and requests, as a real Prometheus tells them."""

from __future__ import annotations

from math import inf, nan

import pytest

from tests.connectors.prometheus.conftest import Read
from tests.connectors.prometheus.past import moment, series, up
from tests.servers.prometheus import needs_prometheus

pytestmark = needs_prometheus

HOUR = 3600
WHOLE = (0, 24 * HOUR)
SHOP = {"service": "shop", "env": "production"}


def test_a_ratio_is_averaged_over_what_of_a_day_is_known(read: Read) -> None:
    past = [
        *up(WHOLE),
        *series("shop:availability", SHOP, (0, 12 * HOUR), lambda s: 1.0 if s < 6 * HOUR else 0.5),
    ]
    objective = {"name": "availability", "ratio": "shop:availability", "target": 0.999}
    (day,) = read(past, objective=[objective]).indicators
    assert (day.name, day.kind, day.target) == ("availability", "objective", 0.999)
    assert (day.service, day.environment) == ("shop", "production")
    assert (day.from_at, day.until_at) == (moment(0), moment(24 * HOUR))
    assert day.value == pytest.approx(0.75)
    assert (day.known_seconds, day.total) == (12 * HOUR, None)


def test_a_value_made_up_while_the_server_was_down_is_not_known(read: Read) -> None:
    past = [*up((0, 6 * HOUR)), *up((12 * HOUR, 24 * HOUR))]
    made_up = {"name": "made up", "ratio": "nothing or vector(1)", "target": 0.9, "service": "s"}
    (day, *_) = read(past, objective=[made_up]).indicators
    assert (day.value, day.known_seconds) == (1.0, 18 * HOUR)


def test_good_and_all_events_are_counted_over_resets(read: Read) -> None:
    past = [
        *up(WHOLE),
        *series("requests_total", {**SHOP, "code": "200"}, WHOLE, lambda s: s % (7 * HOUR) * 0.9),
        *series("requests_total", {**SHOP, "code": "500"}, WHOLE, lambda s: s % (7 * HOUR) * 0.1),
    ]
    objective = {
        "name": "availability",
        "good": 'requests_total{code!~"5.."}',
        "total": "requests_total",
        "target": 0.99,
    }
    count = {"name": "served", "query": "requests_total"}
    own = {"name": "failed", "query": 'sum(increase(requests_total{code="500"}[$range]))'}
    known = read(past, objective=[objective], requests=[count, own])
    day, failed, served = (each for each in known.indicators if each.from_at == moment(0))
    assert day.value == pytest.approx(0.9)
    assert day.total == pytest.approx(24 * HOUR, rel=0.01)
    assert (served.name, served.kind, served.target) == ("served", "requests", None)
    assert served.value == pytest.approx(day.total)
    assert failed.value == pytest.approx(0.1 * 24 * HOUR, rel=0.01)
    assert failed.service is None
    assert day.known_seconds == 24 * HOUR


def test_tokens_are_counted_over_resets_too(read: Read) -> None:
    past = [*up(WHOLE), *series("tokens_total", SHOP, WHOLE, lambda s: s % (7 * HOUR) * 50.0)]
    known = read(past, tokens=[{"name": "assistant", "query": "tokens_total"}])
    (day, *_) = known.indicators
    assert (day.name, day.kind, day.known_seconds) == ("assistant", "tokens", 24 * HOUR)
    assert day.value == pytest.approx(50 * 24 * HOUR, rel=0.01)


def test_good_that_is_counted_under_other_labels_is_a_gap_and_no_zero(read: Read) -> None:
    past = [
        *up(WHOLE),
        *series("good_total", {"service": "store"}, WHOLE, float),
        *series("all_total", {"service": "shop"}, WHOLE, float),
    ]
    objective = {"name": "a", "good": "good_total", "total": "all_total", "target": 0.99}
    known = read(past, objective=[objective])
    assert known.indicators == []
    assert [gap for gap in known.gaps.values() if "`good` counts nothing" in gap.what]


def test_what_is_no_number_is_not_known(read: Read) -> None:
    past = [
        *up(WHOLE),
        *series("use", SHOP, WHOLE, lambda s: (nan, inf, 0.5)[min(s // (8 * HOUR), 2)]),
    ]
    (day,) = read(past, utilisation=[{"name": "memory", "query": "use"}]).indicators
    assert (day.kind, day.value, day.target) == ("utilisation", 0.5, None)
    assert day.known_seconds == 8 * HOUR


def test_a_percentage_is_no_share(read: Read) -> None:
    past = [*up(WHOLE), *series("use", SHOP, WHOLE, lambda _: 85.0)]
    known = read(past, utilisation=[{"name": "cpu", "query": "use"}])
    assert [day.value for day in known.indicators] == [None]
    assert [gap for gap in known.gaps.values() if "85" in gap.what]


def test_a_day_between_two_of_which_nothing_is_known_is_unknown(read: Read) -> None:
    day = 24 * HOUR
    past = [
        *series("use", SHOP, (-2 * day, -day), lambda _: 0.5),
        *up((-2 * day, day)),
        *series("use", SHOP, (0, day), lambda _: 0.25),
    ]
    found = read(past, utilisation=[{"name": "cpu", "query": "use"}]).indicators
    assert [(row.value, row.known_seconds) for row in found] == [
        (0.5, day),
        (None, 0),
        (0.25, day),
    ]


def test_a_query_that_tells_nothing_is_a_gap(read: Read) -> None:
    known = read([*up(WHOLE)], utilisation=[{"name": "cpu", "query": "nothing"}])
    assert "utilisation:cpu/nothing/not_found" in known.gaps
    known.sync()
    assert "utilisation:cpu/nothing/not_found" in known.gaps

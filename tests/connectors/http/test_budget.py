"""How the limits a source tells are read, shared and left to others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.http.budget import RateBudget, RateWindow, rate_window
from connectors.http.errors import RateLimited
from tests.connectors.loopback import OK, Answer, FakeTime, Serve, client


def test_the_reserve_of_a_limit_is_left_to_others(serve: Serve, time: FakeTime) -> None:
    reset = str(int(time.at.timestamp()) + 100)
    left = {"X_RateLimit_Limit": "50", "X_RateLimit_Reset": reset}
    server = serve(
        Answer.json({}, X_RateLimit_Remaining="6", **left),
        Answer.json({}, X_RateLimit_Remaining="5", **left),
        OK,
    )
    http = client(server, time, budget=RateBudget(reserve=0.1))
    http.get("a")
    http.get("a")
    assert time.slept == []
    http.get("a")
    assert time.slept == [101]


def test_an_answer_that_names_a_wait_is_waited_for_that_long_only(
    serve: Serve, time: FakeTime
) -> None:
    reset = str(int(time.at.timestamp()) + 600)
    low = {"X_RateLimit_Limit": "50", "X_RateLimit_Remaining": "0", "X_RateLimit_Reset": reset}
    server = serve(Answer.json({}, 429, Retry_After="5", **low), OK, OK)
    http = client(server, time)
    http.get("a")
    http.get("a")
    assert time.slept == [5]


def test_a_budget_is_shared_by_sessions_of_one_credential(serve: Serve, time: FakeTime) -> None:
    reset = str(int(time.at.timestamp()) + 100)
    low = Answer.json(
        {}, X_RateLimit_Limit="50", X_RateLimit_Remaining="1", X_RateLimit_Reset=reset
    )
    server = serve(low, OK)
    budget = RateBudget()
    client(server, time, budget=budget).get("a")
    client(server, time, budget=budget).get("b")
    assert time.slept == [101]


def test_each_bucket_has_its_own_window(serve: Serve, time: FakeTime) -> None:
    reset = str(int(time.at.timestamp()) + 100)
    low = Answer.json(
        {}, X_RateLimit_Limit="30", X_RateLimit_Remaining="0", X_RateLimit_Reset=reset
    )
    server = serve(low, OK)
    budget = RateBudget(
        bucket_of=lambda request: "search" if "/search" in str(request.url) else "core"
    )
    http = client(server, time, budget=budget)
    http.get("search/issues")
    http.get("repos")
    assert time.slept == []
    assert set(budget.windows) == {"search"}


def test_a_budget_that_refills_too_late_is_an_error_without_a_request(
    serve: Serve, time: FakeTime
) -> None:
    reset = str(int(time.at.timestamp()) + 90_000)
    low = Answer.json(
        {}, X_RateLimit_Limit="50", X_RateLimit_Remaining="0", X_RateLimit_Reset=reset
    )
    server = serve(low)
    http = client(server, time)
    http.get("a")
    with pytest.raises(RateLimited) as raised:
        http.get("a")
    assert len(server.asked) == 1
    assert raised.value.reset_at == time.at + timedelta(seconds=90_001)


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("headers", "window"),
    [
        (("X-RateLimit-", 60, 59, EPOCH + 9), RateWindow(60, 59, NOW + timedelta(seconds=10))),
        (("X-RateLimit-", 60, 59, 10), RateWindow(60, 59, NOW + timedelta(seconds=10))),
        (("RateLimit-", 60, 59, 10), RateWindow(60, 59, NOW + timedelta(seconds=10))),
        (
            ("X-Rate-Limit-", 60, 59, (EPOCH + 9) * 1000),
            RateWindow(60, 59, NOW + timedelta(seconds=10)),
        ),
        (("X-RateLimit-", 0, 0, 0), None),
        (("X-RateLimit-", 60, "", 10), None),
        (("X-RateLimit-", 60, -1, 10), None),
        (("X-RateLimit-", 60, 59, "9" * 15), None),
        (("X-RateLimit-", 60, 59, EPOCH - 500), RateWindow(60, 59, NOW)),
    ],
)
def test_rate_headers_are_read_in_every_dialect_and_lies_are_ignored(
    headers: tuple[str, object, object, object], window: RateWindow | None
) -> None:
    family, *values = headers
    named = dict(zip(("Limit", "Remaining", "Reset"), map(str, values), strict=True))
    sent = {family + name: text for name, text in named.items()}
    assert rate_window(sent, NOW, NOW) == window


@pytest.mark.parametrize(
    "sent",
    [
        {"RateLimit": "limit=100, remaining=50, reset=30"},
        {"RateLimit": '"default";r=50;t=30', "RateLimit-Policy": '"default";q=100;w=60'},
    ],
)
def test_both_drafts_of_the_ratelimit_field_are_read(sent: dict[str, str]) -> None:
    assert rate_window(sent, NOW, NOW) == RateWindow(100, 50, NOW + timedelta(seconds=30))


def test_a_reset_counts_from_the_servers_own_clock() -> None:
    sent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(EPOCH + 3600 + 29)}
    window = rate_window(sent, NOW, NOW + timedelta(hours=1))
    assert window == RateWindow(None, 0, NOW + timedelta(seconds=30))

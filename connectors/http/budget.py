"""How many requests a source still allows, shared by all its streams."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from requests import PreparedRequest

_FAMILIES = ("X-RateLimit-", "RateLimit-", "X-Rate-Limit-")
_EPOCH_FROM = 1_000_000_000
_EPOCH_TO = 253_402_300_000


@dataclass(frozen=True, slots=True)
class RateWindow:
    """What a source said last: so many requests are left until a time."""

    limit: int | None
    remaining: int
    reset_at: datetime


def rate_window(
    headers: Mapping[str, str], now: datetime, server_now: datetime
) -> RateWindow | None:
    """Reads the window from the headers of an answer; null where they say nothing usable.

    Understood are `X-RateLimit-*` and `RateLimit-*` triples, with the reset as seconds from now or
    since 1970, and both forms of the IETF draft's `RateLimit` field. A limit of 0 is what a server
    sends that has none.

    Args:
        headers: those of the answer.
        now: the time by our clock, in which the window is told.
        server_now: the time by the server's clock, from which its times count.
    """
    limit, remaining, reset = _triple(headers)
    if remaining is None or reset is None or limit == 0:
        return None
    if reset >= _EPOCH_TO:
        reset //= 1000
    if reset >= _EPOCH_TO:
        return None
    if reset >= _EPOCH_FROM:
        # The source cuts the second off: wait it out.
        wait = datetime.fromtimestamp(reset + 1, UTC) - server_now
    else:
        wait = timedelta(seconds=reset)
    return RateWindow(limit, remaining, now + max(wait, timedelta()))


def _triple(headers: Mapping[str, str]) -> tuple[int | None, int | None, int | None]:
    for family in _FAMILIES:
        limit, remaining, reset = (
            _number(headers.get(family + name, "")) for name in ("Limit", "Remaining", "Reset")
        )
        if remaining is not None:
            return limit, remaining, reset
    said = headers.get("RateLimit", "") + ";" + headers.get("RateLimit-Policy", "")
    facts = {name: int(n) for name, n in re.findall(r"\b([a-z]+)\s*=\s*(\d{1,15})\b", said)}
    return (
        facts.get("limit", facts.get("q")),
        facts.get("remaining", facts.get("r")),
        facts.get("reset", facts.get("t")),
    )


def _number(text: str) -> int | None:
    found = re.match(r"\s*(\d{1,15})\b", text)
    return int(found[1]) if found else None


BucketOf = Callable[[PreparedRequest], str]


def one_bucket(_request: PreparedRequest) -> str:
    """Puts all requests under one limit."""
    return ""


class RateBudget:
    """The windows of one credential by bucket; keeps a reserve for the credential's other users."""

    def __init__(self, reserve: float = 0.1, bucket_of: BucketOf = one_bucket) -> None:
        """Starts without knowing a limit.

        Args:
            reserve: share of a window that is left to others, 0 to 1.
            bucket_of: which of the source's limits a request falls under.
        """
        self.reserve = reserve
        self.bucket_of = bucket_of
        self._windows: dict[str, RateWindow] = {}

    @property
    def windows(self) -> Mapping[str, RateWindow]:
        """The last known window of each bucket, for a progress display."""
        return dict(self._windows)

    def note(self, bucket: str, window: RateWindow | None) -> None:
        """Remembers what an answer said; an answer that says nothing changes nothing."""
        if window is not None:
            self._windows[bucket] = window

    def forget(self, bucket: str) -> None:
        """Drops a window that is over, or about which the source said something else."""
        self._windows.pop(bucket, None)

    def wait_seconds(self, bucket: str, now: datetime) -> float:
        """Returns how long the next request of a bucket must wait: 0 above the reserve."""
        window = self._windows.get(bucket)
        if window is None or window.remaining > int((window.limit or 0) * self.reserve):
            return 0.0
        return max(0.0, (window.reset_at - now).total_seconds())

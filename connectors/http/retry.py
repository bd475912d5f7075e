"""When to ask again: how long a failed question waits, and what the server says about it."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from requests import Response

from connectors.http.budget import rate_window

_RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
_GAVE_UP = frozenset({502, 504})
_LIMIT_WORDS = re.compile(rb"(?i)secondary rate limit|rate limit exceeded|abuse detection")
# GitHub answers a GraphQL question over the limit with status 200.
_GRAPHQL_LIMIT = re.compile(rb'"(?:type|code)"\s*:\s*"(?:RATE_LIMIT(?:ED)?|graphql_rate_limit)"')
_SECONDARY_LIMIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Timing:
    """The effects that waiting needs, passed in."""

    clock: Callable[[], datetime]
    """The time now, in UTC."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    """Uniform in [0, 1): spreads the retries of many clients."""


@dataclass(frozen=True, slots=True)
class RetryRule:
    """How often and how long one question is tried."""

    attempts: int = 6
    heavy_attempts: int = 2
    """How often a posted question is asked that a gateway gave up on: a smaller one is better."""
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    patience_seconds: float = 3700.0
    """All waiting for one question together; an hourly limit fits in."""

    def most_attempts(self, response: Response | None) -> int:
        """Returns how often a question is tried that was answered so at last."""
        is_heavy = (
            response is not None
            and response.request.method == "POST"
            and response.status_code in _GAVE_UP
        )
        return self.heavy_attempts if is_heavy else self.attempts

    def backoff_seconds(self, attempt: int, chance: float) -> float:
        """Returns the wait after a failed attempt (from 1): doubled each time, up to half less."""
        wait = min(self.longest_wait_seconds, self.first_wait_seconds * 2.0 ** (attempt - 1))
        return wait * (1 - chance / 2)


def server_now(headers: Mapping[str, str], now: datetime) -> datetime:
    """Returns the time by the server's own clock, else `now`: times it names count from there."""
    return http_date(headers.get("Date", "")) or now


def http_date(text: str) -> datetime | None:
    """Reads a date of RFC 9110, section 5.6.7; null if it is none."""
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Returns what Retry-After (RFC 9110, section 10.2.3) asks for; null if it says nothing."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    date = http_date(text)
    return max(0.0, (date - server_now(headers, now)).total_seconds()) if date else None


def limit_seconds(response: Response, attempt: int, now: datetime) -> float | None:
    """Returns how long to wait if the answer is a rate limit, else null."""
    if not _is_limit(response):
        return None
    asked = retry_after_seconds(response.headers, now)
    if asked is not None:
        return asked
    window = rate_window(response.headers, now, server_now(response.headers, now))
    if window is not None and window.remaining == 0:
        return max(0.0, (window.reset_at - now).total_seconds())
    return _SECONDARY_LIMIT_SECONDS * 2.0 ** (attempt - 1)


def retry_seconds(
    response: Response, attempt: int, now: datetime, rule: RetryRule, chance: float
) -> float | None:
    """Returns how long to wait before asking again; null if the answer is final."""
    limited = limit_seconds(response, attempt, now)
    if limited is not None:
        return limited + chance
    if response.status_code not in _RETRYABLE:
        return None
    asked = retry_after_seconds(response.headers, now) or 0.0
    return max(asked, rule.backoff_seconds(attempt, chance))


def _is_used_up(headers: Mapping[str, str]) -> bool:
    """Whether nothing is left of a limit; a server without one tells 0 of 0."""
    return headers.get("X-RateLimit-Remaining") == "0" and headers.get("X-RateLimit-Limit") != "0"


def _is_limit(response: Response) -> bool:
    if response.status_code == 429:
        return True
    if response.status_code == 403:
        return (
            "Retry-After" in response.headers
            or _is_used_up(response.headers)
            or bool(_LIMIT_WORDS.search(response.content))
        )
    is_question = response.request.method == "POST" and response.status_code == 200
    return is_question and bool(_GRAPHQL_LIMIT.search(response.content[:4096]))

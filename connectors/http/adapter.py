"""The transport under every API client: polite, bounded and counted.

It is an adapter of `requests`, so that client libraries which bring their own session (PyGithub,
python-gitlab) behave as `connectors.http.session.Http` does: mount it on theirs.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

import requests
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from connectors.http.body import Bounds, place, read_body
from connectors.http.budget import RateBudget, rate_window
from connectors.http.errors import RateLimited
from connectors.http.retry import RetryRule, Timing, limit_seconds, retry_seconds, server_now

_LOG = logging.getLogger(__name__)
_FINAL = (requests.exceptions.SSLError, requests.exceptions.InvalidURL)
_TRANSIENT = (
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


@dataclass(slots=True)
class Usage:
    """What was asked of a source so far."""

    requests: int = 0
    """All that were sent, with retries and redirects."""
    unchanged: int = 0
    """Those answered with 304, which count against no limit on most hosts."""
    retries: int = 0
    waited_seconds: float = 0.0
    received_bytes: int = 0

    @property
    def counted(self) -> int:
        """Requests that the source takes off its limit."""
        return self.requests - self.unchanged

    def __add__(self, other: Usage) -> Usage:
        """What both came to together."""
        return Usage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


class PoliteAdapter(HTTPAdapter):
    """Sends a request until it has a final answer: waits, retries, keeps the budget, counts."""

    def __init__(
        self,
        timing: Timing,
        budget: RateBudget,
        rule: RetryRule = RetryRule(),
        bounds: Bounds = Bounds(),
    ) -> None:
        super().__init__(max_retries=0)
        self.timing = timing
        self.budget = budget
        self.rule = rule
        self.bounds = bounds
        self.usage = Usage()

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - the whole body is read, always
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,  # noqa: ARG002 - it has its own
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Returns the final answer with its whole body, also if it is an error of the server.

        Raises:
            RateLimited: if the budget is used up for longer than the rule's patience.
            UnexpectedReply: if the answer is larger than the bounds.
            Unavailable: if it is slower than the bounds.
            requests.RequestException: if there was no answer after the last attempt.
        """
        patience = self.rule.patience_seconds - self._keep_budget(request)
        attempt = 1
        while True:
            response, failure = self._attempt(request, verify, cert, proxies)
            pause = self._pause(response, attempt)
            most = self.rule.most_attempts(response)
            if pause is None or attempt >= most or pause > patience:
                break
            self._wait(pause, f"attempt {attempt} of {most} failed")
            self.usage.retries += 1
            patience -= pause
            attempt += 1
        if response is None:
            raise failure or requests.exceptions.ConnectionError()
        return response

    def _attempt(
        self,
        request: PreparedRequest,
        verify: bool | str,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None,
        proxies: Mapping[str, str] | None,
    ) -> tuple[Response | None, Exception | None]:
        self.usage.requests += 1
        timeout = (self.bounds.connect_seconds, self.bounds.read_seconds)
        try:
            response = super().send(request, True, timeout, verify, cert, proxies)
            self.usage.received_bytes += read_body(
                request, response, self.bounds, self.timing.clock
            )
        except _FINAL:
            raise
        except _TRANSIENT as failure:
            _LOG.debug("%s failed: %s", place(request), type(failure).__name__)
            return None, failure
        self._note(request, response)
        return response, None

    def _note(self, request: PreparedRequest, response: Response) -> None:
        now = self.timing.clock()
        bucket = self.budget.bucket_of(request)
        headers = response.headers
        if response.status_code == 304:
            self.usage.unchanged += 1
        if limit_seconds(response, 1, now) is None:
            self.budget.note(bucket, rate_window(headers, now, server_now(headers, now)))
        else:
            # The wait this answer asks for is waited now, and once.
            self.budget.forget(bucket)
        _LOG.debug("%s: %s, %d bytes", place(request), response.status_code, len(response.content))

    def _pause(self, response: Response | None, attempt: int) -> float | None:
        chance = self.timing.chance()
        if response is None:
            return self.rule.backoff_seconds(attempt, chance)
        return retry_seconds(response, attempt, self.timing.clock(), self.rule, chance)

    def _keep_budget(self, request: PreparedRequest) -> float:
        bucket = self.budget.bucket_of(request)
        now = self.timing.clock()
        pause = self.budget.wait_seconds(bucket, now)
        if pause > self.rule.patience_seconds:
            what = "the budget of requests is used up but for its reserve"
            raise RateLimited(what, place(request), now + timedelta(seconds=pause), None)
        if pause:
            self._wait(pause, "the budget of requests is used up but for its reserve")
            self.budget.forget(bucket)
        return pause

    def _wait(self, seconds: float, why: str) -> None:
        _LOG.debug("waiting %.1f s: %s", seconds, why)
        self.usage.waited_seconds += seconds
        self.timing.sleep(seconds)

"""What the doubles of Git hosts share: who may ask, how much, and what goes wrong on demand.

A double is a callable for `LoopbackServer`. It authenticates, takes the question off an allowance,
finds the route that answers it, and sends JSON with an ETag and the host's own headers. It knows no
wall clock: `time` is a clock that the test moves.
"""

from __future__ import annotations

import copy
import hashlib
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import ClassVar

from tests.connectors.loopback import Answer, Asked, FakeTime, Said
from tests.doubles.exchange import Allowance, Given, Json, Problem, Token
from tests.doubles.questions import Match, Questions, matches, told
from tests.doubles.routes import NoRoute, Routes

__all__ = [
    "Allowance",
    "Given",
    "HostDouble",
    "Json",
    "Match",
    "Problem",
    "Questions",
    "Token",
    "hashed",
    "matches",
    "told",
]


class HostDouble(ABC):
    """The part of a double that does not depend on the host."""

    routes: ClassVar[Routes]
    counts_unchanged: ClassVar[bool]
    """Whether a 304 is taken off the allowance."""

    def __init__(self, time: FakeTime) -> None:
        self.time = time
        self.clock_skew = timedelta()
        """How far this host's clock is ahead."""
        self.zone: timezone = UTC
        """In which it tells its times."""
        self.tokens: dict[str, Token] = {}
        self.limits: dict[str, tuple[int, int]] = {}
        """Name of an allowance to its points and window in seconds."""
        self.requests_a_minute: int | None = None
        """More than these within a minute are told to slow down."""
        self.rewritten_headers: dict[str, str | None] = {}
        """Headers that are sent otherwise (null: not at all), such as limits of 0."""
        self.ignored_filters: set[str] = set()
        """Names of parameters it acts as if it had not heard."""
        self.asked = Questions()
        self.counted = Questions()
        """Those that were taken off an allowance."""
        self.unanswered = Questions()
        """Those that no route answers: the double lacks something, or the client asks nonsense."""
        self._allowances: dict[tuple[str, str], Allowance] = {}
        self._failing: list[tuple[Match, list[Said]]] = []
        self._refused: list[tuple[Match, Problem]] = []
        self._damaged: list[tuple[Match, Callable[[Json], Json]]] = []
        self._spoiled: list[tuple[Match, Callable[[Answer], Said]]] = []
        self._recent: list[datetime] = []
        self._lock = threading.RLock()

    # --- what a test tells it ------------------------------------------------------------------

    def add_token(self, text: str, login: str, rights: Iterable[str] = ("*",)) -> Token:
        """Makes a credential that is accepted from now on."""
        self.tokens[text] = Token(text, login, set(rights))
        return self.tokens[text]

    def fail(self, match: Match, answers: Iterable[Said]) -> None:
        """Gives these answers, one each, to the next questions that match."""
        self._failing.append((match, list(answers)))

    def refuse(self, match: Match, status: int, message: str = "", **headers: str) -> None:
        """Refuses what matches until `allow()`; without a message, in the host's usual words."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        self._refused.append((match, Problem(status, message, named)))

    def damage(self, match: Match, change: Callable[[Json], Json]) -> None:
        """Changes the JSON of answers to what matches until `allow()`."""
        self._damaged.append((match, change))

    def spoil(self, match: Match, change: Callable[[Answer], Said]) -> None:
        """Changes whole answers to what matches until `allow()`."""
        self._spoiled.append((match, change))

    def allow(self) -> None:
        """Takes back all failures, refusals and damage."""
        for troubles in (self._failing, self._refused, self._damaged, self._spoiled):
            troubles.clear()
        self.ignored_filters.clear()
        self.rewritten_headers.clear()

    def forget(self) -> None:
        """Begins a new record of questions."""
        self.asked, self.counted = Questions(), Questions()

    def spend(self, token: str, allowance: str, remaining: int = 0) -> None:
        """Leaves a token only so many points until the window is over."""
        left = self.allowance(self.tokens[token], allowance)
        left.used = left.limit - remaining

    # --- what a host says in its own way -------------------------------------------------------

    @abstractmethod
    def authenticate(self, asked: Asked) -> Token:
        """Finds whose question it is.

        Raises:
            Problem: if the credential is none.
        """

    @abstractmethod
    def allowance_of(self, asked: Asked) -> str:
        """Names the allowance a question is taken off."""

    @abstractmethod
    def allowance_headers(self, name: str, allowance: Allowance) -> dict[str, str]:
        """Tells what is left."""

    @abstractmethod
    def exhausted(self, asked: Asked, allowance: Allowance) -> Answer:
        """Says that nothing is left."""

    @abstractmethod
    def slow_down(self) -> Answer:
        """Says that too much was asked at once."""

    @abstractmethod
    def problem(self, problem: Problem) -> Answer:
        """Says a refusal; an empty message means the usual words for its status."""

    @abstractmethod
    def etag(self, body: bytes, asked: Asked) -> str:
        """Names the state that an answer shows."""

    def limit_of(self, token: Token, name: str) -> tuple[int, int]:
        """Tells points and window of an allowance, which a token may have otherwise."""
        return self.limits[name]

    def token_headers(self, asked: Asked, token: Token) -> dict[str, str]:
        """Tells about the credential."""
        return {}

    # --- how it answers --------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The time on this host's clock."""
        return self.time.at + self.clock_skew

    def moment(self, at: datetime | None) -> str | None:
        """Writes a time as this host does."""
        if at is None:
            return None
        return at.astimezone(self.zone).isoformat(timespec="seconds").replace("+00:00", "Z")

    def allowance(self, token: Token, name: str) -> Allowance:
        """Returns what a token has left."""
        limit, seconds = self.limit_of(token, name)
        key = (token.text, name)
        if key not in self._allowances:
            reset_at = self.now + timedelta(seconds=seconds)
            self._allowances[key] = Allowance(limit, seconds, reset_at)
        self._allowances[key].renew(self.now)
        return self._allowances[key]

    def __call__(self, asked: Asked) -> Said:
        with self._lock:
            self.asked.append(asked)
            said = self._trouble(asked) or self._answer(asked)
            for match, change in self._spoiled:
                if isinstance(said, Answer) and matches(match, asked):
                    said = change(said)
            return self._signed(said) if isinstance(said, Answer) else said

    def _trouble(self, asked: Asked) -> Said | None:
        for match, answers in self._failing:
            if answers and matches(match, asked):
                return answers.pop(0)
        return None

    def _answer(self, asked: Asked) -> Answer:
        try:
            token = self.authenticate(asked)
        except Problem as problem:
            return self.problem(problem)
        name = self.allowance_of(asked)
        allowance = self.allowance(token, name)
        if self._is_too_fast():
            answer = self.slow_down()
        elif allowance.remaining <= 0:
            answer = self.exhausted(asked, allowance)
        else:
            answer, points = self._routed(asked, token)
            if points and (answer.status != 304 or self.counts_unchanged):
                allowance.used += points
                self.counted.append(asked)
        headers = {**self.allowance_headers(name, allowance), **self.token_headers(asked, token)}
        return replace(answer, headers={**headers, **answer.headers})

    def _is_too_fast(self) -> bool:
        if self.requests_a_minute is None:
            return False
        since = self.now - timedelta(minutes=1)
        self._recent = [*(at for at in self._recent if at > since), self.now]
        return len(self._recent) > self.requests_a_minute

    def _routed(self, asked: Asked, token: Token) -> tuple[Answer, int]:
        try:
            for match, refusal in self._refused:
                if matches(match, asked):
                    raise refusal
            given = self.routes.answer(self, self._heard(asked), token)
        except NoRoute:
            self.unanswered.append(asked)
            return self.problem(Problem(404, "")), 1
        except Problem as problem:
            return self.problem(problem), 1
        value = given.value
        for match, change in self._damaged:
            if matches(match, asked):
                value = change(copy.deepcopy(value))
        return self._conditional(asked, replace(given, value=value)), given.points

    def _heard(self, asked: Asked) -> Asked:
        if not self.ignored_filters:
            return asked
        params = {n: text for n, text in asked.params.items() if n not in self.ignored_filters}
        return replace(asked, params=params)

    def _conditional(self, asked: Asked, given: Given) -> Answer:
        body = json.dumps(given.value).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", **given.headers}
        if asked.method != "GET" or given.status != 200:
            return Answer(given.status, body, headers)
        etag = self.etag(body, asked)
        if _bare(etag) in map(_bare, asked.headers.get("if-none-match", "").split(",")):
            return Answer(304, headers={"ETag": etag})
        return Answer(200, body, {**headers, "ETag": etag})

    def _signed(self, answer: Answer) -> Answer:
        said = {"Date": format_datetime(self.now.astimezone(UTC), usegmt=True), **answer.headers}
        rewritten = {name.lower() for name in self.rewritten_headers}
        kept = {name: text for name, text in said.items() if name.lower() not in rewritten}
        added = {name: text for name, text in self.rewritten_headers.items() if text is not None}
        return replace(answer, headers={**kept, **added})


def hashed(*parts: bytes | str) -> str:
    """Shortens what was sent to what an ETag holds."""
    digest = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        digest.update(part if isinstance(part, bytes) else part.encode())
    return digest.hexdigest()


def _bare(etag: str) -> str:
    return etag.strip().removeprefix("W/")

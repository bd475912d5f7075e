"""A list of audit events, newest first, a month at a time: GitLab tells no more at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.answers.understanding import UNREADABLE
from connectors.api.reader import Items
from connectors.gitlab.api.daily import is_absent, is_due, nothing_new, refusal, to_archive
from connectors.gitlab.api.refusing import refused_gaps
from connectors.gitlab.asking import Asking
from connectors.gitlab.governance.accounts import Accounts
from connectors.http.errors import Forbidden, NotFound, RateLimited, Refused, Unauthorized
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, GapReason

LOOK_BACK = timedelta(days=365)
"""How far the first reading goes."""
LONGEST = timedelta(days=30)
"""More than that GitLab does not tell at once."""
_OVERLAP = timedelta(days=1)
"""What was recorded late, or by another clock, is read again; so far ahead GitLab's may be."""
_WORDS = {"audit_events": "audit events"}
_OWN_ALONE = "a token of this role is told of its own account's events alone: others are not known"


class _Events(NamedTuple):
    """What was recorded in a piece of time."""

    pages: Sequence[Sequence[Json]]
    is_unfiltered: bool
    """Whether other events came, too."""


@dataclass(frozen=True, slots=True)
class AuditLog:
    """One list of audit events, and how far it was read."""

    asking: Asking
    name: str
    place: str
    """Path of the group or project in the API."""
    header: Header
    kind: str
    needs: str
    accounts: Accounts

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields what was recorded since the last look, then what is older.

        What was recorded does not change: what is read of it stays read.
        """
        state: dict[str, Json] = dict(cursor or {})
        if state.get("name") != self.name:
            state = {"name": self.name}
        now = self.asking.context.clock().replace(microsecond=0)
        try:
            if state.get("is_own_alone") and not self._is_own_alone():
                state = {"name": self.name}  # of all events none but its own was told
            if is_due(state, self.name, now):
                yield from self._forward(state, now)
            if not state.get("refused"):
                yield from self._back(state)
        except Unauthorized:
            raise
        except Refused as error:
            told = refusal(error)
            refused = {"refused": {"audit_events": told}}
            yield from self._gaps({**state, **refused})
            if is_absent(told):
                state |= {**refused, "looked_at": now.isoformat()}
            if state != cursor:
                yield self._nothing(state)
        else:
            yield from self._gaps(state)

    def _forward(self, state: dict[str, Json], now: datetime) -> Iterator[Batch]:
        """What is new; the first time, where to go back from and to."""
        until = now + _OVERLAP
        begun: dict[str, Json] = {}
        if "to" in state:
            since = moment(state["to"]) - _OVERLAP
        else:
            since = until - LONGEST
            begun = {"back": since.isoformat(), "floor": (now - LOOK_BACK).isoformat()}
        # All of it is asked for first, so that a refusal is known before anything is kept.
        read = [self._events(*window) for window in _windows(until, since)]
        state |= {
            **begun,
            "to": now.isoformat(),
            "looked_at": now.isoformat(),
            "refused": {},
            "is_unfiltered": any(events.is_unfiltered for events in read),
            "is_own_alone": self._is_own_alone(),
        }
        if found := [page for events in read for page in events.pages]:
            yield self._batch(state, found)
        else:
            yield self._nothing(state)

    def _back(self, state: dict[str, Json]) -> Iterator[Batch | Gap]:
        """What is older, month by month."""
        if state.get("back") is None:
            return
        floor = moment(state["floor"])
        try:
            for since, until in _windows(moment(state["back"]), floor):
                read = self._events(since, until)
                state["back"] = since.isoformat() if since > floor else None
                state["is_unfiltered"] = state.get("is_unfiltered") or read.is_unfiltered
                if read.pages or state["back"] is None:
                    yield self._batch(state, read.pages)
        except RateLimited as limited:
            yield self._unread(moment(state["back"]), limited)

    def _is_own_alone(self) -> bool:
        """Whether the token's role is told of nobody else: who may see tokens sees all events."""
        try:
            self.asking.api.get(f"{self.place}/access_tokens", {"per_page": 1})
        except (Forbidden, Unauthorized):
            return True
        except NotFound:
            pass  # a plan without such tokens: nothing is known of the role
        return False

    def _events(self, since: datetime, until: datetime) -> _Events:
        """What was recorded in one piece of time."""
        params = {
            "created_after": since.isoformat(),
            "created_before": until.isoformat(),
            "pagination": "keyset",
            "per_page": 100,
        }
        listed = PagedList(
            Ask(f"{self.place}/audit_events", params),
            by_link,
            items=list,
            key=lambda item: str(item["id"]),
        )
        pages: list[Sequence[Json]] = []
        is_unfiltered = False
        for page in listed.pages(self.asking.api):
            told = [(item, _recorded_at(item)) for item in page.items]
            is_unfiltered |= any(at and not since <= at <= until for _, at in told)
            # What lies between two pieces is told with both of them.
            if own := [item for item, at in told if at is None or since <= at < until]:
                pages.append(own)
        return _Events(pages, is_unfiltered)

    def _batch(self, state: Mapping[str, Json], found: Sequence[Sequence[Json]]) -> Batch:
        authors = (item.get("author_id") for page in found for item in page)
        header = {**self.header, "accounts": self.accounts.named(authors)}
        payload = write_page(header, *map(to_archive, found))
        return Batch(payload, dict(state), complete_from=_read_from(state))

    def _nothing(self, state: Mapping[str, Json]) -> Batch:
        return replace(nothing_new(self.header, state), complete_from=_read_from(state))

    def _unread(self, since: datetime, limited: RateLimited) -> Gap:
        fix = f"{limited.fix}: it goes on where it stopped"
        what = f"audit events before {since:%Y-%m-%d} are not read yet: {limited.what}"
        key = f"{self.kind}/unread"
        gap = self.asking.gap(self.name, key, GapReason.TRUNCATED, what, fix)
        return replace(gap, until_at=since)

    def _gaps(self, state: Mapping[str, Json]) -> Iterator[Gap]:
        refused = state.get("refused") or {}
        fix = f"needs {self.needs}; without the plan it stays unknown"
        yield from refused_gaps(self.asking, self.name, self.kind, refused, _WORDS, fix)
        if state.get("is_own_alone"):
            reason, said = GapReason.NO_PERMISSION, f"give the token: {self.needs}"
            yield self.asking.gap(self.name, f"{self.kind}/own", reason, _OWN_ALONE, said)
        if state.get("is_unfiltered"):
            yield self.asking.filter_ignored(self.name, self.kind)


def _recorded_at(item: Json) -> datetime | None:
    """When an event was recorded; null if it does not tell: then the mapping says so."""
    with suppress(*UNREADABLE):
        return moment(item["created_at"])
    return None


def _read_from(state: Mapping[str, Json]) -> datetime | None:
    """Since when all is read; null before anything is."""
    since = state.get("back") or state.get("floor")
    return moment(since) if since else None


def _windows(until: datetime, floor: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time between two moments in pieces that GitLab tells, newest first."""
    while until > floor:
        since = max(until - LONGEST, floor)
        yield since, until
        until = since

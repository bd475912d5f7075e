"""A list of audit events, newest first, a month at a time: GitLab tells no more at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.gitlab.api.daily import is_due, nothing_new, refusal, to_archive
from connectors.gitlab.api.refusing import refused_gaps
from connectors.gitlab.asking import Asking
from connectors.gitlab.governance.accounts import Accounts
from connectors.hosting.moment import moment
from connectors.hosting.page import Header, write_page
from connectors.hosting.reader import Items
from connectors.http.errors import RateLimited, Refused, Unauthorized
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, GapReason

LOOK_BACK = timedelta(days=365)
"""How far the first reading goes."""
LONGEST = timedelta(days=30)
"""More than that GitLab does not tell at once."""
_OVERLAP = timedelta(days=1)
"""What was recorded late, or by another clock, is read again."""
_WORDS = {"audit_events": "audit events"}


@dataclass(frozen=True, slots=True)
class AuditLog:
    """One list of audit events, and how far it was read."""

    asking: Asking
    name: str
    path: str
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
        now = self.asking.context.clock()
        try:
            if is_due(state, self.name, now):
                yield from self._forward(state, now)
            if not state.get("refused"):
                yield from self._back(state)
        except Unauthorized:
            raise
        except Refused as refused:
            told = {"audit_events": refusal(refused)}
            state |= {"refused": told, "looked_at": now.isoformat()}
            yield from self._gaps(state)
            yield self._nothing(state)
        else:
            yield from self._gaps(state)

    def _forward(self, state: dict[str, Json], now: datetime) -> Iterator[Batch]:
        """What is new; the first time, where to go back from and to."""
        seen: dict[str, Json] = {"to": now.isoformat(), "looked_at": now.isoformat(), "refused": {}}
        if "to" not in state:
            # Asked for at once, so that a refusal is known before anything is kept.
            floor = now - LOOK_BACK
            since = now - LONGEST
            found = list(self._events(since, now))
            state |= {**seen, "back": since.isoformat(), "floor": floor.isoformat()}
        else:
            known = moment(state["to"]) - _OVERLAP
            windows = _windows(now, known)
            found = [page for since, until in windows for page in self._events(since, until)]
            state |= seen
        if found:
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
                found = list(self._events(since, until))
                state["back"] = since.isoformat() if since > floor else None
                if found or state["back"] is None:
                    yield self._batch(state, found)
        except RateLimited as limited:
            yield self._unread(moment(state["back"]), limited)

    def _events(self, since: datetime, until: datetime) -> Iterator[Sequence[Json]]:
        """The pages of one piece of time."""
        params = {
            "created_after": since.isoformat(),
            "created_before": until.isoformat(),
            "pagination": "keyset",
            "per_page": 100,
        }
        listed = PagedList(
            Ask(self.path, params), by_link, items=list, key=lambda item: str(item["id"])
        )
        for page in listed.pages(self.asking.api):
            if page.items:
                yield page.items

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
        return refused_gaps(self.asking, self.name, self.kind, refused, _WORDS, fix)


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

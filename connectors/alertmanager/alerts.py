"""The stream of alerts: each reading, and what the one before it had shown.

Alertmanager tells what fires now and forgets the rest. `endsAt` of an alert that fires is when it
would be taken for ended if nobody told it again: no end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.alertmanager.alert_rows import AlertRows
from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.answers.understanding import LATE
from connectors.api.fields import packed
from connectors.api.reader import Items
from connectors.api.source import ApiSource
from connectors.http.errors import UnexpectedReply
from connectors.http.reply import Reply
from connectors.interface import Batch, Cursor, Json
from connectors.prometheus.server import duration_seconds
from data.model import Gap, GapReason, Record

_RESOLVE_TIMEOUT = re.compile(r"^\s*resolve_timeout:\s*(\S+)\s*$", re.MULTILINE)
_RESOLVE_TIMEOUT_SECONDS = 300
_KEPT = ("fingerprint", "labels", "annotations", "startsAt")
"""What of an alert is needed to tell later that it ended."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a server says of itself."""

    version: str
    started_at: datetime
    resolve_timeout_seconds: int


class Alerts:
    """Compares what fires with what fired."""

    def __init__(self, api: ApiSource) -> None:
        self._api = api

    def status(self) -> Status:
        """Asks for version, start and settings.

        Raises:
            UnexpectedReply: if the answer is none of Alertmanager.
        """
        reply = self._api.http.get("api/v2/status")
        told = reply.json()
        try:
            found = _RESOLVE_TIMEOUT.search(told["config"]["original"])
            seconds = duration_seconds(found[1]) if found else None
            return Status(
                str(told["versionInfo"]["version"]),
                moment(told["uptime"]),
                seconds or _RESOLVE_TIMEOUT_SECONDS,
            )
        except (KeyError, TypeError, ValueError):
            raise UnexpectedReply("no status of an Alertmanager", reply.where, LATE) from None

    def firing(self) -> Reply:
        """Asks for all alerts that fire, also those that are silenced or inhibited.

        Raises:
            UnexpectedReply: if the answer is no list.
        """
        reply = self._api.http.get("api/v2/alerts")
        if not isinstance(reply.json(), list):
            raise UnexpectedReply("no list of alerts", reply.where, LATE)
        return reply

    def pull(self, cursor: Cursor) -> Items:
        """Yields a page if something changed, or the last one is older than the resolve timeout."""
        known = dict(cursor)
        address = self._api.http.base_url
        if known and known["server"] != address:
            known = {"moved": [known["server"], known["read_at"]]}
        status = self.status()
        reply = self.firing()
        now = self._api.context.clock()
        timeout = timedelta(seconds=status.resolve_timeout_seconds)
        reading = _Reading(known, status, reply, now, now - status.started_at >= timeout)
        is_due = "read_at" not in known or now - moment(known["read_at"]) >= timeout
        apart = _apart(known, now, timeout)
        if is_due or reading.is_other:
            after = {
                "server": address,
                "read_at": now.isoformat(),
                "firing": reading.firing,
                "apart": apart,
                "moved": known.get("moved"),
            }
            yield Batch(write_page(reading.header(address), reply.body), after, is_last=True)
        yield from self._missing(apart, known.get("moved"), now, timeout)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        yield from AlertRows(self._api, header, answers[0]).rows()

    def _missing(
        self,
        apart: Mapping[str, Json] | None,
        moved: Sequence[str] | None,
        now: datetime,
        timeout: timedelta,
    ) -> Iterator[Gap]:
        if apart:
            yield self._api.gap(
                "alerts/apart",
                GapReason.TRUNCATED,
                f"{apart['count']} times the server was read more than {timeout} after the last "
                f"time, {timedelta(seconds=apart['most_seconds'])} at most: an alert that came and "
                "went in between is not known",
                "sync more often, or read the Prometheus that sends the alerts: it has a history",
                apart["count"],
                (moment(apart["since"]), moment(apart["until"])),
            )
        if moved:
            yield self._api.gap(
                "alerts/moved",
                GapReason.TRUNCATED,
                f"before, the server at {moved[0]} was read: "
                "whether what fired there ended is not known",
                "nothing, if the server moved",
                during=(moment(moved[1]), now),
            )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read now, and what was known."""

    known: Cursor
    status: Status
    reply: Reply
    at: datetime
    is_settled: bool
    """Whether it runs so long that all who send alerts have told them again since it started."""

    @property
    def before(self) -> Sequence[Json]:
        found: Sequence[Json] = self.known.get("firing", [])
        return found

    @property
    def firing(self) -> Sequence[Json]:
        """What fires, and what can still be told again after a start."""
        told = [
            {name: item[name] for name in _KEPT if name in item}
            for item in self.reply.json()
            if isinstance(item, dict)
        ]
        if self.is_settled:
            return told
        present = {_told_key(item) for item in told}
        return [*told, *(item for item in self.before if _told_key(item) not in present)]

    @property
    def is_other(self) -> bool:
        return sorted(map(packed, self.firing)) != sorted(map(packed, self.before))

    def header(self, address: str) -> Header:
        return {
            "server": address,
            "version": self.status.version,
            "started_at": self.status.started_at.isoformat(),
            "is_settled": self.is_settled,
            "before": self.before,
            "before_at": self.known.get("read_at"),
            "after_at": self.at.isoformat(),
        }


def _told_key(item: Json) -> bytes:
    return packed([item.get("fingerprint"), item.get("startsAt")])


def _apart(known: Cursor, now: datetime, timeout: timedelta) -> Mapping[str, Json] | None:
    """How often readings lay too far from each other, with this one."""
    told: Mapping[str, Json] | None = known.get("apart")
    if "read_at" not in known or now - moment(known["read_at"]) <= timeout:
        return told
    seconds = int((now - moment(known["read_at"])).total_seconds())
    return {
        "count": (told["count"] if told else 0) + 1,
        "most_seconds": max(told["most_seconds"] if told else 0, seconds),
        "since": told["since"] if told else known["read_at"],
        "until": now.isoformat(),
    }

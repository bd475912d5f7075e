"""Questions to the trail: which entries match, how many, when, and what else is told of a thing.

Who may not see names gets none, and finds nothing by one: the statements themselves know no
account then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from data.ledger.people import ERASED
from data.period import Grain
from data.trail.found import COLUMNS, Found, found, utc
from data.trail.index import Index
from data.trail.kinds import Group, group_of
from data.trail.wanted import Conditions, Wanted, conditions, naive

_AT_ONCE = 20_000
Rows = list[tuple[Any, ...]]


class Trail:
    """What one reader may ask of the trail."""

    def __init__(self, index: Index, accounts: Mapping[str, str] | None) -> None:
        """Names the index, which is up to date, and what the reader may see.

        Args:
            index: of the log.
            accounts: by pseudonym; None for a reader who may not see names.
        """
        self.index = index
        self.sees_names = accounts is not None
        self._accounts = accounts or {}

    def count(self, wanted: Wanted) -> int:
        """How many entries match."""
        return int(self._matching(_COUNT, wanted)[0][0])

    def page(self, wanted: Wanted, first: int, most: int) -> list[Found]:
        """Matching entries, the newest first, from the one at place `first` on."""
        return [found(row) for row in self._matching(_PAGE, wanted, first=first, most=most)]

    def every(self, wanted: Wanted) -> Iterator[Found]:
        """Yields all entries that match, the newest first."""
        met = self._met(wanted)
        with self._asked() as cursor:
            cursor.execute(_EVERY.format(where=met.sql), met.parameters)
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from map(found, rows)

    def course(self, wanted: Wanted, grain: Grain) -> dict[tuple[datetime, Group], int]:
        """How many entries match, by beginning of the day, week or month (UTC), and group."""
        counts: Counter[tuple[datetime, Group]] = Counter()
        for began_at, kind, count in self._matching(_COURSE, wanted, grain=grain.value):
            if (at := utc(began_at)) is not None:
                counts[at, group_of(kind)] += count
        return dict(counts)

    def sources(self) -> list[str]:
        """The sources that told anything, in alphabetical order."""
        return [source for (source,) in self._rows(_SOURCES, {})]

    def actors(self) -> dict[str, str | None]:
        """The account of each pseudonym that did something; empty for who may not see names."""
        return dict(self._rows(_ACTORS, {})) if self.sees_names else {}

    def account(self, pseudonym: str) -> str | None:
        """Whose a pseudonym is; None for who may not see names, and of persons not known."""
        return self._accounts.get(pseudonym)

    def span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last entry happened; None if there is none."""
        first, last = map(utc, self._rows(_SPAN, {})[0])
        return None if first is None or last is None else (first, last)

    def newest(self, until: datetime) -> datetime | None:
        """When the last entry happened that is not dated later than a time; None: there is none."""
        return utc(self._rows(_NEWEST, {"until": naive(until)})[0][0])

    def entry(self, number: int) -> Found | None:
        """One entry; None if there is none of that number."""
        rows = self._rows(_ENTRY, {"number": number})
        return found(rows[0]) if rows else None

    def of_kind(self, kind: str, most: int) -> list[Found]:
        """The newest entries of one kind."""
        return [found(row) for row in self._rows(_OF_KIND, {"kind": kind, "most": most})]

    def erased(self) -> frozenset[str]:
        """The pseudonyms of persons whose account was erased."""
        rows = self._rows(_ERASED, {"kind": ERASED})
        return frozenset(subject for (subject,) in rows)

    def tellings(self, event: str, most: int) -> list[Found]:
        """The newest entries of one event, one for each way it was told, the newest first."""
        return [found(row) for row in self._rows(_TELLINGS, {"event": event, "most": most})]

    def around(self, one: Found, most: int) -> tuple[list[Found], list[Found]]:
        """What is told of the same subject before and after an entry, the nearest first."""
        if one.subject is None or one.dated_at is None:
            return [], []
        asked = {"subject": one.subject, "at": one.dated_at.replace(tzinfo=None),
                 "number": one.number, "event": one.event, "most": most}  # fmt: skip
        before = self._rows(_AROUND.format(than="<", order="desc"), asked)
        after = self._rows(_AROUND.format(than=">", order="asc"), asked)
        return [found(row) for row in before], [found(row) for row in after]

    def _matching(self, sql: str, wanted: Wanted, **parameters: Any) -> Rows:
        met = self._met(wanted)
        return self._rows(sql.format(where=met.sql), {**met.parameters, **parameters})

    def _met(self, wanted: Wanted) -> Conditions:
        kinds = [kind for (kind,) in self._rows(_KINDS, {})] if wanted.group else []
        return conditions(wanted, kinds, sees_names=self.sees_names)

    def _rows(self, sql: str, parameters: Mapping[str, Any]) -> Rows:
        with self._asked() as cursor:
            return cursor.execute(sql, dict(parameters)).fetchall()

    @contextmanager
    def _asked(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that knows the accounts this reader may see, and no others."""
        names, accounts = list(self._accounts), list(self._accounts.values())
        told = {"pseudonym": pa.array(names, pa.string()), "name": pa.array(accounts, pa.string())}
        with self.index.asked() as cursor:
            cursor.register("account", pa.table(told))
            yield cursor


_FROM = f"""
-- One row is an entry.
select {COLUMNS}
from trail.entry
left join account
  on account.pseudonym = actor
"""
_NEWEST_FIRST = "order by dated_at desc nulls last, number desc"
_EVERY = f"{_FROM}where {{where}}\n{_NEWEST_FIRST}"
_PAGE = f"""{_FROM}where number in (
    select number
    from trail.entry
    where {{where}}
    {_NEWEST_FIRST}
    limit $most
    offset $first
)
{_NEWEST_FIRST}
"""
_ENTRY = f"{_FROM}where number = $number"
_OF_KIND = f"{_FROM}where kind = $kind\norder by number desc\nlimit $most"
_TELLINGS = f"{_FROM}where event = $event\norder by number desc\nlimit $most"
_AROUND = f"""{_FROM}where subject = $subject
  and event <> $event
  and (dated_at, number) {{than}} ($at, $number)
order by dated_at {{order}}, number {{order}}
limit $most
"""
_COUNT = """
-- One row is the number of entries that match.
select count(*)
from trail.entry
where {where}
"""
_COURSE = """
-- One row is a kind of event in a day, week or month.
select
    date_trunc($grain, dated_at) as began_at,
    kind,
    count(*)
from trail.entry
where {where}
group by all
order by all
"""
_KINDS = """
-- One row is a kind of event that there is.
select distinct kind
from trail.entry
"""
_SOURCES = """
-- One row is a source that told something.
select distinct source
from trail.entry
where source is not null
order by source
"""
_ERASED = """
-- One row is a person who was erased.
select distinct subject
from trail.entry
where kind = $kind
  and subject is not null
"""
_ACTORS = """
-- One row is a person who did something, with the account if it is known.
select distinct
    actor,
    name
from trail.entry
left join account
  on account.pseudonym = actor
where actor is not null
order by
    name nulls last,
    actor
"""
_SPAN = """
-- One row tells from when to when entries reach.
select
    min(dated_at),
    max(dated_at)
from trail.entry
"""
_NEWEST = """
-- One row tells when the last entry up to a time happened.
select max(dated_at)
from trail.entry
where dated_at <= $until
"""

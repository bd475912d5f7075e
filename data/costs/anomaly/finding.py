"""Finds unusual cost, team by service by provider, in the days that bills hold to their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from data.configuration.costs import CostSettings
from data.costs.anomaly.anomaly import Anomaly, Key, Kind
from data.costs.anomaly.masking import masked
from data.costs.daily import daily
from data.costs.rates.reported import reporting_sum
from data.period import Grain, Window
from data.series import anomaly as series
from data.series.points import Point
from data.store.snapshot import Snapshot

_HISTORY = timedelta(weeks=8)
"""What a day is measured by."""
_LONGEST = timedelta(weeks=6)
"""No run is longer: by then the new level is the usual one."""
NEW_AFTER = timedelta(days=28)
"""So long bills must be known before something can be new."""
_CENT = Decimal("0.01")
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is unusual: a day that is off by more than each of these, for so many in a row."""

    floor: Decimal = Decimal(50)
    """In the currency of reporting."""
    share: float = 0.25
    """Of what is expected."""
    days: int = 2

    @classmethod
    def of(cls, settings: CostSettings) -> Rule:
        """The rule of a configuration."""
        return cls(settings.anomaly_floor, settings.anomaly_share, settings.anomaly_days)

    @property
    def of_days(self) -> series.Rule:
        """The same with 3.5 robust standard deviations, as series have it."""
        return series.Rule(float(self.floor), self.share, self.days)


@dataclass(frozen=True, slots=True)
class Found:
    """The anomalies of some days, newest first, or why nobody knows."""

    anomalies: tuple[Anomaly, ...]
    since: date | None
    """First day that was judged; None: none was."""
    complete_until: date | None
    currency: str | None
    series: tuple[Key, ...]
    """Team, service and provider of what was looked at."""
    too_short: int
    """Those of them that have too few days before to say what is usual."""
    why: str | None

    @property
    def judged(self) -> int:
        """How many series were looked at."""
        return len(self.series)


def find(snapshot: Snapshot, rule: Rule = Rule(), since: date | None = None) -> Found:
    """Finds anomalies that last on a day or later.

    A day is measured by the median of the same weekday in the eight weeks before and by how far
    those strayed (median absolute deviation: Iglewicz and Hoaglin, "How to Detect and Handle
    Outliers", ASQC 1993), so a day is judged the same whatever comes after it.

    Args:
        snapshot: whose bills.
        rule: what is unusual.
        since: default: 90 days before the last that is complete.
    """
    all_days = daily(snapshot)
    until = all_days.complete_until
    if all_days.why is not None or until is None:
        why = all_days.why or "no day is billed to its end yet"
        return Found((), None, until, all_days.currency, (), 0, why)
    since = since or until - timedelta(days=90)
    begin = all_days.days[0].day
    open_days = {one.day for one in all_days.days if one.cost is None}
    told = _told(snapshot, since - _LONGEST - _HISTORY, until, rule)
    found: list[Anomaly] = []
    too_short = 0
    for key, (first, costs) in told.items():
        start = max(first, since - _LONGEST - _HISTORY)
        points = _points(costs, start, until, open_days)
        judged = series.anomalies(points, Grain.DAY, rule.of_days, since - _LONGEST)
        too_short += not judged.judged
        found += _episodes(key, judged.anomalies, costs, rule)
        if first >= begin + NEW_AFTER:
            found += _new(key, first, costs, rule)
    lasting = [one for one in found if one.last >= since]
    ordered = sorted(masked(lasting), key=lambda one: (one.first, abs(one.amount)), reverse=True)
    return Found(tuple(ordered), since, until, all_days.currency, tuple(told), too_short, None)


Costs = Mapping[date, Decimal | None]
"""None: no bill tells it."""


def _told(
    snapshot: Snapshot, start: date, end: date, rule: Rule
) -> Mapping[Key, tuple[date, Costs]]:
    """The first day ever of each series and its costs, of those that could be off by enough."""
    rows = snapshot.rows(
        f"""
        -- One row is one day of what one team pays for one service of one provider.
        with costs as (
            select
                coalesce(provider, '') as provider,
                coalesce(service, '') as service,
                team,
                day,
                {reporting_sum("effective")} as cost
            from charge_day
            where bucket <> 'excluded'
              and day < $end
            group by
                coalesce(provider, ''),
                coalesce(service, ''),
                team,
                day
        ),
        spans as (
            select
                *,
                min(day) over series as first_day,
                max(case when day >= $start then abs(cost) end) over series as largest
            from costs
            window series as (partition by provider, service, team)
        )
        select
            team,
            service,
            provider,
            first_day,
            day,
            cost
        from spans
        where largest >= $floor
          and day >= $start
        order by
            team,
            service,
            provider,
            day
        """,
        {"start": start, "end": end, "floor": rule.floor},
    )
    found: dict[Key, tuple[date, dict[date, Decimal | None]]] = {}
    for row in rows:
        key = Key(row["team"], row["service"], row["provider"])
        found.setdefault(key, (row["first_day"], {}))[1][row["day"]] = row["cost"]
    return found


def _points(costs: Costs, start: date, end: date, open_days: set[date]) -> list[Point]:
    """All days: nothing charged is nothing, and what no bill holds is not known."""
    points = []
    for number in range((end - start).days):
        day = start + timedelta(days=number)
        told = costs.get(day, Decimal(0))
        cost = None if day in open_days or told is None else float(told)
        points.append(Point(Window(day, day + _A_DAY), cost))
    return points


def _episodes(
    key: Key, found: Iterable[series.Anomaly], costs: Costs, rule: Rule
) -> Iterator[Anomaly]:
    """Days in a row on one side, as one."""
    run: list[series.Anomaly] = []
    for one in found:
        if one.run == 1 and run:
            yield _episode(key, run, costs, rule)
            run = []
        run.append(one)
    if run:
        yield _episode(key, run, costs, rule)


def _episode(key: Key, run: Sequence[series.Anomaly], costs: Costs, rule: Rule) -> Anomaly:
    kind = Kind.UP if run[0].value > run[0].expected else Kind.DOWN
    first, last = run[0].window.start, run[-1].window.start
    cost = sum((costs.get(one.window.start) or Decimal(0) for one in run), Decimal(0))
    expected = Decimal(repr(sum(one.expected for one in run))).quantize(_CENT)
    return Anomaly(key, kind, first, last, cost, expected, _seen(first, rule))


def _new(key: Key, first: date, costs: Costs, rule: Rule) -> Iterator[Anomaly]:
    """What was first charged when bills were long known, if it is more than a trifle."""
    own = {
        day: cost
        for day, cost in costs.items()
        if cost is not None and first <= day < first + NEW_AFTER
    }
    large = [day for day, cost in own.items() if abs(cost) >= rule.floor]
    if first in own and len(large) >= rule.days:
        total = sum(own.values(), Decimal(0))
        noticed = sorted(large)[rule.days - 1] + _A_DAY
        yield Anomaly(key, Kind.NEW, first, max(own), total, Decimal(0), noticed)


def _seen(first: date, rule: Rule) -> date:
    return first + timedelta(days=rule.days)

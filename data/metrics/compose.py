"""The one SQL statement behind a set of figures, and the one behind their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import indent

from data.metrics.definition import Definition
from data.metrics.scope import By, Scope
from data.metrics.wall_clock import clocked, row_clock, wall_clock
from data.period import Grain, Window, floor, periods

_CURRENT = "{current}"
_ALMOST_A_DAY = "interval '86399999999' microsecond"
"""A day of which a part is known counts as known; one that has not begun does not."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and the values of its named parameters."""

    sql: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Span:
    """A period as asked for, and the first day of the calendar period that names its rows."""

    bucket: object
    window: Window


def spans(whole: Window, grain: Grain | None) -> list[Span]:
    """The periods to evaluate: those of the window and, first, the one before it.

    Where the window begins inside a calendar period there is none before it that is alike.
    """
    before = whole.before
    if grain is None:
        return [Span(before.start, before), Span(whole.start, whole)]
    cut = periods(whole, grain)
    if floor(whole.start, grain) == whole.start:
        cut = [Window(floor(whole.start - timedelta(days=1), grain), whole.start), *cut]
    return [Span(floor(w.start, grain), w) for w in cut]


def figures(
    metric: Definition,
    scope: Scope,
    whole: Window,
    grain: Grain | None,
    by: Sequence[By],
    until: date,
    aggregates: Mapping[str, str] | None = None,
) -> Statement:
    """Composes the figures of each period and group, one row each, even where nothing happened.

    Args:
        metric: what is measured.
        scope: which part of the organisation.
        whole: which days.
        grain: how they are cut, or None for one figure.
        by: what they are broken down by.
        until: the first local day of which nothing is known yet.
        aggregates: SQL by name, taken as it stands, told instead of the metric's own parts.
    """
    parts = _parts(metric) if aggregates is None else aggregates
    subject = metric.subject
    cut = spans(whole, grain)
    span = (cut[0].window.start, whole.end)
    local = row_clock(metric, scope, *span)
    first_at = wall_clock(scope, *span, "w.first_at", "w.first_local_at")
    until_at = wall_clock(scope, *span, "w.until_at", "w.until_local_at")
    groups = [column.value for column in by]
    parameters = {
        **scope.parameters(),
        "first": cut[0].window.start,
        "last": whole.end,
        "start": whole.start,
        "until": until,
    }
    bucket = (
        f"cast(date_trunc('{grain.value}', {local}) as date)"
        if grain
        else f"case when {local} >= $start then $start else $first end"
    )
    sql = f"""\
-- One row is one period of one group: {metric.title}, version {metric.version}.
with period as (
    select *
    from (
        values
{indent(_values(cut), "            ")}
    ) p (bucket, starts_on, ends_on)
),
owned as (
    select
        o.team,
        o.{subject},
        w.environment,
        {first_at} as first_local_at,
        {until_at} as until_local_at
    from owned_{subject} o
    {_joined(metric, by)} (
        select *
        from {metric.watched_in} w
        where {scope.condition("w", subject).replace(chr(10), chr(10) + "    ")}{_watched(metric)}
    ) w
      on w.{subject} = o.{subject}
     and w.team is not distinct from o.team
    where {scope.condition("o", subject, has_environment=False)}{_told(metric, scope, local, by)}
),
grouped as (
    select
        {_list(groups)}min(first_local_at) as first_at,
        min(until_local_at) as least_until_at,
        max(until_local_at) as until_at
    from owned{_group_by(groups)}
),
measured as (
    select
        {bucket} as bucket,
        {_list(groups)}{counted(metric)} as population,
        {counted(metric, metric.known)} as n,
        {counted(metric, metric.assured_condition)} as assured,
        {clocked(measured(metric), local)} as measured_value,
        {_spread(metric)} as spread{_columns({**parts, **voids(metric)}, local)}
    from {metric.fact} f
    where {local} >= $first
      and {local} < $last
      and {scope.condition("f", subject)}
      and ({_flat(metric.population)})
    group by all
),
counted as (
    select
        p.*,
        g.*,
        greatest(0, date_diff(
            'day',
            greatest(p.starts_on, cast(g.first_at as date)),
            least(
                p.ends_on,
                $until,
                coalesce(cast(g.until_at + {_ALMOST_A_DAY} as date), p.ends_on)
            )
        )) as days
    from period p
    cross join grouped g
)
select
    c.*,
    coalesce(m.population, 0) as population,
    coalesce(m.n, 0) as n,
    coalesce(m.assured, 0) as assured,
    {_rate(metric)} as value,
    m.spread{"".join(f",{chr(10)}    m.{name}" for name in (*parts, *voids(metric)))}
from counted c
left join measured m
  on m.bucket = c.bucket{"".join(f"{chr(10)} and m.{g} is not distinct from c.{g}" for g in groups)}
order by {", ".join([*(f"c.{g}" for g in groups), "c.bucket"])}
"""
    sql = sql.replace(_CURRENT, f"{local} >= $start")
    return _statement(sql, parameters)


def rows(metric: Definition, scope: Scope, whole: Window, limit: int | None = None) -> Statement:
    """Composes the rows whose aggregate is the figure of that scope and window."""
    local = row_clock(metric, scope, whole.start, whole.end)
    columns = ",\n    ".join(f"f.{column}" for column in metric.columns)
    assured = f",\n    ({_flat(metric.assured_condition)}) as is_assured" if metric.assured else ""
    sql = f"""\
-- One row is one row of {metric.fact} that counts towards {metric.title}.
select
    f.id,
    {columns},
    ({_flat(metric.known)}) as is_known{assured}
from {metric.fact} f
where {local} >= $start
  and {local} < $last
  and {scope.condition("f", metric.subject).replace("      and", "  and")}
  and ({_flat(metric.population)})
order by f.happened_at desc, f.id
{f"limit {limit}" if limit is not None else ""}"""
    parameters = {**scope.parameters(), "start": whole.start, "last": whole.end}
    return _statement(sql.rstrip() + "\n", parameters)


def exclusions(metric: Definition, scope: Scope, whole: Window) -> Statement:
    """Composes one count for each reason the metric leaves rows out."""
    local = row_clock(metric, scope, whole.start, whole.end)
    counts = ",\n    ".join(
        f'count(*) filter (where {_flat(e.when)}) as "{e.name}"' for e in metric.excluded
    )
    sql = f"""\
-- One row: how many rows of {metric.fact} are left out, by reason.
select
    {counts or "count(*) filter (where false) as nothing"}
from {metric.fact} f
where {local} >= $start
  and {local} < $last
  and {scope.condition("f", metric.subject).replace("      and", "  and")}
"""
    return _statement(sql, {**scope.parameters(), "start": whole.start, "last": whole.end})


def _statement(sql: str, parameters: Mapping[str, object]) -> Statement:
    """A statement with the parameters that it names."""
    return Statement(sql, {name: v for name, v in parameters.items() if f"${name}" in sql})


def _watched(metric: Definition) -> str:
    return f"\n          and ({_flat(metric.watched)})" if metric.watched else ""


def _joined(metric: Definition, by: Sequence[By]) -> str:
    """Measures of something else have no row of their own where each measure has one."""
    return "join" if metric.watched and By.MEASURE in by else "left join"


def _told(metric: Definition, scope: Scope, local: str, by: Sequence[By]) -> str:
    """Environments that rows are told of though nothing was ever deployed there."""
    if By.ENVIRONMENT not in by:
        return ""
    return f"""
      and w.environment is not null
    union
    select
        f.team,
        f.{metric.subject},
        f.environment,
        null,
        null
    from {metric.fact} f
    where {local} >= $first
      and {local} < $last
      and {scope.condition("f", metric.subject)}
      and ({_flat(metric.population)})"""


def _values(cut: Sequence[Span]) -> str:
    return ",\n".join(
        f"(date '{s.bucket}', date '{s.window.start}', date '{s.window.end}')" for s in cut
    )


def _rate(metric: Definition) -> str:
    if metric.per is None:
        return "m.measured_value"
    length = 1 if metric.per == "day" else 7
    return f"case when c.days > 0 then coalesce(m.measured_value, 0) * {length}.0 / c.days end"


def _parts(metric: Definition) -> dict[str, str]:
    return {name: over(sql, metric.known) for name, sql in metric.parts.items()}


def _columns(aggregates: Mapping[str, str], local: str) -> str:
    return "".join(
        f",\n        {clocked(sql, local)} as {name}" for name, sql in aggregates.items()
    )


def _spread(metric: Definition) -> str:
    return over(metric.spread, "true") if metric.spread else "null"


def measured(metric: Definition, condition: str | None = None) -> str:
    """The metric's measure, of all rows or of those that meet a condition."""
    chosen = f" filter (where {condition})" if condition else ""
    measure = f"{_flat(metric.measure)}{chosen}"
    if metric.divided_by is None:
        return measure
    value = f"{measure} * 1.0 / nullif({_flat(metric.divided_by)}{chosen}, 0)"
    if metric.less is None:
        return value
    return f"({value} - {measure} * 1.0 / nullif({_flat(metric.less)}{chosen}, 0))"


def counted(metric: Definition, condition: str | None = None) -> str:
    """How many rows there are, all or those that meet a condition; each as what it counts as."""
    chosen = f" filter (where {_flat(condition)})" if condition else ""
    if metric.weight is None:
        return f"count(*){chosen}"
    return f"coalesce(sum({_flat(metric.weight)}){chosen}, 0)"


def voids(metric: Definition, condition: str | None = None) -> dict[str, str]:
    """By name of a column, whether a row is there that leaves the figure without a value."""
    chosen = f" filter (where {condition})" if condition else ""
    return {
        f"void_{reason.value}": f"coalesce(bool_or({_flat(when)}){chosen}, false)"
        for reason, when in metric.void.items()
    }


def over(aggregate: str, condition: str) -> str:
    """An aggregate, which says nothing of rows itself, over those that meet a condition.

    The period before is left out: nothing but its value is ever told.
    """
    chosen = f" filter (where {_CURRENT} and ({_flat(condition)}))"
    whole, divided, by = _halves(_flat(aggregate))
    return f"{whole}{chosen} * 1.0 / nullif({by}{chosen}, 0)" if divided else f"{whole}{chosen}"


def _halves(aggregate: str) -> tuple[str, str, str]:
    """An aggregate that is divided by another one, cut in two; else whole, and nothing."""
    for at, sign in enumerate(aggregate):
        if sign == "/" and aggregate[:at].count("(") == aggregate[:at].count(")"):
            return aggregate[:at].rstrip(), sign, aggregate[at + 1 :].lstrip()
    return aggregate, "", ""


def _list(groups: Sequence[str]) -> str:
    return "".join(f"{group},\n        " for group in groups)


def _group_by(groups: Sequence[str]) -> str:
    return f"\n    group by {', '.join(groups)}" if groups else ""


def _flat(sql: str) -> str:
    return " ".join(sql.split())

-- One row is one day (UTC) from the first that is billed to the last that anything is known of, and
-- whether bills hold all of it: `final`, `provisional` (they were written before their period was
-- over, and may change) or `none` (one that is due is not there, or was written before the day was
-- over). An account has ended when two periods of its source came without it; a source, when it is
-- two months behind the others.
with part as (
    select
        source,
        account,
        cast(from_at as date) as from_day,
        cast(until_at as date) as until_day,
        max(written_at) as written_at
    from bill_in_effect
    where tells_effective
    group by all
),
known as (
    select greatest(
        coalesce((select max(coalesce(complete_until, read_at)) from stream), max(written_at)),
        max(written_at)
    ) as until_at
    from part
),
source_span as (
    select
        source,
        max(from_day) as last_from,
        max(until_day) as last_until
    from part
    group by source
),
newest as (
    select max(last_from) as last_from
    from source_span
),
span as (
    select
        p.source,
        p.account,
        min(p.from_day) as first_day,
        case
            when s.last_until < n.last_from - interval '2' month then max(p.until_day)
            when max(p.until_day) < s.last_from then max(p.until_day)
            else greatest(cast(k.until_at as date), max(p.until_day))
        end as end_day
    from part p
    join source_span s
      on s.source = p.source
    cross join newest n
    cross join known k
    group by p.source, p.account, s.last_from, s.last_until, n.last_from, k.until_at
),
due as (
    select
        source,
        account,
        cast(each_day(first_day, end_day - 1) as date) as day
    from span
),
billed as (
    select
        source,
        account,
        cast(each_day(from_day, until_day - 1) as date) as day,
        until_day,
        written_at
    from part
),
told as (
    select
        d.day,
        d.source,
        d.account,
        case
            when b.written_at is null then 'none'
            when b.written_at >= b.until_day then 'final'
            when b.written_at >= d.day + interval '1' day then 'provisional'
            else 'none'
        end as state
    from due d
    left join (
        select
            source,
            account,
            day,
            max(until_day) as until_day,
            max(written_at) as written_at
        from billed
        group by all
    ) b
      on b.source = d.source
     and b.account = d.account
     and b.day = d.day
    cross join known k
    where d.day < cast(k.until_at as date)
       or b.written_at >= b.until_day
)
select
    day,
    case
        when bool_or(state = 'none') then 'none'
        when bool_or(state = 'provisional') then 'provisional'
        else 'final'
    end as state,
    string_agg(distinct source || ', ' || account, '; ' order by source || ', ' || account)
        filter (where state <> 'final') as lacks
from told
group by day

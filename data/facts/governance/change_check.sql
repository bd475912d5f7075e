-- One row is one check of one change that landed, as it stood when that was merged.
with asked as (
    select
        id as change,
        source,
        repository,
        merged_at,
        head_sha as sha
    from merged_change
    where head_sha is not null
    union
    -- Where changes go through a queue, checks run on the commit that lands.
    select
        id,
        source,
        repository,
        merged_at,
        landed_sha
    from merged_change
    where not is_direct
),
told as (
    select
        a.change,
        a.merged_at,
        k.source,
        k.repository,
        k.name,
        k.reporter,
        k.id,
        k.url,
        k.result,
        k.completed_at,
        coalesce(k.started_at, k.completed_at) as begun_at,
        coalesce(k.started_at, k.completed_at) <= a.merged_at as is_begun
    from asked a
    join check_run k
      on k.source = a.source
     and k.repository = a.repository
     and k.sha = a.sha
),
ranked as (
    -- The run that began last says how a check stands: of those before the merge, and of the others.
    select
        *,
        case
            when not is_begun then null
            when completed_at <= merged_at then result
            when completed_at > merged_at or result = 'running' then 'running'
        end as result_then,
        row_number() over (
            partition by change, name, reporter, coalesce(is_begun, false)
            order by begun_at desc nulls last, id desc
        ) as newest_first
    from told
)
select
    change,
    source,
    repository,
    name,
    reporter,
    coalesce(max(case when is_begun then url end), max(url)) as url,
    max(case when is_begun then result_then end) as result_at_merge,
    max(case when result_then <> 'running' then completed_at end) as completed_at,
    coalesce(
        max(case when is_begun is not true then result end),
        max(case when result_then = 'running' then result end)
    ) as result_later,
    bool_or(result <> 'running' and (is_begun is null or completed_at is null)) as is_time_untold
from ranked
where newest_first = 1
group by change, source, repository, name, reporter

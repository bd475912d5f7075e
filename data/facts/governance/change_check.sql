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
ran as (
    select
        a.change,
        k.source,
        k.repository,
        k.name,
        k.reporter,
        k.sha,
        k.url,
        k.result,
        k.completed_at,
        k.completed_at <= a.merged_at as is_before_merge,
        row_number() over (
            partition by a.change, k.name, k.reporter, coalesce(k.completed_at <= a.merged_at, false)
            order by coalesce(k.started_at, k.completed_at) desc nulls last, k.id desc
        ) as newest_first
    from asked a
    join check_run k
      on k.source = a.source
     and k.repository = a.repository
     and k.sha = a.sha
)
select
    change,
    source,
    repository,
    name,
    reporter,
    max(url) as url,
    max(case when is_before_merge then result end) as result_at_merge,
    max(case when is_before_merge then completed_at end) as completed_at,
    max(case when is_before_merge is null or not is_before_merge then result end) as result_later,
    bool_or(completed_at is null and result <> 'running') as is_time_untold
from ran
where newest_first = 1
group by change, source, repository, name, reporter

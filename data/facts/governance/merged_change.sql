-- One row is one change that landed on a mainline, told once: who wrote it, merged it, and when.
with pushed as (
    select
        source,
        repository,
        change,
        count(*) as told_commits,
        max(committed_at) as last_commit_at,
        sum(case when is_merge then 0 else author_count - len(authors) end) as unnamed_authors
    from change_commit
    group by source, repository, change
),
touched as (
    -- A change of services that all belong to one team is that team's.
    select
        t.ordinal,
        min(o.team) as team,
        min(o.timezone) as timezone
    from told_touch t
    join owned_service o
      on o.service = t.service
    group by t.ordinal
    having min(o.team) = max(o.team)
),
wrote as (
    select
        ordinal,
        list(account order by account) as authors,
        bool_and(is_bot) as is_by_machines
    from change_author
    group by ordinal
),
told as (
    select
        c.*,
        coalesce(t.team, w.team, 'unowned') as team,
        coalesce(t.timezone, w.timezone, s.timezone) as timezone,
        p.told_commits,
        p.unnamed_authors,
        case
            when c.rewritten_at > p.last_commit_at then c.rewritten_at
            else coalesce(p.last_commit_at, c.rewritten_at)
        end as last_pushed_at,
        a.authors,
        a.is_by_machines
    from told_change c
    cross join setting s
    left join change_told_again g
      on g.ordinal = c.ordinal
    left join touched t
      on t.ordinal = c.ordinal
    left join repository_owner w
      on w.repository = c.repository
    left join pushed p
      on p.source = c.source
     and p.repository = c.repository
     and p.change = c.number
    left join wrote a
      on a.ordinal = c.ordinal
    where g.ordinal is null
)
select
    t.id,
    t.source,
    t.url,
    t.title,
    t.team,
    t.repository,
    t.number,
    t.kind,
    t.kind = 'direct' as is_direct,
    t.services,
    t.branch,
    t.target_branch,
    t.landed_sha,
    t.head_sha,
    t.position,
    t.commit_count,
    t.author,
    t.is_bot,
    t.authors,
    t.is_by_machines,
    t.told_commits,
    t.unnamed_authors,
    t.merged_by,
    t.opened_at,
    t.ready_at,
    t.last_pushed_at,
    t.merged_at,
    t.is_hotfix,
    t.reverts,
    t.labels,
    t.tickets,
    t.paths,
    t.path_count,
    t.merged_at as happened_at,
    cast(t.merged_at as timestamp) + interval '1' second * z.offset_seconds as local_at
from told t
join local_clock z
  on z.timezone = t.timezone
 and t.merged_at >= z.from_at
 and t.merged_at < z.until_at

-- One row is one repository: the commits of its mainline in the period, counted on the mainline, and
-- the changes and direct pushes that its host tells of, counted there.
with commits as (
    select
        repository,
        count(*) as commits,
        count(*) filter (where not is_direct) as by_changes,
        count(*) filter (where is_direct) as by_direct_pushes,
        count(*) filter (where change is null) as unexplained_commits
    from mainline_commit
    where local_at >= $start
      and local_at < $last
      and ($team is null or list_contains((select members from team where team = $team), team))
    group by repository
),
brought as (
    select distinct change
    from mainline_commit
    where change is not null
),
changes as (
    select
        c.repository,
        count(*) filter (where not c.is_direct) as merged_changes,
        count(*) filter (where c.is_direct) as direct_pushes,
        count(*) filter (where b.change is null) as changes_without_commit
    from merged_change c
    left join brought b
      on b.change = c.id
    where c.local_at >= $start
      and c.local_at < $last
      and ($team is null or list_contains((select members from team where team = $team), c.team))
    group by c.repository
),
read as (
    -- Where not one commit was ever told, the mainline was not read.
    select distinct repository
    from mainline_commit
)
select
    repository,
    case when r.repository is not null then coalesce(k.commits, 0) end as commits,
    case when r.repository is not null then coalesce(k.by_changes, 0) end as by_changes,
    case when r.repository is not null then coalesce(k.by_direct_pushes, 0) end as by_direct_pushes,
    case when r.repository is not null then coalesce(k.unexplained_commits, 0) end
        as unexplained_commits,
    coalesce(c.merged_changes, 0) as merged_changes,
    coalesce(c.direct_pushes, 0) as direct_pushes,
    case when r.repository is not null then coalesce(c.changes_without_commit, 0) end
        as changes_without_commit,
    case
        when r.repository is not null
        then coalesce(k.unexplained_commits, 0) = 0
         and coalesce(c.changes_without_commit, 0) = 0
    end as adds_up
from commits k
full join changes c using (repository)
left join read r using (repository)
order by repository

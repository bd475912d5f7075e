-- One row is one step that mends an earlier one; the mended one is null where none is to blame.
with gap as (
    select incident_gap_seconds as seconds
    from setting
),
rolled_back as (
    -- A rollback blames the step that ran before it.
    select
        s.ordinal,
        s.previous_ordinal as mended_ordinal,
        'rollback' as reason,
        s.deployed_at as mended_at,
        d.url
    from deployment_step s
    join told_deployment d
      on d.ordinal = s.ordinal
    where s.is_rollback
),
hotfix as (
    -- A hotfix blames the step that ran before it, unless that is old or was itself a rollback.
    select
        s.ordinal,
        case
            when not p.is_rollback
                and unix_seconds(s.deployed_at) - unix_seconds(p.deployed_at) <= g.seconds
                then p.ordinal
        end as mended_ordinal,
        'hotfix' as reason,
        s.deployed_at as mended_at,
        c.url
    from told_change c
    join change_arrival a
      on a.ordinal = c.ordinal
     and a.state in ('delivered', 'no_commit_time', 'negative')
    join deployment_step s
      on s.ordinal = a.deployment_ordinal
    left join deployment_step p
      on p.ordinal = s.previous_ordinal
    cross join gap g
    where c.is_hotfix
),
revert as (
    -- A revert blames the step that delivered what it undoes, unless that is old or a baseline.
    select
        fix.deployment_ordinal as ordinal,
        case
            when bad.state in ('delivered', 'no_commit_time', 'negative')
                and unix_seconds(fix.deployed_at) - unix_seconds(bad.deployed_at) <= g.seconds
                then bad.deployment_ordinal
        end as mended_ordinal,
        'revert' as reason,
        fix.deployed_at as mended_at,
        c.url
    from change_undoing u
    join change_arrival bad
      on bad.ordinal = u.undone_ordinal
    join change_arrival fix
      on fix.ordinal = u.ordinal
     and fix.route = bad.route
     and fix.state in ('delivered', 'no_commit_time', 'negative')
     and fix.deployed_at > bad.deployed_at
    join told_change c
      on c.ordinal = u.ordinal
    cross join gap g
)
select * from rolled_back
union all
select * from hotfix
union all
select * from revert

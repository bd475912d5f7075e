-- One row is one tag of a repository, told once, with the rules in force for it when it was made.
with ruled as (
    -- Rules of tags with their pattern; one may leave names out.
    select
        source,
        repository,
        id,
        split_part(target, ' except ', 1) as pattern,
        split_part(target, ' except ', 2) as left_out,
        is_force_push_allowed,
        is_deletion_allowed,
        began_at,
        coalesce(ended_at, timestamp with time zone '9999-01-01 00:00:00+00') as ended_at
    from rule_stretch
    where kind = 'tag'
),
ranked as (
    -- Tags and releases of one name are one, and so are those that a clone tells as well.
    select
        v.*,
        row_number() over (
            partition by v.repository, v.name
            order by
                case when r.source is not null then 1 else 2 end,
                v.tagged_at,
                v.id
        ) as rank
    from version v
    left join (
        select distinct
            source,
            repository
        from ruled
    ) r
      on r.source = v.source
     and r.repository = v.repository
    where v.tagged_at is not null
),
guarded as (
    -- What any rule forbids is forbidden; what is not told of one may be.
    select
        t.id,
        bool_or(not r.is_force_push_allowed) as is_move_barred,
        bool_or(r.is_force_push_allowed is null) as is_move_untold,
        bool_or(not r.is_deletion_allowed) as is_deletion_barred,
        bool_or(r.is_deletion_allowed is null) as is_deletion_untold
    from ranked t
    join ruled r
      on r.source = t.source
     and r.repository = t.repository
     and r.began_at <= t.tagged_at
     and r.ended_at > t.tagged_at
     and fits(t.name, r.pattern)
     and not fits_any(t.name, r.left_out)
    where t.rank = 1
    group by t.id
),
told as (
    select
        v.*,
        case
            when g.is_move_barred then true
            when not g.is_move_untold then false
        end as is_move_barred,
        case
            when g.is_deletion_barred then true
            when not g.is_deletion_untold then false
        end as is_deletion_barred,
        coalesce(w.team, 'unowned') as team,
        coalesce(w.timezone, s.timezone) as timezone
    from ranked v
    cross join setting s
    left join guarded g
      on g.id = v.id
    left join repository_owner w
      on w.repository = v.repository
    where v.rank = 1
)
select
    t.id,
    t.source,
    t.url,
    t.repository || ' ' || t.name as title,
    t.team,
    t.repository,
    t.name,
    t.sha,
    t.is_move_barred,
    t.is_deletion_barred,
    t.tagged_at,
    t.tagged_at as happened_at,
    cast(t.tagged_at as timestamp) + interval '1' second * z.offset_seconds as local_at
from told t
join local_clock z
  on z.timezone = t.timezone
 and t.tagged_at >= z.from_at
 and t.tagged_at < z.until_at

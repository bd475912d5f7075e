-- One row is one thing to look at of rules that were drawn: what held for a branch or for tags, for as
-- long as it was read so; and of one change of them what held before and after.
with looked_at as (
    select
        d.id as member,
        1 as place,
        'rules' as part,
        s.*
    from drawn d
    join rule_stretch s
      on s.id = d.id
    union all
    select
        d.id,
        1,
        'rules of the repository',
        s.*
    from drawn d
    join mainline_rule m
      on m.id = d.id
    join rule_stretch s
      on s.source = m.source
     and s.repository = m.repository
     and s.is_default_branch
     and s.began_at <= m.began_at
     and (s.ended_at is null or s.ended_at > m.began_at)
    where m.id <> s.id
    union all
    select
        d.id,
        2,
        'before',
        s.*
    from drawn d
    join rule_change c
      on c.id = d.id
    join rule_stretch s
      on s.id = c.id_before
)
select
    member,
    place,
    part,
    kind || ' ' || target as what,
    cast(null as varchar[]) as who,
    began_at as happened_at,
    concat_ws(
        '; ',
        'protected: ' || coalesce(cast(is_protected as varchar), 'not told'),
        'request required: ' || coalesce(cast(is_request_required as varchar), 'not told'),
        'approvals: ' || coalesce(cast(required_approvals as varchar), 'not told'),
        'a push takes approvals back: '
            || coalesce(cast(is_stale_approval_dismissed as varchar), 'not told'),
        'other than the last pusher approves: '
            || coalesce(cast(is_last_push_approval_required as varchar), 'not told'),
        'checks: ' || coalesce(array_to_string(required_checks, ', '), 'not told'),
        'forced push: ' || coalesce(cast(is_force_push_allowed as varchar), 'not told'),
        'deletion: ' || coalesce(cast(is_deletion_allowed as varchar), 'not told'),
        'administrators bound: ' || coalesce(cast(is_admin_bound as varchar), 'not told'),
        'may pass by: ' || coalesce(cast(len(bypass_actors) as varchar), 'not told'),
        'until ' || cast(ended_at as varchar)
    ) as says,
    url
from looked_at
order by member, place, happened_at, what, says

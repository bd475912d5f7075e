-- One row is one stretch of time in which the rules of a mainline stayed the same. A repository whose
-- rules no source tells has one row that says nothing of them.
with ranked as (
    select
        r.*,
        row_number() over (
            partition by r.name
            order by
                case when s.repository is not null then 1 else 2 end,
                case when o.source is not null then 1 else 2 end,
                r.id
        ) as rank
    from repository r
    left join (
        select distinct
            source,
            repository
        from rule_stretch
        where is_default_branch
    ) s
      on s.source = r.source
     and s.repository = r.name
    left join told_entity o
      on o.source = r.source
     and o.entity = 'protection'
)
select
    coalesce(s.id, r.id || '#rules') as id,
    r.source,
    coalesce(s.url, r.url) as url,
    r.name || coalesce(' ' || r.default_branch, '') as title,
    coalesce(w.team, 'unowned') as team,
    r.name as repository,
    r.default_branch as branch,
    r.created_at,
    r.is_archived,
    s.id is not null as is_told,
    s.is_protected,
    s.is_request_required,
    s.required_approvals,
    s.is_stale_approval_dismissed,
    s.is_last_push_approval_required,
    s.is_code_owner_required,
    s.is_conversation_resolution_required,
    s.required_checks,
    s.is_up_to_date_required,
    s.is_force_push_allowed,
    s.is_deletion_allowed,
    s.is_signature_required,
    s.is_linear_required,
    s.is_merge_queue_required,
    s.is_admin_bound,
    s.bypass_actors,
    s.push_actors,
    s.has_code_owners,
    s.code_owner_errors,
    case
        when s.id is null then r.created_at
        else s.began_after_at
    end as began_after_at,
    coalesce(s.began_at, r.created_at, r.observed_at) as began_at,
    s.ended_at
from ranked r
left join rule_stretch s
  on s.source = r.source
 and s.repository = r.name
 and s.is_default_branch
left join repository_owner w
  on w.repository = r.name
where r.rank = 1

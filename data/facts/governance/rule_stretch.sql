-- One row is one stretch of time in which the rules of a branch, or of tags, stayed the same.
select
    p.id,
    p.source,
    p.url,
    p.repository,
    p.kind,
    p.target,
    p.is_protected,
    p.is_request_required,
    p.required_approvals,
    p.is_stale_approval_dismissed,
    p.is_last_push_approval_required,
    p.is_code_owner_required,
    p.is_conversation_resolution_required,
    p.required_checks,
    p.is_up_to_date_required,
    p.is_force_push_allowed,
    p.is_deletion_allowed,
    p.is_signature_required,
    p.is_linear_required,
    p.is_merge_queue_required,
    p.is_admin_bound,
    p.bypass_actors,
    p.push_actors,
    p.has_code_owners,
    p.code_owner_errors,
    coalesce(w.team, 'unowned') as team,
    p.repository || ' ' || p.target as title,
    p.kind = 'branch' and r.default_branch = p.target as is_default_branch,
    p.changed_after_at as began_after_at,
    p.changed_before_at as began_at,
    lead(p.changed_before_at) over (
        partition by p.source, p.repository, p.kind, p.target
        order by p.changed_before_at, p.id
    ) as ended_at
from protection p
left join repository r
  on r.source = p.source
 and r.name = p.repository
left join repository_owner w
  on w.repository = p.repository

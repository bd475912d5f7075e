-- One row is one change of the rules of a branch, or of tags, between two readings.
with stretch as (
    select
        *,
        lag(id) over chain as id_before,
        lag(is_protected) over chain as protected_before,
        lag(is_request_required) over chain as request_before,
        lag(required_approvals) over chain as approvals_before,
        lag(is_stale_approval_dismissed) over chain as stale_before,
        lag(is_code_owner_required) over chain as owner_before,
        lag(required_checks) over chain as checks_before,
        lag(is_force_push_allowed) over chain as force_before,
        lag(is_deletion_allowed) over chain as deletion_before,
        lag(is_signature_required) over chain as signature_before,
        lag(is_admin_bound) over chain as admin_before,
        lag(bypass_actors) over chain as bypass_before,
        lag(push_actors) over chain as push_before
    from rule_stretch
    window chain as (
        partition by source, repository, kind, target
        order by began_at, id
    )
),
told as (
    select
        s.*,
        concat_ws(
            '; ',
            case when is_protected is distinct from protected_before
                then 'protected: ' || in_words(protected_before) || ' → ' || in_words(is_protected)
            end,
            case when is_request_required is distinct from request_before
                then 'request required: ' || in_words(request_before) || ' → '
                    || in_words(is_request_required)
            end,
            case when required_approvals is distinct from approvals_before
                then 'approvals: ' || in_words(approvals_before) || ' → '
                    || in_words(required_approvals)
            end,
            case when is_stale_approval_dismissed is distinct from stale_before
                then 'push takes approvals back: ' || in_words(stale_before) || ' → '
                    || in_words(is_stale_approval_dismissed)
            end,
            case when is_code_owner_required is distinct from owner_before
                then 'code owners must approve: ' || in_words(owner_before) || ' → '
                    || in_words(is_code_owner_required)
            end,
            case when required_checks is distinct from checks_before
                then 'checks: ' || in_words(checks_before) || ' → ' || in_words(required_checks)
            end,
            case when is_force_push_allowed is distinct from force_before
                then 'forced push: ' || in_words(force_before) || ' → '
                    || in_words(is_force_push_allowed)
            end,
            case when is_deletion_allowed is distinct from deletion_before
                then 'deletion: ' || in_words(deletion_before) || ' → '
                    || in_words(is_deletion_allowed)
            end,
            case when is_signature_required is distinct from signature_before
                then 'signature required: ' || in_words(signature_before) || ' → '
                    || in_words(is_signature_required)
            end,
            case when is_admin_bound is distinct from admin_before
                then 'administrators bound: ' || in_words(admin_before) || ' → '
                    || in_words(is_admin_bound)
            end,
            case when bypass_actors is distinct from bypass_before
                then 'may pass by: ' || in_words(len(bypass_before)) || ' → '
                    || in_words(len(bypass_actors))
            end,
            case when push_actors is distinct from push_before
                then 'may push: ' || in_words(len(push_before)) || ' → '
                    || in_words(len(push_actors))
            end
        ) as what_changed,
        coalesce(protected_before and not is_protected, false)
        or coalesce(request_before and not is_request_required, false)
        or coalesce(required_approvals < approvals_before, false)
        or coalesce(stale_before and not is_stale_approval_dismissed, false)
        or coalesce(owner_before and not is_code_owner_required, false)
        or coalesce(not force_before and is_force_push_allowed, false)
        or coalesce(not deletion_before and is_deletion_allowed, false)
        or coalesce(signature_before and not is_signature_required, false)
        or coalesce(admin_before and not is_admin_bound, false)
        or coalesce(len(bypass_actors) > len(bypass_before), false)
        or coalesce(len(required_checks) < len(checks_before), false) as is_weaker,
        coalesce(w.timezone, o.timezone) as timezone
    from stretch s
    cross join setting o
    left join repository_owner w
      on w.repository = s.repository
    where s.id_before is not null
)
select
    t.id,
    t.source,
    t.url,
    t.title,
    t.team,
    t.repository,
    t.kind,
    t.target,
    t.is_default_branch,
    t.id_before,
    t.what_changed,
    t.is_weaker,
    t.began_after_at as changed_after_at,
    t.began_at as changed_before_at,
    t.ended_at,
    t.began_at as happened_at,
    cast(t.began_at as timestamp) + interval '1' second * z.offset_seconds as local_at
from told t
join local_clock z
  on z.timezone = t.timezone
 and t.began_at >= z.from_at
 and t.began_at < z.until_at

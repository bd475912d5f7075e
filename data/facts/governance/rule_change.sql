-- One row is one change of the rules of a branch, or of tags, between two readings.
with stretch as (
    select
        *,
        lag(id) over chain as id_before,
        lag(is_protected) over chain as protected_before,
        lag(is_request_required) over chain as request_required_before,
        lag(required_approvals) over chain as required_approvals_before,
        lag(is_stale_approval_dismissed) over chain as stale_approval_dismissed_before,
        lag(is_last_push_approval_required) over chain as last_push_approval_required_before,
        lag(is_code_owner_required) over chain as code_owner_required_before,
        lag(is_conversation_resolution_required) over chain as conversation_resolution_required_before,
        lag(required_checks) over chain as required_checks_before,
        lag(is_up_to_date_required) over chain as up_to_date_required_before,
        lag(is_merge_queue_required) over chain as merge_queue_required_before,
        lag(is_force_push_allowed) over chain as force_push_allowed_before,
        lag(is_deletion_allowed) over chain as deletion_allowed_before,
        lag(is_signature_required) over chain as signature_required_before,
        lag(is_linear_required) over chain as linear_required_before,
        lag(is_admin_bound) over chain as admin_bound_before,
        lag(bypass_actors) over chain as bypass_actors_before,
        lag(push_actors) over chain as push_actors_before,
        lag(has_code_owners) over chain as code_owners_before,
        lag(code_owner_errors) over chain as code_owner_errors_before
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
            moved('protected', protected_before, is_protected),
            moved('request required', request_required_before, is_request_required),
            moved('approvals', required_approvals_before, required_approvals),
            moved(
                'push takes approvals back',
                stale_approval_dismissed_before,
                is_stale_approval_dismissed
            ),
            moved(
                'other than the last pusher approves',
                last_push_approval_required_before,
                is_last_push_approval_required
            ),
            moved('code owners must approve', code_owner_required_before, is_code_owner_required),
            moved(
                'conversations resolved',
                conversation_resolution_required_before,
                is_conversation_resolution_required
            ),
            moved('checks', required_checks_before, required_checks),
            moved(
                'checked on the newest mainline',
                up_to_date_required_before,
                is_up_to_date_required
            ),
            moved('merge queue', merge_queue_required_before, is_merge_queue_required),
            moved('forced push', force_push_allowed_before, is_force_push_allowed),
            moved('deletion', deletion_allowed_before, is_deletion_allowed),
            moved('signature required', signature_required_before, is_signature_required),
            moved('no merge commits', linear_required_before, is_linear_required),
            moved('administrators bound', admin_bound_before, is_admin_bound),
            moved_number('may pass by', bypass_actors_before, bypass_actors),
            moved_number('may push', push_actors_before, push_actors),
            moved('file of code owners', code_owners_before, has_code_owners),
            moved('errors in it', code_owner_errors_before, code_owner_errors)
        ) as what_changed,
        -- Weaker if any of it is; unknown if none is known to be, and one may be. Where no rule of
        -- the branch was in force, nothing could be let go but what holds for every merge.
        case
            when not protected_before then coalesce(
                is_let_go(conversation_resolution_required_before, is_conversation_resolution_required)
                or not has_all(required_checks, required_checks_before),
                false
            )
            else
                is_let_go(protected_before, is_protected)
                or is_let_go(request_required_before, is_request_required)
                or is_let_go(stale_approval_dismissed_before, is_stale_approval_dismissed)
                or is_let_go(last_push_approval_required_before, is_last_push_approval_required)
                or is_let_go(code_owner_required_before, is_code_owner_required)
                or is_let_go(conversation_resolution_required_before, is_conversation_resolution_required)
                or is_let_go(
                    up_to_date_required_before or coalesce(merge_queue_required_before, false),
                    is_up_to_date_required or coalesce(is_merge_queue_required, false)
                )
                or is_let_go(signature_required_before, is_signature_required)
                or is_let_go(admin_bound_before, is_admin_bound)
                or is_let_go(not force_push_allowed_before, not is_force_push_allowed)
                or is_let_go(not deletion_allowed_before, not is_deletion_allowed)
                or case
                    when required_approvals is not distinct from required_approvals_before then false
                    else required_approvals < required_approvals_before
                end
                or case
                    when required_checks is not distinct from required_checks_before then false
                    else not has_all(required_checks, required_checks_before)
                end
                or case
                    when bypass_actors is not distinct from bypass_actors_before then false
                    else not has_all(bypass_actors_before, bypass_actors)
                end
                -- Null is also: anybody may push who may write.
                or case
                    when push_actors_before is null then false
                    else not has_all(push_actors_before, push_actors)
                end
        end as is_weaker,
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

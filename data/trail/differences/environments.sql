-- One row is one environment that is guarded otherwise than in the snapshot before.
select
    'environment.modified' as kind,
    a.id as key,
    cast(null as varchar) as person,
    a.title as subject,
    a.title,
    a.team,
    a.source,
    'approvals ' || in_words(b.required_approvals)
        || ', own approval barred ' || in_words(b.is_self_approval_barred)
        || ', protected branches alone ' || in_words(b.is_limited_to_protected_branches) as before,
    'approvals ' || in_words(a.required_approvals)
        || ', own approval barred ' || in_words(a.is_self_approval_barred)
        || ', protected branches alone ' || in_words(a.is_limited_to_protected_branches) as after,
    a.url
from published.environment_guard a
join previous.environment_guard b
  on b.id = a.id
where (a.required_approvals, a.is_self_approval_barred, a.is_limited_to_protected_branches)
    is distinct from
    (b.required_approvals, b.is_self_approval_barred, b.is_limited_to_protected_branches)

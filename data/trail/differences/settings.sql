-- One row is one organisation at its host whose settings are others than in the snapshot before.
select
    'host.setting_changed' as kind,
    a.id as key,
    cast(null as varchar) as person,
    a.name as subject,
    a.title,
    cast(null as varchar) as team,
    a.source,
    'second factor ' || in_words(b.is_two_factor_required)
        || ', right of all ' || in_words(b.default_right)
        || ', right of workflows ' || in_words(b.default_workflow_right) as before,
    'second factor ' || in_words(a.is_two_factor_required)
        || ', right of all ' || in_words(a.default_right)
        || ', right of workflows ' || in_words(a.default_workflow_right) as after,
    a.url
from published.host_setting a
join previous.host_setting b
  on b.id = a.id
where (a.is_two_factor_required, a.default_right, a.default_workflow_right)
    is distinct from (b.is_two_factor_required, b.default_right, b.default_workflow_right)

-- One row is one sign that a model failed in an environment: an alert about it, or an incident.
select
    a.id,
    a.source,
    a.url,
    a.model,
    a.environment,
    'alert' as kind,
    a.name as title,
    a.started_at,
    a.resolved_at
from alert_told_again a
where a.model is not null
union all
select
    i.id,
    i.source,
    i.url,
    m.model,
    i.environment,
    'incident',
    i.title,
    i.started_at,
    i.resolved_at
from incident i
join model_setting m
  on m.service = i.service
where not i.is_withdrawn

-- One row is one stream that tells signs of a model's failure, and between when it does.
with told as (
    select
        a.model,
        'alert' as kind,
        a.source,
        a.stream,
        a.started_at
    from alert a
    where a.model is not null
    union all
    select
        m.model,
        'incident',
        i.source,
        i.stream,
        i.started_at
    from incident i
    join model_setting m
      on m.service = i.service
)
select
    t.model,
    t.kind,
    t.source,
    t.stream,
    -- Where a stream does not say since when it is complete, nothing is known before its first sign.
    coalesce(max(s.complete_from), min(t.started_at)) as from_at,
    max(coalesce(s.complete_until, s.read_at)) as until_at
from told t
join stream s
  on s.source = t.source
 and s.stream = t.stream
group by t.model, t.kind, t.source, t.stream

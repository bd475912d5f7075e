-- One row is one attempt of a pipeline's run. One that several sources tell is one row, as the source
-- tells it that knows its end; two that one source tells are two rows, and one that no other source
-- tells is one.
select
    cast(date_trunc('month', a.started_at) as date) as month,
    o.team,
    a.source,
    epoch(a.finished_at - a.started_at) / 60.0 as minutes,
    a.result = 'running' and a.finished_at is null as is_unfinished
from attempt_told a
join owned_pipeline o
  on o.pipeline = a.pipeline
anti join attempt_again g
  on g.id = a.id
 and g.source = a.source

-- One row is how long experiments of one team's models ran in one month, in hours. A run belongs to
-- the model that it made a version of, else to the one that its experiment made versions of. One that
-- still runs is not in it until it has ended.
with made as (
    select
        t.id,
        t.source,
        t.experiment,
        t.started_at,
        t.result,
        case when t.finished_at >= t.started_at then t.finished_at end as finished_at,
        min(v.model) as model
    from training_run t
    left join model_version v
      on v.run = t.id
    group by all
),
experiment as (
    select
        source,
        experiment,
        min(model) as model
    from made
    where model is not null
    group by source, experiment
    having count(distinct model) = 1
)
select
    cast(date_trunc('month', m.started_at) as date) as month,
    coalesce(o.team, 'unowned') as team,
    sum(epoch(m.finished_at - m.started_at) / 3600.0) as amount,
    count(*) as rows,
    count_if(m.finished_at is null and m.result <> 'running') as unknown,
    count_if(m.finished_at is null and m.result = 'running') as unfinished,
    string_agg(distinct m.source, ', ' order by m.source) as sources
from made m
left join experiment e
  on e.source = m.source
 and e.experiment = m.experiment
left join owned_model o
  on o.model = coalesce(m.model, e.model)
where m.started_at is not null
group by all

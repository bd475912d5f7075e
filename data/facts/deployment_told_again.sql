-- One row is one told deployment that another stands for: parent and child pipelines tell one run.
with repeated as (
    select
        d.source,
        b.chain,
        d.run,
        d.attempt
    from told_deployment d
    join deployment_commit b
      on b.ordinal = d.ordinal
    where d.run is not null
    group by d.source, b.chain, d.run, d.attempt
    having count(*) > 1
),
ranked as (
    -- The one that got furthest stands for the others.
    select
        d.ordinal,
        first_value(d.ordinal) over (
            partition by d.source, b.chain, d.run, d.attempt
            order by
                case d.status
                    when 'success' then 1
                    when 'failed' then 2
                    when 'cancelled' then 3
                    else 4
                end,
                d.deployed_at desc,
                d.id
        ) as standing
    from told_deployment d
    join deployment_commit b
      on b.ordinal = d.ordinal
    join repeated r
      on r.source = d.source
     and r.chain = b.chain
     and r.run = d.run
     and r.attempt = d.attempt
)
select
    ordinal,
    standing
from ranked
where ordinal <> standing

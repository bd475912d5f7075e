-- One row is one pipeline, and between when its runs are known.
select
    thing as pipeline,
    environment,
    team,
    first_at,
    first_local_at,
    last_at,
    until_at,
    until_local_at
from thing_watch
where kind = 'pipeline'

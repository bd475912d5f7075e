-- One row is one dataset, and between when its checks are known.
select
    thing as dataset,
    environment,
    team,
    first_at,
    first_local_at,
    last_at,
    until_at,
    until_local_at
from thing_watch
where kind = 'dataset'

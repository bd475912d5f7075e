-- One row is one service in one environment with any utilisation, and between when they are known.
select
    kind,
    thing as service,
    environment,
    tier,
    team,
    first_at,
    first_local_at,
    last_at,
    until_at,
    until_local_at
from thing_watch
where kind = 'utilisation'

-- One row is one model whose gates are ever told, and between when they are known.
select
    model,
    environment,
    tier,
    team,
    first_at,
    first_local_at,
    last_at,
    until_at,
    until_local_at
from model_knowledge
where kind = 'gate'

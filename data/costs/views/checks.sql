-- One row is one thing that must hold of all costs of the snapshot, and how it stands.
select
    id,
    title,
    state,
    compared,
    broken,
    unknown
from cost_check
order by nth

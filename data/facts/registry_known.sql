-- One row is one registry, and until when what happened in it is known.
select
    source,
    max(coalesce(complete_until, read_at)) as until_at,
    max(read_at) as read_at
from stream
where (source, stream) in (
    select
        source,
        stream
    from model_event
)
group by source

-- One row is one pipeline whose runs tell the version of what defines it, and between when they do.
select *
from pipeline_watch
where pipeline in (
    select pipeline
    from pipeline_outcome
    where definition is not null
)

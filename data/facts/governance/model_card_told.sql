-- One row is one card of a model or of a version of it, with the headings it has.
select
    c.id,
    c.source,
    c.url,
    c.model,
    c.version,
    c.title,
    c.owner,
    c.risk_class,
    c.licence,
    c.datasets,
    c.sections,
    c.written_at,
    c.observed_at as began_at
from model_card c
